package spool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/kaikina/kaikina/internal/table"
)

// List is how the elements of a list are read.
type List struct {
	// From reads the elements from a position on, counted from 0.
	From func(ctx context.Context, position int64) iter.Seq2[json.RawMessage, error]
	// Keep tells which elements are wanted; nil wants all.
	Keep func(json.RawMessage) bool
	// Progress, unless nil, is told after each element how many there are.
	Progress func(rows int)
}

// Fill reads the list to its end. When it fails, what was read by then is kept, and Fill goes
// on from there the next time.
//
// It goes on with the element that it read last, to see whether it still stands there. If it
// does not, the list was changed in between, and elements may have moved to where they would
// be missed: then it reads the list from its beginning, and drops what it has.
func (s *Spool) Fill(ctx context.Context, l List) error {
	if s.state.Complete {
		return nil
	}
	err := errMoved
	if s.state.Position > 0 {
		err = s.read(ctx, l, s.state.Position-1, s.state.Last)
	}
	if errors.Is(err, errMoved) {
		s.state.Position, s.state.Last = 0, ""
		err = s.read(ctx, l, 0, "")
	}
	if err != nil {
		// Should that fail as well, more is read again. Why the reading failed is what matters.
		_ = s.save()
		return err
	}
	return s.Finish("")
}

var errMoved = errors.New("the list was changed")

// read adds what stands from a position on. Where last is given, it is what the first element
// must be known by, which was read before.
func (s *Spool) read(ctx context.Context, l List, from int64, last string) error {
	for raw, err := range l.From(ctx, from) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if last != "" {
			if keyOf(raw).String() != last {
				return errMoved
			}
			last = ""
			continue
		}
		if err := s.add(raw, l.Keep); err != nil {
			return err
		}
		if l.Progress != nil {
			l.Progress(s.rows)
		}
	}
	if last != "" {
		return errMoved
	}
	return ctx.Err()
}

// add takes one element.
func (s *Spool) add(raw json.RawMessage, keep func(json.RawMessage) bool) (err error) {
	if s.line, err = table.AppendLine(s.line[:0], raw); err != nil {
		return fmt.Errorf("element %d of the list: %w", s.state.Position+1, err)
	}
	k := keyOf(s.line)
	s.state.Position++
	s.state.Last = k.String()
	if _, twice := s.known[k]; !twice && (keep == nil || keep(raw)) {
		if _, err := s.w.Write(s.line); err != nil {
			return fmt.Errorf("write %s: %w", s.path, bare(err))
		}
		s.known[k] = struct{}{}
		s.rows++
	}
	if time.Since(s.savedAt) < saveEvery && s.state.Position-s.savedPosition < saveElements {
		return nil
	}
	return s.save()
}

// Finish says that there is no more to read. The note, such as a warning, is kept with what
// was read.
func (s *Spool) Finish(note string) error {
	s.state.Complete, s.state.Note = true, note
	return s.save()
}

// Distinct yields what Fill would keep, for who does not want it kept: each element once.
func Distinct(ctx context.Context, l List) iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		known := map[key]struct{}{}
		for raw, err := range l.From(ctx, 0) {
			if err == nil {
				k := keyOf(raw)
				if _, twice := known[k]; twice || l.Keep != nil && !l.Keep(raw) {
					continue
				}
				known[k] = struct{}{}
			}
			if !yield(raw, err) {
				return
			}
		}
	}
}
