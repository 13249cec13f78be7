package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/internal/spool"
	"github.com/kaikina/kaikina/internal/table"
	"github.com/kaikina/kaikina/transport"
)

const (
	testApp    = "6f1c2b9e-58a3-4a37-9d0c-2f6f0c7a4d15"
	testSecret = "hunter2-hunter2"
)

// vendor is a Kinabase with records in pages, and whatever else a test makes of it.
type vendor struct {
	*httptest.Server
	count int
	pages atomic.Int64
	mu    sync.Mutex
	page  func(w http.ResponseWriter, r *http.Request) bool
}

// answer has a function answer before the records do, which says whether it has; nil is none.
func (v *vendor) answer(page func(http.ResponseWriter, *http.Request) bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.page = page
}

// newVendor serves records, and lets the environment lead there.
func newVendor(t *testing.T, count int) *vendor {
	t.Helper()
	v := &vendor{count: count}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/token", func(w http.ResponseWriter, _ *http.Request) {
		// The payload is {"exp":4102444800}: the year 2100.
		answerJSON(w, `{"token":"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjQxMDI0NDQ4MDB9.c2lnbmF0dXJl"}`)
	})
	mux.HandleFunc("GET /api/v1/collections/{collection}", v.records)
	v.Server = httptest.NewServer(mux)
	t.Cleanup(v.Close)
	t.Setenv("KINABASE_BASE_URL", v.URL+"/api/v1")
	t.Setenv("KINABASE_APP_ID", testApp)
	t.Setenv("KINABASE_APP_SECRET", testSecret)
	return v
}

func (v *vendor) records(w http.ResponseWriter, r *http.Request) {
	v.pages.Add(1)
	v.mu.Lock()
	page := v.page
	v.mu.Unlock()
	if page != nil && page(w, r) {
		return
	}
	index, _ := strconv.Atoi(r.URL.Query().Get("pageIndex"))
	size, _ := strconv.Atoi(r.URL.Query().Get("pageSize"))
	var b strings.Builder
	for i := min(index*size, v.count); i < min((index+1)*size, v.count); i++ {
		fmt.Fprintf(&b, `,{"id":"r%d","data":{"total":%d.50,"notes":"note %d"}}`, i, i, i)
	}
	answerJSON(w, fmt.Sprintf(`{"records":[%s],"totalRecords":%d,"pageIndex":%d,"pageSize":%d}`, strings.TrimPrefix(b.String(), ","), v.count, index, size))
}

func answerJSON(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

// exportRecords runs the command.
func exportRecords(ctx context.Context, file string, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	args = append([]string{"export", "kinabase", "--collection", "orders", "--output", file}, args...)
	code = run(ctx, args, &out, &err)
	return code, out.String(), err.String()
}

// assertAllRecords reads a CSV file of all records, and nothing beside it.
func assertAllRecords(t *testing.T, file string, count int) {
	t.Helper()
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(string(content), "\r\n"), "\r\n")
	require.Len(t, lines, count+1)
	for i, line := range lines[1:] {
		require.Equal(t, fmt.Sprintf("r%d,%d.50,note %d", i, i, i), line)
	}
	assert.Equal(t, []string{filepath.Base(file)}, namesIn(t, filepath.Dir(file)))
}

func namesIn(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAnExportGoesOnAfterTheServerFailed(t *testing.T) {
	v := newVendor(t, 1000)
	v.answer(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get("pageIndex") != "2" {
			return false
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		return true
	})
	file := filepath.Join(t.TempDir(), "orders.csv")
	require.NoError(t, os.WriteFile(file, []byte("of last week"), 0o600))
	code, stdout, stderr := exportRecords(t.Context(), file)
	assert.Equal(t, exitError, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, "kaikina: "+file+".part holds 600 records; the same command goes on from there\nkaikina: kinabase: listRecords: 400 ")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "of last week", string(content))
	for _, name := range namesIn(t, filepath.Dir(file)) {
		content, err := os.ReadFile(filepath.Join(filepath.Dir(file), name))
		require.NoError(t, err)
		assert.NotContains(t, string(content), testSecret)
		assert.NotContains(t, string(content), "eyJ")
	}

	v.answer(nil)
	v.pages.Store(0)
	code, stdout, stderr = exportRecords(t.Context(), file)
	assert.Equal(t, exitConforms, code, stderr)
	assert.Equal(t, "1000 records in "+file+", 3 columns\n", stdout)
	assert.Contains(t, stderr, "kaikina: going on with the export that began at ")
	assert.Equal(t, int64(3), v.pages.Load(), "pages 1, 2 and 3; page 1 to see whether it is the same")
	assertAllRecords(t, file, 1000)
}

// countdown is a context that is interrupted when it was asked often enough, so that every
// place that asks gets its turn.
type countdown struct {
	context.Context
	left   atomic.Int64
	cancel context.CancelFunc
}

func (c *countdown) Err() error {
	if c.left.Add(-1) == 0 {
		c.cancel()
	}
	return c.Context.Err()
}

// Wherever Ctrl-C comes, the old file stays, nothing but the spool is left, and the same
// command does the rest.
func TestAnInterruptInEveryPhaseOfAnExport(t *testing.T) {
	newVendor(t, 700)
	for _, format := range []string{"csv", "ndjson", "xlsx", "parquet"} {
		t.Run(format, func(t *testing.T) {
			whole := filepath.Join(t.TempDir(), "orders."+format)
			code, _, stderr := exportRecords(t.Context(), whole)
			require.Equal(t, exitConforms, code, stderr)
			want, err := os.ReadFile(whole)
			require.NoError(t, err)

			phases := map[string]int{}
			for asked := int64(1); ; asked += 1 + asked/5 {
				file := filepath.Join(t.TempDir(), "orders."+format)
				require.NoError(t, os.WriteFile(file, []byte("of last week"), 0o600))
				inner, cancel := context.WithCancel(t.Context())
				ctx := &countdown{Context: inner, cancel: cancel}
				ctx.left.Store(asked)
				code, _, stderr := exportRecords(ctx, file)
				cancel()
				if code == exitConforms {
					break // it was not asked that often
				}
				require.Equal(t, exitInterrupted, code, stderr)
				require.Contains(t, stderr, "kaikina: interrupted\n")
				content, err := os.ReadFile(file)
				require.NoError(t, err)
				require.Equal(t, "of last week", string(content))
				for _, name := range namesIn(t, filepath.Dir(file)) {
					require.Contains(t, []string{"orders." + format, "orders." + format + ".part", "orders." + format + ".part.json"}, name)
				}
				switch {
				case strings.Contains(stderr, "holds all records as NDJSON"):
					phases["writing"]++
				case strings.Contains(stderr, "goes on from there"):
					phases["reading"]++
				default:
					phases["beginning"]++
				}
				code, _, stderr = exportRecords(t.Context(), file)
				require.Equal(t, exitConforms, code, stderr)
				got, err := os.ReadFile(file)
				require.NoError(t, err)
				if format == "xlsx" {
					continue // it may differ in how it is packed
				}
				require.Equal(t, string(want), string(got))
			}
			t.Logf("interrupted in these phases: %v", phases)
			assert.Positive(t, phases["reading"])
			if format != "ndjson" { // there the lines are the file
				assert.Positive(t, phases["writing"])
			}
		})
	}
}

// What kill -9 leaves is gone on with, too.
func TestAnExportIsKilled(t *testing.T) {
	const kills, each = 3, 20 // pages
	v := newVendor(t, (kills*each+5)*300)
	file := filepath.Join(t.TempDir(), "orders.csv")
	held := make(chan struct{})
	for kill := range kills {
		// The server answers so many pages, and holds the next until the process is gone.
		var asked atomic.Int64
		v.answer(func(_ http.ResponseWriter, r *http.Request) bool {
			index, _ := strconv.Atoi(r.URL.Query().Get("pageIndex"))
			n := asked.Add(1)
			if n == 1 {
				assert.GreaterOrEqual(t, index, kill*16, "the first page after %d kills: 5,000 records are kept of 6,000", kill)
			}
			if n <= each {
				return false
			}
			held <- struct{}{}
			<-r.Context().Done()
			return true
		})
		cmd := exec.CommandContext(t.Context(), "kaikina", "export", "kinabase", "--collection", "orders", "--output", file)
		require.NoError(t, cmd.Start())
		<-held
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		assert.NoFileExists(t, file)
	}
	v.answer(nil)
	code, _, stderr := exportRecords(t.Context(), file)
	assert.Equal(t, exitConforms, code, stderr)
	assertAllRecords(t, file, v.count)
}

func TestAnExportThatIsNotWhole(t *testing.T) {
	v := newVendor(t, 10)
	v.answer(func(w http.ResponseWriter, _ *http.Request) bool {
		answerJSON(w, `{"records":[{"id":"a"}],"totalRecords":3}`)
		return true
	})
	file := filepath.Join(t.TempDir(), "orders.csv")
	code, stdout, stderr := exportRecords(t.Context(), file, "--json")
	assert.Equal(t, exitFindings, code)
	assert.Contains(t, stdout, `"rows": 1`)
	assert.Contains(t, stdout, `"incomplete": "1 came of the 3 that the server counts"`)
	assert.Contains(t, stderr, "kaikina: warning: records may be missing: 1 came of the 3 that the server counts\n")
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "id\r\na\r\n", string(content))
	assert.Equal(t, []string{"orders.csv"}, namesIn(t, filepath.Dir(file)))

	var out, errs bytes.Buffer
	assert.Equal(t, exitFindings, run(t.Context(), []string{"export", "kinabase", "--collection", "orders"}, &out, &errs))
	assert.Equal(t, "{\"id\":\"a\"}\n", out.String())
	assert.Contains(t, errs.String(), "records may be missing")
}

func TestAnExportWarns(t *testing.T) {
	v := newVendor(t, 10)
	v.answer(func(w http.ResponseWriter, _ *http.Request) bool {
		answerJSON(w, `{"records":[{"id":"a","data":{"notes":"=1+1"}},{"id":"b","data":{"notes":"bell \u0007"}}],"totalRecords":2}`)
		return true
	})
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"orders.csv", nil, "kaikina: warning: a spreadsheet program would compute the text of one cell (row 1, column data.notes) as a formula; if one is to open the file, use --for-spreadsheet or the format xlsx\n"},
		{"orders.csv", []string{"--for-spreadsheet"}, ""},
		{"orders.xlsx", nil, "kaikina: warning: one cell (row 2, column data.notes) had characters that no XLSX file can hold, and have U+FFFD in their place; the other formats keep them\n"},
		{"orders.parquet", nil, ""},
	} {
		t.Run(c.name+strings.Join(c.args, " "), func(t *testing.T) {
			code, _, stderr := exportRecords(t.Context(), filepath.Join(t.TempDir(), c.name), c.args...)
			assert.Equal(t, exitConforms, code)
			assert.Equal(t, c.want, stderr)
		})
	}
}

// What does not fit into one format is not read again for another.
func TestAnExportThatNeedsAnotherFormat(t *testing.T) {
	v := newVendor(t, 10)
	v.answer(func(w http.ResponseWriter, _ *http.Request) bool {
		answerJSON(w, `{"records":[{"id":"`+strings.Repeat("a", 40_000)+`"}],"totalRecords":1}`)
		return true
	})
	file := filepath.Join(t.TempDir(), "orders.xlsx")
	code, _, stderr := exportRecords(t.Context(), file)
	assert.Equal(t, exitError, code)
	assert.Contains(t, stderr, ".part holds all records as NDJSON; the same command, or one with another --format, makes the file without reading them again\n")
	assert.Contains(t, stderr, "use the format csv, parquet or ndjson\n")

	v.pages.Store(0)
	code, _, stderr = exportRecords(t.Context(), file, "--format", "csv")
	assert.Equal(t, exitConforms, code, stderr)
	assert.Zero(t, v.pages.Load())
	assert.Equal(t, []string{"orders.xlsx"}, namesIn(t, filepath.Dir(file)))
}

// The names of columns are words of the server.
func TestAWarningOfAnExportHasNoControlCharacters(t *testing.T) {
	v := newVendor(t, 10)
	v.answer(func(w http.ResponseWriter, _ *http.Request) bool {
		answerJSON(w, `{"records":[{"id":"a","\u001b[2Jx":"=1+1\u0007"}],"totalRecords":1}`)
		return true
	})
	for _, format := range []string{"csv", "xlsx"} {
		code, _, stderr := exportRecords(t.Context(), filepath.Join(t.TempDir(), "orders."+format))
		assert.Equal(t, exitConforms, code)
		assert.Contains(t, stderr, "\uFFFD[2Jx")
		assert.NotContains(t, stderr, "\x1b")
	}
}

func TestAFullDiskEndsAnExportToStandardOutput(t *testing.T) {
	for _, format := range table.Formats {
		t.Run(string(format), func(t *testing.T) {
			var stderr bytes.Buffer
			args := []string{"export", "kainexus", "--sandbox", "--items", "640", "--format", string(format)}
			assert.Equal(t, exitError, run(t.Context(), args, &full{room: 10}, &stderr))
			assert.Contains(t, stderr.String(), "no space left on device")
		})
	}
	t.Run("what was done", func(t *testing.T) {
		newVendor(t, 3)
		file := filepath.Join(t.TempDir(), "orders.csv")
		var stderr bytes.Buffer
		args := []string{"export", "kinabase", "--collection", "orders", "--output", file}
		assert.Equal(t, exitError, run(t.Context(), args, &full{}, &stderr))
		assert.Contains(t, stderr.String(), "orders.csv is complete; print what was done: no space left on device")
		assertAllRecords(t, file, 3)
	})
}

func TestRatesOfAnExport(t *testing.T) {
	for _, c := range []struct {
		name, product string
		base          string
		rate, want    int
	}{
		{"Kinabase", "kinabase", "https://app.kinabase.com/api/v1", -1, 100},
		{"Kinabase on this machine", "kinabase", "http://127.0.0.1:1/api/v1", -1, 0},
		{"KaiNexus", "kainexus", "https://api.kainexus.com", -1, 0},
		{"a rate", "kinabase", "https://app.kinabase.com/api/v1", 7, 7},
		{"a rate for KaiNexus", "kainexus", "https://api.kainexus.com", 7, 7},
		{"any rate", "kinabase", "https://app.kinabase.com/api/v1", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("KINABASE_BASE_URL", c.base)
			t.Setenv("KINABASE_APP_ID", testApp)
			t.Setenv("KINABASE_APP_SECRET", testSecret)
			t.Setenv("KAINEXUS_BASE_URL", c.base)
			t.Setenv("KAINEXUS_API_KEY", testSecret)
			a, err := openAccount(t.Context(), c.product, exportOptions{rate: c.rate}, io.Discard)
			require.NoError(t, err)
			assert.Equal(t, c.want, a.rate)
			request := a.request("items", "640", nil)
			assert.Equal(t, spool.Request{"product": c.product, "server": c.base, "items": "640"}, request)
		})
	}
}

func TestWaysOut(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&os.PathError{Op: "write", Path: "x.part", Err: syscall.ENOSPC}, "write x.part: no space left on device: make room and give the same command again"},
		{fmt.Errorf("write x.part: %w", syscall.EROFS), "write x.part: read-only file system: nothing can be written there: choose another place with --output"},
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EACCES}, "rename a b: permission denied: you may not write there: choose another place with --output"},
		{&os.PathError{Op: "open", Path: "x", Err: syscall.EIO}, "open x: input/output error"},
		{&transport.Error{API: "kinabase", Operation: "listRecords", Err: syscall.EACCES}, (&transport.Error{API: "kinabase", Operation: "listRecords", Err: syscall.EACCES}).Error()},
		{errors.New("x"), "x"},
	} {
		assert.EqualError(t, withWayOut(c.err), c.want)
	}
	assert.NoError(t, withWayOut(nil))
}

func TestProgressOfAnExport(t *testing.T) {
	var watched bytes.Buffer
	p := newRowProgress(&watched, "records")
	p.read(5)
	for range p.write(noRows(2), 2) {
	}
	p.clear()
	assert.Empty(t, watched.String(), "nobody watches")

	p.w = &watched
	p.read(5)
	p.read(6)
	p.clear()
	p.shown.last = time.Time{}
	for range p.write(noRows(2), 2) {
	}
	p.shown.last = time.Time{}
	for range p.watch(noRows(2)) {
	}
	assert.Equal(t, "\r\x1b[K5 records read\r\x1b[K\r\x1b[K1 of 2 records\r\x1b[K1 records", watched.String())
}

func TestItemsSinceAMoment(t *testing.T) {
	since := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for item, want := range map[string]bool{
		`{"lastUpdateDate":"2026-11-01T00:00:00.000+0000"}`: false,
		`{"lastUpdateDate":"2026-11-01T00:00:00.001+0000"}`: true,
		`{"lastUpdateDate":"2026-10-31T20:00:00.000-0500"}`: true,
		`{"lastUpdateDate":"2026-11-01T01:00:00.000+0200"}`: false,
		`{"lastUpdateDate":null}`:                           true,
		`{"lastUpdateDate":"yesterday"}`:                    true,
		`{"lastUpdateDate":5}`:                              true,
		`{}`:                                                true,
	} {
		assert.Equal(t, want, updatedAfter([]byte(item), since), item)
	}
}

func noRows(count int) func(func(json.RawMessage, error) bool) {
	return func(yield func(json.RawMessage, error) bool) {
		for range count {
			if !yield(nil, nil) {
				return
			}
		}
	}
}
