package fault_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/internal/openapi"
	"github.com/kaikina/kaikina/sandbox/fault"
)

func TestWrapRefuses(t *testing.T) {
	tests := []struct{ name, product, fault, want string }{
		{"product", "kainex", "teapot@getItem", `no description of "kainex"; there are kainexus and kinabase`},
		{"fault", "kinabase", "al-short", `no fault "al-short"; the closest of `},
		{"operation missing", "kinabase", "teapot#3", "teapot#3 does not say what to break: name an operation, as in teapot@createToken#3"},
		{"operation unknown", "kinabase", "teapot@nonsense", `kinabase has no operation "nonsense"`},
		{"grammar", "kinabase", "teapot@getStatus#x", `after # stands "x"; want a call`},
		{"other operation", "kinabase", "total-missing@getRecord", "total-missing is not for getRecord: its answer has no /totalRecords"},
		{"no JSON", "kainexus", "byte-order-mark@exportItems", "byte-order-mark is not for exportItems: its answer is no JSON"},
		{"no parameter", "kainexus", "limit-ignored@getUser", "limit-ignored is not for getUser: it takes no limit"},
		{"no pages", "kinabase", "record-repeated@listAllRecords", "is not for listAllRecords: its answer has no /records"},
		{"only for some", "kinabase", "create-not-stored@getStatus", "it is only for createRecord"},
		{"other product", "kainexus", "total-missing@*", "total-missing is for no operation of KaiNexus"},
		{"value", "kinabase", "latency:soon", `value "soon": want a duration, such as 250ms or 2s`},
		{"negative value", "kinabase", "latency:-1s", "want a duration"},
		{"seconds", "kinabase", "unavailable:1.5", "want a whole number of seconds"},
		{"status", "kinabase", "status:99", "want a status from 200 to 599"},
		{"redirect", "kinabase", "redirect:200", "want 301, 302, 303, 307 or 308"},
		{"origin", "kinabase", "redirect-elsewhere:example.com/path", "want an origin"},
		{"origin with a path", "kinabase", "redirect-elsewhere:https://a.example/path", "want an origin"},
		{"megabytes", "kinabase", "flood:5000", "want a number of megabytes from 1 to 4096"},
		{"value of a fault without", "kinabase", "reset:now", "this fault takes none"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := fault.Wrap(http.NotFoundHandler(), test.product, test.fault)
			require.ErrorContains(t, err, test.want)
		})
	}
	_, err := fault.Wrap(http.NotFoundHandler(), "kinabase", "al-short")
	require.ErrorContains(t, err, " are all-short, ", "the closest comes first")
}

func TestApplies(t *testing.T) {
	for _, test := range []struct {
		product, fault string
		want           bool
	}{
		{"kinabase", "total-missing", true}, {"kainexus", "total-missing", false},
		{"kinabase", "total-missing@*", true}, {"kainexus", "total-missing@*#2", false},
		{"kainexus", "teapot@getItem", true}, {"kinabase", "teapot@getItem", false}, {"kinabase", "teapot", false},
		{"kinabase", "latency:1s", true}, {"kainexus", "reset@*%10", true}, {"kainexus", "count-wrong@listUsers", true},
	} {
		got, err := fault.Applies(test.product, test.fault)
		require.NoError(t, err)
		assert.Equal(t, test.want, got, "%s %s", test.product, test.fault)
	}
	for _, name := range []string{"nonsense", "teapot#0", "latency:soon", "count-wrong@getItem"} {
		_, err := fault.Applies("kainexus", name)
		require.Error(t, err, name)
	}
	_, err := fault.Applies("kainex", "teapot")
	require.ErrorContains(t, err, `no description of "kainex"`)
}

func TestAssign(t *testing.T) {
	both := []string{"kainexus", "kinabase"}
	assigned, err := fault.Assign(both, []string{"teapot@getItem", "latency", "total-missing#2"})
	require.NoError(t, err)
	assert.Equal(t, map[string][]string{"kainexus": {"teapot@getItem", "latency"}, "kinabase": {"latency", "total-missing#2"}}, assigned)
	for _, test := range []struct{ products, fault, want string }{
		{"kainexus kinabase", "teapot", "fault: teapot is for no operation of kainexus or kinabase; name one with @, as in teapot@getStatus"},
		{"kinabase", "teapot@getItem", `fault: teapot@getItem: kinabase has no operation "getItem"; kaikina spec list shows what there is`},
		{"kainexus kinabase", "latency@nosuch#2-%5:1s", `fault: latency@nosuch#2-%5:1s: kainexus or kinabase has no operation "nosuch"; kaikina spec list shows what there is`},
		{"kainexus", "total-missing@*", "fault: total-missing is for no operation of kainexus"},
		{"kainexus", "count-wrong@getItem", "fault: count-wrong is not for getItem: its answer has no /count"},
	} {
		_, err := fault.Assign(strings.Fields(test.products), []string{test.fault})
		assert.EqualError(t, err, test.want)
	}
}

// Every fault that has an operation of its own can break that, and every fault can be
// aimed at all operations of a product at least.
func TestOwnOperations(t *testing.T) {
	for _, f := range fault.Catalogue() {
		own, anywhere := 0, 0
		for _, product := range openapi.Products {
			if applies, err := fault.Applies(product, f.ID); assert.NoError(t, err) && applies {
				own++
			}
			if applies, err := fault.Applies(product, f.ID+"@*"); assert.NoError(t, err) && applies {
				anywhere++
			}
		}
		assert.Positive(t, anywhere, f.ID)
		switch f.Operation {
		case "":
			assert.Zero(t, own, f.ID)
		case "*":
			assert.Equal(t, 2, own, f.ID)
		default:
			assert.Equal(t, 1, own, f.ID)
		}
	}
}

// Mutants can be aimed at other operations that answer the same thing.
func TestMutantsElsewhere(t *testing.T) {
	tests := []struct {
		fault  string
		script []string
		want   string
	}{
		{"count-wrong@listUsers", []string{"kainexus", "GET /api/public/v1/json/userList"}, `\{"count":13,`},
		{"record-id-number@getExternalRecord", []string{"kinabase", "GET {orders}/ext/xero/order-6"}, `"id":17`},
		{"record-id-null@*", []string{"kinabase", "GET {orders}/ext/xero/order-6"}, `"id":null`},
		{"all-short", []string{"kinabase", "GET {orders}/all?updatedAfter=2100-01-01T00:00:00Z"}, `\n\[\s*\]`},
		{"success-false@putUser", []string{"kainexus", `PUT /api/public/v1/json/user {"item":{"id":301,"firstName":"Joe"}}`}, `"success":false`},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			assert.Regexp(t, test.want, play(t, test.script, test.fault).wire())
		})
	}
}

// A write that is lost looks like one that was done: the answer to it is the same.
func TestLostWritesLookDone(t *testing.T) {
	tests := []struct {
		fault  string
		script []string
	}{
		{"create-not-stored", []string{"kinabase", `POST {orders} {"data":{"supplier":"Ouse Paper"}}`}},
		{"delete-not-done", []string{"kinabase", "GET {orders}", "= record /records/0/id", "DELETE {orders}/{record}"}},
		{"delete-not-done@deleteExternalRecord", []string{"kinabase", "DELETE {orders}/ext/xero/order-6"}},
		{"write-not-stored", []string{"kainexus", `PUT /api/public/v1/json/item {"item":{"id":1001,"summary":"Oil the hinges"}}`}},
		{"write-not-stored", []string{"kainexus", `PUT /api/public/v1/json/item {"item":{"id":9999999,"summary":"Oil the hinges"}}`}},
		{"write-not-stored@putUser", []string{"kainexus", `PUT /api/public/v1/json/user {"item":{"id":301,"firstName":"Joe"}}`}},
		{"write-not-stored@putNetworkLocation", []string{"kainexus", `PUT /api/public/v1/json/networkLocation {"item":{"id":70,"name":"Plant Z"}}`}},
		{"write-not-stored@putAttributeValue", []string{"kainexus", `PUT /api/public/v1/json/attributeValue?attributeId={attribute} {"item":{"id":84,"name":"Higher"}}`}},
		{"write-not-stored@putImpactValue", []string{"kainexus",
			"GET /api/public/v1/json/impactValueList?impactValueType={impactValueType}", "= value /items/0/id",
			`PUT /api/public/v1/json/impactValue?id={value}&impactValueType={impactValueType} {"item":{"id":{value},"description":"New"}}`}},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			plain, broken := play(t, test.script), play(t, test.script, test.fault)
			assert.Equal(t, plain.status, broken.status)
			assert.Equal(t, string(plain.body), string(broken.body))
		})
	}
}

// A fault that edits JSON leaves alone what is no JSON any more, and one after the other
// is one upon the other.
func TestMutantsCompose(t *testing.T) {
	script := []string{"kinabase", "GET {orders}"}
	broken := play(t, script, "total-wrong", "total-string", "total-renamed", "trailing-bytes@listRecords", "records-null")
	assert.Contains(t, string(broken.body), `"total":"26"`)
	assert.NotContains(t, string(broken.body), `"records":null`)
}

// Everything that is not broken stays as it was, byte by byte.
func TestTheRestStays(t *testing.T) {
	script := []string{"kinabase", "GET {orders}"}
	plain, broken := string(play(t, script).body), string(play(t, script, "total-wrong").body)
	assert.Equal(t, strings.Replace(plain, `"totalRecords":25`, `"totalRecords":26`, 1), broken)
}

// A list that is paged to its end by what was sent shows each record once, or does not.
func TestPagesTogether(t *testing.T) {
	count := func(fault ...string) (records int, distinct map[string]bool) {
		distinct = map[string]bool{}
		for index := range 5 {
			page := play(t, []string{"kinabase", "GET {orders}?pageSize=5&pageIndex=" + string(rune('0'+index))}, fault...)
			for _, id := range regexp.MustCompile(`PO-\d+`).FindAllString(string(page.body), -1) {
				records++
				distinct[id] = true
			}
		}
		return records, distinct
	}
	for name, want := range map[string][2]int{"record-repeated": {25, 21}, "record-skipped": {21, 21}, "page-oversized": {29, 25}} {
		records, distinct := count(name)
		assert.Equal(t, want, [2]int{records, len(distinct)}, name)
	}
	records, distinct := count()
	assert.Equal(t, [2]int{25, 25}, [2]int{records, len(distinct)})
}

// The inner calls of faults that compare pages count for no fault, and reach no other.
func TestInnerCallsAreNotCounted(t *testing.T) {
	box := newSandbox(t, "kinabase")
	handler := box.wrap(t, "record-repeated", "teapot@listRecords#3")
	for call, want := range []int{200, 200, 418} {
		request := httptest.NewRequest(http.MethodGet, box.basePath+"/collections/machines?pageSize=1&pageIndex=1", nil)
		request.Header.Set("Content-Type", "application/json")
		box.authorize(request)
		got := httptest.NewRecorder()
		handler.ServeHTTP(got, request)
		assert.Equal(t, want, got.Code, "call %d", call+1)
		assert.Contains(t, got.Body.String(), "Press 1")
	}
}

func TestTable(t *testing.T) {
	table := fault.Table()
	for _, f := range fault.Catalogue() {
		assert.Equal(t, 1, strings.Count(table, "\n  "+f.ID+" "), f.ID)
	}
	assert.Regexp(t, `\n\ntransport faults: delay\n(  .*\n)*  latency +\* +Waits before the call is carried out\. :VALUE: a duration; 200ms unless given\.\n`, table)
	assert.Regexp(t, `\n\ncontract faults: undeclared-status\n(  .*\n)*  teapot +name an operation +Answers 418`, table)
	assert.Less(t, strings.Index(table, "transport faults"), strings.Index(table, "contract faults"))
}

func TestCatalogueAsJSON(t *testing.T) {
	for _, f := range fault.Catalogue() {
		if f.ID == "total-wrong" {
			text, err := json.Marshal(f)
			require.NoError(t, err)
			assert.JSONEq(t, `{"id":"total-wrong","doc":"Counts one record too many in totalRecords.","class":"contract",
				"kind":"envelope-lie","operation":"listRecords","schemaValid":true}`, string(text))
		}
	}
}
