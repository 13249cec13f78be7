package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/contract/report"
)

var broken = &contract.Report{
	API:       contract.Kinabase,
	BaseURL:   "https://kinabase.example.test/api/v1",
	Allowed:   []string{"createRecord"},
	Leftovers: []string{"a record"},
	Totals:    contract.Totals{Operations: 3, Called: 2, Calls: 5, Checks: 21, Findings: 2, Blocked: 1},
	Operations: []contract.OperationReport{
		{ID: "getStatus", Method: "GET", Path: "/status", Calls: 1, Checks: 5, Findings: 1, Verdict: contract.Undeclared, Statuses: []int{418}},
		{ID: "listRecords", Method: "GET", Path: "/collections/{collectionId}", Calls: 4, Checks: 16, Findings: 1, Verdict: contract.Violates, Statuses: []int{200, 404}},
		{ID: "createRecord", Method: "POST", Path: "/collections/{collectionId}", Verdict: contract.NeverEvidenced, Statuses: []int{}, Note: "changes data"},
	},
	Findings: []contract.Finding{
		{Check: "status_declared", Operation: "getStatus", Status: 418, Message: "status 418 is not among those declared: 200, 401, 429", Confidence: "documented", Declared: "kinabase.yaml:120", Curl: "curl 'https://kinabase.example.test/api/v1/status'", Occurrences: 1, Fingerprint: "0123456789ab"},
		{Check: "answered", Operation: "listRecords", Pointer: "/records/0", Message: "no answer", Value: "A\x1bda", Occurrences: 3, Fingerprint: "ba9876543210"},
	},
}

func TestPlain(t *testing.T) {
	assert.Equal(t, "Jürgen 😀 \u200d क्\u200dष", report.Plain("Jürgen 😀 \u200d क्\u200dष"), "joiners are part of scripts")
	for _, c := range "\x00\a\t\n\r\x1b\x7f\u0085\u009b\u061c\u200e\u2028\u2029\u202e\u2066" {
		assert.Equal(t, "a\ufffdb", report.Plain("a"+string(c)+"b"), "%U", c)
	}
}

func TestTerminal(t *testing.T) {
	want, err := os.ReadFile("testdata/broken.txt")
	require.NoError(t, err)
	var plain bytes.Buffer
	require.NoError(t, report.Terminal(&plain, []*contract.Report{broken}, false))
	assert.Equal(t, string(want), plain.String())
	assert.NotContains(t, plain.String(), "\x1b")

	var colored bytes.Buffer
	require.NoError(t, report.Terminal(&colored, []*contract.Report{broken}, true))
	assert.Contains(t, colored.String(), "\x1b[31mviolates\x1b[0m")
}

func TestJSONReadsBack(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, report.JSON(&text, []*contract.Report{broken}))
	var back struct{ Reports []*contract.Report }
	require.NoError(t, json.Unmarshal(text.Bytes(), &back))
	assert.Equal(t, []*contract.Report{broken}, back.Reports)
	assert.Contains(t, text.String(), `"statuses": []`, "a list is a list even when it is empty")
}

var errFull = errors.New("no space left on device")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestAFullDiskIsReported(t *testing.T) {
	require.ErrorIs(t, report.Terminal(full{}, []*contract.Report{broken}, false), errFull)
	require.ErrorIs(t, report.JSON(full{}, []*contract.Report{broken}), errFull)
}
