package contract

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// draft is what a write says of a thing of ours.
type draft struct {
	id     *int64
	name   string
	delete *bool
}

// lifecycle says how the things of one resource are written and read.
type lifecycle struct {
	// one and many are the operations that write.
	one, many string
	// title is the property that draft.name goes to.
	title           string
	putOne, putMany func(context.Context, draft) *exchange
	// listed are the records that were there before.
	listed []any
	get    func(context.Context, int64) *exchange
}

// life creates a thing of ours, reads it, changes it through the list operation, and
// deletes it. Only what was read back under our own name and its own id is changed or
// deleted, whatever a server answers.
func (k *kainexus) life(ctx context.Context, of lifecycle) {
	if !k.ready(of.one, of.many) || ctx.Err() != nil || k.stopped != nil {
		return
	}
	name := fmt.Sprintf("Contract check %d", time.Now().UnixNano())
	what := fmt.Sprintf("something called %q, written by %s", name, of.one)
	longer, stop := lingering(ctx)
	defer stop()
	sent := k.sent
	id, unsure := k.create(of, of.putOne(longer, draft{name: name}))
	if k.sent == sent {
		return
	}
	if id == 0 {
		if unsure {
			k.leftovers = append(k.leftovers, what)
		}
		return
	}
	if !k.took(of.get(longer, id), id, of.title, name) {
		k.leftovers = append(k.leftovers, what)
		return
	}
	remove := func(ctx context.Context) bool {
		x := of.putOne(ctx, draft{id: &id, name: name, delete: new(true)})
		return x != nil && member(x.value, "success") == true
	}
	done := k.afterwards(what, func(ctx context.Context) bool {
		return isGone(of.get(ctx, id)) || (remove(ctx) && isGone(of.get(ctx, id)))
	})
	changed := name + " (changed)"
	if x := of.putMany(ctx, draft{id: &id, name: changed}); x != nil && member(x.value, "success") == true {
		k.took(of.get(ctx, id), id, of.title, changed)
	}
	if !remove(ctx) {
		return
	}
	if x := of.get(ctx, id); x != nil {
		k.judge(writeTakesEffect, x, checkGone(x))
		if isGone(x) {
			done()
		}
	}
}

// isGone tells whether an answer is that of a thing that is not there: not found, or, as
// KaiNexus has it for what was deleted, no access.
func isGone(x *exchange) bool {
	return x != nil && slices.Contains([]int{http.StatusForbidden, http.StatusNotFound, http.StatusGone}, x.status)
}

// create is the id that a PUT reports for a record that it says it created, 0 where there
// is none. Then it may be unsure whether something was created all the same.
func (k *kainexus) create(of lifecycle, x *exchange) (id int64, unsure bool) {
	if x == nil {
		// A definite refusal creates nothing; any other answer, and none, may have.
		refusals := []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound}
		return 0, k.last == nil || !slices.Contains(refusals, k.last.status)
	}
	if member(x.value, "success") != true {
		t := k.tallies[of.one]
		t.successes--
		t.remark = "answered success: false, so nothing is known of what a success looks like"
		return 0, false
	}
	outcome, id, ok := first(elements(x.value, "results"))
	switch {
	case !ok:
		return 0, true // which the schema has found already
	case member(outcome, "operation") != "CREATE":
		k.judge(writeTakesEffect, x, []violation{{pointer: "/results/0/operation", message: "not CREATE, for a record without an id"}})
		return 0, true
	case slices.Contains(ids(of.listed), fmt.Sprint(id)):
		k.judge(writeTakesEffect, x, []violation{{pointer: "/results/0/id", message: "the id of a record that was there before", value: fmt.Sprint(id)}})
		return 0, true
	}
	return id, false
}

// took wants the record read back to be the one that was written, with what was written,
// and tells whether it is.
func (k *kainexus) took(x *exchange, id int64, property, want string) bool {
	if x == nil {
		return false
	}
	var violations []violation
	item := member(x.value, "item")
	switch got := member(item, property); {
	case !x.succeeded():
		violations = []violation{{message: "a record that was just written cannot be read"}}
	case ids([]any{item})[0] != fmt.Sprint(id):
		violations = []violation{{pointer: "/item/id", message: "not the id that was asked for", value: ids([]any{item})[0]}}
	case got != want:
		text, _ := got.(string)
		violations = []violation{{pointer: jsonPointer([]string{"item", property}), message: "not the value that was written", value: text}}
	}
	k.judge(writeTakesEffect, x, violations)
	return len(violations) == 0
}
