package auth

import (
	"errors"
	"math/rand/v2"
	"time"
)

// lease is a token in the cache. Its address is its identity.
type lease struct {
	token    Token
	renewAt  time.Time // from here on a new one is fetched in the background
	useUntil time.Time // from here on it is no longer sent
}

// newLease plans the end of a token: renewal falls into the last tenth of its
// life, at most the last minute, at a random point of the window's first half,
// so that many processes that started together do not renew together. The last
// sixth (at most 10 s) is left unused, since a request takes time to arrive and
// clocks differ.
func newLease(t Token, now time.Time) *lease {
	if t.Expiry.IsZero() {
		return &lease{token: t}
	}
	// Without the monotonic reading, which stands still while a machine sleeps.
	expiry := t.Expiry.Round(0)
	window := min(expiry.Sub(now.Round(0))/10, time.Minute)
	jitter := time.Duration(rand.Float64() * float64(window/2))
	return &lease{
		token:    t,
		renewAt:  expiry.Add(jitter - window),
		useUntil: expiry.Add(-window / 6),
	}
}

func (l *lease) usable(now time.Time) bool {
	return l != nil && (l.useUntil.IsZero() || now.Round(0).Before(l.useUntil))
}

func (l *lease) due(now time.Time) bool {
	return !l.renewAt.IsZero() && !now.Round(0).Before(l.renewAt)
}

// pause keeps failing background renewals apart: 1 s, then twice as long each
// time up to 16 s, less up to half at random, or what the server asks for.
// The window above is short, so there is no point in longer ones.
type pause struct {
	failures int
	until    time.Time
}

func (p *pause) over(now time.Time) bool { return !now.Before(p.until) }

func (p *pause) extend(now time.Time, err error) {
	d := time.Second << min(p.failures, 4)
	d -= time.Duration(rand.Float64() * float64(d/2))
	var refused *TokenError
	if errors.As(err, &refused) {
		d = max(d, refused.RetryAfter)
	}
	p.failures++
	p.until = now.Add(d)
}
