package contract_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// spy is a test that only keeps what it was told.
type spy struct {
	ctx    context.Context
	errors []string
	logs   []string
}

func (s *spy) Helper()                  {}
func (s *spy) Context() context.Context { return s.ctx }
func (s *spy) Errorf(format string, args ...any) {
	s.errors = append(s.errors, fmt.Sprintf(format, args...))
}
func (s *spy) Logf(format string, args ...any) { s.logs = append(s.logs, fmt.Sprintf(format, args...)) }

func TestRunFailsATestForEachFinding(t *testing.T) {
	watched := &spy{ctx: t.Context()}
	contract.Run(watched, kinabaseTarget(t, "total-missing"))
	require.Len(t, watched.errors, 1)
	assert.Contains(t, watched.errors[0], "body_conforms: listRecords answered 200: /totalRecords: a required property is missing")
	assert.Contains(t, watched.errors[0], "curl ")

	watched = &spy{ctx: t.Context()}
	contract.Run(watched, kinabaseTarget(t, "teapot@getStatus"))
	require.NotEmpty(t, watched.errors)
	assert.Contains(t, watched.errors[0], "status_declared: getStatus answered 418: the answer: ")
}

func TestRunFailsATestThatTestedNothing(t *testing.T) {
	target := kinabaseTarget(t)
	// A token that the sandbox never issued: everything is refused.
	cred, err := auth.Bearer(target.Credential.BaseURL(), auth.NewSecret("not-a-token"))
	require.NoError(t, err)
	target.Credential = cred
	watched := &spy{ctx: t.Context()}
	contract.Run(watched, target)
	require.Len(t, watched.errors, 1)
	assert.Contains(t, watched.errors[0], "nothing was tested")
	assert.NotEmpty(t, watched.logs, "it says what was refused")
}

func TestRunFailsATestThatCannotStart(t *testing.T) {
	watched := &spy{ctx: t.Context()}
	assert.Nil(t, contract.Run(watched, contract.Target{API: contract.Kinabase}))
	assert.Equal(t, []string{"contract: kinabase has no credential"}, watched.errors)
}

func ExampleVerify() {
	sandbox, err := kinabase.New()
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(sandbox)
	defer server.Close()
	app := sandbox.App()
	cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, app.ID, auth.NewSecret(app.Secret))
	if err != nil {
		panic(err)
	}
	report, err := contract.Verify(context.Background(), contract.Target{
		API:        contract.Kinabase,
		Credential: cred,
		IDs:        map[string]string{"collection": "purchase-orders"},
	})
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d of %d operations called, %d findings\n", report.Totals.Called, report.Totals.Operations, report.Totals.Findings)
	// Output: 18 of 18 operations called, 0 findings
}
