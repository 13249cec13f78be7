package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
)

// exportOptions are the flags that every export has.
type exportOptions struct {
	// output is the file; empty or - stands for standard output.
	output, format  string
	since           string
	restart         bool
	forSpreadsheets bool
	sandbox         bool
	asJSON          bool
	// rate is how many calls are made a minute; 0 for as many as the server takes, and below
	// 0 for what the product takes.
	rate int
}

func newExport(stdout, stderr io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "export kainexus|kinabase",
		Short: "Write items, charts, people or records into a file",
		Long: `Writes a list of KaiNexus or a collection of Kinabase into a file: NDJSON, CSV, XLSX or
Parquet. Nothing is changed on the server. The file appears, or is replaced, when it is
complete and not before.

An export that is interrupted, by Ctrl-C, a kill or the network, goes on where it stood
when the same command is given again. Until then FILE.part holds what came, as NDJSON,
and FILE.part.json what was asked for. --restart begins anew. What was read before is not
read again, so an object that was changed or deleted in between is as it was then. An
export to standard output cannot go on.

  ndjson   every object as it came, one a line
  csv      RFC 4180, UTF-8, with every value as it came; see --for-spreadsheet
  xlsx     one sheet, where numbers of more than 15 digits are text
  parquet  columns of type boolean, int64, double or string, as the values have it

In the last three, objects inside an object have columns of their own, such as data.total,
arrays are JSON text, and dates the text that the vendor sent. Null and absent are the same.
A number that a double would round is text in parquet, and so is all of its column.

Exit codes: 0 done, 1 done but the server counts more than it sent, 2 wrong usage or an
error, 130 interrupted.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newExportKaiNexus(stdout, stderr), newExportKinabase(stdout, stderr))
	return cmd
}

// register adds the flags that every export has.
func (o *exportOptions) register(cmd *cobra.Command, since string) {
	f := cmd.Flags()
	f.StringVarP(&o.output, "output", "o", "", "`file` to write (default: standard output)")
	f.StringVar(&o.format, "format", "", "`format`: ndjson, csv, xlsx or parquet (default: what the file's name ends with, or ndjson)")
	f.StringVar(&o.since, "since", "", since)
	f.BoolVar(&o.restart, "restart", false, "discard what an interrupted export to the file left, and begin anew")
	f.BoolVar(&o.forSpreadsheets, "for-spreadsheet", false, "CSV only: begin with a byte order mark, and put an apostrophe before text that a spreadsheet program would compute as a formula")
	f.BoolVar(&o.sandbox, "sandbox", false, "read from the sandbox that comes along, which needs no account")
	f.IntVar(&o.rate, "rate", -1, "make at most this `number` of calls a minute; 0 for any number, and -1 for 100 to Kinabase on another machine, else any number")
	f.BoolVar(&o.asJSON, "json", false, "print what was done as JSON")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if o.rate < -1 {
			return fmt.Errorf("--rate %d: want 0 or more, or -1 for what fits the product", o.rate)
		}
		return nil
	}
}

// moment reads --since: a time, or a date, which begins at midnight UTC.
func moment(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			at = at.UTC()
			return &at, nil
		}
	}
	return nil, fmt.Errorf("--since %s: want a date as in 2026-11-01, or a time as in 2026-11-01T09:30:00Z", text)
}
