package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const crowd = 1000

// gather runs f in n goroutines and waits for them.
func gather(n int, f func()) {
	var wg sync.WaitGroup
	for range n {
		wg.Go(f)
	}
	wg.Wait()
}

func TestOneFetchForACrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &numbered{life: time.Hour}
		slow := func(ctx context.Context) (Token, error) {
			time.Sleep(time.Second) // everybody has arrived by then
			return source.fetch(ctx)
		}
		cred, err := FromTokens("https://api.test", slow)
		require.NoError(t, err)
		_, err = cred.Token(t.Context())
		require.NoError(t, err)
		time.Sleep(2 * time.Hour) // expired

		var second atomic.Int64
		gather(crowd, func() {
			got, err := cred.Token(t.Context())
			if assert.NoError(t, err) && got.Value.Reveal() == "tok-2" {
				second.Add(1)
			}
		})
		assert.EqualValues(t, crowd, second.Load())
		assert.Equal(t, 2, source.count(), "one for the first token, one for the crowd")
	})
}

func TestOneRenewalForAStormOf401(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &numbered{life: time.Hour}
		cred, err := FromTokens("https://api.test", source.fetch)
		require.NoError(t, err)
		var rejected, served atomic.Int64
		var arrivals atomic.Int64
		client := cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
			if req.Header.Get("Authorization") == "Bearer tok-1" {
				rejected.Add(1)
				// Some answers come long after others have renewed.
				time.Sleep(time.Duration(arrivals.Add(1)) * time.Millisecond)
				return answer(req, http.StatusUnauthorized, ""), nil
			}
			served.Add(1)
			return answer(req, http.StatusOK, ""), nil
		}))
		gather(crowd, func() {
			resp, err := client.Do(newRequest(t, http.MethodGet, "https://api.test/x", nil))
			if assert.NoError(t, err) {
				assert.Equal(t, http.StatusOK, resp.StatusCode)
			}
		})
		assert.EqualValues(t, crowd, rejected.Load(), "all began with the first token")
		assert.EqualValues(t, crowd, served.Load())
		assert.Equal(t, 2, source.count(), "one renewal")
	})
}

func TestDropIsByIdentity(t *testing.T) {
	source := &numbered{life: time.Hour}
	c := newCache(source.fetch, time.Minute)
	first, err := c.get(t.Context())
	require.NoError(t, err)
	c.drop(first)
	second, err := c.get(t.Context())
	require.NoError(t, err)
	require.NotSame(t, first, second)
	c.drop(first) // late
	again, err := c.get(t.Context())
	require.NoError(t, err)
	assert.Same(t, second, again)
	assert.Equal(t, 2, source.count())
}

type ctxKey struct{}

func TestCancelledCallerLeavesTheFetchToOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var value any
		cred, err := FromTokens("https://api.test", func(ctx context.Context) (Token, error) {
			value = ctx.Value(ctxKey{})
			select {
			case <-release:
				return Token{Value: NewSecret("tok")}, nil
			case <-ctx.Done():
				return Token{}, ctx.Err()
			}
		})
		require.NoError(t, err)

		first, cancel := context.WithCancel(context.WithValue(t.Context(), ctxKey{}, "trace"))
		var firstErr, secondErr error
		var wg sync.WaitGroup
		firstDone := make(chan struct{})
		wg.Go(func() { _, firstErr = cred.Token(first); close(firstDone) })
		synctest.Wait()
		wg.Go(func() { _, secondErr = cred.Token(t.Context()) })
		synctest.Wait()

		began := time.Now()
		cancel()
		<-firstDone
		require.ErrorIs(t, firstErr, context.Canceled)
		assert.Zero(t, time.Since(began), "a cancelled caller waits for nothing")
		synctest.Wait()
		close(release)
		wg.Wait()
		require.NoError(t, secondErr)
		assert.Equal(t, "trace", value)

		_, err = cred.Token(first)
		require.ErrorIs(t, err, context.Canceled, "also when the token is there")
	})
}

func TestFetchEndsWithItsLastWaiter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended []error
		block := true
		cred, err := FromTokens("https://api.test", func(ctx context.Context) (Token, error) {
			if !block {
				return Token{Value: NewSecret("tok")}, nil
			}
			<-ctx.Done()
			ended = append(ended, ctx.Err())
			return Token{Value: NewSecret("late")}, nil // must not be kept
		})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() { _, err := cred.Token(ctx); assert.ErrorIs(t, err, context.Canceled) })
		}
		synctest.Wait()
		began := time.Now()
		cancel()
		wg.Wait()
		block = false
		got, err := cred.Token(t.Context()) // does not join the dying fetch
		require.NoError(t, err)
		assert.Equal(t, "tok", got.Value.Reveal())
		synctest.Wait()
		assert.Equal(t, []error{context.Canceled}, ended)
		assert.Zero(t, time.Since(began), "cancelled, not timed out")
		got, err = cred.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "tok", got.Value.Reveal(), "an abandoned fetch left its token")
	})
}

func TestFetchHasItsOwnTimeout(t *testing.T) {
	for _, tt := range []struct {
		name string
		opts []Option
		want time.Duration
	}{
		{"default", nil, 30 * time.Second},
		{"option", []Option{TokenTimeout(time.Second)}, time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cred, err := FromTokens("https://api.test", func(ctx context.Context) (Token, error) {
					<-ctx.Done()
					return Token{}, ctx.Err()
				}, tt.opts...)
				require.NoError(t, err)
				began := time.Now()
				_, err = cred.Token(t.Context())
				require.ErrorIs(t, err, context.DeadlineExceeded)
				assert.Equal(t, tt.want, time.Since(began))
			})
		})
	}
}

func TestFailureIsNotKept(t *testing.T) {
	source := &numbered{life: time.Hour, err: errors.New("down")}
	cred, err := FromTokens("https://api.test", source.fetch)
	require.NoError(t, err)
	_, err = cred.Token(t.Context())
	require.EqualError(t, err, "auth: get token: down")
	source.fail(nil)
	got, err := cred.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "tok-2", got.Value.Reveal())
}

func TestFetchThatEndsItsGoroutine(t *testing.T) {
	cred, err := FromTokens("https://api.test", func(context.Context) (Token, error) {
		runtime.Goexit()
		return Token{}, nil
	})
	require.NoError(t, err)
	_, err = cred.Token(t.Context())
	require.ErrorContains(t, err, "did not return")
}

func TestRenewalInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &numbered{life: time.Hour}
		cred, err := FromTokens("https://api.test", func(ctx context.Context) (Token, error) {
			time.Sleep(5 * time.Second)
			return source.fetch(ctx)
		})
		require.NoError(t, err)
		ask := func() (string, time.Duration) {
			began := time.Now()
			got, err := cred.Token(t.Context())
			require.NoError(t, err)
			return got.Value.Reveal(), time.Since(began)
		}
		tok, took := ask()
		assert.Equal(t, "tok-1", tok)
		assert.Equal(t, 5*time.Second, took)

		time.Sleep(59*time.Minute - time.Second) // just before the window
		tok, _ = ask()
		assert.Equal(t, "tok-1", tok)

		time.Sleep(31 * time.Second) // past the first half of the window, in which it begins
		gather(crowd, func() {
			tok, took := ask()
			assert.Equal(t, "tok-1", tok)
			assert.Zero(t, took, "callers wait while their token is valid")
		})
		time.Sleep(5 * time.Second)
		synctest.Wait()
		tok, took = ask()
		assert.Equal(t, "tok-2", tok)
		assert.Zero(t, took)
		assert.Equal(t, 2, source.count())
	})
}

func TestFailedBackgroundRenewal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &numbered{life: time.Hour}
		cred, err := FromTokens("https://api.test", source.fetch)
		require.NoError(t, err)
		_, err = cred.Token(t.Context())
		require.NoError(t, err)
		source.fail(errors.New("down"))
		time.Sleep(59*time.Minute + 30*time.Second) // due, whatever the jitter

		// Ten calls a second for the 20 s in which the token may be used.
		for range 200 {
			got, err := cred.Token(t.Context())
			require.NoError(t, err, "the old token is still valid")
			require.Equal(t, "tok-1", got.Value.Reveal())
			synctest.Wait()
			time.Sleep(100 * time.Millisecond)
		}
		tries := source.count() - 1
		assert.GreaterOrEqual(t, tries, 3, "tries again")
		assert.LessOrEqual(t, tries, 7, "but backs off")

		time.Sleep(time.Minute)
		_, err = cred.Token(t.Context())
		require.EqualError(t, err, "auth: get token: down", "once it has expired, callers are told")
		source.fail(nil)
		_, err = cred.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, pause{}, cred.tokens.pause, "the next trouble starts from the beginning")
	})
}

func TestPauseHonoursRetryAfter(t *testing.T) {
	var p pause
	now := time.Now()
	p.extend(now, fmt.Errorf("wrapped: %w", &TokenError{RetryAfter: 40 * time.Second}))
	assert.False(t, p.over(now.Add(40*time.Second-1)))
	assert.True(t, p.over(now.Add(40*time.Second)))
}

func TestLeasePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Now()
		life := time.Duration(rapid.Int64Range(1, int64(1<<62)).Draw(t, "life"))
		l := newLease(Token{Expiry: now.Add(life)}, now)
		expiry := now.Add(life).Round(0)
		window := min(life/10, time.Minute)
		if l.renewAt.Before(expiry.Add(-window)) || l.renewAt.After(expiry.Add(-window+window/2)) {
			t.Fatalf("renewal at %v of a life of %v", l.renewAt, life)
		}
		if l.useUntil.Before(l.renewAt) || l.useUntil.After(expiry) {
			t.Fatalf("used until %v, renewed at %v, expires at %v", l.useUntil, l.renewAt, expiry)
		}
		if !l.usable(now) {
			t.Fatalf("a token of %v cannot be used at all", life)
		}
	})
}

func TestTokenThatCannotBeUsed(t *testing.T) {
	past := time.Now().Add(-time.Minute)
	for _, tt := range []struct {
		name  string
		token Token
		want  string
	}{
		{"empty", Token{}, "is empty or holds characters"},
		{"space", Token{Value: NewSecret("a b")}, "a header does not allow"},
		{"line break", Token{Value: NewSecret("a\r\nX-Injected: 1")}, "a header does not allow"},
		{"not ASCII", Token{Value: NewSecret("tök")}, "a header does not allow"},
		{"expired", Token{Value: NewSecret("tok"), Expiry: past}, "this machine's clock"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cred, err := FromTokens("https://api.test", func(context.Context) (Token, error) { return tt.token, nil })
			require.NoError(t, err)
			_, err = cred.Token(t.Context())
			require.ErrorContains(t, err, tt.want)
		})
	}
}
