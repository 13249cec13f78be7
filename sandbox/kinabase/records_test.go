package kinabase

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

func TestPages(t *testing.T) {
	c := start(t)
	all := c.all("purchase-orders")
	require.Len(t, all, 25)
	for _, test := range []struct {
		query       string
		index, size string
		want        []any
	}{
		{"", "0", "10", all[:10]},
		{"?pageIndex=1", "1", "10", all[10:20]},
		{"?pageIndex=2", "2", "10", all[20:]},
		{"?pageIndex=3", "3", "10", []any{}},
		{"?pageIndex=5&pageSize=5", "5", "5", []any{}},
		{"?pageIndex=4&pageSize=5", "4", "5", all[20:]},
		{"?pageSize=300", "0", "300", all},
		{"?pageSize=1", "0", "1", all[:1]},
		{"?pageIndex=9223372036854775807&pageSize=300", "9223372036854775807", "300", []any{}},
		{"?filter[supplier]=Ouse+Paper&limit=1", "0", "10", all[:10]},
	} {
		t.Run(test.query, func(t *testing.T) {
			for _, key := range []string{"purchase-orders", ordersID} {
				got := c.call("GET", "/collections/"+key+test.query, nil)
				require.Equal(t, http.StatusOK, got.status, string(got.body))
				assert.Equal(t, map[string]any{
					"records":      test.want,
					"totalRecords": json.Number("25"),
					"pageIndex":    json.Number(test.index),
					"pageSize":     json.Number(test.size),
				}, got.object(t))
			}
		})
	}
}

func TestBadParameters(t *testing.T) {
	c := start(t)
	const (
		index   = "pageIndex must be given once, as a whole number from 0"
		size    = "pageSize must be given once, as a whole number from 1 to 300"
		after   = "updatedAfter must be given once, as a moment in RFC 3339, such as 2026-03-01T00:00:00Z"
		service = "externalService must be given once, as the name of a service, or true for any"
		lists   = "includeLists must be given once, as true or false"
	)
	for query, text := range map[string]string{
		"pageIndex=-1":                            index,
		"pageIndex=one":                           index,
		"pageIndex=":                              index,
		"pageIndex=9223372036854775808":           index,
		"pageSize=0":                              size,
		"pageSize=-1":                             size,
		"pageSize=301":                            size,
		"pageSize=1.5":                            size,
		"pageSize=10&pageSize=20":                 size,
		"updatedAfter=":                           after,
		"updatedAfter=2026-03-01":                 after,
		"updatedAfter=18/08/2023":                 after,
		"updatedAfter=2026-03-01T00:00:00":        after,
		"updatedAfter=2026-03-01T00:00:00+01:00":  after, // the plus was not escaped
		"updatedAfter=2026-03-01T00:00:00,5Z":     after,
		"updatedAfter=2026-03-01T0:00:00Z":        after,
		"updatedAfter=2026-02-30T00:00:00Z":       after,
		"externalService=":                        service,
		"externalService=xero&externalService=ab": service,
		"includeLists=1":                          lists,
		"includeLists=True":                       lists,
		"includeLists=":                           lists,
		"pageSize=%zz":                            "the query string is malformed",
	} {
		t.Run(query, func(t *testing.T) {
			got := c.call("GET", "/collections/purchase-orders?"+query, nil)
			require.Equal(t, http.StatusBadRequest, got.status, string(got.body))
			assert.Equal(t, text, got.problem(t))
			if !strings.HasPrefix(query, "page") {
				got := c.call("GET", "/collections/purchase-orders/all?"+query, nil)
				assert.Equal(t, text, got.problem(t))
			}
		})
	}
}

func TestFilters(t *testing.T) {
	moment := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	xero := []ExternalLink{{Key: "xero", ID: "1"}}
	both := []ExternalLink{{Key: "influxdb", ID: "1"}, {Key: "xero", ID: "2"}}
	c := start(t, WithoutSeed(), WithCollection(tiny(
		Record{ID: "before", UpdatedAt: moment.Add(-time.Second), External: xero},
		Record{ID: "at", UpdatedAt: moment, External: both},
		Record{ID: "after", UpdatedAt: moment.Add(time.Nanosecond), External: both},
		Record{ID: "unlinked", UpdatedAt: moment.Add(time.Hour)},
	)))
	for query, want := range map[string][]string{
		"":                                  {"before", "at", "after", "unlinked"},
		"updatedAfter=2026-03-01T12:00:00Z": {"after", "unlinked"},
		"updatedAfter=2026-03-01T13:00:00%2B01:00":               {"after", "unlinked"},
		"updatedAfter=2026-03-01T11:59:59.999Z":                  {"at", "after", "unlinked"},
		"updatedAfter=2027-01-01T00:00:00Z":                      nil,
		"externalService=influxdb":                               {"at", "after"},
		"externalService=xero":                                   {"before", "at", "after"},
		"externalService=Xero":                                   nil,
		"externalService=true":                                   {"before", "at", "after"},
		"externalService=true&updatedAfter=2026-03-01T12:00:00Z": {"after"},
	} {
		t.Run(query, func(t *testing.T) {
			all := c.call("GET", "/collections/tiny/all?"+query, nil)
			assert.Equal(t, want, ids(all.array(t)))
			page := c.call("GET", "/collections/tiny?pageSize=1&"+query, nil).object(t)
			assert.Equal(t, json.Number(fmt.Sprint(len(want))), page["totalRecords"])
			if len(want) > 0 {
				assert.Equal(t, want[:1], ids(page["records"]))
			}
		})
	}
}

func TestIncludeLists(t *testing.T) {
	for edition, opts := range map[string][]Option{"today": nil, "2023": {WithEdition2023()}} {
		t.Run(edition, func(t *testing.T) {
			c := start(t, opts...)
			for _, path := range []string{"/collections/machines", "/collections/machines/all"} {
				assert.Equal(t, 4, strings.Count(string(c.call("GET", path+"?includeLists=true", nil).body), `"lists":[]`))
				assert.NotContains(t, string(c.call("GET", path+"?includeLists=false", nil).body), `"lists"`)
				assert.NotContains(t, string(c.call("GET", path, nil).body), `"lists"`)
			}
		})
	}
}

func TestAllIsChunked(t *testing.T) {
	c := start(t)
	assert.True(t, c.call("GET", "/collections/machines/all", nil).chunked)
	assert.False(t, c.call("GET", "/collections/machines", nil).chunked)
}

func TestCreateRecord(t *testing.T) {
	c := start(t)
	got := c.call("POST", "/collections/machines", `{"id":"ignored","numericId":null,"data":{
		"device_name":"Press <5>","reading_id":12345678901234567890,"temperatureC":21.50,"status":null},
		"external":[{"key":"influxdb","id":"sensor-99","properties":{"source":"line-9"},"note":1e2}],
		"lists":null,"fileStorage":null}`)
	require.Equal(t, http.StatusOK, got.status, string(got.body))
	created := got.object(t)
	id := created["id"].(string)
	assert.Equal(t, map[string]any{
		"id":        id,
		"numericId": json.Number("5"),
		"data": map[string]any{
			"device_name":  "Press <5>",
			"reading_id":   json.Number("12345678901234567890"),
			"temperatureC": json.Number("21.50"),
			"status":       nil,
		},
		"external": []any{map[string]any{
			"key": "influxdb", "id": "sensor-99", "note": json.Number("1e2"),
			"properties": map[string]any{"source": "line-9"},
		}},
	}, created)
	assert.NotEqual(t, "ignored", id)
	assert.Equal(t, created, c.read("machines", id))
	assert.Equal(t, created, c.all("machines")[4])
}

func TestUpdateRecord(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	id := c.create("machines", map[string]any{"device_name": "Press 9", "status": "online"})
	before := c.read("machines", id)
	clock.Advance(time.Second)

	got := c.call("PATCH", "/collections/machines/"+id, `{"data":{"status":null,"reading_id":7}}`)
	require.Equal(t, http.StatusOK, got.status, string(got.body))
	after := got.object(t)
	assert.Equal(t, map[string]any{
		"id": id, "numericId": before["numericId"], "external": nil,
		"data": map[string]any{"device_name": "Press 9", "status": nil, "reading_id": json.Number("7")},
	}, after)
	assert.Equal(t, after, c.read("machines", id))
	changed := c.call("GET", "/collections/machines/all?updatedAfter=2026-04-01T12:00:00Z", nil)
	assert.Equal(t, []string{id}, ids(changed.array(t)))

	t.Run("links", func(t *testing.T) {
		link := func(external string) any {
			return c.call("PATCH", "/collections/machines/"+id, `{"data":{},"external":`+external+`}`).object(t)["external"]
		}
		want := []any{map[string]any{"key": "a", "id": "1"}}
		assert.Equal(t, want, link(`[{"key":"a","id":"1"}]`))
		assert.Equal(t, want, link(`null`))
		assert.Equal(t, want, c.call("PATCH", "/collections/machines/"+id, `{"data":{}}`).object(t)["external"])
		assert.Equal(t, []any{map[string]any{"key": "b", "id": "1"}}, link(`[{"key":"b","id":"1"}]`))
		assert.Nil(t, link(`[]`))
	})
}

func TestDeleteRecord(t *testing.T) {
	c := start(t)
	id := c.firstID("machines")
	got := c.call("DELETE", "/collections/machines/"+id, nil)
	assert.Equal(t, http.StatusOK, got.status)
	assert.JSONEq(t, `{}`, string(got.body))
	for _, method := range []string{"GET", "DELETE"} {
		got := c.call(method, "/collections/machines/"+id, nil)
		assert.Equal(t, http.StatusNotFound, got.status)
		assert.Equal(t, fmt.Sprintf("machines has no record %q", id), got.problem(t))
	}
	assert.Equal(t, http.StatusNotFound, c.call("GET", "/activities/machines/"+id, nil).status)
	assert.Len(t, c.all("machines"), 3)
	assert.Equal(t, json.Number("5"), c.read("machines", c.create("machines", map[string]any{}))["numericId"], "a number is not given twice")
}

func TestBadRecords(t *testing.T) {
	c := start(t)
	before := c.all("machines")
	id := c.firstID("machines")
	deep := strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)
	for _, test := range []struct{ name, body, text string }{
		{"empty", ``, "the body is empty; it must be a JSON object"},
		{"cut short", `{"data":{`, "the body is not valid JSON at byte 9"},
		{"trailing data", `{"data":{}} {}`, "the body is not valid JSON at byte 13"},
		{"array", `[]`, "the body must be a JSON object"},
		{"null", `null`, "the body must be a JSON object"},
		{"text", `"data"`, "the body must be a JSON object"},
		{"not UTF-8", "{\"data\":{\"status\":\"\xff\"}}", "the body is not UTF-8"},
		{"too deep", `{"data":{"status":` + deep + `}}`, "the body is nested more than 1000 levels deep"},
		{"too large", `{"data":{"status":"` + strings.Repeat("x", jsonbody.MaxBytes) + `"}}`, "the body is larger than 10485760 bytes"},
		{"no data", `{}`, "data is required and must be an object"},
		{"null data", `{"data":null}`, "data is required and must be an object"},
		{"array data", `{"data":[]}`, "data is required and must be an object"},
		{"miscased data", `{"Data":{}}`, "data must be written in exactly this case"},
		{"miscased data beside data", `{"data":{},"DATA":{}}`, "data must be written in exactly this case"},
		{"numeric id", `{"id":1,"data":{}}`, "id must be a string or null"},
		{"unknown key", `{"data":{"colour":1}}`, `unknown field: "colour", in data. Keys are case-sensitive; machines has device_name, last_seen, reading_id, status, temperatureC`},
		{"miscased key", `{"data":{"status":"offline","Status":1}}`, `unknown field: "Status", in data.`},
		{"several keys", `{"data":{"b":1,"a":1}}`, `unknown field: "a", "b", in data.`},
		{"long key", `{"data":{"` + strings.Repeat("k", 1000) + `":1}}`, strings.Repeat("k", 100) + `", in data.`},
		{"external object", `{"data":{},"external":{}}`, "external is required and must be an array of objects"},
		{"external of texts", `{"data":{},"external":["x"]}`, "external[0] is required and must be an object"},
		{"link without key", `{"data":{},"external":[{"id":"1"}]}`, "external[0].key is required and must be a string"},
		{"link with empty id", `{"data":{},"external":[{"key":"a","id":""}]}`, "external[0].id must not be empty"},
		{"miscased link", `{"data":{},"external":[{"Key":"a","id":"1"}]}`, "external[0].key must be written in exactly this case"},
		{"link with null properties", `{"data":{},"external":[{"key":"a","id":"1","properties":null}]}`, "external[0].properties is required and must be an object"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, call := range []struct{ method, path string }{
				{"POST", "/collections/machines"},
				{"PATCH", "/collections/machines/" + id},
				{"PATCH", "/collections/machines/ext/influxdb/sensor-17"},
			} {
				got := c.call(call.method, call.path, test.body)
				require.Equal(t, http.StatusBadRequest, got.status, "%.300s", got.body)
				assert.Contains(t, got.problem(t), test.text)
			}
		})
	}
	assert.Equal(t, before, c.all("machines"), "nothing of a refused call is stored")
}

func TestNoSuchCollection(t *testing.T) {
	c := start(t)
	id := c.firstID("machines")
	for _, call := range []string{
		"GET /collections/Machines", "POST /collections/Machines", "GET /collections/Machines/all",
		"GET /collections/Machines/{id}", "PATCH /collections/Machines/{id}", "DELETE /collections/Machines/{id}",
		"POST /collections/Machines/bulk", "PATCH /collections/Machines/bulk", "DELETE /collections/Machines/bulk",
		"GET /collections/Machines/ext/influxdb/sensor-17", "PATCH /collections/Machines/ext/influxdb/sensor-17",
		"DELETE /collections/Machines/ext/influxdb/sensor-17", "POST /collections/Machines/ingest",
		"GET /activities/Machines/{id}", "POST /activities/Machines/{id}",
	} {
		method, path, _ := strings.Cut(strings.ReplaceAll(call, "{id}", id), " ")
		got := c.call(method, path, `{}`)
		assert.Equal(t, http.StatusNotFound, got.status, call)
		assert.Equal(t, `there is no collection "Machines"`, got.problem(t), call)
	}
}

func TestTheDeepestBodyCanBeReadBack(t *testing.T) {
	c := start(t)
	levels := jsonbody.MaxDepth - 2 // the body and data are levels themselves
	value := strings.Repeat("[", levels) + strings.Repeat("]", levels)
	got := c.call("POST", "/collections/inspections", `{"data":{"title":"deep","readings":`+value+`}}`)
	require.Equal(t, http.StatusOK, got.status, "%.300s", got.body)
	page := c.call("GET", "/collections/inspections", nil)
	assert.Contains(t, string(page.body), value)
}

func TestEdition2023(t *testing.T) {
	clock := newClock()
	c := start(t, WithEdition2023(), WithClock(clock.Now))
	id := c.create("machines", map[string]any{"device_name": "Press 9"})
	clock.Advance(90 * time.Minute)
	c.token = c.sandbox.freshToken()
	got := c.call("PATCH", "/collections/machines/"+id, `{"data":{"status":"offline"}}`)
	assert.JSONEq(t, `{
		"device_name":"Press 9", "status":"offline", "id":"`+id+`", "recordId":5, "updatedBy":"",
		"createdAt":"01/04/2026 12:00:00 +00:00", "updatedAt":"01/04/2026 13:30:00 +00:00"}`, string(got.body))
	assert.Equal(t, got.object(t), c.read("machines", id))
	assert.Equal(t, got.object(t), c.all("machines")[4])
}
