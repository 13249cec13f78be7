package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/kaikina/kaikina/contract"
)

// isTerminal tells whether somebody watches what is written.
func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// wantsColor follows no-color.org: colour on a terminal, unless NO_COLOR says otherwise.
func wantsColor(w io.Writer) bool {
	return isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// progress keeps one line up to date on a terminal, and writes nothing elsewhere.
type progress struct {
	w     io.Writer
	calls int
}

func newProgress(w io.Writer) *progress {
	if !isTerminal(w) {
		w = nil
	}
	return &progress{w: w}
}

func (p *progress) call(c contract.Call) {
	if p.calls++; p.w != nil {
		fmt.Fprintf(p.w, "\r\x1b[K%s %s: %d (call %d)", c.API, c.Operation, c.Status, p.calls)
	}
}

func (p *progress) clear() {
	if p.w != nil {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
