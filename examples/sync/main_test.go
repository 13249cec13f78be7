package main

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/kainexus"
	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	kainexussandbox "github.com/kaikina/kaikina/sandbox/kainexus"
	kinabasesandbox "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

func TestAnItemWithoutAnID(t *testing.T) {
	from, err := kainexus.New(kainexus.WithAPIKey(auth.NewSecret("any")),
		kainexus.WithTransport(transport.Config{Base: sandbox.NewDoer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"totalCount":1,"items":[{"summary":"Label the bins"}]}`)
		}))}), kainexus.WithBaseURL("https://kainexus.test"))
	require.NoError(t, err)
	_, _, err = sync(t.Context(), from, 640, nil, "improvements")
	assert.EqualError(t, err, "list 640: an item has no id")
}

func TestSync(t *testing.T) {
	kaiNexus, err := kainexussandbox.New()
	require.NoError(t, err)
	from, err := kainexus.New(kainexus.WithAPIKey(auth.NewSecret(kaiNexus.Credentials().APIKey)),
		kainexus.WithTransport(transport.Config{Base: kaiNexus.Doer()}))
	require.NoError(t, err)

	kinabaseServer, err := kinabasesandbox.New(kinabasesandbox.WithCollection(kinabasesandbox.Collection{
		Name: "Improvements", Fields: kinabasesandbox.Keys("title", "status"),
	}))
	require.NoError(t, err)
	// Answers to some creates are lost after they were carried out: none is made twice.
	broken, err := fault.Wrap(kinabaseServer, "kinabase", "close-after@createRecord#2-4")
	require.NoError(t, err)
	into, err := kinabase.New(kinabase.WithApp(kinabaseServer.App().ID, auth.NewSecret(kinabaseServer.App().Secret)),
		kinabase.WithTransport(transport.Config{Base: sandbox.NewDoer(broken), Retry: transport.Retry{Base: time.Millisecond}}))
	require.NoError(t, err)

	created, updated, err := sync(t.Context(), from, 640, into, "improvements")
	require.NoError(t, err)
	assert.Positive(t, created)
	assert.Zero(t, updated)

	total := created
	created, updated, err = sync(t.Context(), from, 640, into, "improvements")
	require.NoError(t, err)
	assert.Zero(t, created)
	assert.Equal(t, total, updated)

	records := 0
	for record, err := range into.Records(t.Context(), "improvements") {
		require.NoError(t, err)
		improvement, err := kinabase.Decode[Improvement](record)
		require.NoError(t, err)
		assert.NotEmpty(t, improvement.Title)
		records++
	}
	assert.Equal(t, total, records)
}
