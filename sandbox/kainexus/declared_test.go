package kainexus

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox/internal/spectest"
)

// beyond are declared answers that nothing gets the emulator to give, as these calls name
// nothing that could be wrong.
var beyond = []spectest.Answer{
	{Operation: "listNetworkLocations", Status: 400},
}

// TestEveryDeclaredAnswer gets the emulator to give each answer of the description that
// is not beyond it, 429 apart.
func TestEveryDeclaredAnswer(t *testing.T) {
	c := start(t)
	export := workbook(c.call("GET", excelPath+"chartList?id=655", nil).body)
	const gone = `{"item":{"id":` + missingID + `}}`
	const goneList = `{"items":[{"id":` + missingID + `}]}`
	cases := []struct {
		operation, method, path string
		body                    any
		want                    int
	}{
		{"listUsers", "GET", jsonPath + "userList", nil, 200},
		{"listUsers", "GET", jsonPath + "userList?includeBadges=1", nil, 400},
		{"listUsers", "GET", jsonPath + "userList?id=" + missingID, nil, 403},
		{"putUsers", "PUT", jsonPath + "userList", `{"items":[]}`, 200},
		{"putUsers", "PUT", jsonPath + "userList", `{}`, 400},
		{"putUsers", "PUT", jsonPath + "userList", goneList, 403},
		{"getUser", "GET", jsonPath + "user?id=301&includeBadges=true", nil, 200},
		{"getUser", "GET", jsonPath + "user", nil, 400},
		{"getUser", "GET", jsonPath + "user?id=" + missingID, nil, 403},
		{"putUser", "PUT", jsonPath + "user", `{"item":{"id":301}}`, 200},
		{"putUser", "PUT", jsonPath + "user", `{"item":{"id":"x"}}`, 400},
		{"putUser", "PUT", jsonPath + "user", gone, 403},
		{"listItems", "GET", jsonPath + "itemList?id=640&includeCharts=true", nil, 200},
		{"listItems", "GET", jsonPath + "itemList?id=640&limit=20001", nil, 400},
		{"listItems", "GET", jsonPath + "itemList?id=" + missingID, nil, 403},
		{"putItems", "PUT", jsonPath + "itemList", `{"items":[{"id":1001}]}`, 200},
		{"putItems", "PUT", jsonPath + "itemList", `{"items":[1]}`, 400},
		{"putItems", "PUT", jsonPath + "itemList", goneList, 403},
		{"getItem", "GET", jsonPath + "item?id=1001", nil, 200},
		{"getItem", "GET", jsonPath + "item?id=x", nil, 400},
		{"getItem", "GET", jsonPath + "item?id=" + missingID, nil, 403},
		{"putItem", "PUT", jsonPath + "item", `{"item":{"id":1001}}`, 200},
		{"putItem", "PUT", jsonPath + "item?fullSync=yes", `{"item":{"id":1001}}`, 400},
		{"putItem", "PUT", jsonPath + "item", gone, 403},
		{"listNetworkLocations", "GET", jsonPath + "networkLocationList", nil, 200},
		{"putNetworkLocations", "PUT", jsonPath + "networkLocationList", `{"items":[{"id":70}]}`, 200},
		{"putNetworkLocations", "PUT", jsonPath + "networkLocationList", `{"items":null}`, 400},
		{"putNetworkLocations", "PUT", jsonPath + "networkLocationList", goneList, 403},
		{"getNetworkLocation", "GET", jsonPath + "networkLocation?id=70", nil, 200},
		{"getNetworkLocation", "GET", jsonPath + "networkLocation?id=", nil, 400},
		{"getNetworkLocation", "GET", jsonPath + "networkLocation?id=" + missingID, nil, 403},
		{"putNetworkLocation", "PUT", jsonPath + "networkLocation", `{"item":{"name":"Plant A"}}`, 200},
		{"putNetworkLocation", "PUT", jsonPath + "networkLocation", `{"item":{}}`, 400},
		{"putNetworkLocation", "PUT", jsonPath + "networkLocation", gone, 403},
		{"listImpactValues", "GET", jsonPath + "impactValueList?impactValueType=Product", nil, 200},
		{"listImpactValues", "GET", jsonPath + "impactValueList?impactValueType=Cheese", nil, 400},
		{"putImpactValues", "PUT", jsonPath + "impactValueList?impactValueType=Product", `{"items":[]}`, 200},
		{"putImpactValues", "PUT", jsonPath + "impactValueList", `{"items":[]}`, 400},
		{"putImpactValues", "PUT", jsonPath + "impactValueList?impactValueType=Product", goneList, 403},
		{"getImpactValue", "GET", jsonPath + "impactValue?impactValueType=PRODUCT&id=219", nil, 200},
		{"getImpactValue", "GET", jsonPath + "impactValue?impactValueType=Cheese&id=219", nil, 400},
		{"getImpactValue", "GET", jsonPath + "impactValue?impactValueType=LeadTime&id=219", nil, 403},
		{"putImpactValue", "PUT", jsonPath + "impactValue?impactValueType=Product&id=50", `{"item":{"id":219}}`, 200},
		{"putImpactValue", "PUT", jsonPath + "impactValue?impactValueType=Cheese", `{"item":{"id":219}}`, 400},
		{"putImpactValue", "PUT", jsonPath + "impactValue?impactValueType=Product", gone, 403},
		{"listAttributeValues", "GET", jsonPath + "attributeValueList?attributeId=12", nil, 200},
		{"listAttributeValues", "GET", jsonPath + "attributeValueList", nil, 400},
		{"listAttributeValues", "GET", jsonPath + "attributeValueList?attributeId=" + missingID, nil, 403},
		{"putAttributeValues", "PUT", jsonPath + "attributeValueList?attributeId=12", `{"items":[]}`, 200},
		{"putAttributeValues", "PUT", jsonPath + "attributeValueList?attributeId=12", `[]`, 400},
		{"putAttributeValues", "PUT", jsonPath + "attributeValueList?attributeId=13", `{"items":[]}`, 403},
		{"getAttributeValue", "GET", jsonPath + "attributeValue?attributeId=12&id=84", nil, 200},
		{"getAttributeValue", "GET", jsonPath + "attributeValue?attributeId=12", nil, 400},
		{"getAttributeValue", "GET", jsonPath + "attributeValue?attributeId=11&id=84", nil, 403},
		{"putAttributeValue", "PUT", jsonPath + "attributeValue?attributeId=12", `{"item":{"id":84}}`, 200},
		{"putAttributeValue", "PUT", jsonPath + "attributeValue?attributeId=12", `{"item":{}}`, 400},
		{"putAttributeValue", "PUT", jsonPath + "attributeValue?attributeId=" + missingID, `{"item":{}}`, 403},
		{"getWidget", "GET", jsonPath + "widget?id=77", nil, 200},
		{"getWidget", "GET", jsonPath + "widget", nil, 400},
		{"getWidget", "GET", jsonPath + "widget?id=" + missingID, nil, 403},
		{"exportItems", "GET", excelPath + "itemList?id=640", nil, 200},
		{"exportItems", "GET", excelPath + "itemList?id=640&offset=-1", nil, 400},
		{"exportItems", "GET", excelPath + "itemList?id=" + missingID, nil, 403},
		{"exportItem", "GET", excelPath + "item?id=1001", nil, 200},
		{"exportItem", "GET", excelPath + "item?id=1001&limit=0", nil, 400},
		{"exportItem", "GET", excelPath + "item?id=" + missingID, nil, 403},
		{"exportCharts", "GET", excelPath + "chartList?id=655", nil, 200},
		{"exportCharts", "GET", excelPath + "chartList", nil, 400},
		{"exportCharts", "GET", excelPath + "chartList?id=" + missingID, nil, 403},
		{"importCharts", "PUT", excelPath + "multiChartImport", export, 200},
		{"importCharts", "PUT", excelPath + "multiChartImport", workbook("no"), 400},
		{"importChartsByPost", "POST", excelPath + "multiChartImport", export, 200},
		{"importChartsByPost", "POST", excelPath + "multiChartImport", `{}`, 400},
	}
	given := []spectest.Answer{
		{Operation: "requestToken", Status: 200}, {Operation: "requestToken", Status: 400}, {Operation: "requestToken", Status: 401}, // TestRequestToken
	}
	stranger := *c
	stranger.authorization = ""
	metadata := stranger.call("GET", "/.well-known/oauth-authorization-server", nil)
	given = append(given, metadata.declared)
	limited := *c
	limited.authorization = basic(basicUser, c.sandbox.LimitedCredentials().APIKey)
	for _, got := range []answer{
		limited.call("GET", jsonPath+"networkLocationList", nil),
		limited.call("GET", jsonPath+"impactValueList?impactValueType=Product", nil),
		limited.call("PUT", excelPath+"multiChartImport", export),
		limited.call("POST", excelPath+"multiChartImport", export),
	} {
		require.Equal(t, http.StatusForbidden, got.status, got.declared.Operation)
		given = append(given, got.declared)
	}
	for _, test := range cases {
		t.Run(test.operation+" "+http.StatusText(test.want), func(t *testing.T) {
			got := c.call(test.method, test.path, test.body)
			require.Equal(t, spectest.Answer{Operation: test.operation, Status: test.want}, got.declared, "%s", got.body)
			given = append(given, got.declared)
			if test.want == http.StatusForbidden {
				assert.JSONEq(t, `{"success":false,"errorCode":"ACCESS_DENIED"}`, string(got.body))
			}
			if test.want == http.StatusOK {
				got := stranger.call(test.method, test.path, test.body)
				require.Equal(t, http.StatusUnauthorized, got.status)
				given = append(given, got.declared)
			}
		})
	}
	spec, err := description()
	require.NoError(t, err)
	declared := slices.DeleteFunc(spec.Answers(), func(a spectest.Answer) bool {
		return a.Status == http.StatusTooManyRequests || slices.Contains(beyond, a)
	})
	assert.ElementsMatch(t, declared, given)
}

func TestNoOperation(t *testing.T) {
	c := start(t)
	for _, test := range []struct {
		name, method, path string
		status             int
		code, allow        string
	}{
		{"unknown path", "GET", "/version", 404, "NOT_FOUND", ""},
		{"trailing slash", "GET", jsonPath + "item/", 404, "NOT_FOUND", ""},
		{"doubled slash", "GET", "/" + jsonPath + "item", 404, "NOT_FOUND", ""},
		{"wrong method", "DELETE", jsonPath + "item", 405, "METHOD_NOT_ALLOWED", "GET, HEAD, PUT"},
		{"wrong method for a token", "GET", "/oauth2/token", 405, "METHOD_NOT_ALLOWED", "POST"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := c.send(c.request(test.method, test.path, nil))
			assert.Equal(t, test.status, got.status)
			assert.Equal(t, test.allow, got.header.Get("Allow"))
			assert.Equal(t, "application/json", got.header.Get("Content-Type"))
			assert.JSONEq(t, `{"success":false,"errorCode":"`+test.code+`"}`, string(got.body))
		})
	}
}

// TestMalformedBodies are refused before anything is written.
func TestMalformedBodies(t *testing.T) {
	c := start(t)
	for name, body := range map[string]string{
		"empty":              ``,
		"broken":             `{"item":`,
		"goes on":            `{"item":{"id":1001,"summary":"changed"}} {}`,
		"not an object":      `[]`,
		"no item":            `{"items":[]}`,
		"item is null":       `{"item":null}`,
		"wrong case":         `{"Item":{"id":1001}}`,
		"text for a number":  `{"item":{"id":1001,"likeCount":"4"}}`,
		"number for a text":  `{"item":{"id":1001,"summary":5}}`,
		"fraction for an id": `{"item":{"id":1001.5}}`,
		"object for a list":  `{"item":{"id":1001,"authors":{}}}`,
		"null in a list":     `{"item":{"id":1001,"authors":[null]}}`,
		"another timestamp":  `{"item":{"id":1001,"dueDate":"2025-04-01T05:00:00Z"}}`,
		"comma in timestamp": `{"item":{"id":1001,"dueDate":"2025-04-01T05:00:00,000+0000"}}`,
		"number too large":   `{"item":{"id":1001,"fields":[{"id":23,"numericValue":1e999}]}}`,
		"not UTF-8":          "{\"item\":{\"id\":1001,\"summary\":\"\xff\"}}",
		"nested too deep":    `{"item":{"id":1001,"x":` + strings.Repeat("[", 2000) + strings.Repeat("]", 2000) + `}}`,
	} {
		t.Run(name, func(t *testing.T) {
			before := c.item(1001)
			got := c.call(http.MethodPut, jsonPath+"item", body)
			assert.Equal(t, http.StatusBadRequest, got.status)
			assert.Equal(t, invalidBody, got.code())
			assert.NotEmpty(t, got.header.Get(reasonHeader))
			assert.Equal(t, before, c.item(1001))
		})
	}
	request := c.request(http.MethodPut, jsonPath+"item", `{"item":{"id":1001}}`)
	request.Header.Set("Content-Type", "text/plain")
	assert.Equal(t, http.StatusBadRequest, c.check(request).status)
}
