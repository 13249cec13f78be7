package contract_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/sandbox/fault"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// kinabaseTarget serves a sandbox with faults, and is what verifies it.
func kinabaseTarget(t *testing.T, faults ...string) contract.Target {
	t.Helper()
	sandbox, err := kinabase.New()
	require.NoError(t, err)
	handler, err := fault.Wrap(sandbox, "kinabase", faults...)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	app := sandbox.App()
	cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, app.ID, auth.NewSecret(app.Secret))
	require.NoError(t, err)
	return contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}}
}

func TestSandboxConforms(t *testing.T) {
	report := contract.Run(t, kinabaseTarget(t))
	require.NotNil(t, report)
	for _, op := range report.Operations {
		assert.Positive(t, op.Calls, "%s was not called: %s", op.ID, op.Note)
		assert.Positive(t, op.Checks, op.ID)
		assert.Equal(t, contract.Conforms, op.Verdict, op.ID)
	}
}

func TestEveryFaultIsFound(t *testing.T) {
	tests := []struct {
		fault                              string
		check, operation, pointer, message string
		status                             int
	}{
		{"total-missing", "body_conforms", "listRecords", "/totalRecords", "missing", 200},
		{"total-string", "body_conforms", "listRecords", "/totalRecords", "string, where integer", 200},
		{"total-wrong", "pages_complete", "listRecords", "/totalRecords", "hold together", 200},
		{"page-index-stuck", "paging_echoed", "listRecords", "/pageIndex", "not the 1", 200},
		{"page-size-wrong", "paging_echoed", "listRecords", "/pageSize", "not the 10", 200},
		{"record-repeated", "pages_disjoint", "listRecords", "/records/0", "page 0 has already", 200},
		{"record-neither", "record_generation", "getRecord", "", "neither data", 200},
		{"record-other", "list_agrees_with_get", "getRecord", "/id", "not the id", 200},
		{"all-short", "all_equals_pages", "listAllRecords", "", "missing that a page has", 200},
		{"teapot@listRecords", "status_declared", "listRecords", "", "418 is not among those declared", 418},
		{"server-error@getRecord", "status_declared", "getRecord", "", "500", 500},
		{"bad-request@listAllRecords", "status_expected", "listAllRecords", "", "400", 400},
		{"html@getStatus", "content_type_declared", "getStatus", "", "text/html", 200},
		{"html-as-json@getStatus", "body_conforms", "getStatus", "", "not JSON at byte 1", 200},
		{"html-as-json@getRecord", "client_decodes", "getRecord", "", "cannot decode", 200},
		{"truncated@listAllRecords", "answered", "listAllRecords", "", "whole", 200},
		{"open-door@getStatus", "auth_required", "getStatus", "", "200, where", 200},
	}
	for _, test := range tests {
		t.Run(test.fault, func(t *testing.T) {
			report, err := contract.Verify(t.Context(), kinabaseTarget(t, test.fault))
			if test.fault == "all-short" {
				// The call that hides a record hides one of ours, too.
				require.ErrorIs(t, err, contract.ErrLeftovers)
			} else {
				require.NoError(t, err)
			}
			for _, f := range report.Findings {
				if f.Check == test.check && f.Operation == test.operation && f.Pointer == test.pointer && f.Status == test.status {
					assert.Contains(t, f.Message, test.message)
					assert.NotEmpty(t, f.Curl)
					assert.Regexp(t, `^kinabase\.yaml:\d+$`, f.Declared)
					assert.NotEmpty(t, f.Confidence)
					return
				}
			}
			assert.Fail(t, "not found", "%+v", report.Findings)
		})
	}
}
