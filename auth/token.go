package auth

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Token is an access token.
type Token struct {
	Value  Secret
	Expiry time.Time // zero when unknown: then it is used until a 401
}

// FromTokens makes a credential of bearer tokens that fetch gets. Concurrent
// calls share one fetch, whose context keeps the first caller's values but ends
// only on a timeout ([TokenTimeout]) or when nobody waits for it any more.
// fetch must return when its context ends. Its errors are passed on, so they
// must be free of secrets.
func FromTokens(baseURL string, fetch func(context.Context) (Token, error), opts ...Option) (*Credential, error) {
	set, err := settle("FromTokens", opts, optTokenTimeout)
	if err != nil {
		return nil, err
	}
	base, at, err := parseBase("base URL", baseURL)
	if err != nil {
		return nil, err
	}
	if fetch == nil {
		return nil, errors.New("auth: the token function is nil")
	}
	named := func(ctx context.Context) (Token, error) {
		t, err := fetch(ctx)
		if err != nil {
			return Token{}, fmt.Errorf("auth: get token: %w", err)
		}
		return t, nil
	}
	return &Credential{kind: "tokens", base: base, origin: at, tokens: newCache(named, set.timeout)}, nil
}

// check refuses a token that cannot be of use.
func (t Token) check(now time.Time) error {
	if !visibleASCII(t.Value.Reveal()) {
		return fmt.Errorf("auth: the token that came %w", errTokenText)
	}
	if !t.Expiry.IsZero() && !now.Before(t.Expiry) {
		return fmt.Errorf("auth: the token that came had expired at %s already; this machine's clock says %s, check it",
			t.Expiry.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339))
	}
	return nil
}

// Lifetimes of tokens.
const (
	// documentedLifetime is what both vendors state: KaiNexus 3600 s, Kinabase
	// one hour.
	documentedLifetime = time.Hour

	// longestLifetime is where a stated lifetime stops being believable. Past
	// it the number is garbage or in milliseconds, and the documented lifetime
	// is used: renewing too often does no harm.
	longestLifetime = 24 * time.Hour
)

// expiresAfter counts from now. The lifetime in seconds may be any float, ±Inf
// included.
func expiresAfter(now time.Time, seconds float64) time.Time {
	switch {
	case seconds > longestLifetime.Seconds():
		return now.Add(documentedLifetime)
	case !(seconds > -longestLifetime.Seconds()): // NaN too
		return now.Add(-longestLifetime)
	}
	return now.Add(time.Duration(seconds * float64(time.Second)))
}

// expiryOf is for a token whose answer does not state its lifetime.
func expiryOf(token string, now time.Time) time.Time {
	if exp, ok := jwtExpiry(token); ok {
		return expiresAfter(now, exp-float64(now.UnixNano())/1e9)
	}
	return now.Add(documentedLifetime)
}
