package main

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"
)

// rowProgress keeps one line up to date on a terminal, and writes nothing elsewhere.
type rowProgress struct {
	progress
	what  string
	shown throttle
}

func newRowProgress(w io.Writer, what string) *rowProgress {
	return &rowProgress{progress: *newProgress(w), what: what}
}

func (p *rowProgress) read(rows int) {
	if p.w != nil && p.shown.due() {
		fmt.Fprintf(p.w, "\r\x1b[K%d %s read", rows, p.what)
	}
}

// write counts rows on their way into the file.
func (p *rowProgress) write(rows iter.Seq2[json.RawMessage, error], total int) iter.Seq2[json.RawMessage, error] {
	return p.counting(rows, func(row int) { fmt.Fprintf(p.w, "\r\x1b[K%d of %d %s", row, total, p.what) })
}

// watch counts rows on their way to standard output.
func (p *rowProgress) watch(rows iter.Seq2[json.RawMessage, error]) iter.Seq2[json.RawMessage, error] {
	return p.counting(rows, func(row int) { fmt.Fprintf(p.w, "\r\x1b[K%d %s", row, p.what) })
}

func (p *rowProgress) counting(rows iter.Seq2[json.RawMessage, error], show func(int)) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		row := 0
		for raw, err := range rows {
			if row++; p.w != nil && p.shown.due() {
				show(row)
			}
			if !yield(raw, err) {
				return
			}
		}
	}
}

// throttle lets something be done ten times a second at most.
type throttle struct{ last time.Time }

func (t *throttle) due() bool {
	now := time.Now()
	if now.Sub(t.last) < time.Second/10 {
		return false
	}
	t.last = now
	return true
}
