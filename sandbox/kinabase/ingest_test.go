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
	clock.Advance(time.Second)
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

func TestOnlyTrackedFieldsAreIngested(t *testing.T) {
	c := start(t)
	order, machine, inspection := c.firstID("purchase-orders"), c.firstID("machines"), c.firstID("inspections")
	before := []any{c.read("purchase-orders", order), c.read("machines", machine), c.read("inspections", inspection)}
	for _, test := range []struct{ collection, id, data, text string }{
		{"purchase-orders", order, `{"supplier":"x"}`, `untracked fields: "supplier". purchase-orders tracks none`},
		{"machines", machine, `{"temperatureC":1,"last_seen":"2026-03-02T09:00:00Z","device_name":"x"}`, `untracked fields: "device_name", "last_seen". machines tracks reading_id, temperatureC, status`},
		{"machines", machine, `{"temperatureC":"hush"}`, "data.temperatureC must be a number, since the field is of the kind number"},
		{"machines", machine, `{"status":"hush"}`, `data.status must be a string, one of "online", "offline", "maintenance", since the field is of the kind select`},
		{"inspections", inspection, `{"rating":9}`, "data.rating must be a whole number from 1 to 5, since the field is of the kind rating"},
		{"machines", machine, `{"Status":"online"}`, `unknown fields: "Status". Keys are case-sensitive`},
	} {
		got := c.call("POST", "/collections/"+test.collection+"/ingest", `{"records":[{"id":"`+test.id+`","changes":[{"timestamp":"2026-03-02T09:00:00Z","data":`+test.data+`}]}]}`)
		require.Equal(t, http.StatusOK, got.status, string(got.body))
		text, err := json.Marshal(test.text)
		require.NoError(t, err)
		assert.JSONEq(t, `{"totalRecords":1,"processedRecords":0,"failedRecords":1,"errors":[{"recordId":"`+test.id+`","error":`+string(text)+`}]}`, string(got.body))
	}
	assert.Equal(t, before, []any{c.read("purchase-orders", order), c.read("machines", machine), c.read("inspections", inspection)})

	got := c.call("POST", "/collections/machines/ingest", `{"records":[{"id":"`+machine+`","changes":[{"timestamp":"2026-03-02T09:00:00Z","data":{"temperatureC":null,"status":"offline"}}]}]}`)
	assert.Equal(t, json.Number("1"), got.object(t)["processedRecords"])
	data := c.read("machines", machine)["data"].(map[string]any)
	assert.Equal(t, []any{nil, "offline"}, []any{data["temperatureC"], data["status"]})
}

func TestDerivedFieldsAreNotIngested(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(Collection{ID: "i", Slug: "s", Name: "S", Records: []Record{{ID: "a"}}, Fields: []Field{
		{Key: "links", Kind: KindLinkedMany, Target: "s"}, {Key: "count", Kind: KindAggregation, Through: "links", Tracked: true},
	}}))
	got := c.call("POST", "/collections/s/ingest", `{"records":[{"id":"a","changes":[{"timestamp":"2026-03-02T09:00:00Z","data":{"count":0}}]}]}`)
	assert.Contains(t, string(got.body), "data.count cannot be set, since a field of the kind aggregation follows from other fields")
}

func TestARecordMayOccurTwiceInOneIngest(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(tiny(Record{ID: "a"})))
	const sample = `{"id":"a","changes":[{"timestamp":"2026-03-02T09:00:00Z","data":{"%":1}}]}`
	ingestTiny(c, `{"records":[`+strings.Replace(sample, "%", "name", 1)+`,`+strings.Replace(sample, "%", "size", 1)+`]}`)
	assert.Len(t, c.read("tiny", "a")["data"], 2)
}

func TestIngestIsLimited(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now), WithIngestLimit(3), WithApp(sandboxApp), WithApp(App{ID: "other", Secret: "x"}))
	call := func(c *client, body string) answer { return c.call("POST", "/collections/machines/ingest", body) }
	const good = `{"records":[]}`
	wait := func() string {
		t.Helper()
		got := call(c, good)
		require.Equal(t, http.StatusTooManyRequests, got.status, string(got.body))
		assert.Equal(t, "too many calls: the limit is 3 in a minute", got.problem(t))
		return got.header.Get("Retry-After")
	}
	require.Equal(t, http.StatusOK, call(c, good).status)
	clock.Advance(10 * time.Second)
	require.Equal(t, http.StatusBadRequest, call(c, `{}`).status, "a call that fails counts")
	require.Equal(t, http.StatusNotFound, c.call("POST", "/collections/nowhere/ingest", good).status, "and so does one to nowhere")
	assert.Equal(t, "10", wait())
	clock.Advance(9*time.Second + time.Millisecond)
	assert.Equal(t, "1", wait(), "rounded up; a refused call does not count")
	other := *c
	other.token = c.sandbox.tokenOf("other")
	assert.Equal(t, http.StatusOK, call(&other, good).status, "another app")
	assert.Equal(t, http.StatusOK, c.call("GET", "/collections/machines", nil).status, "another call")
	clock.Advance(time.Second - time.Millisecond)
	require.Equal(t, http.StatusOK, call(c, good).status)
	assert.Equal(t, "20", wait(), "a third of a minute for each of three")
}

func TestIngestLimitOptions(t *testing.T) {
	count := func(opts ...Option) (n int) {
		d, err := New(append(opts, WithClock(newClock().Now))...)
		require.NoError(t, err)
		token := d.freshToken()
		for n < 150 && (direct{d, token}).call("POST", "/collections/machines/ingest", []byte(`{"records":[]}`)).Code == http.StatusOK {
			n++
		}
		return n
	}
	assert.Equal(t, 100, count())
	assert.Equal(t, 1, count(WithIngestLimit(1)))
	assert.Equal(t, 150, count(WithIngestLimit(0)))
	_, err := New(WithIngestLimit(-1))
	assert.EqualError(t, err, "kinabase: WithIngestLimit: -1 calls a minute; want 0 or more")
}
