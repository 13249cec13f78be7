package kainexus

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/transport"
)

// exported is the workbook of the sandbox's charts, changed.
func exported(t testing.TB, client *Client, change func(*excelize.File)) []byte {
	t.Helper()
	var b bytes.Buffer
	_, err := client.ExportCharts(ctx(t), 655, &b)
	require.NoError(t, err)
	book, err := excelize.OpenReader(&b)
	require.NoError(t, err)
	change(book)
	var changed bytes.Buffer
	require.NoError(t, book.Write(&changed))
	return changed.Bytes()
}

func set(t testing.TB, cell, value string) func(*excelize.File) {
	return func(book *excelize.File) { require.NoError(t, book.SetCellStr(book.GetSheetName(0), cell, value)) }
}

func TestImportCharts(t *testing.T) {
	for _, opts := range [][]ImportOption{nil, {ByPost(), nil}} {
		client, _ := emulated(t)
		warned := exported(t, client, set(t, "D2", "x"))
		report, err := client.ImportCharts(ctx(t), "charts.xlsx", bytes.NewReader(exported(t, client, func(*excelize.File) {})), opts...)
		require.NoError(t, err)
		assert.Empty(t, report.Entries)

		report, err = client.ImportCharts(ctx(t), "charts.xlsx", bytes.NewReader(warned), opts...)
		var undone *ImportError
		require.ErrorAs(t, err, &undone)
		assert.Equal(t, report.Entries, undone.Entries)
		assert.Positive(t, undone.Failures)
		assert.ErrorContains(t, err, "kainexus: importCharts: the import was undone, for ")
		assert.ErrorContains(t, err, ", the first in row 2, column 4")
	}
}

func TestImportWarnings(t *testing.T) {
	client, _ := emulated(t)
	renamed := exported(t, client, set(t, "B3", "Another name"))
	report, err := client.ImportCharts(ctx(t), "charts.xlsx", bytes.NewReader(renamed))
	require.NoError(t, err)
	require.NotEmpty(t, report.Entries)
	assert.Equal(t, "Another name", *report.Entries[0].BadValue)
	assert.False(t, *report.Entries[0].Failure)
}

// Only a workbook that can be read again is sent again.
func TestImportAfterFailures(t *testing.T) {
	for _, test := range []struct {
		fault          string
		seekable, once bool // whether the import goes well
	}{
		{"server-error@importCharts#1", true, false},
		{"close@importCharts#1-2", true, false},
		{"close-after@importCharts#1", true, false},
		{"truncated@importCharts#1", true, false},
		{"unavailable@importCharts#1:0", true, false},
		{"server-error@importCharts", false, false},
	} {
		t.Run(test.fault, func(t *testing.T) {
			client, server := broken(t, []string{test.fault})
			book := exported(t, clientOf(t, server, server.Credentials().APIKey), func(*excelize.File) {})
			file, err := os.Create(filepath.Join(t.TempDir(), "charts.xlsx"))
			require.NoError(t, err)
			defer file.Close()
			_, err = file.Write(append([]byte("before"), book...))
			require.NoError(t, err)
			_, err = file.Seek(int64(len("before")), io.SeekStart)
			require.NoError(t, err)
			_, err = client.ImportCharts(ctx(t), "charts.xlsx", file)
			assert.Equal(t, test.seekable, err == nil, err)

			client, _ = broken(t, []string{test.fault})
			_, err = client.ImportCharts(ctx(t), "charts.xlsx", io.MultiReader(bytes.NewReader(book)))
			assert.Equal(t, test.once, err == nil, err)
		})
	}
}

func TestImportRefuses(t *testing.T) {
	client := answering(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	book := workbook(t, "x")
	failed := errors.New("failed")
	for _, test := range []struct {
		name, file string
		workbook   io.Reader
		want       string
	}{
		{"other name", "charts.xls", bytes.NewReader(book), `kainexus: importCharts: "charts.xls" is no name for a workbook; it must end in .xlsx, and have no path`},
		{"path", "../charts.xlsx", bytes.NewReader(book), "have no path"},
		{"line break", "a\nb.xlsx", bytes.NewReader(book), "is no name for a workbook"},
		{"nil", "charts.xlsx", nil, "kainexus: importCharts: the workbook is nil"},
		{"empty", "charts.xlsx", bytes.NewReader(nil), "kainexus: importCharts: read the workbook: it is no XLSX file"},
		{"text", "charts.xlsx", bytes.NewReader([]byte("a;b;c")), "it is no XLSX file"},
		{"unreadable", "charts.xlsx", iotest.ErrReader(failed), "kainexus: importCharts: read the workbook: failed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := client.ImportCharts(ctx(t), test.file, test.workbook)
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestImportForm(t *testing.T) {
	book := workbook(t, "contents")
	for name, reader := range map[string]io.Reader{
		"seekable": bytes.NewReader(book), "once": io.MultiReader(bytes.NewReader(book)),
	} {
		t.Run(name, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				assert.Equal(t, http.MethodPut, r.Method)
				assert.Equal(t, name == "seekable", r.ContentLength > 0)
				require.NoError(t, r.ParseMultipartForm(1<<20))
				require.Len(t, r.MultipartForm.File["file"], 1)
				header := r.MultipartForm.File["file"][0]
				assert.Equal(t, `Q3 "charts".xlsx`, header.Filename)
				assert.Equal(t, workbookType, header.Header.Get("Content-Type"))
				file, err := header.Open()
				require.NoError(t, err)
				got, err := io.ReadAll(file)
				require.NoError(t, err)
				assert.Equal(t, book, got)
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, `[]`)
			})
			_, err := client.ImportCharts(ctx(t), `Q3 "charts".xlsx`, reader)
			require.NoError(t, err)
		})
	}
}

func TestReport(t *testing.T) {
	for _, test := range []struct {
		name, body, want string
		entries          int
	}{
		{"bare", `[{"row":1,"message":"m"}]`, "", 1},
		{"empty", `[]`, "", 0},
		{"wrapped", `{"success":true,"importErrors":[{"row":1}]}`, "", 1},
		{"failure", `[{"failure":false},{"row":3,"col":4,"badValue":"secret","failure":true}]`, "1 of 2 entries in its report are failures, the first in row 3, column 4", 2},
		{"failure without a place", `[{"failure":true}]`, "1 of 1 entries in its report are failures", 1},
		{"refusal", `{"success":false,"errorCode":"ACCESS_DENIED"}`, "kainexus: importCharts: 200 OK: ACCESS_DENIED", 0},
		{"object without a list", `{"success":true}`, "kainexus: importCharts: 200 OK: the body: has 0 lists where a report has one", 0},
		{"two lists", `{"errors":[],"warnings":[]}`, "has 2 lists", 0},
		{"null", `null`, "is null where a report should be", 0},
		{"nothing", ``, "unexpected EOF", 0},
		{"text", `"secret"`, "is a string", 0},
		{"cut", `[{"row":1}`, "unexpected EOF", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, test.body)
			})
			report, err := client.ImportCharts(ctx(t), "charts.xlsx", bytes.NewReader(workbook(t, "")))
			assert.Len(t, report.Entries, test.entries)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "secret")
		})
	}
}

func FuzzReadReport(f *testing.F) {
	f.Add([]byte(`[{"row":1,"failure":true}]`))
	f.Add([]byte(`{"errors":[{"row":null}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var entries []ImportEntry
		if err := readReport(bytes.TrimSpace(body), &entries, models()); err != nil {
			var shape *jsonstream.ShapeError
			require.True(t, errors.As(err, &shape) || err == io.ErrUnexpectedEOF, "%T", err)
		}
	})
}

// Who still reads for an attempt that failed reads nothing of the next.
func TestTurns(t *testing.T) {
	turns := &turns{from: bytes.NewReader([]byte("abcdef")), start: 2}
	first := turns.next()
	got := make([]byte, 2)
	_, err := first.Read(got)
	require.NoError(t, err)
	assert.Equal(t, "cd", string(got))
	second := turns.next()
	_, err = first.Read(got)
	require.ErrorIs(t, err, errTurn)
	all, err := io.ReadAll(second)
	require.NoError(t, err)
	assert.Equal(t, "cdef", string(all))
}

// A server may answer before it has the whole workbook, and net/http may go on sending after
// that. By then the workbook is its owner's again.
func TestImportReadsNothingAfterItReturned(t *testing.T) {
	var body io.Reader
	early := transport.DoerFunc(func(r *http.Request) (*http.Response, error) {
		body = r.Body
		_, err := io.CopyN(io.Discard, body, 10)
		return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}, Body: http.NoBody}, err
	})
	client := clientWith(t, nil, "a key", func(cfg *transport.Config) { cfg.Base = early })
	workbook := strings.NewReader(string(zipHead) + " and so on")
	_, err := client.ImportCharts(ctx(t), "charts.xlsx", workbook)
	require.ErrorContains(t, err, "400 Bad Request")
	left := workbook.Len()
	_, err = io.Copy(io.Discard, body)
	require.ErrorIs(t, err, errTurn)
	assert.Equal(t, left, workbook.Len())
}
