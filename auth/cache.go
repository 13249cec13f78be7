package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// cache holds one token for many callers. Whoever finds it missing starts a
// fetch, and everybody who comes along waits for the same one.
type cache struct {
	fetch   func(context.Context) (Token, error)
	timeout time.Duration // of one fetch

	mu       sync.Mutex
	current  *lease
	last     Secret  // the newest token there ever was, for errors that must not repeat it
	previous Secret  // the one before, which requests under way may still hold
	flight   *flight // the fetch under way, if any
	pause    pause   // between background renewals that fail
}

// flight is one fetch. Its results may be read once done is closed.
type flight struct {
	done       chan struct{}
	cancel     context.CancelFunc
	background bool // nobody need wait for it
	waiters    int  // guarded by cache.mu

	lease *lease
	err   error
}

func newCache(fetch func(context.Context) (Token, error), timeout time.Duration) *cache {
	return &cache{fetch: fetch, timeout: timeout}
}

// get returns a token that has not expired. Near the end of its life it starts
// a renewal and returns the old one. Failures are not kept: the next call tries
// again.
func (c *cache) get(ctx context.Context) (*lease, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("auth: wait for token: %w", err)
	}
	c.mu.Lock()
	now := time.Now()
	if l := c.current; l.usable(now) {
		if c.flight == nil && l.due(now) && c.pause.over(now) {
			c.start(ctx, true)
		}
		c.mu.Unlock()
		return l, nil
	}
	if c.flight == nil {
		c.start(ctx, false)
	}
	f := c.flight
	f.waiters++
	c.mu.Unlock()

	select {
	case <-f.done:
		return f.lease, f.err
	case <-ctx.Done():
		c.leave(f)
		return nil, fmt.Errorf("auth: wait for token: %w", ctx.Err())
	}
}

// drop forgets l, and only l: a late 401 must not cost a newer token.
func (c *cache) drop(l *lease) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current == l {
		c.current = nil
	}
}

// start begins a flight on a context of its own: it keeps the caller's values,
// for tracing, but not its end.
func (c *cache) start(ctx context.Context, background bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timeout)
	f := &flight{done: make(chan struct{}), cancel: cancel, background: background}
	c.flight = f
	go c.fly(ctx, f)
}

func (c *cache) fly(ctx context.Context, f *flight) {
	defer f.cancel()
	var l *lease
	err := errors.New("auth: the token function did not return") // by runtime.Goexit
	defer func() { c.land(f, l, err) }()
	l, err = c.obtain(ctx)
}

func (c *cache) obtain(ctx context.Context) (*lease, error) {
	t, err := c.fetch(ctx)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if err := t.check(now); err != nil {
		return nil, err
	}
	return newLease(t, now), nil
}

// land hands over the result. A flight that was abandoned leaves no trace.
func (c *cache) land(f *flight, l *lease, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(f.done)
	err = withhold(err, []Secret{c.last})
	f.lease, f.err = l, err
	if c.flight != f {
		return
	}
	c.flight = nil
	switch {
	case err == nil:
		c.current, c.last, c.previous = l, l.token.Value, c.last
		c.pause = pause{}
	case f.background:
		c.pause.extend(time.Now(), err)
	}
}

// leave is called by a waiter that gives up. The last one stops the fetch, and
// detaches it so that the next caller does not join a dying one.
func (c *cache) leave(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiters--
	if f.waiters == 0 && !f.background && c.flight == f {
		c.flight = nil
		f.cancel()
	}
}
