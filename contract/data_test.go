package contract_test

import (
	"encoding/json"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/sandbox/fault"
	"github.com/kaikina/kaikina/sandbox/kainexus"
)

func kaiNexusTarget(t *testing.T, faults ...string) contract.Target {
	t.Helper()
	sandbox, err := kainexus.New()
	require.NoError(t, err)
	handler, err := fault.Wrap(sandbox, "kainexus", faults...)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	known := sandbox.Credentials()
	cred, err := auth.KaiNexusOAuth(server.URL, known.ClientID, auth.NewSecret(known.ClientSecret))
	require.NoError(t, err)
	return contract.Target{API: contract.KaiNexus, Credential: cred, IDs: sandbox.IDs()}
}

// A curl line names what the suite and the target came up with. What an answer told is a
// shell variable in it.
func TestCurlNamesNoData(t *testing.T) {
	tests := []struct {
		name          string
		target        contract.Target
		operation     string
		want, wantNot []string
	}{
		{"path", kinabaseTarget(t, "bad-request@getExternalRecord"), "getExternalRecord",
			[]string{`/collections/purchase-orders/ext/'"$EXTERNAL_SERVICE"'/'"$EXTERNAL_ID"`}, []string{"xero", "order-6"}},
		{"record", kinabaseTarget(t, "bad-request@getRecord"), "getRecord",
			[]string{`/collections/purchase-orders/'"$RECORD_ID"`}, []string{"978b31fa"}},
		{"query", kaiNexusTarget(t, "bad-request@getUser"), "getUser",
			[]string{`/json/user?id='"$ID"'&includeBadges=true'`}, nil},
		{"body", kaiNexusTarget(t, "bad-request@putItem"), "putItem",
			[]string{`"summary":"Contract check`, `"status":"NEW"`, `"templateName":"'"$TEMPLATE_NAME"'"`, `"templateId":'"$TEMPLATE_ID"'`, `"suppressNotifications":true`}, []string{`"templateName":"Idea"`, `"id":301`}},
		{"what the target gives is shown", kaiNexusTarget(t, "bad-request@listItems"), "listItems",
			[]string{"itemList?id=640&offset=0&limit=10'"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			curl := curlOf(t, test.target, test.operation)
			for _, want := range test.want {
				assert.Contains(t, curl, want)
			}
			for _, data := range test.wantNot {
				assert.NotContains(t, curl, data)
			}
			// A shell makes of it what was sent, once the variables are set.
			shell := exec.CommandContext(t.Context(), "sh", "-c", `curl() { printf '%s\n' "$@"; }; `+curl)
			shell.Env = []string{"TEMPLATE_NAME=Idea", "TEMPLATE_ID=45", "ID=1"}
			out, err := shell.CombinedOutput()
			require.NoError(t, err, "%s: %s", curl, out)
			for line := range strings.Lines(string(out)) {
				if strings.HasPrefix(line, "{") {
					assert.True(t, json.Valid([]byte(line)), line)
				}
			}
		})
	}
	shown := curlOf(t, kinabaseTarget(t, "bad-request@getExternalRecord"), "getExternalRecord", contract.WithShowValues())
	assert.Contains(t, shown, "/ext/xero/order-6'")
}

func curlOf(t *testing.T, target contract.Target, operation string, options ...contract.Option) string {
	t.Helper()
	report, err := contract.Verify(t.Context(), target, options...)
	require.NoError(t, err)
	for _, f := range report.Findings {
		if f.Operation == operation {
			return f.Curl
		}
	}
	require.Fail(t, "no finding", "%s: %v", operation, report.Findings)
	return ""
}

func TestKaiNexusSandboxConforms(t *testing.T) {
	report := contract.Run(t, kaiNexusTarget(t))
	require.NotNil(t, report)
	for _, op := range report.Operations {
		assert.Positive(t, op.Calls, "%s was not called: %s", op.ID, op.Note)
		assert.Equal(t, contract.Conforms, op.Verdict, op.ID)
	}
	// An API key verifies all but the request for a token.
	target := kaiNexusTarget(t)
	sandbox, err := kainexus.New()
	require.NoError(t, err)
	target.Credential, err = auth.KaiNexusAPIKey(target.Credential.BaseURL(), auth.NewSecret(sandbox.Credentials().APIKey))
	require.NoError(t, err)
	report = contract.Run(t, target)
	require.NotNil(t, report)
	assert.Equal(t, report.Totals.Operations-1, report.Totals.Called)

	target.Credential, err = auth.KaiNexusAPIKey(target.Credential.BaseURL(), auth.NewSecret("not-the-key"))
	require.NoError(t, err)
	target.IDs = nil
	report, err = contract.Verify(t.Context(), target)
	require.ErrorIs(t, err, contract.ErrNothingTested, "that the metadata is public proves nothing")
	assert.Empty(t, report.Findings)
	assert.False(t, strings.Contains(err.Error(), "not-the-key"))
}
