package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	kinabasesandbox "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

var operations = []transport.Operation{
	{ID: "getStatus", Method: "GET", Path: "/status"},
	{ID: "listRecords", Method: "GET", Path: "/collections/{collectionId}"},
	{ID: "createRecord", Method: "POST", Path: "/collections/{collectionId}"},
	{ID: "listAllRecords", Method: "GET", Path: "/collections/{collectionId}/all"},
}

// emulated is a chain to an emulator with faults around it, by a Doer or by a socket.
func emulated(t *testing.T, socket bool, cfg transport.Config, faults ...string) (transport.Doer, string) {
	t.Helper()
	emulator, err := kinabasesandbox.New()
	require.NoError(t, err)
	broken, err := fault.Wrap(emulator, "kinabase", faults...)
	require.NoError(t, err)
	base := "https://sandbox.example" + kinabasesandbox.BasePath
	token := auth.TokenClient(sandbox.NewDoer(emulator))
	cfg.Base = sandbox.NewDoer(broken)
	if socket {
		server := httptest.NewServer(broken)
		t.Cleanup(server.Close)
		base, cfg.Base = server.URL+kinabasesandbox.BasePath, nil
	}
	credential, err := auth.KinabaseApp(base, emulator.App().ID, auth.NewSecret(emulator.App().Secret), token)
	require.NoError(t, err)
	doer, err := transport.New(cfg, credential, operations)
	require.NoError(t, err)
	return doer, base
}

func TestFaultsOfTheSandbox(t *testing.T) {
	const list, create = "GET /collections/purchase-orders/all", "POST /collections/purchase-orders"
	const order = `{"data":{"orderNumber":"PO-900","supplier":"S"}}`
	tests := []struct {
		name     string
		fault    string
		call     string
		mark     func(context.Context) context.Context
		status   int // 0 for a failure
		attempts int
	}{
		{"no fault", "", list, nil, 200, 1},
		{"unavailable once", "unavailable@listAllRecords#1:0", list, nil, 200, 2},
		{"unavailable", "unavailable@listAllRecords:0", list, nil, 503, 3},
		{"breaks off once", "truncated@listAllRecords#1", list, nil, 200, 2},
		{"closes the connection once", "close@listAllRecords#1", list, nil, 200, 2},
		{"a write is unavailable", "unavailable@createRecord#1:0", create, nil, 503, 1},
		{"a write is carried out and unavailable", "unavailable-after@createRecord#1:0", create, nil, 503, 1},
		{"a write that may be repeated", "unavailable@createRecord#1:0", create, transport.Idempotent, 200, 2},
		{"a write that is rate limited", "too-many-requests@createRecord#1:0", create, nil, 200, 2},
	}
	for _, test := range tests {
		for _, socket := range []bool{false, true} {
			name := test.name
			if socket {
				name += " over a socket"
			}
			t.Run(name, func(t *testing.T) {
				var faults []string
				if test.fault != "" {
					faults = []string{test.fault}
				}
				doer, base := emulated(t, socket, transport.Config{Retry: transport.Retry{Attempts: 3, Base: 1, Max: 1}}, faults...)
				method, path, _ := strings.Cut(test.call, " ")
				ctx := t.Context()
				if test.mark != nil {
					ctx = test.mark(ctx)
				}
				r, err := http.NewRequestWithContext(ctx, method, base+path, nil)
				require.NoError(t, err)
				if method == "POST" {
					r, err = http.NewRequestWithContext(ctx, method, base+path, strings.NewReader(order))
					require.NoError(t, err)
					r.Header.Set("Content-Type", "application/json")
				}
				answer, err := doer.Do(r)
				require.NoError(t, err)
				body, err := io.ReadAll(answer.Body)
				require.NoError(t, err)
				assert.Equal(t, test.status, answer.StatusCode, string(body))
				assert.Equal(t, test.attempts, transport.AttemptsOf(answer, nil))
			})
		}
	}
}
