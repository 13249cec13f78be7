package kainexus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/transport"
)

// ImportEntry is one warning or error of an import: its sheet, row and column, the value there
// and the one expected, and the key of a message. Whether rows and columns count from 0 or 1
// is not documented. Failure says that it undid the import.
type ImportEntry = kainexusapi.ChartImportEntry

// ImportReport is what the server had to say about a workbook that was imported.
type ImportReport struct {
	Entries []ImportEntry // warnings, and failures if the import was undone
}

// ImportError says that an import was undone, all of it, since at least one entry of its
// report is a failure.
type ImportError struct {
	Entries  []ImportEntry // all of the report
	Failures int           // how many of them are failures
}

// Error gives the place of the first failure. It leaves out what stands there.
func (e *ImportError) Error() string {
	text := fmt.Sprintf("kainexus: importCharts: the import was undone, for %d of %d entries in its report are failures", e.Failures, len(e.Entries))
	for _, entry := range e.Entries {
		if isTrue(entry.Failure) && entry.Row != nil && entry.Col != nil {
			return fmt.Sprintf("%s, the first in row %d, column %d", text, *entry.Row, *entry.Col)
		}
	}
	return text
}

// ImportOption changes how [Client.ImportCharts] sends a workbook.
type ImportOption func(*importSettings)

type importSettings struct{ post bool }

// ByPost sends the workbook with POST (importChartsByPost). The vendor's text says PUT, its own
// sample POST, and POST has been seen to work; try it where PUT is refused.
func ByPost() ImportOption { return func(s *importSettings) { s.post = true } }

// ImportCharts updates many charts from an XLSX workbook, whose layout is not documented: start
// from one of [Client.ExportCharts] (importCharts). The name is that of the file, and ends in
// .xlsx. The vendor recommends [Client.PutCharts] instead.
//
// The import is carried out as a whole or not at all. If any entry of the report is a failure,
// it was undone, and the error is an [*ImportError]; without an error the entries are warnings.
//
// The workbook is sent as it is read. Only one that is an [io.ReadSeeker] is sent again after a
// failure, by the client's policy for retries, which does no harm: it sets what it sets. It is
// read from where it stands to its end, and must not be used by anyone else meanwhile.
func (c *Client) ImportCharts(ctx context.Context, name string, workbook io.Reader, opts ...ImportOption) (ImportReport, error) {
	var set importSettings
	for _, opt := range opts {
		if opt != nil {
			opt(&set)
		}
	}
	operation, send := "importCharts", c.api.ImportChartsWithBody
	if set.post {
		operation, send = "importChartsByPost", c.api.ImportChartsByPostWithBody
	}
	form, err := newForm(name, workbook)
	if err != nil {
		return ImportReport{}, fmt.Errorf("kainexus: %s: %w", operation, err)
	}
	if form.seeker != nil {
		ctx = transport.Idempotent(ctx)
		defer form.seeker.end() // an early answer leaves somebody reading
	}
	response, err := send(ctx, form.contentType, form.body(), form.edit)
	return c.report(operation, response, err)
}

// report reads the answer to an import. That its list stands by itself is inferred; one that is
// the only list in an object is taken too.
func (c *Client) report(operation string, response *http.Response, err error) (ImportReport, error) {
	var answer jsontext.Value
	if err := c.answers.JSON(operation, response, err, &answer); err != nil {
		return ImportReport{}, err
	}
	var report ImportReport
	if err := readReport(answer, &report.Entries, c.answers.Options); err != nil {
		return ImportReport{}, c.answers.Failed(operation, response, err)
	}
	failures := 0
	for _, entry := range report.Entries {
		if isTrue(entry.Failure) {
			failures++
		}
	}
	if failures > 0 {
		return report, &ImportError{Entries: report.Entries, Failures: failures}
	}
	return report, nil
}

func readReport(answer jsontext.Value, into *[]ImportEntry, options json.Options) error {
	if answer.Kind() != '{' {
		return noNull(answer, into, options)
	}
	var members map[string]jsontext.Value
	if err := jsonstream.Unmarshal(answer, &members, options); err != nil {
		return err
	}
	var lists []jsontext.Value
	for _, member := range members {
		if member.Kind() == '[' {
			lists = append(lists, member)
		}
	}
	if len(lists) != 1 {
		return &jsonstream.ShapeError{Reason: fmt.Sprintf("has %d lists where a report has one", len(lists))}
	}
	return noNull(lists[0], into, options)
}

func noNull(list jsontext.Value, into *[]ImportEntry, options json.Options) error {
	if list.Kind() == 'n' {
		return &jsonstream.ShapeError{Reason: "is null where a report should be"}
	}
	return jsonstream.Unmarshal(list, into, options)
}

// form is a multipart/form-data body of one part, a workbook that is not held in memory.
type form struct {
	contentType  string
	before       []byte
	after        []byte
	workbook     io.Reader
	seeker       *turns // set if the workbook can be read again
	workbookSize int64  // -1 if it is not known
}

func newForm(name string, workbook io.Reader) (*form, error) {
	if !strings.HasSuffix(strings.ToLower(name), ".xlsx") || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '/' || r == '\\' }) {
		return nil, fmt.Errorf("%q is no name for a workbook; it must end in .xlsx, and have no path", name)
	}
	if workbook == nil {
		return nil, errors.New("the workbook is nil")
	}
	f := &form{workbook: workbook, workbookSize: -1}
	if err := f.measure(); err != nil {
		return nil, fmt.Errorf("read the workbook: %w", err)
	}
	if err := f.look(); err != nil {
		return nil, fmt.Errorf("read the workbook: %w", err)
	}
	var text bytes.Buffer
	writer := multipart.NewWriter(&text)
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", name))
	header.Set("Content-Type", workbookType)
	if _, err := writer.CreatePart(header); err != nil {
		return nil, err
	}
	f.before = bytes.Clone(text.Bytes())
	text.Reset()
	if err := writer.Close(); err != nil {
		return nil, err
	}
	f.after, f.contentType = text.Bytes(), writer.FormDataContentType()
	return f, nil
}

// measure finds out whether the workbook can be read again, and how large it is.
func (f *form) measure() error {
	seeker, ok := f.workbook.(io.ReadSeeker)
	if !ok {
		return nil
	}
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil // a pipe, which is an *os.File too
	}
	end, err := seeker.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	f.seeker, f.workbookSize = &turns{from: seeker, start: start}, end-start
	_, err = seeker.Seek(start, io.SeekStart)
	return err
}

// look refuses what is no workbook before anything is sent.
func (f *form) look() error {
	head := make([]byte, len(zipHead))
	n, err := io.ReadFull(f.workbook, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	if !bytes.Equal(head[:n], zipHead) {
		return errors.New("it is no XLSX file")
	}
	if f.seeker != nil {
		_, err := f.seeker.from.Seek(f.seeker.start, io.SeekStart)
		return err
	}
	f.workbook = io.MultiReader(bytes.NewReader(head), f.workbook)
	return nil
}

func (f *form) body() io.Reader {
	workbook := f.workbook
	if f.seeker != nil {
		workbook = f.seeker.next()
	}
	return io.MultiReader(bytes.NewReader(f.before), workbook, bytes.NewReader(f.after))
}

// edit tells net/http what it cannot see: how long the body is, and how to get it again.
func (f *form) edit(_ context.Context, r *http.Request) error {
	if f.seeker == nil {
		return nil
	}
	r.ContentLength = int64(len(f.before)) + f.workbookSize + int64(len(f.after))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(f.body()), nil }
	return nil
}
