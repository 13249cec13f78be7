package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// Timeouts ends what takes too long. A field that is 0 stands for the default, and one less
// than 0 for no limit.
type Timeouts struct {
	// Attempt is until the header of an answer is there, counted for each attempt anew:
	// 60 s if 0. Waiting for a token or for the rate limit does not count.
	Attempt time.Duration
	// Stall is how long one read of a body may wait for the next byte: 60 s if 0. Time
	// that the caller takes between reads does not count.
	Stall time.Duration
	// Call is for a call with all its attempts, waits and its body: no limit if 0, since
	// an export may well take an hour. The context of a call limits it besides.
	Call time.Duration
}

// TimeoutError says which of the [Timeouts] ended a call. It matches
// context.DeadlineExceeded and os.ErrDeadlineExceeded.
type TimeoutError struct {
	Field string // of [Timeouts]: "Attempt", "Stall" or "Call"
	After time.Duration
}

func (e *TimeoutError) Error() string {
	switch e.Field {
	case "Attempt":
		return fmt.Sprintf("transport: no answer within %v (Timeouts.Attempt)", e.After)
	case "Stall":
		return fmt.Sprintf("transport: the answer stood still for %v (Timeouts.Stall)", e.After)
	}
	return fmt.Sprintf("transport: the call took longer than %v (Timeouts.%s)", e.After, e.Field)
}

// Timeout is true, as for any error of net that is one.
func (e *TimeoutError) Timeout() bool { return true }

// Is makes errors.Is match what the standard library calls a timeout.
func (e *TimeoutError) Is(target error) bool {
	return target == context.DeadlineExceeded || target == os.ErrDeadlineExceeded
}

const defaultTimeout = time.Minute

// orDefault is 0 for no limit.
func orDefault(d, byDefault time.Duration) time.Duration {
	if d == 0 {
		return byDefault
	}
	return max(d, 0)
}

func (t Timeouts) callLayer() Middleware {
	limit := orDefault(t.Call, 0)
	if limit == 0 {
		return nil
	}
	return func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			ctx, cancel := context.WithTimeoutCause(r.Context(), limit, &TimeoutError{"Call", limit})
			answer, err := next.Do(r.WithContext(ctx))
			if err != nil || !streams(ctx, answer) {
				cancel()
				return answer, timedOut(ctx, err)
			}
			answer.Body = &timedBody{answer.Body, ctx, cancel}
			return answer, nil
		})
	}
}

func (t Timeouts) attemptLayer() Middleware {
	attempt, stall := orDefault(t.Attempt, defaultTimeout), orDefault(t.Stall, defaultTimeout)
	if attempt == 0 && stall == 0 {
		return nil
	}
	return func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			ctx, cancel := context.WithCancelCause(r.Context())
			w := &watch{cancel: cancel}
			w.begin("Attempt", attempt)
			answer, err := next.Do(r.WithContext(ctx))
			if !w.pause() && err == nil { // the header came too late to be of use
				_ = answer.Body.Close()
				err = context.Cause(ctx)
			}
			if err != nil {
				err = timedOut(ctx, err)
				w.end()
				return nil, err
			}
			if answer.Body == http.NoBody {
				w.end()
				return answer, nil
			}
			answer.Body = &watchedBody{answer.Body, ctx, w, stall}
			return answer, nil
		})
	}
}

// timedOut is the timeout that ended a context, if one did, instead of what it led to.
func timedOut(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	if timeout, ok := errors.AsType[*TimeoutError](context.Cause(ctx)); ok && !errors.Is(err, timeout) {
		return timeout
	}
	return err
}

// timedBody ends the context of a call with itself.
type timedBody struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelFunc
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = timedOut(b.ctx, err)
	}
	if err != nil {
		b.cancel()
	}
	return n, err
}

func (b *timedBody) Close() error {
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}

// watchedBody ends the context of an attempt with itself, and when a read takes too long.
type watchedBody struct {
	io.ReadCloser
	ctx   context.Context
	watch *watch
	stall time.Duration
}

func (b *watchedBody) Read(p []byte) (int, error) {
	b.watch.begin("Stall", b.stall)
	n, err := b.ReadCloser.Read(p)
	b.watch.pause()
	if err != nil && err != io.EOF {
		err = timedOut(b.ctx, err)
	}
	if err != nil {
		b.watch.end()
	}
	return n, err
}

func (b *watchedBody) Close() error {
	err := b.ReadCloser.Close()
	b.watch.end()
	return err
}
