package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/kainexus"
	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
)

func TestLayers(t *testing.T) {
	sandbox, err := emulator.New()
	require.NoError(t, err)
	costCenters := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		costCenters[r.Header.Get("X-Cost-Center")]++
		sandbox.ServeHTTP(w, r)
	}))
	defer server.Close()
	var spent stopwatch
	client, err := kainexus.New(
		kainexus.WithAPIKey(auth.NewSecret(sandbox.Credentials().APIKey)),
		kainexus.WithBaseURL(server.URL),
		kainexus.WithTransport(layers(server.Client(), &spent)))
	require.NoError(t, err)
	for _, err := range client.Items(t.Context(), 640, kainexus.PageSize(10)) {
		require.NoError(t, err)
	}
	assert.Len(t, costCenters, 1)
	assert.Positive(t, costCenters["4711"])

	var out bytes.Buffer
	require.NoError(t, spent.print(&out))
	assert.Regexp(t, `^listItems +\d`, out.String())
}
