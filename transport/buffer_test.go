package transport

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A body that is closed reads nothing, least of all what another call got into its memory.
func TestClosedBodiesReadNothing(t *testing.T) {
	doer := newChain(t, Config{Base: DoerFunc(func(r *http.Request) (*http.Response, error) {
		return answered(r, 200, strings.Repeat(r.Header.Get("X-Letter"), 4000)), nil
	})})
	get := func(letter string) *http.Response {
		r := request(t, t.Context(), "GET", "/status")
		r.Header.Set("X-Letter", letter)
		answer, err := doer.Do(r)
		require.NoError(t, err)
		return answer
	}
	a := get("a")
	some := make([]byte, 10)
	n, err := a.Body.Read(some)
	require.NoError(t, err)
	assert.Equal(t, "aaaaaaaaaa", string(some[:n]))
	require.NoError(t, a.Body.Close())
	require.NoError(t, a.Body.Close(), "twice gives the memory back once")

	b, c := get("b"), get("c")
	n, err = a.Body.Read(some)
	assert.Zero(t, n)
	require.ErrorIs(t, err, http.ErrBodyReadAfterClose)
	assert.Equal(t, strings.Repeat("b", 4000), content(t, b))
	assert.Equal(t, strings.Repeat("c", 4000), content(t, c))
}
