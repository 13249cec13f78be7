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
// deletes it.
func (k *kainexus) life(ctx context.Context, of lifecycle) {
	if !k.ready(of.one, of.many) {
		return
	}
	name := fmt.Sprintf("Contract check %d", time.Now().UnixNano())
	id, ok := k.written(of.putOne(lingering(ctx), draft{name: name}))
	if !ok {
		return
	}
	done := k.afterwards(func(ctx context.Context) { of.putOne(ctx, draft{id: &id, name: name, delete: new(true)}) })
	k.took(of.get(ctx, id), of.title, name)
	name += " (changed)"
	if of.putMany(ctx, draft{id: &id, name: name}) != nil {
		k.took(of.get(ctx, id), of.title, name)
	}
	if of.putOne(ctx, draft{id: &id, name: name, delete: new(true)}) == nil {
		return
	}
	done()
	if x := of.get(ctx, id); x != nil {
		k.judge(writeTakesEffect, x, checkGone(x))
	}
}

// written is the id that a PUT reports for its first record.
func (k *kainexus) written(x *exchange) (int64, bool) {
	if x == nil {
		return 0, false
	}
	_, id, ok := first(elements(x.value, "results"))
	return id, ok
}

// took wants a property of the record read back to be what was written.
func (k *kainexus) took(x *exchange, property, want string) {
	if x == nil {
		return
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
}
