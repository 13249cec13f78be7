package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/peers"
	"github.com/kaikina/kaikina/internal/position"
)

// validateFrom runs "validate" with a body on standard input.
func validateFrom(ctx context.Context, stdin io.Reader, stdout io.Writer, args ...string) (code int, said string) {
	var stderr bytes.Buffer
	root := newRoot(stdout, &stderr)
	root.SetArgs(append([]string{"validate"}, args...))
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(&stderr)
	code = exitCode(ctx, root.ExecuteContext(ctx), &stderr)
	return code, stderr.String()
}

// page is a page of records that is as large as asked for, made while it is read. What is
// wrong with it comes at its end.
func page(size int64) io.Reader {
	return io.MultiReader(strings.NewReader(`{"pageIndex":0,"records":[`), io.LimitReader(&repeated{}, size/int64(len(record))*int64(len(record))),
		strings.NewReader("{}],\r\n\"totalRecords\":\"é\",\"pageSize\":false}"))
}

// record is a line of the page.
const record = `{"id":"978b31fa","numericId":1,"data":{"supplier":"Fenland é","total":1000.50},"external":null},` + "\n"

// repeated is record without end.
type repeated struct{ at int }

func (r *repeated) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		copied := copy(p[n:], record[r.at:])
		n, r.at = n+copied, (r.at+copied)%len(record)
	}
	return n, nil
}

func TestValidateTakesTheSameMemoryForAnySize(t *testing.T) {
	for _, size := range []int64{4 << 20, 64 << 20} {
		var stdout bytes.Buffer
		var code int
		grown := peers.HeapGrowth(func() {
			code, _ = validateFrom(t.Context(), page(size), &stdout, "kinabase", "--schema", "RecordPage")
		})
		assert.Equal(t, exitFindings, code)
		lines := size / int64(len(record))
		assert.Contains(t, stdout.String(), fmt.Sprintf("stdin:%d:16: /totalRecords: string", lines+2))
		assert.Contains(t, stdout.String(), fmt.Sprintf("stdin:%d:31: /pageSize: boolean", lines+2), "columns are code points")
		assert.Less(t, grown, uint64(40<<20), "%d bytes", size)
	}
}

func TestInterruptEndsValidateThatWaits(t *testing.T) {
	for _, sent := range []string{"", `{"records":[{"id":1},`} {
		ctx, interrupt := context.WithCancel(t.Context())
		read, write := io.Pipe()
		ended := make(chan int, 1)
		var stdout bytes.Buffer
		go func() {
			code, _ := validateFrom(ctx, read, &stdout, "kinabase", "listRecords")
			ended <- code
		}()
		_, err := io.WriteString(write, sent)
		require.NoError(t, err)
		interrupt()
		select {
		case code := <-ended:
			assert.Equal(t, exitInterrupted, code)
		case <-time.After(time.Minute):
			t.Fatal("it waits for a body that does not come")
		}
		require.NoError(t, write.Close())
	}
}

func TestValidatePrintsWhileItReads(t *testing.T) {
	read, write := io.Pipe()
	printed, stdout := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		code, _ := validateFrom(t.Context(), read, stdout, "kinabase", "listRecords")
		ended <- code
	}()
	_, err := io.WriteString(write, `{"records":[{"id":1},`)
	require.NoError(t, err)
	first := make([]byte, 200)
	n, err := printed.Read(first)
	require.NoError(t, err)
	assert.Contains(t, string(first[:n]), "stdin:1:19: /records/0/id: ")
	go func() { _, _ = io.Copy(io.Discard, printed) }()
	require.NoError(t, write.Close())
	assert.Equal(t, exitFindings, <-ended)
}

// 1.0 is remarked upon. However many remarks there are, what is wrong behind them is found.
func TestRemarksHideNoFinding(t *testing.T) {
	list := `[` + strings.Repeat(`1.0,`, 300) + `"x"]`
	spec := filepath.Join(t.TempDir(), "list.yaml")
	require.NoError(t, os.WriteFile(spec, []byte(`openapi: 3.0.3
info: {title: List, version: "1"}
paths: {}
components: {schemas: {List: {type: array, items: {type: integer}}}}
`), 0o600))
	var stdout bytes.Buffer
	code, _ := validateFrom(t.Context(), strings.NewReader(list), &stdout, "--spec", spec, "--schema", "List", "--max-findings", "5", "--json")
	assert.Equal(t, exitFindings, code)
	var got findingsReport
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &got))
	assert.Equal(t, validateTotals{Findings: 1, Remarks: 300}, got.Totals)
	assert.Len(t, got.Remarks, 5)
	require.Len(t, got.Findings, 1)
	assert.Equal(t, "/300", got.Findings[0].Pointer)
	assert.True(t, got.Complete)

	for body, complete := range map[string]bool{`[1]`: true, `["x"]`: true, `[1`: false, `[1]]`: true, `[` + strings.Repeat("[", 2000): false} {
		stdout.Reset()
		_, _ = validateFrom(t.Context(), strings.NewReader(body), &stdout, "--spec", spec, "--schema", "List", "--json")
		require.NoError(t, json.Unmarshal(stdout.Bytes(), &got))
		assert.Equal(t, complete, got.Complete, "%.9s", body)
	}

	stdout.Reset()
	_, _ = validateFrom(t.Context(), strings.NewReader(list), &stdout, "--spec", spec, "--schema", "List", "--max-findings", "5")
	assert.Contains(t, stdout.String(), "with 300 remarks, of which 5 are printed")
}

func TestValidateNamesWhatItCannotRead(t *testing.T) {
	broken := errors.New("the line is broken")
	code, said := validateFrom(t.Context(), io.MultiReader(strings.NewReader(`{"records":[`), failingReader{broken}), io.Discard, "kinabase", "listRecords")
	assert.Equal(t, exitError, code)
	assert.Contains(t, said, "read stdin: ")
	assert.Contains(t, said, broken.Error())
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

func TestValidateRefusesEncodedBodies(t *testing.T) {
	for _, e := range encodings {
		code, said := validateFrom(t.Context(), strings.NewReader(e.magic+"rest"), io.Discard, "kinabase", "listRecords")
		assert.Equal(t, exitError, code, e.what)
		assert.Contains(t, said, "stdin is "+e.what+": "+e.way)
	}
}

func TestAFullDiskIsAnErrorOfValidate(t *testing.T) {
	for _, body := range []string{`{}`, `{"records":[],"pageIndex":0,"pageSize":1,"totalRecords":1}`} {
		for _, args := range [][]string{{"kinabase", "listRecords"}, {"kinabase", "listRecords", "--json"}} {
			code, said := validateFrom(t.Context(), strings.NewReader(body), &full{room: 10}, args...)
			assert.Equal(t, exitError, code)
			assert.Contains(t, said, "no space left on device")
		}
	}
}

// Nor can the name of a file.
func TestNamesOfFilesHaveNoControlCharacters(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a\x1b[2J\nb")
	for _, body := range []string{`{}`, `{"records":[],"pageIndex":0,"pageSize":1,"totalRecords":1}`} {
		require.NoError(t, os.WriteFile(file, []byte(body), 0o600))
		var stdout bytes.Buffer
		_, _ = validateFrom(t.Context(), nil, &stdout, "kinabase", "listRecords", file)
		assert.NotEmpty(t, stdout.String())
		assert.NotContains(t, stdout.String(), "\x1b")
		assert.NotContains(t, stdout.String(), "\nb")
	}
}

// A name in the body cannot reach the terminal's controls.
func TestFindingsHaveNoControlCharacters(t *testing.T) {
	var stdout bytes.Buffer
	body := `{"records":[],"pageIndex":0,"pageSize":1,"totalRecords":1,"\u001b[2Jx":1}`
	code, _ := validateFrom(t.Context(), strings.NewReader(body), &stdout, "kinabase", "listRecords", "--strict", "--show-values")
	assert.Equal(t, exitFindings, code)
	assert.NotContains(t, stdout.String(), "\x1b")
	assert.Contains(t, stdout.String(), "[2Jx: a property that is not declared")
}

func TestLongValuesAreCut(t *testing.T) {
	assert.Equal(t, "short", cut("short"))
	assert.Equal(t, strings.Repeat("é", 100)+"...", cut(strings.Repeat("é", 1000)))
	assert.Equal(t, "a"+strings.Repeat("é", 99)+"...", cut("a"+strings.Repeat("é", 1000)), "no half of a character")
}

func TestProgressOfABody(t *testing.T) {
	var watched bytes.Buffer
	in, err := openBody(t.Context(), "", page(1<<20), io.Discard)
	require.NoError(t, err)
	in.progress = &progress{w: &watched}
	_, err = io.Copy(io.Discard, in)
	require.NoError(t, err)
	assert.Regexp(t, `^\r\x1b\[K0\.\d MB read`, watched.String())
	in.size = 20e6
	assert.Equal(t, "1.0 MB of 20.0 MB", in.amount())
}

// Where the place is too far back, the offset is told, and no line is made up.
func TestAPlaceThatIsNotKnown(t *testing.T) {
	var text bytes.Buffer
	f := schema.Finding{Pointer: "/a", Keyword: "integer", Message: "an integer", Offset: 7}
	r := newFindingsReport(&declared{}, "stdin", validateOptions{}, nil)
	require.NoError(t, r.add(&text, f, position.Place{}, false))
	assert.Equal(t, "stdin: byte 7: /a: an integer (integer)\n", text.String())

	r = newFindingsReport(&declared{}, "stdin", validateOptions{asJSON: true}, nil)
	require.NoError(t, r.add(&text, f, position.Place{}, false))
	printed, err := json.Marshal(r.Findings[0])
	require.NoError(t, err)
	assert.JSONEq(t, `{"class":"invalid","pointer":"/a","keyword":"integer","message":"an integer","offset":7}`, string(printed))
}
