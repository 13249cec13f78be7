package kinabase

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRateLimit(t *testing.T) {
	clock := newClock()
	c := start(t, WithRateLimit(3), WithClock(clock.Now)) // which takes one call for the token
	for range 2 {
		require.Equal(t, http.StatusOK, c.call("GET", "/status", nil).status)
	}
	got := c.call("GET", "/status", nil) // call holds it against the description
	assert.Equal(t, http.StatusTooManyRequests, got.status)
	assert.Equal(t, "20", got.header.Get("Retry-After"))
	assert.Equal(t, "too many calls: the limit is 3 in a minute", got.problem(t))
	clock.Advance(20 * time.Second)
	assert.Equal(t, http.StatusOK, c.call("GET", "/status", nil).status)

	_, err := New(WithRateLimit(-1))
	assert.EqualError(t, err, "kinabase: WithRateLimit: -1 calls a minute; want 0 or more")
}
