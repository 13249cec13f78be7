package kinabase

import (
	"encoding/json"
	"math"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// linkedPair are two collections of which the second looks into the first.
func linkedPair() Option {
	parts := Collection{ID: "parts-id", Slug: "parts", Name: "Parts", Fields: []Field{
		{Key: "name", Kind: KindText}, {Key: "price", Kind: KindCurrency}, {Key: "like", Kind: KindLinked, Target: "parts"},
	}, Records: []Record{
		{ID: "a", Data: map[string]any{"name": "A", "price": json.Number("0.10"), "like": reference{"b"}}},
		{ID: "b", Data: map[string]any{"price": json.Number("0.20")}},
		{ID: "huge", Data: map[string]any{"price": json.Number("1.7e308")}},
		{ID: "huge-2", Data: map[string]any{"price": json.Number("1.7e308")}},
	}}
	jobs := Collection{ID: "jobs-id", Slug: "jobs", Name: "Jobs", Fields: []Field{
		{Key: "main", Kind: KindLinked, Target: "parts"},
		{Key: "parts", Kind: KindLinkedMany, Target: "parts-id"},
		{Key: "mainName", Kind: KindLookup, Through: "main", Of: "name"},
		{Key: "names", Kind: KindLookup, Through: "parts", Of: "name"},
		{Key: "alike", Kind: KindLookup, Through: "main", Of: "like"},
		{Key: "count", Kind: KindAggregation, Through: "parts"},
		{Key: "sum", Kind: KindAggregation, Through: "parts", Of: "price"},
		{Key: "hours", Kind: KindNumber},
		{Key: "text", Kind: KindComputedText, ComputeText: func(v map[string]any) (string, bool) {
			name, ok := v["mainName"].(string)
			return "<" + name + ">", ok
		}},
		{Key: "rate", Kind: KindComputedNumber, ComputeNumber: func(v map[string]any) (float64, bool) {
			hours, _ := v["hours"].(float64)
			v["hours"] = "a rule may spoil its own copy"
			return 10 / hours, true
		}},
		{Key: "after", Kind: KindComputedNumber, ComputeNumber: func(v map[string]any) (float64, bool) {
			hours, ok := v["hours"].(float64)
			return math.Round(hours), ok
		}},
	}}
	return func(o *options) error {
		o.seeded = false
		o.collections = append(o.collections, jobs, parts) // a target may come later
		return nil
	}
}

func TestDerivedFields(t *testing.T) {
	c := start(t, linkedPair())
	read := func(id string) string {
		t.Helper()
		text, err := json.Marshal(c.read("jobs", id)["data"])
		require.NoError(t, err)
		return string(text)
	}
	bare := c.create("jobs", map[string]any{})
	assert.JSONEq(t, `{"mainName":null,"names":[],"alike":null,"count":0,"sum":0,"text":null,"rate":null,"after":null}`, read(bare))

	id := c.create("jobs", map[string]any{"main": reference{"a"}, "parts": []reference{{"a"}, {"b"}}, "hours": 4})
	assert.Contains(t, read(id), `"sum":0.3`)
	assert.JSONEq(t, `{"main":{"id":"a"},"parts":[{"id":"a"},{"id":"b"}],"hours":4,"mainName":"A","names":["A",null],
		"alike":{"id":"b"},"count":2,"sum":0.3,"text":"<A>","rate":2.5,"after":4}`, read(id))

	// A change of the linked record shows at once, on pages too.
	require.Equal(t, 200, c.call("PATCH", "/collections/parts/a", `{"data":{"name":"A & B"}}`).status)
	assert.Equal(t, "<A & B>", c.call("GET", "/collections/jobs?pageIndex=1&pageSize=1", nil).object(t)["records"].([]any)[0].(map[string]any)["data"].(map[string]any)["text"])
	assert.Equal(t, "A & B", c.all("jobs")[1].(map[string]any)["data"].(map[string]any)["mainName"])

	// Links to what is gone read as if they had not been set.
	require.Equal(t, 200, c.call("DELETE", "/collections/parts/b", nil).status)
	assert.JSONEq(t, `{"main":{"id":"a"},"parts":[{"id":"a"}],"hours":4,"mainName":"A & B","names":["A & B"],
		"alike":null,"count":1,"sum":0.1,"text":"<A & B>","rate":2.5,"after":4}`, read(id))
	require.Equal(t, 200, c.call("DELETE", "/collections/parts/a", nil).status)
	assert.JSONEq(t, `{"main":null,"parts":[],"hours":4,"mainName":null,"names":[],"alike":null,"count":0,"sum":0,"text":null,"rate":2.5,"after":4}`, read(id))

	huge := c.create("jobs", map[string]any{"parts": []reference{{"huge"}, {"huge-2"}}})
	assert.Contains(t, read(huge), `"sum":null`)
}

func TestARecordCanBeSentBackAsItWasRead(t *testing.T) {
	c := start(t, linkedPair())
	id := c.create("jobs", map[string]any{"main": reference{"a"}, "parts": []reference{{"a"}}, "hours": 4})
	data := c.read("jobs", id)["data"].(map[string]any)
	send := func() answer { return c.call("PATCH", "/collections/jobs/"+id, map[string]any{"data": data}) }
	require.Equal(t, http.StatusOK, send().status)
	assert.Equal(t, data, c.read("jobs", id)["data"])

	data["hours"] = 5 // and rate as it was before
	require.Equal(t, http.StatusOK, send().status)
	data["rate"], data["after"] = 2, 5 // as they are afterwards
	require.Equal(t, http.StatusOK, send().status)
	data["rate"], data["after"] = json.RawMessage("2.00"), json.RawMessage("0.5e1") // and the same, otherwise written
	require.Equal(t, http.StatusOK, send().status)
	data["rate"], data["after"] = 3, 5
	got := send()
	require.Equal(t, http.StatusBadRequest, got.status)
	assert.Contains(t, got.problem(t), "data.rate cannot be set, since a field of the kind computed-number follows from other fields")

	data["rate"] = 2
	copied := c.call("POST", "/collections/jobs", map[string]any{"data": data})
	assert.Equal(t, http.StatusOK, copied.status, string(copied.body))
}

func TestLinksGoUnlinkedOnlyByTheirCaller(t *testing.T) {
	c := start(t, linkedPair())
	got := c.call("POST", "/collections/jobs", `{"data":{"main":{"id":"nowhere"}}}`)
	assert.Equal(t, http.StatusBadRequest, got.status)
	got = c.call("POST", "/collections/jobs/bulk", `{"records":[{"data":{}},{"data":{"parts":[{"id":"a"},{"id":"x"}]}}]}`)
	assert.Equal(t, http.StatusBadRequest, got.status)
	assert.Equal(t, "records[1].data.parts[1].id must be the id of a record of parts, and there is none with this one", got.problem(t))
	assert.Empty(t, c.all("jobs"))
}

func TestLists(t *testing.T) {
	for edition, opts := range map[string][]Option{"today": nil, "2023": {WithEdition2023()}} {
		t.Run(edition, func(t *testing.T) {
			c := start(t, opts...)
			orders := c.all("purchase-orders")
			for _, path := range []string{"/all?includeLists=true", "?includeLists=true"} {
				body := decode(t, c.call("GET", "/collections/inspections"+path, nil).body)
				if page, ok := body.(map[string]any); ok {
					body = page["records"]
				}
				assert.Equal(t, []any{map[string]any{
					"key": "orders", "collection": "purchase-orders", "records": []any{orders[2], orders[3]},
				}}, body.([]any)[1].(map[string]any)["lists"])
			}
		})
	}
}

func TestBadSeededLinks(t *testing.T) {
	content := func(data map[string]any) Option {
		return WithCollection(Collection{ID: "i", Slug: "s", Name: "S", Records: []Record{{Data: data}}, Fields: []Field{
			{Key: "machine", Kind: KindLinked, Target: "machines"}, {Key: "status", Kind: KindLookup, Through: "machine", Of: "status"},
			{Key: "name", Required: true},
		}})
	}
	for text, data := range map[string]map[string]any{
		"record 0: Data.machine.id must be the id of a record of machines": {"name": 1, "machine": reference{"x"}},
		"record 0: Data.status cannot be given":                            {"name": 1, "status": "online"},
		`record 0: Data lacks required fields: "name"`:                     {},
		"record 0: Data.machine must be an object":                         {"name": 1, "machine": "x"},
	} {
		_, err := New(content(data))
		assert.ErrorContains(t, err, text)
	}
}
