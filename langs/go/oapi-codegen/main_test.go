package main

import (
	"bytes"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// What every language is held to is what the clients of this module see.
func TestPrintsWhatIsExpected(t *testing.T) {
	improvement, err := kainexus.New()
	require.NoError(t, err)
	records, err := kinabase.New()
	require.NoError(t, err)
	kaiNexusServer, kinabaseServer := httptest.NewServer(improvement), httptest.NewServer(records)
	defer kaiNexusServer.Close()
	defer kinabaseServer.Close()
	credentials, app := improvement.Credentials(), records.App()
	for name, value := range map[string]string{
		"KAINEXUS_BASE_URL": kaiNexusServer.URL, "KAINEXUS_API_KEY": credentials.APIKey,
		"KAINEXUS_CLIENT_ID": credentials.ClientID, "KAINEXUS_CLIENT_SECRET": credentials.ClientSecret,
		"KINABASE_BASE_URL": kinabaseServer.URL + kinabase.BasePath, "KINABASE_APP_ID": app.ID, "KINABASE_APP_SECRET": app.Secret,
	} {
		t.Setenv(name, value)
	}

	var printed bytes.Buffer
	require.NoError(t, run(t.Context(), &printed))
	expected, err := os.ReadFile("../../expected.json")
	require.NoError(t, err)
	assert.JSONEq(t, string(expected), printed.String(), "langs/expected.json is stale: go run ./internal/langs -expect makes it anew")
}

func TestWantsItsEnvironment(t *testing.T) {
	t.Setenv("KAINEXUS_BASE_URL", "")
	var printed bytes.Buffer
	err := run(t.Context(), &printed)
	assert.EqualError(t, err, "KAINEXUS_BASE_URL is not set: kaikina sandbox prints its value")
	assert.Empty(t, printed.String())
}
