package transport

import (
	"context"
	"sync"
	"time"
)

// watch ends a context when what it waits for takes too long. It has one timer, which it
// sets anew when it rings too early rather than for each thing it waits for: setting one may
// wake another thread, which costs more than all the rest of a layer.
type watch struct {
	cancel context.CancelCauseFunc

	mu    sync.Mutex
	timer *time.Timer
	rings time.Time // when the timer does; zero when it does not
	due   time.Time // when what it waits for is late; zero when it waits for nothing
	late  *TimeoutError
	over  bool // nothing is waited for any more
}

// begin waits for something, for as long as limit; 0 is for ever.
func (w *watch) begin(field string, limit time.Duration) {
	if limit == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	if w.late == nil || w.late.Field != field {
		w.late = &TimeoutError{field, limit}
	}
	w.due = time.Now().Add(limit)
	if w.rings.IsZero() || w.due.Before(w.rings) {
		w.set(limit)
	}
}

func (w *watch) set(after time.Duration) {
	w.rings = time.Now().Add(after)
	if w.timer == nil {
		w.timer = time.AfterFunc(after, w.ring)
	} else {
		w.timer.Reset(after)
	}
}

// pause waits for nothing, and tells whether what came was in time.
func (w *watch) pause() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.due = time.Time{}
	return !w.over
}

func (w *watch) ring() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rings = time.Time{}
	if w.over || w.due.IsZero() {
		return
	}
	if early := time.Until(w.due); early > 0 {
		w.set(early)
		return
	}
	w.over = true
	w.cancel(w.late)
}

// end frees the timer and the context.
func (w *watch) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.timer != nil {
		w.timer.Stop()
	}
	w.cancel(nil)
}
