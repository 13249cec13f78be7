// Package ratelimit counts the calls to an emulator and refuses those that are too many,
// by the clock of the emulator.
package ratelimit

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/time/rate"
)

// Limiter lets so many calls pass in a minute. It is safe for concurrent use.
type Limiter struct {
	bucket *rate.Limiter
	clock  func() time.Time
}

// New is a Limiter that lets perMinute calls pass at once, and then as many as a minute
// brings. Without a perMinute, nil: a limiter that lets everything pass.
func New(perMinute int, clock func() time.Time) *Limiter {
	if perMinute <= 0 {
		return nil
	}
	return &Limiter{rate.NewLimiter(rate.Limit(perMinute)/60, perMinute), clock}
}

// Allow counts a call that may pass. Of one that may not it tells how long to wait, and
// does not count it.
func (l *Limiter) Allow() (wait time.Duration, ok bool) {
	if l == nil {
		return 0, true
	}
	now := l.clock()
	call := l.bucket.ReserveN(now, 1)
	if wait = call.DelayFrom(now); wait > 0 {
		call.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// Wrap lets requests pass to next while the limit allows it. Others are answered by
// refuse, after the header Retry-After was set to seconds.
func (l *Limiter) Wrap(next http.Handler, refuse func(w http.ResponseWriter, reason string)) http.Handler {
	if l == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait, ok := l.Allow(); !ok {
			seconds := int(math.Ceil(wait.Seconds()))
			w.Header().Set("Retry-After", strconv.Itoa(seconds))
			refuse(w, fmt.Sprintf("more than %d calls in a minute; try again in %d s", l.bucket.Burst(), seconds))
			return
		}
		next.ServeHTTP(w, r)
	})
}
