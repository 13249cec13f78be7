package kainexus

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRateLimit(t *testing.T) {
	clock := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c := start(t, WithRateLimit(2), WithClock(func() time.Time { return clock }))
	for range 2 {
		require.Equal(t, http.StatusOK, c.call("GET", jsonPath+"widget?id=77", nil).status)
	}
	got := c.call("GET", jsonPath+"widget?id=77", nil) // call holds it against the description
	assert.Equal(t, http.StatusTooManyRequests, got.status)
	assert.Equal(t, "30", got.header.Get("Retry-After"))
	assert.JSONEq(t, `{"success":false,"errorCode":"RATE_LIMITED"}`, string(got.body))
	assert.Equal(t, http.StatusOK, c.admin("GET", "/organization", nil).status, "an administrator is not limited")
	clock = clock.Add(30 * time.Second)
	assert.Equal(t, http.StatusOK, c.call("GET", jsonPath+"widget?id=77", nil).status)

	_, err := New(WithRateLimit(-1))
	assert.EqualError(t, err, "kainexus: WithRateLimit: -1 calls a minute; want 0 or more")
}
