package table

import (
	"bufio"
	"strings"
)

type csvWriter struct {
	w       *bufio.Writer
	columns []*column
	options Options
	summary *Summary
}

func newCSV(w *bufio.Writer, l *layout, o Options, summary *Summary) (*csvWriter, error) {
	c := &csvWriter{w: w, columns: l.columns, options: o, summary: summary}
	if o.ForSpreadsheets {
		_, _ = w.WriteString("\ufeff") // an error comes back from what is written next
	}
	header := make([]value, len(l.columns))
	for i, column := range l.columns {
		header[i] = value{text, column.name}
	}
	return c, c.row(0, header)
}

func (c *csvWriter) row(number int, cells []value) error {
	for i, cell := range cells {
		if i > 0 {
			_ = c.w.WriteByte(',')
		}
		if cell.kind == text && computes(cell.text) {
			if c.options.ForSpreadsheets {
				cell.text = "'" + cell.text
			} else {
				c.summary.Formulas.add(number, c.columns[i].name)
			}
		}
		_, _ = c.w.WriteString(field(cell, len(cells)))
	}
	_, err := c.w.WriteString("\r\n")
	return err
}

func (c *csvWriter) finish() error { return nil }
func (c *csvWriter) discard()      {}

// field is a value between two commas. A line that held nothing at all would be no row to
// most readers, so the only field of a line is never empty.
func field(v value, fields int) string {
	switch {
	case v.kind&^null == 0 && fields > 1:
		return ""
	case v.kind&^null == 0, v.text == "":
		return `""`
	case v.kind == text || v.kind == document:
		if v.text[0] == ' ' || v.text[len(v.text)-1] == ' ' || strings.ContainsAny(v.text, "\",\r\n") {
			return `"` + strings.ReplaceAll(v.text, `"`, `""`) + `"`
		}
	}
	return v.text
}

// computes tells whether a spreadsheet program that opens a CSV file takes text for a formula.
// Some see past a tab or a line break, and some take the wide signs of Chinese and Japanese
// for the others. A number with a sign is none.
func computes(text string) bool {
	rest := strings.TrimLeft(text, "\t\r\n")
	sign := strings.IndexFunc(rest, func(r rune) bool { return strings.ContainsRune("=+-@＝＋－＠", r) })
	if sign != 0 {
		return false
	}
	_, isNumber := parsePlain(strings.TrimLeft(rest, "+-"))
	return !isNumber
}

// parsePlain tells whether text is digits with a point among them at most.
func parsePlain(text string) (string, bool) {
	whole, fraction, point := strings.Cut(text, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return text, digits(whole) && (!point || digits(fraction))
}
