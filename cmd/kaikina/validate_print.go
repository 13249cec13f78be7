package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/kaikina/kaikina/contract/report"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/position"
)

// findingsReport is what "validate" says about a body. Its fields are what --json prints.
type findingsReport struct {
	Body    string `json:"body"`
	Against string `json:"against"`
	// Conforms is false when there is any finding.
	Conforms bool `json:"conforms"`
	// Complete says that all of the body was validated: that it was not given up at --max-findings
	// or another limit, and does not stop being JSON before its end.
	Complete bool  `json:"complete"`
	Bytes    int64 `json:"bytes"`
	// Totals count all findings and remarks. The lists have them as they were made, but no more
	// remarks than --max-findings says.
	Totals   validateTotals   `json:"totals"`
	Findings []printedFinding `json:"findings"`
	Remarks  []printedFinding `json:"remarks,omitempty"`

	options validateOptions
	body    *position.Reader
	// broken says that validation ended before the body did.
	broken bool
}

type validateTotals struct {
	Findings int `json:"findings"`
	Remarks  int `json:"remarks"`
}

// printedFinding is a finding as --json prints it.
type printedFinding struct {
	Class   string `json:"class"`
	Pointer string `json:"pointer"`
	Keyword string `json:"keyword"`
	Message string `json:"message"`
	// Line and Column are missing when the place is too far back to be told.
	Line   int64 `json:"line,omitempty"`
	Column int64 `json:"column,omitempty"`
	Offset int64 `json:"offset"`
	// Schema is the JSON pointer of the keyword in the description, Declared its file:line.
	Schema   string `json:"schema,omitempty"`
	Declared string `json:"declared,omitempty"`
	Value    string `json:"value,omitempty"`
}

func newFindingsReport(d *declared, name string, o validateOptions, body *position.Reader) *findingsReport {
	return &findingsReport{Body: name, Against: d.what, Findings: []printedFinding{}, options: o, body: body}
}

// full tells whether there are as many findings as are wanted.
func (r *findingsReport) full() bool {
	return r.options.maxFindings > 0 && r.Totals.Findings >= r.options.maxFindings
}

// add counts a finding, and prints it unless all are printed at the end.
func (r *findingsReport) add(w io.Writer, f schema.Finding, place position.Place, known bool) error {
	remark := f.Class == schema.Inexact
	r.broken = r.broken || f.Class == schema.Unchecked || f.Class == schema.Malformed && f.Keyword == "json"
	if remark {
		if r.Totals.Remarks++; r.options.maxFindings > 0 && r.Totals.Remarks > r.options.maxFindings {
			return nil
		}
	} else {
		r.Totals.Findings++
	}
	p := printedFinding{
		Class:   f.Class.String(),
		Pointer: f.Pointer,
		Keyword: f.Keyword,
		Message: f.Message,
		Offset:  f.Offset,
		Schema:  f.Schema,
		Value:   f.Value,
	}
	if known {
		p.Line, p.Column = place.Line, place.Column
	}
	if f.Line > 0 {
		p.Declared = fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	switch {
	case r.options.asJSON && remark:
		r.Remarks = append(r.Remarks, p)
		return nil
	case r.options.asJSON:
		r.Findings = append(r.Findings, p)
		return nil
	}
	text := f.String()
	if strings.HasPrefix(f.Message, "the body ") && f.Pointer == "" {
		text = fmt.Sprintf("%s (%s)", f.Message, f.Keyword) // which names the place already
	}
	return p.print(w, r.Body, text, remark)
}

// print writes a finding as compilers do, so that editors find the place.
func (p printedFinding) print(w io.Writer, body, text string, remark bool) error {
	place := fmt.Sprintf("%s:%d:%d", body, p.Line, p.Column)
	if p.Line == 0 {
		place = fmt.Sprintf("%s: byte %d", body, p.Offset)
	}
	if remark {
		text = "remark: " + text
	}
	lines := []string{report.Plain(place + ": " + text)}
	var details []string
	if p.Line > 0 {
		details = append(details, fmt.Sprintf("byte %d", p.Offset))
	}
	switch {
	case p.Declared != "":
		details = append(details, "declared at "+p.Declared)
	case p.Schema != "":
		details = append(details, "declared at "+p.Schema)
	}
	if len(details) > 0 {
		lines = append(lines, "  "+report.Plain(strings.Join(details, ", ")))
	}
	if p.Value != "" {
		lines = append(lines, "  value: "+report.Plain(cut(p.Value)))
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// longestValue is how many bytes of a value are printed for people to read.
const longestValue = 200

func cut(value string) string {
	if len(value) <= longestValue {
		return value
	}
	return strings.ToValidUTF8(value[:longestValue], "") + "..."
}

// end says what came out.
func (r *findingsReport) end(w io.Writer) error {
	r.Conforms, r.Complete, r.Bytes = r.Totals.Findings == 0, !r.full() && !r.broken, r.body.Offset()
	if r.options.asJSON {
		return writeJSON(w, r)
	}
	remarks := ""
	if r.Totals.Remarks > 0 {
		remarks = fmt.Sprintf(", with %s", counted(r.Totals.Remarks, "remark"))
		if most := r.options.maxFindings; most > 0 && r.Totals.Remarks > most {
			remarks += fmt.Sprintf(", of which %d are printed", most)
		}
	}
	found, bytes := counted(r.Totals.Findings, "finding"), counted(int(r.Bytes), "byte")
	text := fmt.Sprintf("%s: %s in %s against %s%s", r.Body, found, bytes, r.Against, remarks)
	switch {
	case r.Conforms:
		text = fmt.Sprintf("%s: %s conform to %s%s", r.Body, bytes, r.Against, remarks)
	case r.full():
		text = fmt.Sprintf("%s: %s against %s%s; not read to its end, since --max-findings is %d", r.Body, found, r.Against, remarks, r.options.maxFindings)
	}
	_, err := fmt.Fprintln(w, report.Plain(text))
	return err
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
