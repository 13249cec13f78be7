package table

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Format is a kind of file.
type Format string

// The formats.
const (
	// NDJSON has an object a line, as it came; only white space between its parts goes.
	NDJSON Format = "ndjson"
	// CSV is RFC 4180 in UTF-8: a header, commas, and lines that end with CR and LF. Null and
	// absent are empty, and the empty text is "". Numbers and JSON stand there as they came.
	CSV Format = "csv"
	// XLSX is a workbook with one sheet. Numbers of up to 15 digits, which is what a
	// spreadsheet program keeps, are numbers; longer ones are text. Null and absent are no
	// cell. A sheet has room for 1,048,576 rows with the header and 16,384 columns, and a
	// cell for 32,767 characters; what has no room is an error.
	XLSX Format = "xlsx"
	// Parquet has a column of type boolean, int64, double or string each, which may be null.
	// What does not agree on a type is a string, and so is a column with a number that a
	// double would round, or in which numbers and text mix.
	Parquet Format = "parquet"
)

// Formats are all formats.
var Formats = []Format{NDJSON, CSV, XLSX, Parquet}

// Binary tells whether a format is nothing for a terminal.
func (f Format) Binary() bool { return f == XLSX || f == Parquet }

// ParseFormat finds a format by its name.
func ParseFormat(name string) (Format, error) {
	for _, f := range Formats {
		if name == string(f) {
			return f, nil
		}
	}
	return "", fmt.Errorf("there is no format %q; there are ndjson, csv, xlsx and parquet", name)
}

// extensions of files, and the formats that they stand for.
var extensions = map[string]Format{".ndjson": NDJSON, ".jsonl": NDJSON, ".csv": CSV, ".xlsx": XLSX, ".parquet": Parquet}

// FormatOf tells a format by the extension of a file.
func FormatOf(file string) (Format, error) {
	extension := strings.ToLower(filepath.Ext(file))
	if f, ok := extensions[extension]; ok {
		return f, nil
	}
	return "", fmt.Errorf("the name ends with none of .ndjson, .jsonl, .csv, .xlsx and .parquet")
}
