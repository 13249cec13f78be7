package kinabase

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExternalRecords(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(tiny(
		Record{ID: "one", External: []ExternalLink{{Key: "a service", ID: "x/y,z?"}}},
		Record{ID: "two", External: []ExternalLink{{Key: "a service", ID: "x/y,z?"}, {Key: "s", ID: "2"}}},
	)))
	const odd = "/collections/tiny/ext/a%20service/x%2Fy%2Cz%3F"
	get := func(path string) string {
		t.Helper()
		got := c.call("GET", path, nil)
		require.Equal(t, http.StatusOK, got.status, string(got.body))
		return got.object(t)["id"].(string)
	}
	assert.Equal(t, "one", get(odd), "the record that was added first")
	assert.Equal(t, "two", get("/collections/tiny-id/ext/s/2"))

	got := c.call("PATCH", odd, `{"data":{"name":"changed"}}`)
	require.Equal(t, http.StatusOK, got.status, string(got.body))
	assert.Equal(t, got.object(t), c.read("tiny", "one"))
	assert.Equal(t, map[string]any{"name": "changed"}, got.object(t)["data"])

	require.Equal(t, http.StatusOK, c.call("PATCH", odd, `{"data":{},"external":[]}`).status)
	assert.Equal(t, "two", get(odd))

	deleted := c.call("DELETE", odd, nil)
	require.Equal(t, http.StatusOK, deleted.status)
	assert.JSONEq(t, `{}`, string(deleted.body))
	assert.Equal(t, []string{"one"}, ids(c.all("tiny")))

	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		got := c.call(method, "/collections/tiny/ext/s/2", `{"data":{}}`)
		assert.Equal(t, http.StatusNotFound, got.status)
		assert.Equal(t, `no record of tiny is linked to "2" of "s"`, got.problem(t))
	}
	assert.Equal(t, []string{"one"}, ids(c.all("tiny")), "a change of an unlinked record creates none")
}
