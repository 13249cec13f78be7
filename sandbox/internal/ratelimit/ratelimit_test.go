package ratelimit_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/kaikina/kaikina/sandbox/internal/ratelimit"
)

func call(handler http.Handler) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("GET", "/", nil))
	return answer
}

func refuse(w http.ResponseWriter, reason string) {
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(w, reason)
}

func TestCallsBeyondTheLimitAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		passed := 0
		handler := ratelimit.New(30, time.Now).Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed++ }), refuse)
		for range 30 {
			assert.Equal(t, http.StatusOK, call(handler).Code)
		}
		for range 3 { // a refused call costs nothing
			answer := call(handler)
			assert.Equal(t, http.StatusTooManyRequests, answer.Code)
			assert.Equal(t, "2", answer.Header().Get("Retry-After"))
			assert.Equal(t, "too many calls: the limit is 30 in a minute", answer.Body.String())
		}
		time.Sleep(2 * time.Second)
		assert.Equal(t, http.StatusOK, call(handler).Code)
		assert.Equal(t, http.StatusTooManyRequests, call(handler).Code)
		time.Sleep(time.Hour)
		for range 30 {
			assert.Equal(t, http.StatusOK, call(handler).Code)
		}
		assert.Equal(t, http.StatusTooManyRequests, call(handler).Code)
		assert.Equal(t, 61, passed)
	})
}

func TestNoCallIsCountedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limiter := ratelimit.New(100, time.Now)
		var passed atomic.Int64
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				for range 50 {
					if _, ok := limiter.Allow("a"); ok {
						passed.Add(1)
					}
				}
			})
		}
		group.Wait()
		assert.Equal(t, int64(100), passed.Load())
		_, ok := limiter.Allow("another caller")
		assert.True(t, ok)
	})
}

func TestNoLimit(t *testing.T) {
	limiter := ratelimit.New(0, nil)
	for range 1000 {
		_, ok := limiter.Allow("a")
		assert.True(t, ok)
	}
	assert.Equal(t, http.StatusNotFound, call(limiter.Wrap(http.NotFoundHandler(), refuse)).Code)
}
