package main

import (
	"bytes"
	"fmt"
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

func clientOf(t *testing.T) *kinabase.Client {
	t.Helper()
	server, err := emulator.New(emulator.WithCollection(emulator.Collection{Name: "Parts", Fields: emulator.Keys("name")}))
	require.NoError(t, err)
	client, err := kinabase.New(kinabase.WithApp(server.App().ID, auth.NewSecret(server.App().Secret)),
		kinabase.WithTransport(transport.Config{Base: server.Doer(), Retry: transport.Retry{Base: time.Millisecond}}))
	require.NoError(t, err)
	return client
}

func TestImportAll(t *testing.T) {
	client := clientOf(t)
	var lines strings.Builder
	for i := 1; i <= 700; i++ {
		fmt.Fprintf(&lines, `{"name":"Part %d"}`+"\n", i)
	}
	var refused bytes.Buffer
	done, open, err := importAll(t.Context(), client, "parts", strings.NewReader(lines.String()), &refused)
	require.NoError(t, err)
	assert.Equal(t, 700, done)
	assert.Zero(t, open)
	assert.Empty(t, refused.String())
}

// Without a link nobody can tell what became of the other records of a call that was refused:
// they are given back too, and nothing is created twice.
func TestABadLine(t *testing.T) {
	client := clientOf(t)
	var refused bytes.Buffer
	done, open, err := importAll(t.Context(), client, "parts", strings.NewReader(`{"name":"a"}`+"\n"+`{"Name":"b"}`+"\n"), &refused)
	require.NoError(t, err)
	assert.Equal(t, 2, done+open)
	assert.Contains(t, refused.String(), `"line":2`)
	assert.Contains(t, refused.String(), `"data":{"Name":"b"}`)
}

func TestALineThatIsNull(t *testing.T) {
	var refused bytes.Buffer
	done, _, err := importAll(t.Context(), clientOf(t), "parts", strings.NewReader(`{"name":"a"}`+"\nnull\n"), &refused)
	require.EqualError(t, err, "line 2 is no JSON object")
	assert.Equal(t, 1, done)
}

// Whoever mends what was refused has to know what was wrong, even if the server sent no words.
func TestARefusalWithoutWords(t *testing.T) {
	server, err := emulator.New(emulator.WithCollection(emulator.Collection{Name: "Parts", Fields: emulator.Keys("name")}))
	require.NoError(t, err)
	broken, err := fault.Wrap(server, "kinabase", "bad-gateway@createRecords")
	require.NoError(t, err)
	client, err := kinabase.New(kinabase.WithApp(server.App().ID, auth.NewSecret(server.App().Secret)),
		kinabase.WithTransport(transport.Config{Base: sandbox.NewDoer(broken), Retry: transport.Retry{Base: time.Millisecond}}))
	require.NoError(t, err)
	var refused bytes.Buffer
	_, open, err := importAll(t.Context(), client, "parts", strings.NewReader(`{"name":"a"}`+"\n"), &refused)
	require.NoError(t, err)
	assert.Equal(t, 1, open)
	assert.NotContains(t, refused.String(), `"why":""`)
}

func TestALineThatIsNoObject(t *testing.T) {
	var refused bytes.Buffer
	done, _, err := importAll(t.Context(), clientOf(t), "parts", strings.NewReader(`{"name":"a"}`+"\n[]\n"), &refused)
	require.EqualError(t, err, "line 2 is no JSON object")
	assert.Equal(t, 1, done)
}
