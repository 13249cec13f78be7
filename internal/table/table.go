// Package table writes JSON objects into files that other programs open: NDJSON, CSV, XLSX
// and Parquet.
//
// The call you want is [Write]. NDJSON keeps every object as it came. The other formats have
// rows and columns, which JSON has not, so [Write] lays them out:
//
//   - An object inside an object becomes columns of its own, whose names are joined by dots:
//     {"data":{"total":5}} fills the column data.total. A dot or a backslash that is part of a
//     name gets a backslash before it, so that no two members share a column.
//   - An array is kept as JSON text, and so is an object without members.
//   - Columns stand in the order in which they are first seen; id comes first.
//   - A column that only ever holds null is left out where the same member is an object
//     elsewhere, and has columns of its own there.
//   - A list of nothing has the column id and no rows.
//   - A member that is null and one that is absent are the same to these formats.
//   - Dates stay the text that the vendor sent. There is no telling a date from a text that
//     looks like one, and the vendors' forms of dates differ.
//
// No number loses a digit. What a format would round, it gets as text.
//
// The objects are read twice, once for the columns and once for the rows, because only then
// does the memory that it takes depend on the number of columns alone.
package table

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
)

// Options change what [Write] writes. The zero Options keep every value as it is.
type Options struct {
	// ForSpreadsheets is for CSV that is opened in a spreadsheet program: a byte order mark
	// says that it is UTF-8, and text that the program would compute as a formula gets an
	// apostrophe before it. That changes the text, and is not undone by programs that read
	// CSV, so it is off unless asked for.
	ForSpreadsheets bool
}

// Summary says what was written, and what to know about it.
type Summary struct {
	Rows    int // objects
	Columns int // 0 for NDJSON
	// Formulas are the cells of a CSV file whose text a spreadsheet program would compute.
	// There are none with ForSpreadsheets, and none in other formats, where text is text.
	Formulas Cells
	// Replaced are the cells of an XLSX file with characters that its XML cannot hold, such
	// as U+0001: the replacement character U+FFFD stands there.
	Replaced Cells
}

// Cells are some cells of a table.
type Cells struct {
	Count  int
	Row    int    // of the first, counted from 1 without the header; 0 for the header
	Column string // of the first
}

func (c *Cells) add(row int, column string) {
	if c.Count++; c.Count == 1 {
		c.Row, c.Column = row, column
	}
}

// Write writes objects in a format. It ranges over rows once for NDJSON and twice for the
// other formats, and must get the same objects both times. Errors name the row, counted from
// 1, and the column, but no value, which may be somebody's data.
func Write(ctx context.Context, w io.Writer, format Format, rows iter.Seq2[json.RawMessage, error], o Options) (Summary, error) {
	buffered := bufio.NewWriterSize(w, 64<<10)
	summary, err := write(ctx, buffered, format, rows, o)
	// Lines are of use without those that were to follow; half a table is not.
	if err == nil || format == NDJSON {
		if flushErr := buffered.Flush(); err == nil {
			err = flushErr
		}
	}
	return summary, err
}

func write(ctx context.Context, w *bufio.Writer, format Format, rows iter.Seq2[json.RawMessage, error], o Options) (Summary, error) {
	if format == NDJSON {
		return writeLines(ctx, w, rows)
	}
	layout, err := layOut(ctx, rows)
	if err != nil {
		return Summary{}, err
	}
	summary := Summary{Rows: layout.rows, Columns: len(layout.columns)}
	var table writer
	switch format {
	case CSV:
		table, err = newCSV(w, layout, o, &summary)
	case XLSX:
		table, err = newXLSX(w, layout, &summary)
	case Parquet:
		table = newParquet(w, layout)
	default:
		err = fmt.Errorf("there is no format %q", format)
	}
	if err != nil {
		return summary, err
	}
	defer table.discard()
	for number, raw := range numbered(ctx, rows, &err) {
		cells, rowErr := layout.cells(raw)
		if rowErr == nil {
			rowErr = table.row(number, cells)
		}
		if rowErr != nil {
			return summary, fmt.Errorf("row %d: %w", number, rowErr)
		}
	}
	if err != nil {
		return summary, err
	}
	return summary, table.finish()
}

// writer writes the rows of one format.
type writer interface {
	// row gets a value for each column of the layout. They are its own only until it returns.
	row(number int, cells []value) error
	finish() error
	// discard frees what the writer holds, whether or not it came to its end.
	discard()
}

// numbered counts rows from 1. It ends at the first error, or when ctx does, and leaves the
// reason in err.
func numbered(ctx context.Context, rows iter.Seq2[json.RawMessage, error], err *error) iter.Seq2[int, json.RawMessage] {
	return func(yield func(int, json.RawMessage) bool) {
		number := 0
		for raw, rowErr := range rows {
			if number++; rowErr == nil {
				rowErr = ctx.Err()
			}
			if rowErr != nil {
				*err = rowErr
				return
			}
			if !yield(number, raw) {
				return
			}
		}
	}
}
