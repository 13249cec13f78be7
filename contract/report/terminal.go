// Package report writes what a verification saw: [Terminal] for people, [JSON] for
// programs. Neither shows a value that a server answered, unless the run was asked to
// keep them.
package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/kaikina/kaikina/contract"
)

// Terminal writes a table of the operations for each report, then the findings, then
// the totals. Colour is for terminals only: a file or a pipe wants none.
func Terminal(w io.Writer, reports []*contract.Report, color bool) error {
	p := printer{w: w, color: color}
	for _, r := range reports {
		p.operations(r)
	}
	for _, r := range reports {
		for _, f := range r.Findings {
			p.finding(r.API, f)
		}
	}
	p.totals(reports)
	return p.err
}

// printer keeps the first error, so that a full disk is noticed at the end.
type printer struct {
	w     io.Writer
	color bool
	err   error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) paint(color text.Color, s string) string {
	if !p.color {
		return s
	}
	return color.EscapeSeq() + s + text.Reset.EscapeSeq()
}

var verdictColors = map[contract.Verdict]text.Color{
	contract.Conforms:       text.FgGreen,
	contract.Violates:       text.FgRed,
	contract.Undeclared:     text.FgYellow,
	contract.NeverEvidenced: text.FgYellow,
}

func (p *printer) operations(r *contract.Report) {
	where := "read-only"
	switch {
	case r.Writable:
		where = "on this machine, so it is written to as well"
	case len(r.Allowed) > 0:
		where = "read-only, but for " + strings.Join(r.Allowed, ", ")
	}
	p.printf("%s at %s (%s)\n", r.API, r.BaseURL, where)
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	t.Style().Options.SeparateRows = false
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, Align: text.AlignRight, AlignHeader: text.AlignRight},
		{Number: 3, Align: text.AlignRight, AlignHeader: text.AlignRight},
	})
	t.AppendHeader(table.Row{"operation", "calls", "checks", "status", "verdict"})
	// Operations with the same note share a line.
	var notes []string
	concerned := map[string][]string{}
	for _, op := range r.Operations {
		t.AppendRow(table.Row{op.ID, op.Calls, op.Checks, statuses(op.Statuses), p.paint(verdictColors[op.Verdict], string(op.Verdict))})
		if op.Note != "" {
			if concerned[op.Note] == nil {
				notes = append(notes, op.Note)
			}
			concerned[op.Note] = append(concerned[op.Note], op.ID)
		}
	}
	p.printf("%s\n", t.Render())
	for _, note := range notes {
		p.printf("  %s:\n    %s\n", strings.Join(concerned[note], ", "), note)
	}
	p.printf("\n")
}

func statuses(list []int) string {
	if len(list) == 0 {
		return "-"
	}
	words := make([]string, len(list))
	for i, status := range list {
		words[i] = strconv.Itoa(status)
	}
	return strings.Join(words, " ")
}

func (p *printer) finding(of contract.API, f contract.Finding) {
	answer := "no answer"
	if f.Status != 0 {
		answer = strconv.Itoa(f.Status)
	}
	p.printf("%s %s %s %s", p.paint(text.FgRed, "finding"), f.Check, f.Operation, answer)
	if f.Pointer != "" {
		p.printf(" %s", Plain(f.Pointer))
	}
	p.printf("\n  %s\n", Plain(f.Message))
	if f.Value != "" {
		p.printf("  value: %s\n", Plain(f.Value))
	}
	p.printf("  %s, seen %s, fingerprint %s\n", declared(of, f), times(f.Occurrences), f.Fingerprint)
	if f.Curl != "" {
		p.printf("  %s\n", Plain(f.Curl))
	}
	p.printf("\n")
}

// declared says where the description asks for what was not found, and how sure it is.
func declared(of contract.API, f contract.Finding) string {
	where := "declared by " + string(of) + ".yaml"
	if f.Declared != "" {
		where = "declared at " + f.Declared
	}
	if f.Confidence != "" {
		where += " (" + f.Confidence + ")"
	}
	return where
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func (p *printer) totals(reports []*contract.Report) {
	var sum contract.Totals
	for _, r := range reports {
		sum.Operations += r.Totals.Operations
		sum.Called += r.Totals.Called
		sum.Calls += r.Totals.Calls
		sum.Checks += r.Totals.Checks
		sum.Findings += r.Totals.Findings
		sum.Blocked += r.Totals.Blocked
	}
	p.printf("%d of %d operations called, %d calls, %d checks, %s", sum.Called, sum.Operations, sum.Calls, sum.Checks, findings(sum.Findings))
	if sum.Blocked > 0 {
		p.printf(", calls kept from leaving the process: %d", sum.Blocked)
	}
	p.printf(".\n")
	for _, r := range reports {
		if !r.Complete {
			p.printf("The run of %s did not come to its end.\n", r.API)
		}
		for _, what := range r.Leftovers {
			p.printf("Left on %s: %s.\n", r.API, Plain(what))
		}
	}
}

// Plain takes the characters out of a text that a server had a part in which a terminal would
// obey: controls, ends of lines of Unicode's own, and those that turn the direction of a text.
func Plain(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return unicode.ReplacementChar
		}
		return c
	}, text)
}

func findings(n int) string {
	switch n {
	case 0:
		return "no findings"
	case 1:
		return "1 finding"
	}
	return fmt.Sprintf("%d findings", n)
}
