package main

import (
	"os"
	"path/filepath"
	"strings"
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

func clientOf(t *testing.T, faults ...string) *kinabase.Client {
	t.Helper()
	server, err := emulator.New()
	require.NoError(t, err)
	broken, err := fault.Wrap(server, "kinabase", faults...)
	require.NoError(t, err)
	client, err := kinabase.New(kinabase.WithApp(server.App().ID, auth.NewSecret(server.App().Secret)),
		kinabase.WithTransport(transport.Config{
			Base:     sandbox.NewDoer(broken),
			ReadOnly: transport.NewReadOnly(),
			Retry:    transport.Retry{Base: time.Millisecond},
		}))
	require.NoError(t, err)
	return client
}

func TestExport(t *testing.T) {
	name := filepath.Join(t.TempDir(), "orders.ndjson")
	n, err := export(t.Context(), clientOf(t, "close@listRecords#1"), "purchase-orders", name, time.Unix(0, 0))
	require.NoError(t, err)
	assert.Equal(t, 25, n)
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, 25, strings.Count(string(text), "\n"))
	assert.Contains(t, string(text), `"orderNumber":"PO-001"`)
}

func TestTheFileOfTheNightBeforeStays(t *testing.T) {
	name := filepath.Join(t.TempDir(), "orders.ndjson")
	require.NoError(t, os.WriteFile(name, []byte("before"), 0o600))
	_, err := export(t.Context(), clientOf(t, "status@listRecords:403"), "purchase-orders", name, time.Unix(0, 0))
	require.True(t, kinabase.IsAccessDenied(err), err)
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	assert.Equal(t, "before", string(text))
	left, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	assert.Len(t, left, 1)
}
