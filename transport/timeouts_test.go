package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hanging answers when the context ends.
func hanging(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// dripping answers 200 with a body that gives a byte after each pause, and ends.
func dripping(pauses ...time.Duration) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		answer := answered(r, 200, "")
		answer.ContentLength, answer.Body = -1, &drip{r.Context(), pauses}
		return answer, nil
	}
}

type drip struct {
	ctx    context.Context
	pauses []time.Duration
}

func (d *drip) Read(p []byte) (int, error) {
	if len(d.pauses) == 0 {
		return 0, io.EOF
	}
	select {
	case <-time.After(d.pauses[0]):
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
	d.pauses = d.pauses[1:]
	p[0] = '.'
	return 1, nil
}

func (d *drip) Close() error { return nil }

func requireTimeout(t *testing.T, err error, field string, after time.Duration) {
	t.Helper()
	var timeout *TimeoutError
	require.ErrorAs(t, err, &timeout)
	assert.Equal(t, &TimeoutError{field, after}, timeout)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	assert.ErrorIs(t, err, os.ErrDeadlineExceeded)
	assert.NotErrorIs(t, err, context.Canceled)
	assert.True(t, timeout.Timeout())
	assert.ErrorContains(t, err, "Timeouts."+field)
}

func TestAttemptTimesOutAndIsRepeated(t *testing.T) {
	for _, test := range []struct {
		name     string
		timeouts Timeouts
		after    time.Duration
	}{
		{"default", Timeouts{}, time.Minute},
		{"own", Timeouts{Attempt: 5 * time.Second}, 5 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := steps(hanging)
				start := time.Now()
				_, err := newChain(t, Config{Base: server, Timeouts: test.timeouts, Retry: Retry{Attempts: 2, Base: 1, Max: 1}}).
					Do(request(t, t.Context(), "GET", "/status"))
				requireTimeout(t, err, "Attempt", test.after)
				assert.Len(t, server.sent, 2)
				assert.InDelta(t, 2*test.after, time.Since(start), 10)
			})
		})
	}
}

func TestHeaderInTimeHasABodyOfAnyLength(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(dripping(50*time.Second, 50*time.Second, 50*time.Second))
		answer, err := newChain(t, Config{Base: server}).Do(request(t, t.Context(), "GET", "/status"))
		require.NoError(t, err)
		assert.Equal(t, "...", content(t, answer))
		assert.Len(t, server.sent, 1)
	})
}

func TestABodyThatStandsStillIsAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(dripping(time.Second, time.Hour), dripping(time.Second))
		start := time.Now()
		answer, err := newChain(t, Config{Base: server, Retry: Retry{Base: 1, Max: 1}}).Do(request(t, t.Context(), "GET", "/status"))
		require.NoError(t, err)
		assert.Equal(t, ".", content(t, answer))
		assert.InDelta(t, 62*time.Second, time.Since(start), 10)
	})
}

func TestAStreamThatStandsStillFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(dripping(0, 0, time.Hour))
		answer, err := newChain(t, Config{Base: server, Timeouts: Timeouts{Stall: 3 * time.Second}}).
			Do(request(t, Stream(t.Context()), "GET", "/status"))
		require.NoError(t, err)
		one := make([]byte, 1)
		_, err = answer.Body.Read(one)
		require.NoError(t, err)
		time.Sleep(2*time.Hour - time.Second) // the reader takes its time, which is no stall
		_, err = answer.Body.Read(one)
		require.NoError(t, err)
		start := time.Now()
		_, err = answer.Body.Read(one)
		requireTimeout(t, err, "Stall", 3*time.Second)
		assert.Equal(t, 3*time.Second, time.Since(start))
		assert.True(t, Temporary(err))
		require.NoError(t, answer.Body.Close())
	})
}

func TestNoTimeouts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(r *http.Request) (*http.Response, error) {
			time.Sleep(24 * time.Hour)
			return dripping(24 * time.Hour)(r)
		}
		answer, err := newChain(t, Config{Base: steps(slow), Timeouts: Timeouts{Attempt: -1, Stall: -1, Call: -1}}).
			Do(request(t, t.Context(), "GET", "/status"))
		require.NoError(t, err)
		assert.Equal(t, ".", content(t, answer))
	})
}

func TestCallTimesOutWithAllItsAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(hanging)
		start := time.Now()
		_, err := newChain(t, Config{Base: server, Timeouts: Timeouts{Attempt: 40 * time.Second, Call: time.Minute}}).
			Do(request(t, t.Context(), "GET", "/status"))
		requireTimeout(t, err, "Call", time.Minute)
		assert.Equal(t, time.Minute, time.Since(start))
		assert.Len(t, server.sent, 2)
		assert.False(t, Temporary(err))
	})
}

func TestCallTimesOutInAStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(dripping(50*time.Second, 50*time.Second))
		answer, err := newChain(t, Config{Base: server, Timeouts: Timeouts{Call: time.Minute}}).
			Do(request(t, Stream(t.Context()), "GET", "/status"))
		require.NoError(t, err)
		_, err = io.ReadAll(answer.Body)
		requireTimeout(t, err, "Call", time.Minute)
		require.NoError(t, answer.Body.Close())
	})
}

func TestTheCallersContextIsTheCallers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := newChain(t, Config{Base: steps(hanging), Timeouts: Timeouts{Call: time.Minute}}).Do(request(t, ctx, "GET", "/status"))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, ok := errors.AsType[*TimeoutError](err)
		assert.False(t, ok)
	})
}

// What is done leaves neither timers nor contexts: synctest fails when a goroutine stays.
func TestBodiesEndTheirContext(t *testing.T) {
	for _, mark := range []func(context.Context) context.Context{Stream, func(ctx context.Context) context.Context { return ctx }} {
		synctest.Test(t, func(t *testing.T) {
			server := steps(status(200))
			answer, err := newChain(t, Config{Base: server, Timeouts: Timeouts{Call: time.Hour}}).Do(request(t, mark(t.Context()), "GET", "/status"))
			require.NoError(t, err)
			content(t, answer)
			assert.Error(t, server.sent[0].Context().Err())
		})
	}
}

// A stall is noticed in time though the timer was set for the header, which may take longer.
func TestAStallRightAfterTheHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer, err := newChain(t, Config{Base: steps(dripping(time.Hour)), Timeouts: Timeouts{Stall: 3 * time.Second}}).
			Do(request(t, Stream(t.Context()), "GET", "/status"))
		require.NoError(t, err)
		start := time.Now()
		_, err = answer.Body.Read(make([]byte, 1))
		requireTimeout(t, err, "Stall", 3*time.Second)
		assert.Equal(t, 3*time.Second, time.Since(start))
	})
}

// Whoever gives up has not met with a failure that goes away.
func TestGivingUpIsNotTemporary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		answer, err := newChain(t, Config{Base: steps(dripping(time.Hour))}).Do(request(t, Stream(ctx), "GET", "/status"))
		require.NoError(t, err)
		time.AfterFunc(time.Second, cancel)
		_, err = answer.Body.Read(make([]byte, 1))
		require.ErrorIs(t, err, context.Canceled)
		assert.False(t, Temporary(err))

		_, err = newSender(steps(hanging), nil).Do(request(t, ctx, "GET", "/status"))
		require.ErrorIs(t, err, context.Canceled)
		assert.False(t, Temporary(err))
	})
}
