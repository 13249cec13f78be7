package transport

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestBudgetEndsRetriesOfAServerThatIsDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := steps(status(503))
		doer := newChain(t, Config{Base: server, Retry: Retry{Budget: 5}})
		for range 10 {
			_, err := doer.Do(request(t, t.Context(), "GET", "/status"))
			require.NoError(t, err)
		}
		assert.Len(t, server.sent, 10+5)
	})
}

func TestRetriesThatHelpCostNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		doer := newChain(t, Config{Retry: Retry{Budget: 1}, Base: &flaky{}})
		for range 20 {
			answer, err := doer.Do(request(t, t.Context(), "GET", "/status"))
			require.NoError(t, err)
			require.Equal(t, 200, answer.StatusCode)
			require.Equal(t, 2, AttemptsOf(answer, nil))
		}
	})
}

func TestSuccessPaysForLaterRetries(t *testing.T) {
	b := newBudget(2)
	assert.True(t, b.take())
	assert.True(t, b.take())
	assert.False(t, b.take())
	b.settle(1, false)
	assert.False(t, b.take(), "failure pays nothing")
	for range 11 {
		b.settle(1, true)
	}
	assert.True(t, b.take())
	assert.False(t, b.take())
}

func TestBudgetWithoutEnd(t *testing.T) {
	b := newBudget(-1)
	for range 1000 {
		require.True(t, b.take())
	}
	b.settle(1, true)
}

func TestBudgetStaysInItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		full := rapid.IntRange(0, 30).Draw(t, "full")
		b := newBudget(full)
		for range rapid.IntRange(0, 200).Draw(t, "calls") {
			if rapid.Bool().Draw(t, "takes") {
				b.take()
			} else {
				b.settle(rapid.IntRange(1, 4).Draw(t, "attempts"), rapid.Bool().Draw(t, "success"))
			}
			if b.left < 0 || b.left > float64(full) {
				t.Fatalf("%v left of %d", b.left, full)
			}
		}
	})
}

// flaky fails every first attempt.
type flaky struct{}

func (*flaky) Do(r *http.Request) (*http.Response, error) {
	if r.Header.Get(AttemptHeader) == "1" {
		return status(503)(r)
	}
	return status(200)(r)
}
