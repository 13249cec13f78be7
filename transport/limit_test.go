package transport

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestLimiterKeepsThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		doer := newChain(t, Config{Base: steps(status(200)), Limiter: NewLimiter(60, 3)})
		start := time.Now()
		for range 10 {
			_, err := doer.Do(request(t, t.Context(), "GET", "/status"))
			require.NoError(t, err)
		}
		// Three at once, and then one a second.
		assert.InDelta(t, 7*time.Second, time.Since(start), float64(time.Millisecond))
	})
}

func TestNoLimiterHoldsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, limiter := range []*Limiter{nil, new(Limiter)} {
			doer := newChain(t, Config{Base: steps(status(200)), Limiter: limiter})
			start := time.Now()
			for range 1000 {
				_, err := doer.Do(request(t, t.Context(), "GET", "/status"))
				require.NoError(t, err)
			}
			assert.Zero(t, time.Since(start))
		}
	})
}

func TestLimiterServesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := NewLimiter(60, 1)
		var mu sync.Mutex
		var order, want []int
		for i := range 20 {
			go func() {
				if assert.NoError(t, limiter.wait(context.Background())) {
					mu.Lock()
					order = append(order, i)
					mu.Unlock()
				}
			}()
			synctest.Wait() // it stands in the queue
			want = append(want, i)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Equal(t, want, order)
	})
}

// Whoever leaves the queue takes nobody's turn, and nobody overtakes.
func TestLimiterIsFair(t *testing.T) {
	outer := t
	rapid.Check(t, func(r *rapid.T) {
		patience := rapid.SliceOfN(rapid.IntRange(0, 40), 1, 15).Draw(r, "seconds of patience")
		synctest.Test(outer, func(t *testing.T) {
			limiter := NewLimiter(30, 1)
			start := time.Now()
			served := make([]time.Duration, len(patience))
			for i, seconds := range patience {
				ctx, cancel := context.WithCancel(t.Context())
				if seconds > 0 {
					time.AfterFunc(time.Duration(seconds)*time.Second+time.Millisecond, cancel)
				}
				defer cancel()
				go func() {
					served[i] = -1
					if limiter.wait(ctx) == nil {
						served[i] = time.Since(start)
					}
				}()
				synctest.Wait()
			}
			time.Sleep(time.Hour)
			synctest.Wait()
			last, turns := time.Duration(-1), 0
			for i, at := range served {
				if at < 0 {
					continue
				}
				assert.Greater(t, at, last, "who came %dth was overtaken", i)
				assert.InDelta(t, time.Duration(turns)*2*time.Second, at, float64(time.Millisecond), "no turn is lost or given twice")
				last = at
				turns++
			}
			for i, seconds := range patience {
				if seconds == 0 {
					assert.GreaterOrEqual(t, served[i], time.Duration(0), "who is patient is served")
				}
			}
		})
	})
}

func TestLimiterRefusesAtOnceWhatComesTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(status(200))
		doer := newChain(t, Config{Base: server, Limiter: NewLimiter(1, 1)})
		_, err := doer.Do(request(t, t.Context(), "GET", "/status"))
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		start := time.Now()
		answer, err := doer.Do(request(t, ctx, "POST", "/collections/c", "{}"))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorContains(t, err, "rate limit")
		assert.Zero(t, time.Since(start))
		assert.Zero(t, AttemptsOf(answer, err), "it was not sent")
		assert.Len(t, server.sent, 1)
	})
}

func TestLimiterEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := NewLimiter(1, 1)
		require.NoError(t, limiter.wait(t.Context()))
		for range 2 { // with the turn, and in the queue
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			time.AfterFunc(time.Second, cancel)
			go func() { assert.ErrorIs(t, limiter.wait(ctx), context.Canceled) }()
			synctest.Wait()
		}
		start := time.Now()
		require.NoError(t, limiter.wait(t.Context()))
		assert.InDelta(t, time.Minute, time.Since(start), float64(time.Millisecond), "those who left took nothing")
	})
}

func Test429SlowsEverybodyWhoShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := SharedLimiter(t.Name(), 60, 1)
		assert.Same(t, limiter, SharedLimiter(t.Name(), 600, 10))
		assert.NotSame(t, limiter, SharedLimiter(t.Name()+" other", 60, 1))
		once := Retry{Attempts: 1}
		refused := newChain(t, Config{Base: steps(status(429, "Retry-After", "20")), Limiter: limiter, Retry: once})
		served := newChain(t, Config{Base: steps(status(200)), Limiter: limiter, Retry: once})
		call := func(doer Doer) time.Duration {
			start := time.Now()
			_, err := doer.Do(request(t, t.Context(), "GET", "/status"))
			require.NoError(t, err)
			return time.Since(start)
		}
		call(refused)
		near := float64(time.Millisecond)
		assert.InDelta(t, 20*time.Second, call(served), near, "the pause is for everybody")
		assert.InDelta(t, 2*time.Second, call(served), near, "half the pace")
		time.Sleep(5 * time.Minute)
		call(served)
		assert.InDelta(t, time.Second, call(served), near, "the pace is back")
	})
}

func TestPauseIsAtMostAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := NewLimiter(60, 1)
		limiter.slow(time.Now(), 24*time.Hour)
		start := time.Now()
		require.NoError(t, limiter.wait(t.Context()))
		assert.InDelta(t, time.Minute, time.Since(start), float64(time.Millisecond))
	})
}

func TestPaceFallsOnceForRequestsThatWereOnTheirWayTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := NewLimiter(60, 1)
		sent := time.Now()
		time.Sleep(time.Second)
		for range 10 {
			limiter.slow(sent, 0)
		}
		assert.InDelta(t, 0.5, float64(limiter.pace.Limit()), 1e-9)
		for range 10 {
			time.Sleep(time.Millisecond)
			limiter.slow(time.Now(), 0)
		}
		assert.InDelta(t, 0.1, float64(limiter.pace.Limit()), 1e-9, "the slowest pace")
		time.Sleep(31 * time.Second)
		limiter.reserve(time.Now())
		assert.InDelta(t, 0.3, float64(limiter.pace.Limit()), 1e-9)
	})
}

// Only 429 is about the pace.
func TestOtherFailuresDoNotSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := NewLimiter(60, 1)
		for _, code := range []int{503, 500, 403, http.StatusOK} {
			_, err := newChain(t, Config{Base: steps(status(code, "Retry-After", "50")), Limiter: limiter, Retry: Retry{Attempts: 1}}).
				Do(request(t, t.Context(), "GET", "/status"))
			require.NoError(t, err)
		}
		assert.Equal(t, limiter.full, limiter.pace.Limit())
		assert.True(t, limiter.pausedTo.IsZero())
	})
}

// After a pause that is shorter than the server asked for, one request finds out whether the
// server still means it, however many wait and whatever burst is allowed.
func TestOneRequestFindsOutAfterAPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := NewLimiter(600, 20)
		var mu sync.Mutex
		var at []time.Duration
		start := time.Now()
		base := DoerFunc(func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			at = append(at, time.Since(start))
			mu.Unlock()
			time.Sleep(100 * time.Millisecond)
			return answered(r, 429, "", "Retry-After", "600"), nil
		})
		doer := newChain(t, Config{Base: base, Limiter: limiter, Retry: Retry{Attempts: 1}})
		_, err := doer.Do(request(t, t.Context(), "GET", "/status"))
		require.NoError(t, err)
		for range 20 {
			go func() { _, _ = doer.Do(request(t, t.Context(), "GET", "/status")) }()
		}
		time.Sleep(90 * time.Second)
		mu.Lock()
		assert.Len(t, at, 2, "the first, and the one that finds out")
		mu.Unlock()
	})
}
