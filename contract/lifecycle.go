package contract

import (
	"context"
	"fmt"
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
	get             func(context.Context, int64) *exchange
}

// life creates a thing of ours, reads it, changes it through the list operation, and
// deletes it. Only what was read back under our own name is changed or deleted, whatever
// a server answers.
func (k *kainexus) life(ctx context.Context, of lifecycle) {
	if !k.ready(of.one, of.many) {
		return
	}
	name := fmt.Sprintf("Contract check %d", time.Now().UnixNano())
	what := fmt.Sprintf("something called %q, written by %s", name, of.one)
	lost := k.afterwards(what, func(context.Context) bool { return false })
	longer, stop := lingering(ctx)
	defer stop()
	created := of.putOne(longer, draft{name: name})
	if created == nil && (k.last == nil || !k.last.succeeded()) && k.stopped == nil {
		lost() // refused, or never sent
	}
	id, ok := k.created(created)
	if !ok {
		return
	}
	read := of.get(longer, id)
	if !k.took(read, of.title, name) {
		return
	}
	lost()
	remove := func(ctx context.Context) bool {
		return of.putOne(ctx, draft{id: &id, name: name, delete: new(true)}) != nil
	}
	done := k.afterwards(what, remove)
	changed := name + " (changed)"
	if of.putMany(ctx, draft{id: &id, name: changed}) != nil {
		k.took(of.get(ctx, id), of.title, changed)
	}
	if !remove(ctx) {
		return
	}
	if x := of.get(ctx, id); x != nil {
		violations := checkGone(x)
		k.judge(writeTakesEffect, x, violations)
		if len(violations) == 0 {
			done()
		}
	}
}

// created is the id that a PUT reports for a record that it says it created.
func (k *kainexus) created(x *exchange) (int64, bool) {
	if x == nil {
		return 0, false
	}
	outcome, id, ok := first(elements(x.value, "results"))
	if success, _ := member(x.value, "success").(bool); !ok || !success {
		return 0, false
	}
	if member(outcome, "operation") != "CREATE" {
		k.judge(writeTakesEffect, x, []violation{{pointer: "/results/0/operation", message: "not CREATE, for a record without an id"}})
		return 0, false
	}
	return id, true
}

// took wants a property of the record read back to be what was written, and tells whether
// it is.
func (k *kainexus) took(x *exchange, property, want string) bool {
	if x == nil {
		return false
	}
	var violations []violation
	switch got := member(member(x.value, "item"), property); {
	case !x.succeeded():
		violations = []violation{{message: "a record that was just written cannot be read"}}
	case got != want:
		text, _ := got.(string)
		violations = []violation{{pointer: jsonPointer([]string{"item", property}), message: "not the value that was written", value: text}}
	}
	k.judge(writeTakesEffect, x, violations)
	return len(violations) == 0
}
