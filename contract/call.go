package contract

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// call makes one call through a generated client. The exchange is nil when there was
// none: the run has stopped, the target does not permit the call, or nobody answered.
func call[R any](r *run, operation string, send func() (R, error)) (R, *exchange) {
	var none R
	r.last = nil
	if r.stopped != nil && !r.cleaning {
		return none, nil
	}
	result, err := send()
	x := r.last
	if x == nil {
		if errors.Is(err, errNotPermitted) {
			r.note(operation, "changes data: kept from leaving the process")
		}
		return none, nil
	}
	r.judge(clientDecodes, x, undecoded(err))
	return result, x
}

// undecoded tells what the generated client could not make sense of. The decoder's own
// words may quote the answer.
func undecoded(err error) []violation {
	if err == nil {
		return nil
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		kind, _, _ := strings.Cut(mismatch.Value, " ")
		v := violation{message: fmt.Sprintf("the generated client cannot decode a JSON %s into a Go %s", kind, mismatch.Type)}
		if mismatch.Field != "" {
			v.pointer = "/" + strings.ReplaceAll(mismatch.Field, ".", "/")
		}
		return []violation{v}
	}
	return []violation{{message: "the generated client cannot decode the body"}}
}

// good makes a call that should succeed. The exchange is nil unless it did.
func good[R any](r *run, operation string, send func() (R, error)) (R, *exchange) {
	result, x := call(r, operation, send)
	if x == nil {
		return result, nil
	}
	r.judge(statusExpected, x, checkExpected(x))
	if !x.succeeded() {
		return result, nil
	}
	return result, x
}

// refused makes a call that should be refused for want of good credentials.
func refused[R any](r *run, operation string, send func() (R, error)) {
	if _, x := call(r, operation, send); x != nil {
		r.judge(authRequired, x, checkRefused(x))
	}
}

// lingering is ctx for a call that creates something: it ends five seconds later, so that
// an interruption does not tear the creation from the answer that says what to undo.
func lingering(ctx context.Context) (longer context.Context, stop func()) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	forget := context.AfterFunc(ctx, func() { time.AfterFunc(5*time.Second, cancel) })
	return longer, func() { forget(); cancel() }
}

// cleanup undoes one thing that the run wrote.
type cleanup struct {
	what string
	undo func(context.Context) bool
}

// afterwards registers what undoes a write, and what there is to undo. It is called even
// when the run is cut short, unless done was called before.
func (r *run) afterwards(what string, undo func(context.Context) bool) (done func()) {
	at := len(r.cleanups)
	r.cleanups = append(r.cleanups, cleanup{what, undo})
	return func() { r.cleanups[at].undo = nil }
}

// cleanUp undoes the run's writes, within a minute, and within ten seconds of the end of ctx.
// What cannot be undone is named.
func (r *run) cleanUp(ctx context.Context) {
	r.cleaning = true
	defer func() { r.cleaning = false }()
	interrupted := ctx
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	forget := context.AfterFunc(interrupted, func() { time.AfterFunc(10*time.Second, cancel) })
	defer forget()
	for _, c := range slices.Backward(r.cleanups) {
		if c.undo == nil {
			continue
		}
		if !c.undo(ctx) && !slices.Contains(r.leftovers, c.what) {
			r.leftovers = append(r.leftovers, c.what)
		}
	}
	r.cleanups = nil
}
