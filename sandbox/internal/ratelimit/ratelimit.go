// Package ratelimit counts the calls to an emulator and refuses those that are too many,
// by the clock of the emulator.
package ratelimit

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter lets so many calls of each caller pass in a minute. It is safe for concurrent
// use. The nil Limiter lets everything pass.
type Limiter struct {
	perMinute int
	clock     func() time.Time

	mu      sync.Mutex
	buckets map[string]*rate.Limiter // by caller
}

// New is a Limiter that lets perMinute calls of a caller pass at once, and then as many as
// a minute brings. With perMinute 0 it is nil.
func New(perMinute int, clock func() time.Time) *Limiter {
	if perMinute == 0 {
		return nil
	}
	return &Limiter{perMinute: perMinute, clock: clock, buckets: map[string]*rate.Limiter{}}
}

// Allow counts a call that may pass. Of one that may not it tells how long to wait, and
// does not count it.
func (l *Limiter) Allow(caller string) (wait time.Duration, ok bool) {
	if l == nil {
		return 0, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.buckets[caller]
	if bucket == nil {
		bucket = rate.NewLimiter(rate.Limit(l.perMinute)/60, l.perMinute)
		l.buckets[caller] = bucket
	}
	now := l.clock()
	call := bucket.ReserveN(now, 1)
	if wait = call.DelayFrom(now); wait > 0 {
		call.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// A Refusal answers 429. The header Retry-After is already there, in seconds.
type Refusal func(w http.ResponseWriter, reason string)

// Guard tells whether a call may pass. One that may not it has answered.
func (l *Limiter) Guard(w http.ResponseWriter, caller string, refuse Refusal) bool {
	wait, ok := l.Allow(caller)
	if !ok {
		seconds := int(math.Ceil(wait.Seconds()))
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		refuse(w, fmt.Sprintf("too many calls: the limit is %d in a minute", l.perMinute))
	}
	return ok
}

// Wrap lets requests pass to next while there are not too many, whoever makes them.
func (l *Limiter) Wrap(next http.Handler, refuse Refusal) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if l.Guard(w, "", refuse) {
			next.ServeHTTP(w, r)
		}
	})
}
