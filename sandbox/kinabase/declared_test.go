package kinabase

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox/internal/spectest"
)

// TestEveryDeclaredAnswer gets the emulator to give each answer of the description, in
// both editions, and no other one. 429 it gives for ingest only.
func TestEveryDeclaredAnswer(t *testing.T) {
	const (
		orders   = "/collections/purchase-orders"
		machines = "/collections/machines"
		nowhere  = "/collections/nowhere"
		linked   = machines + "/ext/influxdb/sensor-17"
		data     = `{"data":{"supplier":"Ouse Paper"}}`
		reading  = `{"data":{"temperatureC":20}}`
		wrong    = `{"data":{"Supplier":"Ouse Paper"}}`
	)
	app := `{"appId":"` + sandboxApp.ID + `","secret":"` + sandboxApp.Secret + `"}`
	cases := []struct {
		operation          string
		method, path, body string
		want               []int
	}{
		{"createToken", "POST", "/token", app, []int{200}},
		{"createToken", "POST", "/token", `{}`, []int{400}},
		{"createToken", "POST", "/token", `{"appId":"a","secret":"b"}`, []int{401}},
		{"getStatus", "GET", "/status", "", []int{200, 401}},
		{"listCollections", "GET", "/collections", "", []int{200, 401}},
		{"listRecords", "GET", orders, "", []int{200, 401}},
		{"listRecords", "GET", orders + "?pageSize=301", "", []int{400}},
		{"listRecords", "GET", nowhere, "", []int{404}},
		{"createRecord", "POST", orders, data, []int{200, 401}},
		{"createRecord", "POST", orders, wrong, []int{400}},
		{"createRecord", "POST", nowhere, data, []int{404}},
		{"listAllRecords", "GET", orders + "/all", "", []int{200, 401}},
		{"listAllRecords", "GET", orders + "/all?updatedAfter=today", "", []int{400}},
		{"listAllRecords", "GET", nowhere + "/all", "", []int{404}},
		{"getRecord", "GET", orders + "/{id}", "", []int{200, 401}},
		{"getRecord", "GET", orders + "/" + missingID, "", []int{404}},
		{"updateRecord", "PATCH", orders + "/{id}", data, []int{200, 401}},
		{"updateRecord", "PATCH", orders + "/{id}", wrong, []int{400}},
		{"updateRecord", "PATCH", orders + "/" + missingID, data, []int{404}},
		{"createRecords", "POST", orders + "/bulk", `{"records":[` + data + `]}`, []int{200, 401}},
		{"createRecords", "POST", orders + "/bulk", `{"records":[` + wrong + `]}`, []int{400}},
		{"createRecords", "POST", nowhere + "/bulk", `{"records":[]}`, []int{404}},
		{"updateRecords", "PATCH", orders + "/bulk", `{"records":[{"id":"{id}","data":{}}]}`, []int{200, 401}},
		{"updateRecords", "PATCH", orders + "/bulk", `{"records":[{"data":{}}]}`, []int{400}},
		{"updateRecords", "PATCH", orders + "/bulk", `{"records":[{"id":"gone","data":{}}]}`, []int{404}},
		{"ingestRecords", "POST", machines + "/ingest", `{"records":[{"id":"gone","changes":[]}]}`, []int{200, 401}},
		{"ingestRecords", "POST", machines + "/ingest", `{}`, []int{400}},
		{"ingestRecords", "POST", nowhere + "/ingest", `{"records":[]}`, []int{404}},
		{"ingestRecords", "POST", machines + "/ingest", `{"records":[]}`, []int{429}}, // the fourth
		{"createActivity", "POST", "/activities/purchase-orders/{id}", `{"content":"Called."}`, []int{200, 401}},
		{"createActivity", "POST", "/activities/purchase-orders/{id}", `{"content":1}`, []int{400}},
		{"createActivity", "POST", "/activities/purchase-orders/" + missingID, `{"content":"Called."}`, []int{404}},
		{"listActivities", "GET", "/activities/purchase-orders/{id}", "", []int{200, 401}},
		{"listActivities", "GET", "/activities/purchase-orders/" + missingID, "", []int{404}},
		{"getExternalRecord", "GET", linked, "", []int{200, 401}},
		{"getExternalRecord", "GET", linked + "0", "", []int{404}},
		{"updateExternalRecord", "PATCH", linked, reading, []int{200, 401}},
		{"updateExternalRecord", "PATCH", linked, wrong, []int{400}},
		{"updateExternalRecord", "PATCH", linked + "0", reading, []int{404}},
		{"deleteExternalRecord", "DELETE", linked, "", []int{401, 200, 404}},
		{"deleteRecord", "DELETE", orders + "/{id}", "", []int{401, 200}},
		{"deleteRecord", "DELETE", orders + "/" + missingID, "", []int{404}},
		{"deleteRecords", "DELETE", orders + "/bulk", `{"recordIds":["{id}"]}`, []int{401, 200}},
		{"deleteRecords", "DELETE", orders + "/bulk", `{"recordIds":[1]}`, []int{400}},
		{"deleteRecords", "DELETE", orders + "/bulk", `{"recordIds":["gone"]}`, []int{404}},
	}
	for edition, opts := range map[string][]Option{"today": nil, "2023": {WithEdition2023()}} {
		t.Run(edition, func(t *testing.T) {
			c := start(t, append(opts, WithIngestLimit(3))...)
			stranger := *c
			stranger.token = ""
			var given []spectest.Answer
			for _, test := range cases {
				fill := func(s string) string { return strings.ReplaceAll(s, "{id}", c.firstID("purchase-orders")) }
				for _, status := range test.want {
					caller := c
					if status == http.StatusUnauthorized {
						caller = &stranger
					}
					got := caller.call(test.method, fill(test.path), fill(test.body))
					require.Equal(t, spectest.Answer{Operation: test.operation, Status: status}, got.declared, "%s", got.body)
					given = append(given, got.declared)
				}
			}
			spec, err := description()
			require.NoError(t, err)
			declared := slices.DeleteFunc(spec.Answers(), func(a spectest.Answer) bool {
				return a.Status == http.StatusTooManyRequests && a.Operation != "ingestRecords"
			})
			assert.ElementsMatch(t, declared, given)
		})
	}
}

func TestNoOperation(t *testing.T) {
	c := start(t)
	for _, test := range []struct {
		name, method, path string
		status             int
		allow, text        string
	}{
		{"unknown path", "GET", "/version", 404, "", `there is no operation at "/api/v1/version"`},
		{"trailing slash", "GET", "/collections/", 404, "", `there is no operation at "/api/v1/collections/"`},
		{"doubled slash", "GET", "//collections", 404, "", `there is no operation at "/api/v1//collections"`},
		{"wrong method", "PUT", "/collections/machines", 405, "GET, HEAD, POST", `"PUT" is not allowed at "/api/v1/collections/machines", only GET, HEAD, POST`},
		{"wrong method for a token", "GET", "/token", 405, "POST", `"GET" is not allowed at "/api/v1/token", only POST`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := c.send(c.request(test.method, test.path, nil))
			assert.Equal(t, test.status, got.status)
			assert.Equal(t, test.allow, got.header.Get("Allow"))
			assert.Equal(t, "application/json", got.header.Get("Content-Type"))
			assert.Equal(t, test.text, got.problem(t))
		})
	}
}
