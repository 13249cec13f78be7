package table

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// xlsxWriter writes by excelize's stream writer, which keeps rows in memory up to 16 MiB and
// in a temporary file beyond, and packs that file when the sheet is complete. It would pack it
// into memory; the zip writer that it is given packs it straight into the file.
type xlsxWriter struct {
	file    *excelize.File
	sheet   *excelize.StreamWriter
	columns []*column
	cells   []any
	summary *Summary
}

func newXLSX(w io.Writer, l *layout, summary *Summary) (*xlsxWriter, error) {
	if l.rows+1 > excelize.TotalRows {
		return nil, fmt.Errorf("%d rows and a header are more than the %d rows of a sheet: use the format csv, parquet or ndjson", l.rows, excelize.TotalRows)
	}
	if len(l.columns) > excelize.MaxColumns {
		return nil, fmt.Errorf("%d columns are more than the %d of a sheet: use the format csv, parquet or ndjson", len(l.columns), excelize.MaxColumns)
	}
	x := &xlsxWriter{file: excelize.NewFile(), columns: l.columns, cells: make([]any, len(l.columns)), summary: summary}
	x.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(w) })
	return x, x.begin()
}

// begin writes the header, which stays in view when the sheet is scrolled.
func (x *xlsxWriter) begin() (err error) {
	if x.sheet, err = x.file.NewStreamWriter("Sheet1"); err != nil {
		return err
	}
	if err := x.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	header := make([]value, len(x.columns))
	for i, c := range x.columns {
		header[i] = value{text, c.name}
	}
	return x.row(0, header)
}

func (x *xlsxWriter) row(number int, cells []value) (err error) {
	for i, v := range cells {
		if x.cells[i], err = x.cell(number, x.columns[i].name, v); err != nil {
			return err
		}
	}
	return x.sheet.SetRow(fmt.Sprintf("A%d", number+1), x.cells)
}

// cell is a value as excelize takes it; nil is no cell.
func (x *xlsxWriter) cell(row int, column string, v value) (any, error) {
	switch v.kind {
	case boolean:
		return v.text == "true", nil
	case number:
		if f, ok := asSpreadsheet(v.text); ok {
			return f, nil
		}
	case text, document:
		// Below.
	default:
		return nil, nil
	}
	if length := utf16Length(v.text); length > excelize.TotalCellChars {
		return nil, fmt.Errorf("column %s: %d characters are more than the %d of a cell: use the format csv, parquet or ndjson", column, length, excelize.TotalCellChars)
	}
	replaced := strings.Map(inXML, v.text)
	if replaced != v.text {
		x.summary.Replaced.add(row, column)
	}
	return replaced, nil
}

func (x *xlsxWriter) finish() error {
	if err := x.sheet.Flush(); err != nil {
		return err
	}
	_, err := x.file.WriteTo(io.Discard) // the zip writer knows where to
	return err
}

func (x *xlsxWriter) discard() {
	// Removes the temporary file. There is nobody to tell if it is gone already.
	_ = x.file.Close()
}

// utf16Length counts characters as spreadsheet programs do.
func utf16Length(text string) int {
	length := utf8.RuneCountInString(text)
	for _, r := range text {
		if r > 0xFFFF {
			length++
		}
	}
	return length
}

// inXML replaces what XML 1.0 has no way to write.
func inXML(r rune) rune {
	switch {
	case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0xFFFE, r == 0xFFFF:
		return utf8.RuneError
	}
	return r
}
