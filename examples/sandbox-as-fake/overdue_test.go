package overdue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

var now = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)

// clientOf is a client of a sandbox that has three orders, and the faults that are named.
func clientOf(t *testing.T, faults ...string) *kinabase.Client {
	t.Helper()
	server, err := emulator.New(emulator.WithoutSeed(), emulator.WithCollection(emulator.Collection{
		Name: "Orders",
		Fields: []emulator.Field{
			{Label: "Order Number", Kind: emulator.KindText, Required: true},
			{Label: "Due", Kind: emulator.KindDateTime},
		},
		Records: []emulator.Record{
			{Data: map[string]any{"orderNumber": "PO-1", "due": "2026-03-31T00:00:00.000Z"}},
			{Data: map[string]any{"orderNumber": "PO-2", "due": "2026-04-02T00:00:00.000Z"}},
			{Data: map[string]any{"orderNumber": "PO-3"}},
		},
	}))
	require.NoError(t, err)
	broken, err := fault.Wrap(server, "kinabase", faults...)
	require.NoError(t, err)
	client, err := kinabase.New(
		kinabase.WithApp(server.App().ID, auth.NewSecret(server.App().Secret)),
		kinabase.WithTransport(transport.Config{Base: sandbox.NewDoer(broken), Retry: transport.Retry{Base: time.Millisecond}}),
	)
	require.NoError(t, err)
	return client
}

func TestNumbers(t *testing.T) {
	numbers, err := Numbers(t.Context(), clientOf(t), now)
	require.NoError(t, err)
	assert.Equal(t, []string{"PO-1"}, numbers)
}

func TestABusyServerIsAskedAgain(t *testing.T) {
	numbers, err := Numbers(t.Context(), clientOf(t, "unavailable@listRecords#1:0", "truncated@listRecords#2"), now)
	require.NoError(t, err)
	assert.Equal(t, []string{"PO-1"}, numbers)
}

func TestARefusalIsSaid(t *testing.T) {
	_, err := Numbers(t.Context(), clientOf(t, "status@listRecords:403"), now)
	require.True(t, kinabase.IsAccessDenied(err))
	assert.ErrorContains(t, err, "overdue orders: kinabase: listRecords: 403 Forbidden")
}
