package kinabase

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ingestTiny(c *client, body string) answer {
	c.t.Helper()
	return c.call("POST", "/collections/tiny/ingest", body)
}

func TestIngest(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now), WithoutSeed(), WithCollection(tiny(Record{ID: "a"}, Record{ID: "b"})))
	clock.advance(time.Second)
	for _, test := range []struct {
		name, body, want string
	}{
		{
			"one", `{"mode":"FUTURE_FACING","records":[{"id":"a","changes":[{"timestamp":"2026-03-02T09:29:51.293Z","data":{"size":21.50}}]}]}`,
			`{"totalRecords":1,"processedRecords":1,"failedRecords":0,"errors":[]}`,
		},
		{
			"none", `{"mode":null,"records":[]}`,
			`{"totalRecords":0,"processedRecords":0,"failedRecords":0,"errors":[]}`,
		},
		{
			"some fail", `{"records":[
				{"id":"b","changes":[{"timestamp":"2026-03-02T09:00:00Z","data":{"name":"kept"}}]},
				{"id":"b","changes":[{"timestamp":"2026-03-02T10:00:00Z","data":{"name":"lost"}},{"timestamp":"2026-03-02T10:00:00Z","data":{"Size":1,"colour":2}}]},
				{"id":"c","changes":[]}]}`,
			`{"totalRecords":3,"processedRecords":1,"failedRecords":2,"errors":[
				{"recordId":"b","error":"unknown fields: \"Size\", \"colour\". Keys are case-sensitive"},
				{"recordId":"c","error":"tiny has no record \"c\""}]}`,
		},
		{
			"all fail", `{"records":[{"id":"c","changes":[]}]}`,
			`{"totalRecords":1,"processedRecords":0,"failedRecords":1,"errors":[{"recordId":"c","error":"tiny has no record \"c\""}]}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ingestTiny(c, test.body)
			require.Equal(t, http.StatusOK, got.status, string(got.body))
			assert.JSONEq(t, test.want, string(got.body))
		})
	}
	assert.Equal(t, map[string]any{"size": json.Number("21.50")}, c.read("tiny", "a")["data"])
	assert.Equal(t, map[string]any{"name": "kept"}, c.read("tiny", "b")["data"])
	changed := c.call("GET", "/collections/tiny/all?updatedAfter=2026-04-01T12:00:00Z", nil)
	assert.Equal(t, []string{"a", "b"}, ids(changed.array(t)))
}

func TestTheNewestSampleStays(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(tiny(Record{ID: "a", Data: map[string]any{"size": 0}})))
	send := func(at, data string) any {
		got := ingestTiny(c, `{"records":[{"id":"a","changes":[{"timestamp":"`+at+`","data":`+data+`}]}]}`)
		require.Equal(t, json.Number("1"), got.object(t)["processedRecords"], string(got.body))
		return c.read("tiny", "a")["data"]
	}
	assert.Equal(t, map[string]any{"size": json.Number("1")}, send("2026-03-02T10:00:00+01:00", `{"size":1}`))
	assert.Equal(t, map[string]any{"size": json.Number("2")}, send("2026-03-02T09:00:00Z", `{"size":2}`))
	assert.Equal(t, map[string]any{"size": json.Number("2"), "name": "x"}, send("2026-03-02T09:59:59+01:00", `{"size":3,"name":"x"}`))
	assert.Equal(t, map[string]any{"size": json.Number("4"), "name": "x"}, send("2026-03-02T09:00:00.001Z", `{"size":4}`))
}

func TestBadIngest(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(tiny(Record{ID: "a"})))
	record := func(body string) string { return `{"records":[` + body + `]}` }
	change := func(body string) string { return record(`{"id":"a","changes":[` + body + `]}`) }
	for _, test := range []struct{ name, body, text string }{
		{"no records", `{}`, "records is required and must be an array of objects"},
		{"miscased records", `{"Records":[]}`, "records must be written in exactly this case"},
		{"numeric mode", `{"mode":1,"records":[]}`, "mode must be a string or null"},
		{"no id", record(`{"changes":[]}`), "records[0].id is required"},
		{"empty id", record(`{"id":"","changes":[]}`), "records[0].id must not be empty"},
		{"miscased id", record(`{"ID":"a","changes":[]}`), "records[0].id must be written"},
		{"no changes", record(`{"id":"a"}`), "records[0].changes is required"},
		{"no timestamp", change(`{"data":{}}`), "records[0].changes[0].timestamp is required"},
		{"bad timestamp", change(`{"timestamp":"02/03/2026","data":{}}`), "records[0].changes[0].timestamp must be a moment in RFC 3339"},
		{"miscased timestamp", change(`{"timeStamp":"2026-03-02T09:00:00Z","data":{}}`), "records[0].changes[0].timestamp must be written"},
		{"no data", change(`{"timestamp":"2026-03-02T09:00:00Z"}`), "records[0].changes[0].data is required"},
		{"second record bad", strings.Replace(change(`{"timestamp":"2026-03-02T09:00:00Z","data":{"size":1}}`), "]}]}", "]},{}]}", 1), "records[1].id is required"},
		{"malformed", `{"records":[}`, "not valid JSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ingestTiny(c, test.body)
			require.Equal(t, http.StatusBadRequest, got.status, string(got.body))
			assert.Contains(t, got.problem(t), test.text)
		})
	}
	assert.Empty(t, c.read("tiny", "a")["data"])
}
