package kinabase

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBulk(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(tiny()))
	call := func(method string, body any) {
		t.Helper()
		got := c.call(method, "/collections/tiny-id/bulk", body)
		require.Equal(t, http.StatusOK, got.status, string(got.body))
		assert.JSONEq(t, `{}`, string(got.body))
	}
	data := func() []string {
		var all []string
		for _, r := range c.all("tiny") {
			text, err := json.Marshal(r.(map[string]any)["data"])
			require.NoError(t, err)
			all = append(all, string(text))
		}
		return all
	}

	call("POST", `{"records":[{"data":{"name":"a"}},{"data":{"name":"b","size":1},"external":[{"key":"s","id":"1"}]},{"data":{}}]}`)
	assert.Equal(t, []string{`{"name":"a"}`, `{"name":"b","size":1}`, `{}`}, data())
	assert.Equal(t, http.StatusOK, c.call("GET", "/collections/tiny/ext/s/1", nil).status)

	id := ids(c.all("tiny"))
	call("PATCH", fmt.Sprintf(`{"records":[{"id":%q,"data":{"size":2}},{"id":%q,"data":{"name":"c"}},{"id":%[1]q,"data":{"name":null}}]}`, id[1], id[2]))
	assert.Equal(t, []string{`{"name":"a"}`, `{"name":null,"size":2}`, `{"name":"c"}`}, data())

	call("DELETE", map[string]any{"recordIds": []string{id[2], id[0], id[2]}})
	assert.Equal(t, []string{id[1]}, ids(c.all("tiny")))

	call("POST", `{"records":[]}`)
	call("PATCH", `{"records":[]}`)
	call("DELETE", `{"recordIds":[]}`)
	assert.Equal(t, []string{id[1]}, ids(c.all("tiny")))

	call("POST", `{"records":`+many(maxBulk, `{"data":{}}`)+`}`)
	assert.Len(t, c.all("tiny"), 1+maxBulk)
	call("DELETE", map[string]any{"recordIds": ids(c.all("tiny"))[1:]})
	assert.Equal(t, []string{id[1]}, ids(c.all("tiny")))
}

func TestBadBulk(t *testing.T) {
	c := start(t)
	before := c.all("machines")
	id := c.firstID("machines")
	const text = "at most 300 are allowed"
	for _, test := range []struct {
		name, method, body string
		status             int
		text               string
	}{
		{"add too many", "POST", `{"records":` + many(301, `{"data":{}}`) + `}`, 400, "records has 301 elements; " + text},
		{"change too many", "PATCH", `{"records":` + many(301, `{"id":"{id}","data":{"temperatureC":1}}`) + `}`, 400, "records has 301 elements; " + text},
		{"delete too many", "DELETE", `{"recordIds":` + many(301, `"{id}"`) + `}`, 400, "recordIds has 301 elements; " + text},
		{"add one bad", "POST", `{"records":[{"data":{}},{"data":{"Status":1}}]}`, 400, `unknown field: "Status", in records[1].data.`},
		{"change one bad", "PATCH", `{"records":[{"id":"{id}","data":{"temperatureC":1}},{"id":"{id}","data":{"Status":1}}]}`, 400, `unknown field: "Status", in records[1].data.`},
		{"change without id", "PATCH", `{"records":[{"id":"{id}","data":{"temperatureC":1}},{"id":null,"data":{}}]}`, 400, "records[1].id is required"},
		{"change one gone", "PATCH", `{"records":[{"id":"{id}","data":{"temperatureC":1}},{"id":"gone","data":{}}]}`, 404, `machines has no record "gone"`},
		{"delete one gone", "DELETE", `{"recordIds":["{id}","gone"]}`, 404, `machines has no record "gone"`},
		{"delete a number", "DELETE", `{"recordIds":[17]}`, 400, "recordIds[0] is required and must be a string"},
		{"delete nothing", "DELETE", `{"recordIds":[""]}`, 400, "recordIds[0] must not be empty"},
		{"delete null", "DELETE", `{"recordIds":null}`, 400, "recordIds is required and must be an array of strings"},
		{"delete miscased", "DELETE", `{"recordIDs":["{id}"]}`, 400, "recordIds must be written in exactly this case"},
		{"delete records", "DELETE", `{"records":[]}`, 400, "recordIds is required"},
		{"add no object", "POST", `{"records":[null]}`, 400, "records[0] is required and must be an object"},
		{"add miscased", "POST", `{"Records":[]}`, 400, "records must be written in exactly this case"},
		{"add one record", "POST", `{"data":{}}`, 400, "records is required and must be an array of objects"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := c.call(test.method, "/collections/machines/bulk", strings.ReplaceAll(test.body, "{id}", id))
			require.Equal(t, test.status, got.status, string(got.body))
			assert.Contains(t, got.problem(t), test.text)
		})
	}
	assert.Equal(t, before, c.all("machines"), "a refused call changes nothing")
}
