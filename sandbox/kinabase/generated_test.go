package kinabase

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/spectest"
)

// Whatever is asked of the emulator, it answers as the description says.
func TestEveryAnswerConforms(t *testing.T) {
	spec, err := description()
	require.NoError(t, err)
	for name, options := range map[string][]Option{"today": nil, "2023": {WithEdition2023()}} {
		t.Run(name, func(t *testing.T) {
			spec.Drive(t, spectest.Drive{
				New: func(t *rapid.T) (http.Handler, func(*http.Request)) {
					server, err := New(options...)
					require.NoError(t, err)
					token := server.tokens.issue()
					return server, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
				},
				Hints: map[string][]any{
					"collectionId":    {"purchase-orders", "machines", ordersID},
					"externalService": {"xero", "influxdb", "true"}, "externalId": {"order-6", "sensor-17"},
					"key":   {"xero", "influxdb"},
					"appId": {sandboxApp.ID}, "secret": {sandboxApp.Secret}, "appSecret": {sandboxApp.Secret},
					"keys":      {"supplier", "jobTitle", "notes", "status", "temperatureC"},
					"supplier":  {"Ouse Paper", "A & B"},
					"recordId":  {},
					"recordIds": {},
				},
				Learn: map[string][]string{"id": {"id", "recordId"}},
				Answer: func(handler http.Handler, r *http.Request) (*http.Response, error) {
					return sandbox.NewDoer(handler).Do(r)
				},
			})
		})
	}
}
