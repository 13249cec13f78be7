package transport

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter spaces requests out, first come, first served. One Limiter may serve many clients,
// and then holds back all of them together. A nil Limiter and a zero one hold back nobody.
//
// An answer 429 halves the pace, down to a tenth of what it was made with, and everybody
// waits as long as the answer asks for, but at most a minute: then one request finds out
// whether the server still means it. Each 15 seconds without 429 give a tenth back.
type Limiter struct {
	turn chan struct{} // holds a value while somebody has the turn; a channel serves in order
	full rate.Limit

	mu       sync.Mutex
	pace     *rate.Limiter
	changed  time.Time // when the pace last changed
	slowed   time.Time // when it was last slowed down; requests sent before say nothing new
	pausedTo time.Time
}

const (
	longestPause  = time.Minute
	recoveryEvery = 15 * time.Second
	paces         = 10 // from the slowest pace to the full one
)

// NewLimiter lets perMinute requests a minute through, and burst at once after a time without
// any. Numbers below 1 stand for 1.
func NewLimiter(perMinute, burst int) *Limiter {
	full := rate.Limit(float64(max(perMinute, 1)) / time.Minute.Seconds())
	return &Limiter{turn: make(chan struct{}, 1), full: full, pace: rate.NewLimiter(full, max(burst, 1))}
}

var shared = struct {
	sync.Mutex
	limiters map[string]*Limiter
}{limiters: map[string]*Limiter{}}

// SharedLimiter is the Limiter of a key in this process: who asks first makes it, and the
// numbers of those who ask later do not count. A limit of the vendor's that holds for an
// account is kept by a key that names the account, such as base URL and app id. It is kept
// for as long as the process runs.
func SharedLimiter(key string, perMinute, burst int) *Limiter {
	shared.Lock()
	defer shared.Unlock()
	l := shared.limiters[key]
	if l == nil {
		l = NewLimiter(perMinute, burst)
		shared.limiters[key] = l
	}
	return l
}

func (l *Limiter) layer() Middleware {
	if l == nil || l.turn == nil {
		return nil
	}
	return func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			if err := l.wait(r.Context()); err != nil {
				closeBody(r)
				return nil, &heldBack{err}
			}
			sent := time.Now()
			answer, err := next.Do(r)
			if err == nil && answer != nil && answer.StatusCode == http.StatusTooManyRequests {
				l.slow(sent, RetryAfter(answer))
			}
			return answer, err
		})
	}
}

// heldBack says that a request was not sent because its turn did not come in time.
type heldBack struct{ err error }

func (e *heldBack) Error() string { return "transport: wait for the rate limit: " + e.err.Error() }
func (e *heldBack) Unwrap() error { return e.err }

// wait returns when it is the caller's turn, or the context ends. Only who has the turn
// takes from the pace, so a new pace and a pause count for all who wait.
func (l *Limiter) wait(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return ended(ctx)
	}
	defer func() { <-l.turn }()
	for {
		if ctx.Err() != nil {
			return ended(ctx)
		}
		wait, ready := l.reserve(time.Now())
		if ready {
			return nil
		}
		if !fits(ctx, wait) {
			return fmt.Errorf("it would take longer than the context lasts: %w", context.DeadlineExceeded)
		}
		if err := sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// reserve takes a request from the pace, or tells when to come again.
func (l *Limiter) reserve(now time.Time) (wait time.Duration, ready bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.recover(now)
	if wait := l.pausedTo.Sub(now); wait > 0 {
		return wait, false
	}
	if l.pace.AllowN(now, 1) {
		return 0, true
	}
	// Somebody else's turn never comes in between, so asking for it and giving it back
	// takes nothing from anybody.
	reserved := l.pace.ReserveN(now, 1)
	defer reserved.CancelAt(now)
	return max(reserved.DelayFrom(now), time.Nanosecond), false
}

// recover raises the pace for the time that has gone by.
func (l *Limiter) recover(now time.Time) {
	for l.pace.Limit() < l.full && now.Sub(l.changed) >= recoveryEvery {
		l.changed = l.changed.Add(recoveryEvery)
		l.pace.SetLimitAt(l.changed, min(l.full, l.pace.Limit()+l.full/paces))
	}
}

// slow answers a 429 to a request of that time. Many that were on the way together count
// as one.
func (l *Limiter) slow(sent time.Time, asked time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if until := now.Add(min(asked, longestPause)); until.After(l.pausedTo) {
		l.pausedTo = until
	}
	if !sent.Before(l.slowed) {
		l.pace.SetLimitAt(now, max(l.full/paces, l.pace.Limit()/2))
		l.changed, l.slowed = l.pausedTo, now
	}
	// A burst that was saved up by the end of a pause would not be one request that finds out.
	if saved := int(l.pace.TokensAt(l.pausedTo)); l.pausedTo.After(now) && saved > 1 {
		l.pace.AllowN(l.pausedTo, saved-1)
	}
}
