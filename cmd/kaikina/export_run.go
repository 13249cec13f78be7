package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/kaikina/kaikina/contract/report"
	"github.com/kaikina/kaikina/internal/paging"
	"github.com/kaikina/kaikina/internal/spool"
	"github.com/kaikina/kaikina/internal/table"
)

// exportSource is a list that is to be exported.
type exportSource struct {
	account *account
	what    string // its elements: "records", "items" or "people"
	request spool.Request
	list    spool.List
}

// exporting is one run of the command.
type exporting struct {
	*exportSource
	options        exportOptions
	to             destination
	stdout, stderr io.Writer
	progress       *rowProgress
}

func runExport(ctx context.Context, o exportOptions, stdout, stderr io.Writer, open func(context.Context) (*exportSource, error)) (err error) {
	to, err := o.destination(stdout)
	if err != nil {
		return err
	}
	source, err := open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.account.close()) }()
	e := &exporting{exportSource: source, options: o, to: to, stdout: stdout, stderr: stderr, progress: newRowProgress(stderr, source.what)}
	defer e.progress.clear()
	if to.file == "" {
		return e.toStdout(ctx)
	}
	return withWayOut(e.toFile(ctx))
}

// toFile reads the list into the spool, as far as it is not there, and makes the file of it.
func (e *exporting) toFile(ctx context.Context) error {
	s, err := spool.Open(e.to.file, e.request, e.options.restart)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // what it holds is on disk, or why it is not was told
	if begun, ok := s.Resumed(); ok {
		fmt.Fprintf(e.stderr, "kaikina: going on with the export that began at %s: %s holds %s; --restart begins anew\n", begun.Format("2006-01-02 15:04:05 MST"), s.Path(), e.counted(s.Rows()))
	}
	if err := e.fill(ctx, s); err != nil {
		e.progress.clear()
		if s.Saved() > 0 {
			fmt.Fprintf(e.stderr, "kaikina: %s holds %s; the same command goes on from there\n", s.Path(), e.counted(s.Saved()))
		}
		return errors.Join(err, s.Leave())
	}
	rows, note := s.Rows(), s.Note()
	summary := table.Summary{Rows: rows}
	if e.to.format == table.NDJSON {
		err = s.Publish(e.to.file)
	} else {
		err = spool.Replace(e.to.file, func(w io.Writer) (err error) {
			summary, err = e.write(ctx, w, s)
			return err
		})
		if err == nil {
			err = s.Remove()
		}
	}
	e.progress.clear()
	if err != nil {
		fmt.Fprintf(e.stderr, "kaikina: %s holds all %s as NDJSON; the same command, or one with another --format, makes the file without reading them again\n", s.Path(), e.what)
		return err
	}
	return e.report(summary, note)
}

// toStdout needs all of the list before it can write a table, but not for NDJSON.
func (e *exporting) toStdout(ctx context.Context) error {
	if e.to.format == table.NDJSON {
		summary, err := table.Write(ctx, e.stdout, e.to.format, e.progress.watch(spool.Distinct(ctx, e.list)), table.Options{})
		note, err := noteOf(err)
		e.progress.clear()
		if err != nil {
			return err
		}
		return e.report(summary, note)
	}
	// A reader that goes away ends a process, unless it listens. It has a folder to remove.
	gone := make(chan os.Signal, 1)
	signal.Notify(gone, syscall.SIGPIPE)
	defer signal.Stop(gone)
	folder, err := os.MkdirTemp("", "kaikina-export-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }() // what was to be written was, or not, and that was told
	s, err := spool.Open(filepath.Join(folder, "export"), e.request, false)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	if err := e.fill(ctx, s); err != nil {
		return withWayOut(err)
	}
	summary, err := e.write(ctx, e.stdout, s)
	e.progress.clear()
	if err != nil {
		return err
	}
	return e.report(summary, s.Note())
}

// fill reads the list to its end, even if that end is not where the server says.
func (e *exporting) fill(ctx context.Context, s *spool.Spool) error {
	e.list.Progress = e.progress.read
	note, err := noteOf(s.Fill(ctx, e.list))
	if err == nil && note != "" {
		return s.Finish(note)
	}
	return err
}

// noteOf takes for a note what is no reason to throw away what came.
func noteOf(err error) (string, error) {
	if incomplete, ok := errors.AsType[*paging.IncompleteError](err); ok {
		return incomplete.Error(), nil
	}
	return "", err
}

func (e *exporting) write(ctx context.Context, w io.Writer, s *spool.Spool) (table.Summary, error) {
	return table.Write(ctx, w, e.to.format, e.progress.write(s.All(), s.Rows()), table.Options{ForSpreadsheets: e.options.forSpreadsheets})
}

// report tells what was done, and what to know about it. Standard output is for that, unless
// the objects are there.
func (e *exporting) report(summary table.Summary, note string) error {
	if f := summary.Formulas; f.Count > 0 {
		fmt.Fprintf(e.stderr, "kaikina: warning: a spreadsheet program would compute the text of %s as a formula; if one is to open the file, use --for-spreadsheet or the format xlsx\n", cellsText(f))
	}
	if r := summary.Replaced; r.Count > 0 {
		fmt.Fprintf(e.stderr, "kaikina: warning: %s had characters that no XLSX file can hold, and have U+FFFD in their place; the other formats keep them\n", cellsText(r))
	}
	if e.to.file != "" {
		if err := e.summarize(summary, note); err != nil {
			return fmt.Errorf("%s is complete; print what was done: %w", e.to.file, err)
		}
	}
	if note != "" {
		fmt.Fprintf(e.stderr, "kaikina: warning: %s may be missing: %s\n", e.what, note)
		return errFindings
	}
	return nil
}

func (e *exporting) summarize(summary table.Summary, note string) error {
	if e.options.asJSON {
		return writeJSON(e.stdout, struct {
			Output   string        `json:"output"`
			Format   table.Format  `json:"format"`
			Request  spool.Request `json:"request"`
			Rows     int           `json:"rows"`
			Columns  int           `json:"columns,omitempty"`
			Formulas int           `json:"formulas,omitempty"`
			Replaced int           `json:"replaced,omitempty"`
			Missing  string        `json:"incomplete,omitempty"`
		}{e.to.file, e.to.format, e.request, summary.Rows, summary.Columns, summary.Formulas.Count, summary.Replaced.Count, note})
	}
	text := fmt.Sprintf("%s in %s", e.counted(summary.Rows), e.to.file)
	switch summary.Columns {
	case 0: // the format has none
	case 1:
		text += ", 1 column"
	default:
		text += fmt.Sprintf(", %d columns", summary.Columns)
	}
	_, err := fmt.Fprintln(e.stdout, text)
	return err
}

func (e *exporting) counted(rows int) string {
	if rows == 1 {
		return "1 " + map[string]string{"records": "record", "items": "item", "people": "person"}[e.what]
	}
	return fmt.Sprintf("%d %s", rows, e.what)
}

func cellsText(c table.Cells) string {
	column := report.Plain(c.Column) // the name of a member that the server sent
	place := fmt.Sprintf("row %d, column %s", c.Row, column)
	if c.Row == 0 {
		place = "the header " + column
	}
	if c.Count == 1 {
		return "one cell (" + place + ")"
	}
	return fmt.Sprintf("%d cells (the first: %s)", c.Count, place)
}
