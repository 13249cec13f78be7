package kainexus

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/sandbox/internal/spectest"
)

// Whatever is asked of the emulator, it answers as the description says.
func TestEveryAnswerConforms(t *testing.T) {
	spec, err := description()
	require.NoError(t, err)
	known, err := New()
	require.NoError(t, err)
	charts := func() []byte {
		answer := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodGet, excelPath+"chartList?id=655", nil)
		request.SetBasicAuth(basicUser, known.Credentials().APIKey)
		known.ServeHTTP(answer, request)
		return answer.Body.Bytes()
	}()
	ids := func(ids ...int64) []any {
		hints := []any{}
		for _, id := range ids {
			hints = append(hints, num(id))
		}
		return hints
	}
	client := known.Credentials()
	spec.Drive(t, spectest.Drive{
		New: func(t *rapid.T) (http.Handler, func(*http.Request)) {
			server, err := New()
			require.NoError(t, err)
			return server, func(r *http.Request) {
				if r.URL.Path == "/oauth2/token" {
					r.SetBasicAuth(client.ClientID, client.ClientSecret)
				} else {
					r.SetBasicAuth(basicUser, client.APIKey)
				}
			}
		},
		Hints: map[string][]any{
			"id":           ids(1001, 1200, 1300, 4000, 301, 302, 70, 1, 640, 655, 512, 77, 78, 219, 81, 11, 21),
			"listItems.id": ids(itemListID, chartListID), "exportItems.id": ids(itemListID),
			"exportCharts.id": ids(chartListID), "listUsers.id": ids(peopleListID),
			"getImpactValue.id": ids(219, 220), "getImpactValue.impactValueType": {"Product"},
			"getAttributeValue.id": ids(84, 85), "getAttributeValue.attributeId": ids(12),
			"getItem.id": ids(1001, 1200, 4000), "exportItem.id": ids(1001, 1200),
			"getUser.id": ids(301, 302), "getNetworkLocation.id": ids(1, 70), "getWidget.id": ids(77, 79),
			"putItem.item": {
				document{"id": num(1001), "summary": "Changed"},
				document{"templateId": num(45), "summary": "New", "authors": refs(301)},
			},
			"putUser.item":                   {document{"id": num(301), "firstName": "Joe"}},
			"putNetworkLocation.item":        {document{"name": "Shed", "levelType": ref(5), "parent": ref(1)}},
			"putImpactValue.item":            {document{"id": num(219), "name": "Panel", "type": "PRODUCT"}},
			"putAttributeValue.item":         {document{"id": num(84), "name": "Very high"}},
			"putImpactValue.impactValueType": {"Product"}, "putAttributeValue.attributeId": ids(12),
			"impactValueType": {"Product", "LeadTime", "TIME_SAVINGS"},
			"type":            {"PRODUCT"},
			"attributeId":     ids(11, 12), "attribute": ids(11, 12),
			"templateId": ids(45, 46, 47, 48), "typeId": ids(1, 2, 3), "parentId": ids(1200),
			"username": {"jdoe", "bnovak"}, "name": {"Plant A", "Site", "Contributor", "Forklift"},
			"grant_type": {"client_credentials"}, "includeCharts": {"true"}, "fullSync": {"true"},
			"offset": ids(0, 5), "limit": ids(1, 20), "file": {charts, []byte("no workbook")},
		},
		Learn: map[string][]string{"id": {"id"}},
	})
}
