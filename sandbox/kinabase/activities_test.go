package kinabase

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestActivities(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now), WithoutSeed(), WithCollection(tiny(Record{ID: "a"}, Record{ID: "b"})))
	list := func(id string) []any { return c.call("GET", "/activities/tiny-id/"+id, nil).array(t) }
	assert.Equal(t, []any{}, list("a"))

	add := func(body string) map[string]any {
		got := c.call("POST", "/activities/tiny/a", body)
		require.Equal(t, http.StatusOK, got.status, string(got.body))
		return got.object(t)
	}
	first := add(`{"id":"ignored","content":"Called.","type":null,"timestamp":null}`)
	assert.Equal(t, map[string]any{"id": first["id"], "content": "Called.", "type": nil, "timestamp": "2026-04-01T12:00:00.000Z"}, first)
	second := add(`{"content":"","type":"note","timestamp":"2026-03-02T10:29:51.293+01:00"}`)
	assert.Equal(t, map[string]any{"id": second["id"], "content": "", "type": "note", "timestamp": "2026-03-02T10:29:51.293+01:00"}, second)
	assert.NotEqual(t, first["id"], second["id"])
	assert.NotEqual(t, "ignored", first["id"])

	assert.Equal(t, []any{first, second}, list("a"))
	assert.Equal(t, []any{}, list("b"))
}

// A record may be loaded under an id that the emulator would give later.
func TestIDsDoNotComeBack(t *testing.T) {
	other := start(t, WithoutSeed(), WithCollection(tiny()))
	other.create("tiny", map[string]any{})
	second := other.create("tiny", map[string]any{})

	c := start(t, WithoutSeed(), WithCollection(tiny(Record{ID: second})))
	require.Equal(t, http.StatusOK, c.call("POST", "/activities/tiny/"+second, `{"content":"x"}`).status)
	require.Equal(t, http.StatusOK, c.call("DELETE", "/collections/tiny/"+second, nil).status)
	assert.NotEqual(t, second, c.create("tiny", map[string]any{}))
	assert.Equal(t, http.StatusNotFound, c.call("GET", "/activities/tiny/"+second, nil).status)
	assert.Empty(t, c.sandbox.store.collections[0].activities, "what was written about a record goes with it")
}

func TestBadActivities(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(tiny(Record{ID: "a"})))
	for _, test := range []struct {
		name, path, body string
		status           int
		text             string
	}{
		{"no content", "/activities/tiny/a", `{}`, 400, "content is required and must be a string"},
		{"null content", "/activities/tiny/a", `{"content":null}`, 400, "content is required and must be a string"},
		{"miscased content", "/activities/tiny/a", `{"Content":"x"}`, 400, "content must be written in exactly this case"},
		{"numeric id", "/activities/tiny/a", `{"content":"x","id":1}`, 400, "id must be a string or null"},
		{"numeric type", "/activities/tiny/a", `{"content":"x","type":1}`, 400, "type must be a string or null"},
		{"numeric timestamp", "/activities/tiny/a", `{"content":"x","timestamp":1}`, 400, "timestamp is required and must be a string"},
		{"bad timestamp", "/activities/tiny/a", `{"content":"x","timestamp":"today"}`, 400, "timestamp must be a moment in RFC 3339"},
		{"malformed", "/activities/tiny/a", `{`, 400, "not valid JSON"},
		{"no such record", "/activities/tiny/b", `{"content":"x"}`, 404, `tiny has no record "b"`},
		{"no such collection", "/activities/vast/a", `{"content":"x"}`, 404, `there is no collection "vast"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := c.call("POST", test.path, test.body)
			require.Equal(t, test.status, got.status, string(got.body))
			assert.Contains(t, got.problem(t), test.text)
		})
	}
	got := c.call("GET", "/activities/vast/a", nil)
	assert.Equal(t, `there is no collection "vast"`, got.problem(t))
	assert.Equal(t, []any{}, c.call("GET", "/activities/tiny/a", nil).array(t))
}
