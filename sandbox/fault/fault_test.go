package fault_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/sandbox/fault"
	"github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// client calls a sandbox that has faults.
type client struct {
	t    *testing.T
	doer auth.Doer
	base string
	ids  map[string]string
}

func open(t *testing.T, product string, faults ...string) client {
	t.Helper()
	if product == "kinabase" {
		sandbox, err := kinabase.New()
		require.NoError(t, err)
		base := serve(t, sandbox, product, kinabase.BasePath, faults)
		cred, err := auth.KinabaseApp(base, sandbox.App().ID, auth.NewSecret(sandbox.App().Secret))
		require.NoError(t, err)
		return client{t: t, doer: cred.Doer(nil), base: base}
	}
	sandbox, err := kainexus.New()
	require.NoError(t, err)
	base := serve(t, sandbox, product, "", faults)
	cred, err := auth.KaiNexusAPIKey(base, auth.NewSecret(sandbox.Credentials().APIKey))
	require.NoError(t, err)
	return client{t: t, doer: cred.Doer(nil), base: base + "/api/public/v1/json", ids: sandbox.IDs()}
}

func serve(t *testing.T, sandbox http.Handler, product, basePath string, faults []string) string {
	t.Helper()
	handler, err := fault.Wrap(sandbox, product, basePath, faults...)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL + basePath
}

func (c client) do(method, path, body string) (*http.Response, string, error) {
	c.t.Helper()
	for name, id := range c.ids {
		path = strings.ReplaceAll(path, "{"+name+"}", id)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, strings.NewReader(body))
	require.NoError(c.t, err)
	request.Header.Set("Content-Type", "application/json")
	response, err := c.doer.Do(request)
	require.NoError(c.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response, string(text), err
}

// at follows keys and indexes into a JSON text.
func at(t *testing.T, text string, path ...any) any {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal([]byte(text), &value), text)
	for _, step := range path {
		switch step := step.(type) {
		case string:
			value = value.(map[string]any)[step]
		case int:
			value = value.([]any)[step]
		}
	}
	return value
}

const (
	orders = "/collections/purchase-orders"
	items  = "/itemList?id={itemList}&limit=3&offset="
)

// TestCatalogue shows, for every fault there is, what a client sees with it and without.
func TestCatalogue(t *testing.T) {
	record := func(t *testing.T) string {
		_, body, err := open(t, "kinabase").do("GET", orders, "")
		require.NoError(t, err)
		return orders + "/" + at(t, body, "records", 0, "id").(string)
	}
	tests := []struct {
		fault, product, method, path, body string
		// look tells what to look at in the answer.
		look          func(*testing.T, *http.Response, string) any
		clean, broken any
	}{
		{"teapot@getStatus", "kinabase", "GET", "/status", "", status, 200, 418},
		{"server-error@getStatus", "kinabase", "GET", "/status", "", status, 200, 500},
		{"bad-request@getStatus", "kinabase", "GET", "/status", "", status, 200, 400},
		{"html@getStatus", "kinabase", "GET", "/status", "", contentType, "application/json", "text/html; charset=utf-8"},
		{"html-as-json@getStatus", "kinabase", "GET", "/status", "", isJSON, true, false},
		{"total-missing", "kinabase", "GET", orders, "", member("totalRecords"), 25.0, nil},
		{"total-string", "kinabase", "GET", orders, "", member("totalRecords"), 25.0, "25"},
		{"total-wrong", "kinabase", "GET", orders, "", member("totalRecords"), 25.0, 26.0},
		{"page-index-stuck", "kinabase", "GET", orders + "?pageIndex=2", "", member("pageIndex"), 2.0, 0.0},
		{"page-size-wrong", "kinabase", "GET", orders + "?pageSize=7", "", member("pageSize"), 7.0, 6.0},
		{"record-neither", "kinabase", "GET", "{record}", "", has("data"), true, false},
		{"record-other", "kinabase", "GET", "{record}", "", func(t *testing.T, _ *http.Response, body string) any {
			return at(t, body, "id") == "00000000-0000-4000-8000-000000000000"
		}, false, true},
		{"all-short", "kinabase", "GET", orders + "/all", "", func(t *testing.T, _ *http.Response, body string) any {
			return len(at(t, body).([]any))
		}, 25, 24},
		{"count-missing", "kainexus", "GET", items + "0", "", member("count"), 3.0, nil},
		{"count-string", "kainexus", "GET", items + "0", "", member("count"), 3.0, "3"},
		{"count-wrong", "kainexus", "GET", items + "0", "", member("count"), 3.0, 4.0},
		{"offset-stuck", "kainexus", "GET", items + "6", "", member("offset"), 6.0, 0.0},
		{"timestamp-rfc3339", "kainexus", "GET", "/item?id=1001", "", func(t *testing.T, _ *http.Response, body string) any {
			return strings.HasSuffix(at(t, body, "item", "createDate").(string), "Z")
		}, false, true},
		{"operation-unknown", "kainexus", "PUT", "/item", `{"item":{"id":1001,"summary":"Changed"}}`, func(t *testing.T, _ *http.Response, body string) any {
			return at(t, body, "results", 0, "operation")
		}, "UPDATE", "MERGE"},
	}
	tested := map[string]bool{
		// These have tests of their own below.
		"truncated": true, "open-door": true, "record-repeated": true, "item-repeated": true, "total-count-wrong": true,
	}
	for _, test := range tests {
		id, _, _ := strings.Cut(test.fault, "@")
		tested[id] = true
		t.Run(test.fault, func(t *testing.T) {
			path := strings.ReplaceAll(test.path, "{record}", record(t))
			for _, side := range []struct {
				faults []string
				want   any
			}{{nil, test.clean}, {[]string{test.fault}, test.broken}} {
				response, body, err := open(t, test.product, side.faults...).do(test.method, path, test.body)
				require.NoError(t, err)
				assert.Equal(t, side.want, test.look(t, response, body), "with %v", side.faults)
			}
		})
	}
	for _, f := range fault.Catalogue() {
		assert.True(t, tested[f.ID], "%s has no test", f.ID)
		assert.NotEmpty(t, f.Doc)
	}
}

func status(_ *testing.T, response *http.Response, _ string) any { return response.StatusCode }

func contentType(_ *testing.T, response *http.Response, _ string) any {
	return response.Header.Get("Content-Type")
}

func isJSON(_ *testing.T, _ *http.Response, body string) any { return json.Valid([]byte(body)) }

func member(name string) func(*testing.T, *http.Response, string) any {
	return func(t *testing.T, _ *http.Response, body string) any { return at(t, body, name) }
}

func has(name string) func(*testing.T, *http.Response, string) any {
	return func(t *testing.T, _ *http.Response, body string) any { return at(t, body, name) != nil }
}

func TestRepeatedElements(t *testing.T) {
	tests := []struct{ fault, product, first, second, elements string }{
		{"record-repeated", "kinabase", orders + "?pageSize=5", orders + "?pageSize=5&pageIndex=1", "records"},
		{"item-repeated", "kainexus", items + "0", items + "3", "items"},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			for _, faults := range [][]string{nil, {test.fault}} {
				c := open(t, test.product, faults...)
				_, first, err := c.do("GET", test.first, "")
				require.NoError(t, err)
				_, second, err := c.do("GET", test.second, "")
				require.NoError(t, err)
				same := at(t, first, test.elements, 0, "id") == at(t, second, test.elements, 0, "id")
				assert.Equal(t, faults != nil, same)
				assert.Equal(t, len(at(t, first, test.elements).([]any)), len(at(t, second, test.elements).([]any)))
			}
		})
	}
}

func TestTotalCountWrong(t *testing.T) {
	_, clean, err := open(t, "kainexus").do("GET", items+"0", "")
	require.NoError(t, err)
	_, broken, err := open(t, "kainexus", "total-count-wrong").do("GET", items+"0", "")
	require.NoError(t, err)
	assert.Equal(t, at(t, clean, "totalCount").(float64)+1, at(t, broken, "totalCount"))
}

func TestTruncated(t *testing.T) {
	_, body, err := open(t, "kinabase", "truncated@listAllRecords").do("GET", orders+"/all", "")
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.NotEmpty(t, body, "half of it came")
}

func TestOpenDoor(t *testing.T) {
	sandbox, err := kinabase.New()
	require.NoError(t, err)
	base := serve(t, sandbox, "kinabase", kinabase.BasePath, []string{"open-door@getStatus"})
	response, err := http.Get(base + "/status")
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, http.StatusOK, response.StatusCode)
	response, err = http.Get(base + orders)
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, http.StatusUnauthorized, response.StatusCode, "other operations keep their word")
}

func TestWrapRefuses(t *testing.T) {
	tests := []struct{ name, product, fault, want string }{
		{"product", "kainex", "teapot@getItem", `no description of "kainex"; there are kainexus and kinabase`},
		{"fault", "kinabase", "nonsense", `no fault "nonsense"; there are all-short,`},
		{"operation missing", "kinabase", "teapot", "name an operation, as in teapot@createToken"},
		{"operation unknown", "kinabase", "teapot@nonsense", `kinabase has no operation "nonsense"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := fault.Wrap(http.NotFoundHandler(), test.product, "", test.fault)
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestApplies(t *testing.T) {
	for _, test := range []struct {
		product, fault string
		want           bool
	}{
		{"kinabase", "total-missing", true}, {"kainexus", "total-missing", false},
		{"kainexus", "teapot@getItem", true}, {"kinabase", "teapot@getItem", false}, {"kinabase", "teapot", false},
	} {
		got, err := fault.Applies(test.product, test.fault)
		require.NoError(t, err)
		assert.Equal(t, test.want, got, "%s %s", test.product, test.fault)
	}
	_, err := fault.Applies("kinabase", "nonsense")
	require.Error(t, err)
}

func ExampleWrap() {
	sandbox, err := kinabase.New()
	if err != nil {
		panic(err)
	}
	broken, err := fault.Wrap(sandbox, "kinabase", kinabase.BasePath, "teapot@getStatus")
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(broken)
	defer server.Close()
	response, err := http.Get(server.URL + kinabase.BasePath + "/status")
	if err != nil {
		panic(err)
	}
	response.Body.Close()
	fmt.Println(response.StatusCode)
	// Output: 418
}
