package transport

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// Config says how a client talks to a server. The zero Config is fit for production.
type Config struct {
	// Base sends the requests: nil stands for an HTTP client that all clients of this
	// process share. The redirects of an *http.Client are guarded: none leaves the origin.
	Base Doer
	// UserAgent stands before the client's own, as in "nightly-sync/1.4". Visible ASCII
	// and spaces.
	UserAgent string
	Retry     Retry
	// Limiter holds requests back, before the server has to; nil holds back none.
	Limiter  *Limiter
	Timeouts Timeouts
	// BodyLimit is how many bytes an answer may have that is read as a whole: 64 MiB
	// if 0. More is a [*BodyLimitError], and nothing is cut off.
	BodyLimit int64
	// StreamLimit is BodyLimit for answers that are read as they arrive (see [Stream]):
	// 4 GiB if 0.
	StreamLimit int64
	// ReadOnly lets only listed operations leave; nil lets all leave.
	ReadOnly *ReadOnly
	// Logger gets a line for each attempt at debug level; nil gets none.
	Logger *slog.Logger
	// Middleware is put around each attempt. It sees no credential.
	Middleware []Middleware
}

// check refuses what nobody can mean.
func (c Config) check() error {
	durations := []struct {
		name  string
		value time.Duration
	}{
		{"Retry.Base", c.Retry.Base},
		{"Retry.Max", c.Retry.Max},
		{"Retry.MaxRetryAfter", c.Retry.MaxRetryAfter},
	}
	for _, d := range durations {
		if d.value < 0 {
			return fmt.Errorf("%s is less than zero; leave it out for the default", d.name)
		}
	}
	policy := c.Retry.settled()
	switch {
	case c.Retry.Attempts < 0:
		return errors.New("Retry.Attempts is less than zero; 1 sends everything once")
	case policy.Base > policy.Max:
		return fmt.Errorf("Retry.Base is %v, more than Retry.Max, %v", policy.Base, policy.Max)
	case c.BodyLimit < 0:
		return errors.New("BodyLimit is less than zero; leave it out for the default")
	case c.StreamLimit < 0:
		return errors.New("StreamLimit is less than zero; leave it out for the default")
	case strings.ContainsFunc(c.UserAgent, func(r rune) bool { return r < ' ' || r > '~' }):
		return errors.New("UserAgent holds characters that a header does not allow")
	}
	return nil
}

func (c Config) limits() limits {
	return limits{
		whole:  cmp.Or(c.BodyLimit, 64<<20),
		stream: cmp.Or(c.StreamLimit, 4<<30),
	}
}
