package kinabase

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/sandbox/internal/spectest"
)

// Whatever is asked of the emulator, it answers as the description says.
func TestEveryAnswerConforms(t *testing.T) {
	spec, err := description()
	require.NoError(t, err)
	var keys []any
	for _, c := range seed() {
		for _, f := range c.Fields {
			keys = append(keys, f.named().Key)
		}
	}
	for name, options := range map[string][]Option{"today": nil, "2023": {WithEdition2023()}} {
		t.Run(name, func(t *testing.T) {
			spec.Drive(t, spectest.Drive{
				New: func(t *rapid.T) (http.Handler, func(*http.Request)) {
					server, err := New(options...)
					require.NoError(t, err)
					tokens := &tokens{store: server.store, clock: server.clock}
					app, ok := tokens.known(sandboxApp.ID, sandboxApp.Secret)
					require.True(t, ok)
					token := tokens.issue(app)
					return server, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
				},
				Hints: map[string][]any{
					"collectionId":           {"purchase-orders", "machines", "inspections", ordersID},
					"getRecord.collectionId": {"purchase-orders"}, "updateRecord.collectionId": {"purchase-orders"},
					"deleteRecord.collectionId": {"purchase-orders"}, "listActivities.collectionId": {"purchase-orders"},
					"createActivity.collectionId": {"purchase-orders"}, "updateRecord.data": {map[string]any{"notes": "x"}},
					"getExternalRecord.collectionId": {"purchase-orders"}, "getExternalRecord.externalService": {"xero"},
					"updateExternalRecord.collectionId": {"purchase-orders"}, "updateExternalRecord.externalService": {"xero"},
					"deleteExternalRecord.collectionId": {"purchase-orders"}, "deleteExternalRecord.externalService": {"xero"},
					"updateExternalRecord.data": {map[string]any{"notes": "x"}},
					"externalService":           {"xero", "influxdb", "true"}, "externalId": {"order-6", "sensor-17"},
					"key":   {"xero", "influxdb"},
					"appId": {sandboxApp.ID}, "secret": {sandboxApp.Secret}, "appSecret": {sandboxApp.Secret},
					"keys":      keys,
					"supplier":  {"Ouse Paper", "A & B"},
					"status":    {"online", "offline"},
					"recordId":  {},
					"recordIds": {},
				},
				Learn: map[string][]string{"id": {"id", "recordId"}},
			})
		})
	}
}
