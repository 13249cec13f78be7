package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/auth"
)

// isJSON is an answer that says that it is JSON.
func isJSON(body string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		answer := answered(r, 200, body)
		answer.Header.Set("Content-Type", "application/json; charset=utf-8")
		return answer, nil
	}
}

func TestWhatIsSentAgain(t *testing.T) {
	reset := failing(syscall.ECONNRESET)
	tests := []struct {
		name   string
		method string
		mark   func(context.Context) context.Context
		first  func(*http.Request) (*http.Response, error)
		want   int // attempts
	}{
		{"GET 200", "GET", nil, status(200), 1},
		{"GET 400", "GET", nil, status(400), 1},
		{"GET 401", "GET", nil, status(401), 1},
		{"GET 403", "GET", nil, status(403), 1},
		{"GET 404", "GET", nil, status(404), 1},
		{"GET 408", "GET", nil, status(408), 2},
		{"GET 409", "GET", nil, status(409), 1},
		{"GET 425", "GET", nil, status(425), 1},
		{"GET 429", "GET", nil, status(429), 2},
		{"GET 500", "GET", nil, status(500), 2},
		{"GET 501", "GET", nil, status(501), 1},
		{"GET 502", "GET", nil, status(502), 2},
		{"GET 503", "GET", nil, status(503), 2},
		{"GET 504", "GET", nil, status(504), 2},
		{"GET 505", "GET", nil, status(505), 1},
		{"HEAD 503", "HEAD", nil, status(503), 2},
		{"OPTIONS 503", "OPTIONS", nil, status(503), 2},
		{"DELETE 503", "DELETE", nil, status(503), 2},
		{"POST 503", "POST", nil, status(503), 1},
		{"POST 503 with Retry-After", "POST", nil, status(503, "Retry-After", "1"), 1},
		{"POST 408", "POST", nil, status(408), 1},
		{"POST 429", "POST", nil, status(429), 2},
		{"PATCH 500", "PATCH", nil, status(500), 1},
		{"PUT 500", "PUT", nil, status(500), 1},
		{"PUT 500 idempotent", "PUT", Idempotent, status(500), 2},
		{"POST 503 idempotent", "POST", Idempotent, status(503), 2},
		{"GET reset", "GET", nil, reset, 2},
		{"POST reset", "POST", nil, reset, 1},
		{"POST reset idempotent", "POST", Idempotent, reset, 2},
		{"GET breaks off", "GET", nil, breaking(io.ErrUnexpectedEOF), 2},
		{"POST breaks off", "POST", nil, breaking(io.ErrUnexpectedEOF), 1},
		{"GET untrusted certificate", "GET", nil, failing(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), 1},
		{"GET other host's certificate", "GET", nil, failing(x509.HostnameError{Certificate: new(x509.Certificate), Host: "api.test"}), 1},
		{"GET invalid certificate", "GET", nil, failing(x509.CertificateInvalidError{Reason: x509.Expired}), 1},
		{"GET not TLS", "GET", nil, failing(tls.RecordHeaderError{Msg: "x"}), 1},
		{"GET plain HTTP", "GET", nil, failing(http.ErrSchemeMismatch), 1},
		{"GET refused redirect", "GET", nil, failing(&auth.RedirectError{From: "a", To: "b"}), 2},
		{"POST refused redirect", "POST", nil, failing(&auth.RedirectError{From: "a", To: "b"}), 1},
		{"GET 307 without a place", "GET", nil, status(307), 2},
		{"GET 304", "GET", nil, status(304), 1},
		{"POST 302", "POST", nil, status(302), 1},
		{"GET half of the JSON", "GET", nil, isJSON(`{"a":[1,`), 2},
		{"POST half of the JSON", "POST", nil, isJSON(`{"a":[1,`), 1},
		{"GET no JSON", "GET", nil, isJSON(`<html>`), 1},
		{"GET no JSON at its end", "GET", nil, isJSON(`{"a":1}}`), 1},
		{"GET nothing", "GET", nil, isJSON(``), 1},
		{"GET too large", "GET", nil, func(r *http.Request) (*http.Response, error) {
			return answered(r, 200, strings.Repeat("x", 101)), nil
		}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := steps(test.first, status(200))
				ctx := t.Context()
				if test.mark != nil {
					ctx = test.mark(ctx)
				}
				answer, err := newChain(t, Config{Base: server, BodyLimit: 100}).Do(request(t, ctx, test.method, "/collections/c", "{}"))
				require.Len(t, server.sent, test.want)
				assert.Equal(t, test.want, AttemptsOf(answer, err))
				for i, sent := range server.sent {
					assert.Equal(t, strconv.Itoa(i+1), sent.Header.Get(AttemptHeader))
					assert.Equal(t, "{}", server.bodies[i])
				}
			})
		})
	}
}

func TestBodyWithoutGetBodyIsSentOnce(t *testing.T) {
	server := steps(status(503), status(200))
	r := request(t, Idempotent(t.Context()), "PUT", "/collections/c", "{}")
	r.GetBody = nil
	answer, err := newChain(t, Config{Base: server}).Do(r)
	require.NoError(t, err)
	assert.Equal(t, 503, answer.StatusCode)
	assert.Len(t, server.sent, 1)
}

func TestGetBodyThatFailsEndsTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(status(503), status(200))
		r := request(t, Idempotent(t.Context()), "PUT", "/collections/c", "{}")
		r.GetBody = func() (io.ReadCloser, error) { return nil, errors.New("gone") }
		answer, err := newChain(t, Config{Base: server}).Do(r)
		require.ErrorContains(t, err, "GetBody")
		assert.Equal(t, 1, AttemptsOf(answer, err))
		assert.Len(t, server.sent, 1)
	})
}

func TestTheLastAnswerIsReturnedAsItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(status(503, "X-Last", "no"), status(503), status(500), status(502, "X-Last", "yes"))
		answer, err := newChain(t, Config{Base: server}).Do(request(t, t.Context(), "GET", "/status"))
		require.NoError(t, err)
		assert.Equal(t, 502, answer.StatusCode)
		assert.Equal(t, "yes", answer.Header.Get("X-Last"))
		assert.Equal(t, `{"status":502}`, content(t, answer))
		assert.Equal(t, 4, AttemptsOf(answer, err))
	})
}

func TestTheLastFailureIsReturnedWithItsCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(failing(io.ErrUnexpectedEOF), failing(syscall.ECONNREFUSED))
		_, err := newChain(t, Config{Base: server}).Do(request(t, t.Context(), "GET", "/status"))
		var gaveUp *AttemptsError
		require.ErrorAs(t, err, &gaveUp)
		assert.Equal(t, 4, gaveUp.Attempts)
		assert.ErrorIs(t, err, syscall.ECONNREFUSED)
		assert.Equal(t, "no answer after 4 attempts: transport: connection refused", err.Error())
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	tests := []struct {
		name     string
		asked    func(now time.Time) string
		attempts int
		least    time.Duration
		most     time.Duration
	}{
		{"seconds", func(time.Time) string { return "7" }, 2, 7 * time.Second, 7500 * time.Millisecond},
		{"date", func(now time.Time) string { return now.Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 2, 8 * time.Second, 9500 * time.Millisecond},
		{"the longest", func(time.Time) string { return "120" }, 2, 2 * time.Minute, 2*time.Minute + 500*time.Millisecond},
		{"an hour", func(time.Time) string { return "3600" }, 1, 0, 0},
		{"the date of tomorrow", func(now time.Time) string { return now.Add(24 * time.Hour).UTC().Format(http.TimeFormat) }, 1, 0, 0},
		{"more than fits", func(time.Time) string { return "18446744073709551615" }, 1, 0, 0},
		{"a date gone by", func(now time.Time) string { return now.Add(-time.Hour).UTC().Format(http.TimeFormat) }, 2, 0, 500 * time.Millisecond},
		{"nonsense", func(time.Time) string { return "soon" }, 2, 0, 500 * time.Millisecond},
		{"less than nothing", func(time.Time) string { return "-5" }, 2, 0, 500 * time.Millisecond},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				server := steps(status(429, "Retry-After", test.asked(start)), status(200))
				answer, err := newChain(t, Config{Base: server}).Do(request(t, t.Context(), "GET", "/status"))
				require.NoError(t, err)
				assert.Equal(t, test.attempts, AttemptsOf(answer, nil))
				assert.GreaterOrEqual(t, time.Since(start), test.least)
				assert.LessOrEqual(t, time.Since(start), test.most)
			})
		})
	}
}

func TestWaitEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		reason := errors.New("the user went home")
		time.AfterFunc(3*time.Second, func() { cancel(reason) })
		start := time.Now()
		server := steps(status(503, "Retry-After", "60"))
		answer, err := newChain(t, Config{Base: server}).Do(request(t, ctx, "GET", "/status"))
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, reason)
		assert.Equal(t, 3*time.Second, time.Since(start))
		assert.Equal(t, 1, AttemptsOf(answer, err))
	})
}

func TestWaitPastTheDeadlineIsNotBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		answer, err := newChain(t, Config{Base: steps(status(503, "Retry-After", "10"))}).Do(request(t, ctx, "GET", "/status"))
		require.NoError(t, err)
		assert.Equal(t, 503, answer.StatusCode)
		assert.Zero(t, time.Since(start))
	})
}

func TestAContextThatEndsIsNotRetried(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		server := steps(func(r *http.Request) (*http.Response, error) {
			cancel()
			return nil, r.Context().Err()
		})
		_, err := newChain(t, Config{Base: server}).Do(request(t, ctx, "GET", "/status"))
		require.ErrorIs(t, err, context.Canceled)
		assert.Len(t, server.sent, 1)
	})
}

func TestDelayStaysInItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "max"))
		policy := Retry{
			Base:          time.Duration(rapid.Int64Range(1, int64(limit)).Draw(t, "base")),
			Max:           limit,
			MaxRetryAfter: time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "max retry-after")),
		}
		attempt := rapid.IntRange(1, 200).Draw(t, "attempt")
		asked := time.Duration(rapid.Int64Range(0, int64(2*time.Hour)).Draw(t, "asked"))
		wait, ok := policy.delay(attempt, asked)
		if asked == 0 {
			longest := float64(policy.Base)
			for range attempt - 1 {
				longest = min(longest*2, float64(limit))
			}
			if !ok || wait < 0 || float64(wait) > longest {
				t.Fatalf("waits %v, more than %v (%v)", wait, time.Duration(longest), ok)
			}
			return
		}
		if ok != (asked <= policy.MaxRetryAfter) {
			t.Fatalf("asked for %v of at most %v: %v", asked, policy.MaxRetryAfter, ok)
		}
		if wait < asked || wait > asked+policy.Base {
			t.Fatalf("asked for %v, waits %v", asked, wait)
		}
	})
}

func TestWaitGrows(t *testing.T) {
	policy := Retry{}.settled()
	longest := func(attempt int) (most time.Duration) {
		for range 2000 {
			wait, _ := policy.delay(attempt, 0)
			most = max(most, wait)
		}
		return most
	}
	// 2000 draws miss the upper tenth with a chance of 10^-92.
	assert.Greater(t, longest(1), 450*time.Millisecond)
	assert.Greater(t, longest(3), 1800*time.Millisecond)
	assert.Greater(t, longest(50), 18*time.Second)
}

func TestWaitForThoseWhoRepeatACallThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		require.NoError(t, Retry{}.Wait(t.Context(), 1, nil))
		assert.LessOrEqual(t, time.Since(start), 500*time.Millisecond)
		start = time.Now()
		require.NoError(t, Retry{}.Wait(t.Context(), 3, answered(nil, 503, "", "Retry-After", "5")))
		assert.GreaterOrEqual(t, time.Since(start), 5*time.Second)

		start = time.Now()
		require.ErrorIs(t, Retry{}.Wait(t.Context(), 4, nil), ErrNoRetry)
		require.ErrorIs(t, Retry{}.Wait(t.Context(), 1, answered(nil, 503, "", "Retry-After", "500")), ErrNoRetry)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		require.ErrorIs(t, Retry{}.Wait(ctx, 1, answered(nil, 503, "", "Retry-After", "5")), ErrNoRetry)
		assert.Zero(t, time.Since(start))

		canceled, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		require.ErrorIs(t, Retry{}.Wait(canceled, 1, answered(nil, 503, "", "Retry-After", "5")), context.Canceled)
		assert.Equal(t, time.Second, time.Since(start))
	})
}

// A token that cannot be had is a failure of the way there, and nothing was sent.
func TestTokenFailures(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want int // attempts
	}{
		{"unavailable", &auth.TokenError{Endpoint: "https://api.test/token", Status: 503}, 2},
		{"too many", &auth.TokenError{Endpoint: "https://api.test/token", Status: 429, RetryAfter: time.Second}, 2},
		{"no answer", &auth.TokenError{Endpoint: "https://api.test/token", Err: syscall.ECONNREFUSED}, 2},
		{"refused", &auth.TokenError{Endpoint: "https://api.test/token", Status: 401}, 1},
		{"nobody's certificate", &auth.TokenError{Endpoint: "https://api.test/token", Err: x509.UnknownAuthorityError{}}, 1},
		{"unreadable", &auth.TokenError{Endpoint: "https://api.test/token", Status: 200, Err: errors.New("the answer has no token")}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				credential, err := auth.FromTokens(testBase, func(context.Context) (auth.Token, error) {
					if asked++; asked == 1 {
						return auth.Token{}, test.err
					}
					return auth.Token{Value: auth.NewSecret("fresh")}, nil
				})
				require.NoError(t, err)
				server := steps(status(200))
				doer, err := New(Config{Base: server}, credential, testOperations)
				require.NoError(t, err)
				answer, err := doer.Do(request(t, t.Context(), "POST", "/collections/c", "{}"))
				assert.Equal(t, test.want, asked)
				if test.want == 1 {
					require.ErrorIs(t, err, test.err)
					assert.Empty(t, server.sent)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, []string{"{}"}, server.bodies)
				assert.Equal(t, 2, AttemptsOf(answer, err))
			})
		})
	}
}

func TestTemporary(t *testing.T) {
	reset := &failure{text: "x", cause: syscall.ECONNRESET}
	tests := []struct {
		name string
		err  error
		want bool
	}{
		{"nothing", nil, false},
		{"anything", errors.New("boom"), false},
		{"the caller's deadline", context.DeadlineExceeded, false},
		{"reset", reset, true},
		{"reset, for the last time", &failure{text: "x", cause: syscall.ECONNRESET, final: true}, false},
		{"in an Error", &Error{Status: 200, Err: &AttemptsError{4, reset}}, true},
		{"503", &Error{Status: 503}, true},
		{"503 without a body that can be read", &Error{Status: 503, Err: errors.New("not JSON")}, true},
		{"404", &Error{Status: 404}, false},
		{"not JSON", &Error{Status: 200, Err: errors.New("not JSON")}, false},
		{"attempt", &TimeoutError{Field: "Attempt"}, true},
		{"stall", &TimeoutError{Field: "Stall"}, true},
		{"call", &TimeoutError{Field: "Call"}, false},
		{"too large", &BodyLimitError{}, false},
		{"read-only", &ReadOnlyError{}, false},
		{"origin", &auth.OriginError{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, Temporary(test.err)) })
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"7", "-1", "1e9", "Sun, 22 Nov 2026 05:13:48 GMT", "99999999999999999999", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		d := RetryAfter(&http.Response{Header: http.Header{"Retry-After": {value}}})
		if d < 0 || d > 365*24*time.Hour {
			t.Fatalf("%q is %v", value, d)
		}
	})
}

// Nobody checks the Retry that Wait is called on, so that it takes what it gets.
func TestWaitWithOddNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, odd := range []Retry{{Base: -1}, {Max: -1}, {Base: -1, Max: -1}, {Attempts: math.MaxInt, Base: math.MaxInt64, Max: math.MaxInt64}} {
			for _, attempt := range []int{math.MinInt, -1, 0, 1, 3, 100} {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				assert.NotPanics(t, func() { _ = odd.Wait(ctx, attempt, nil) })
				assert.NotPanics(t, func() { _ = odd.Wait(ctx, attempt, answered(nil, 503, "", "Retry-After", "1")) })
				cancel()
			}
		}
	})
}
