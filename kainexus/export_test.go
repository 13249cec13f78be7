package kainexus

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
)

func TestExport(t *testing.T) {
	client, _ := emulated(t, emulator.WithGeneratedItems(30, 1))
	for _, test := range []struct {
		name   string
		export func(io.Writer) (int64, error)
		rows   int // of the first sheet, with its header; 0 for any number
	}{
		{"items", func(w io.Writer) (int64, error) { return client.ExportItems(ctx(t), 700, w) }, 31},
		{"some items", func(w io.Writer) (int64, error) { return client.ExportItems(ctx(t), 700, w, nil, Rows(25, 10)) }, 6},
		{"item", func(w io.Writer) (int64, error) { return client.ExportItem(ctx(t), 1001, w) }, 2},
		{"charts", func(w io.Writer) (int64, error) { return client.ExportCharts(ctx(t), 655, w) }, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var workbook bytes.Buffer
			n, err := test.export(&workbook)
			require.NoError(t, err)
			assert.Equal(t, int64(workbook.Len()), n)
			book, err := excelize.OpenReader(&workbook)
			require.NoError(t, err)
			rows, err := book.GetRows(book.GetSheetName(0))
			require.NoError(t, err)
			require.NotEmpty(t, rows)
			if test.rows > 0 {
				assert.Len(t, rows, test.rows)
			}
		})
	}
}

// A workbook that cannot have the whole list is not made by accident.
func TestExportOfTooManyItems(t *testing.T) {
	client, _ := emulated(t, emulator.WithGeneratedItems(MaxPageSize+1, 1))
	var w bytes.Buffer
	_, err := client.ExportItems(ctx(t), 700, &w)
	var many *TooManyItemsError
	require.ErrorAs(t, err, &many)
	assert.Equal(t, int64(MaxPageSize+1), many.Total)
	assert.Zero(t, w.Len())
	_, err = client.ExportItems(ctx(t), 700, &w, Rows(MaxPageSize, 10))
	require.NoError(t, err)
	_, err = client.ExportItems(ctx(t), 1, io.Discard)
	require.ErrorContains(t, err, "kainexus: listItems: 403 Forbidden: ACCESS_DENIED")
}

// plain is a writer that cannot be rewound.
type plain struct{ bytes.Buffer }

// A workbook that is not whole is never passed off as one.
func TestExportFailures(t *testing.T) {
	for _, test := range []struct {
		fault string
		file  string // the error with a file, empty for none
		plain string // with a writer that cannot be rewound
	}{
		{"truncated@exportItems#1", "", "kainexus: exportItems: 200 OK: transport: the answer broke off: "},
		{"truncated-chunked@exportItems#1-3", "", "kainexus: exportItems: 200 OK: transport: the answer broke off: "},
		{"truncated@exportItems", "kainexus: exportItems: 200 OK: transport: the answer broke off: ", "kainexus: exportItems: 200 OK: transport: the answer broke off: "},
		{"reset@exportItems#1", "", ""},
		{"server-error@exportItems#1", "", ""},
		{"workbook-cut", "kainexus: exportItems: 200 OK: the workbook is cut off", "kainexus: exportItems: 200 OK: the workbook is cut off"},
		{"empty-body@exportItems", "kainexus: exportItems: 200 OK: the answer is no XLSX workbook", "kainexus: exportItems: 200 OK: the answer is no XLSX workbook"},
		{"status@exportItems:404", "kainexus: exportItems: 404 Not Found", "kainexus: exportItems: 404 Not Found"},
	} {
		t.Run(test.fault, func(t *testing.T) {
			client, _ := broken(t, []string{test.fault}, emulator.WithGeneratedItems(30, 1))
			file, err := os.Create(filepath.Join(t.TempDir(), "items.xlsx"))
			require.NoError(t, err)
			defer file.Close()
			_, err = file.WriteString("before")
			require.NoError(t, err)
			n, err := client.ExportItems(ctx(t), 700, file)
			got, readErr := os.ReadFile(file.Name())
			require.NoError(t, readErr)
			require.True(t, bytes.HasPrefix(got, []byte("before")))
			assert.Equal(t, int64(len(got)-len("before")), n)
			if test.file == "" {
				require.NoError(t, err)
				_, err := excelize.OpenReader(bytes.NewReader(got[len("before"):]))
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.file)
				assert.Equal(t, "before", string(got), "nothing is left of what broke off")
			}

			client, _ = broken(t, []string{test.fault}, emulator.WithGeneratedItems(30, 1))
			var w plain
			n, err = client.ExportItems(ctx(t), 700, &w)
			assert.Equal(t, int64(w.Len()), n)
			if test.plain == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.plain)
			}
		})
	}
}

func TestExportOfWhatIsNoWorkbook(t *testing.T) {
	whole := workbook(t, "x")
	for _, test := range []struct{ name, kind, body, want string }{
		{"refusal", "application/json", `{"success":false,"errorCode":"ACCESS_DENIED"}`, "kainexus: exportItems: 200 OK: ACCESS_DENIED"},
		{"JSON", "application/json", `{}`, `kainexus: exportItems: 200 OK: the answer is "application/json", not ` + workbookType},
		{"html", "text/html; charset=utf-8", `<html>`, `the answer is "text/html; charset=utf-8", not ` + workbookType},
		{"html in disguise", workbookType, `<html>`, "kainexus: exportItems: 200 OK: the answer is no XLSX workbook"},
		{"nothing", workbookType, ``, "the answer is no XLSX workbook"},
		{"one byte short", workbookType, string(whole[:len(whole)-1]), "the workbook is cut off"},
		{"first bytes lost", workbookType, string(whole[:4]) + string(whole[8:]), "the workbook is cut off"},
		{"whole", workbookType, string(whole), ""},
		{"another type", "application/octet-stream", string(whole), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				assert.Contains(t, r.Header.Get("Accept"), workbookType)
				w.Header().Set("Content-Type", test.kind)
				_, _ = io.WriteString(w, test.body)
			})
			var w bytes.Buffer
			_, err := client.ExportItems(ctx(t), 1, &w, Rows(0, 1))
			if test.want == "" {
				require.NoError(t, err)
				assert.Equal(t, whole, w.Bytes())
				return
			}
			require.ErrorContains(t, err, test.want)
			assert.NotContains(t, w.String(), "html")
		})
	}
}

// workbook is an archive with a file of some contents.
func workbook(t testing.TB, contents string) []byte {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	file, err := archive.Create("xl/workbook.xml")
	require.NoError(t, err)
	_, err = io.WriteString(file, contents)
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	return b.Bytes()
}

var errFull = errors.New("disk full")

// full takes a few bytes.
type full struct {
	*os.File
	left int
}

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return f.File.Write(p)
}

// What the caller's writer says is passed on, and the export is not tried again.
func TestExportToAFullDisk(t *testing.T) {
	client, _ := emulated(t, emulator.WithGeneratedItems(2000, 1))
	file, err := os.Create(filepath.Join(t.TempDir(), "items.xlsx"))
	require.NoError(t, err)
	defer file.Close()
	n, err := client.ExportItems(ctx(t), 700, &full{file, 40_000})
	require.ErrorIs(t, err, errFull)
	require.EqualError(t, err, "kainexus: exportItems: write the workbook: disk full")
	assert.Zero(t, n)
	info, err := file.Stat()
	require.NoError(t, err)
	assert.Zero(t, info.Size())
}

func TestCopyWorkbook(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		contents := strings.Repeat(rapid.StringN(0, 50, -1).Draw(rt, "contents"), rapid.IntRange(0, 10_000).Draw(rt, "times"))
		comment := strings.Repeat("c", rapid.IntRange(0, 65535).Draw(rt, "comment"))
		var b bytes.Buffer
		archive := zip.NewWriter(&b)
		file, err := archive.CreateHeader(&zip.FileHeader{Name: "x"}) // not compressed
		require.NoError(rt, err)
		_, err = io.WriteString(file, contents)
		require.NoError(rt, err)
		require.NoError(rt, archive.SetComment(comment))
		require.NoError(rt, archive.Close())
		var got bytes.Buffer
		require.NoError(rt, copyWorkbook(&got, bytes.NewReader(b.Bytes())))
		require.Equal(rt, b.Bytes(), got.Bytes())
		cut := rapid.IntRange(0, b.Len()-1).Draw(rt, "cut")
		require.Error(rt, copyWorkbook(io.Discard, bytes.NewReader(b.Bytes()[:cut])))
	})
}

func FuzzIsEnd(f *testing.F) {
	f.Add([]byte("PK\x05\x06"+strings.Repeat("\x00", 18)), int64(22))
	f.Add(workbook(f, "x"), int64(0))
	f.Fuzz(func(t *testing.T, last []byte, size int64) {
		if isEnd(last, size) {
			require.GreaterOrEqual(t, len(last), endSize)
			require.Contains(t, string(last), string(zipEnd))
		}
	})
}

func TestTail(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var all []byte
		end := &tail{}
		for i, n := range rapid.SliceOfN(rapid.IntRange(0, 2*tailSize), 0, 8).Draw(rt, "pieces") {
			piece := bytes.Repeat([]byte(strconv.Itoa(i)), n)
			all = append(all, piece...)
			_, _ = end.Write(piece)
			require.LessOrEqual(rt, len(end.kept), 4*tailSize)
		}
		require.Equal(rt, string(all[max(0, len(all)-tailSize):]), string(end.last()))
	})
}

// Taking back what was written must not take what was there before.
func TestExportLeavesWhatAFileHeld(t *testing.T) {
	for name, flags := range map[string]int{"appended to": os.O_WRONLY | os.O_APPEND, "written over": os.O_RDWR} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "report")
			before := strings.Repeat("precious ", 100)
			require.NoError(t, os.WriteFile(path, []byte(before), 0o600))
			file, err := os.OpenFile(path, flags, 0)
			require.NoError(t, err)
			defer file.Close()
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", workbookType)
				_, _ = w.Write([]byte("PK\x03\x04 cut off"))
			})
			_, err = client.ExportItem(ctx(t), 1, file)
			require.ErrorIs(t, err, errCutWorkbook)
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			held := before
			if flags&os.O_APPEND == 0 {
				held = "PK\x03\x04 cut off" + before[len("PK\x03\x04 cut off"):] // where it stood
			}
			assert.True(t, strings.HasPrefix(string(after), held))
		})
	}
}
