// Package paging walks lists that come in pages. A walk goes on where a connection broke,
// yields nothing twice, ends whatever a server says about how much there is, and tells when
// something may be missing.
package paging

import (
	"context"
	"fmt"
	"iter"
)

// Key tells two elements apart.
type Key [16]byte

// Walk is a list and the way to read it.
type Walk[T any] struct {
	// Page asks for what stands at a position, and yields it. An error ends the page. What
	// the page says of the list, it writes to about.
	Page func(ctx context.Context, at int64, about *About) iter.Seq2[T, error]
	// Next is the position after one where read elements stood. Nil says that there is one
	// page only.
	Next func(at, read int64) int64
	// Within is set where the position counts elements, so that a page that broke off can be
	// continued in its middle.
	Within bool
	// Limit is how many elements the server puts into one answer at most; 0 when unknown. Where
	// there is one page only, one as long as that may not be all.
	Limit int64
	// KeyOf is what an element is known by, if it has something.
	KeyOf func(*T) (Key, bool)
	// Again is asked after a page failed for the nth time without any progress in between.
	// It waits and returns nil, or returns why there is no point in going on.
	Again func(ctx context.Context, failures int, err error) error
}

// About is what a page says of the list.
type About struct {
	Total      int64 // elements in the whole list
	TotalKnown bool
	// Last is set by a page after which there is none, whatever it counts.
	Last bool
}

// IncompleteError says, after the last element, that some may not have been there: the server
// counts more than it sent, or the list shrank while it was read, which moves elements from
// pages to come into pages that were read already. Read the list again to be sure.
type IncompleteError struct {
	Seen  int64 // different elements that came
	Total int64 // elements that the server counted last
	// Shrunk is how many elements fewer the server counted last than it did at first.
	Shrunk int64
	// Limit is set when as many came as the server gives at most, so that there may be more.
	Limit int64
}

// Error gives the counts.
func (e *IncompleteError) Error() string {
	if e.Limit > 0 {
		return fmt.Sprintf("%d came, which is as many as one answer can hold (%d): there may be more", e.Seen, e.Limit)
	}
	if e.Shrunk > 0 {
		return fmt.Sprintf("the list shrank by %d while it was read, so that as many may be missing; %d came", e.Shrunk, e.Seen)
	}
	return fmt.Sprintf("%d came of the %d that the server counts", e.Seen, e.Total)
}

// All yields every element once. After an error comes nothing more.
func (w Walk[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		s := &state[T]{Walk: w, yield: yield, known: map[Key]struct{}{}}
		if err := s.run(ctx); err != nil {
			var none T
			yield(none, err)
		}
	}
}

type state[T any] struct {
	Walk[T]
	yield   func(T, error) bool
	stopped bool

	known         map[Key]struct{}
	seen          int64 // elements that were yielded
	most          int64 // the largest total so far
	about         About
	at, read, got int64 // position of the page; elements of it that were read, and that were new
	unknown       int64 // elements of the page without a key that were yielded
}

func (s *state[T]) run(ctx context.Context) error {
	for {
		if err := s.page(ctx); err != nil || s.stopped {
			return err
		}
		if s.last() {
			return s.verdict()
		}
		s.at = s.Next(s.at, s.read)
	}
}

// page reads one page to its end, however often that breaks off.
func (s *state[T]) page(ctx context.Context) error {
	s.got, s.read, s.unknown = 0, 0, 0
	for failures := 0; ; {
		before := s.got
		err := s.attempt(ctx)
		if err == nil || s.stopped {
			return nil
		}
		if ctx.Err() != nil {
			return err
		}
		if failures++; s.got > before {
			failures = 1
		}
		if err := s.Again(ctx, failures, err); err != nil {
			return err
		}
		if !s.Within {
			s.read = 0 // it begins anew
		}
	}
}

func (s *state[T]) attempt(ctx context.Context) error {
	at := s.at
	if s.Within {
		at += s.read
	}
	s.about = About{}
	unknown := int64(0) // elements without a key in this attempt
	if s.Within {
		unknown = s.unknown // it begins after them
	}
	for element, err := range s.Page(ctx, at, &s.about) {
		if err != nil {
			return err
		}
		s.read++
		if key, ok := s.KeyOf(&element); ok {
			if _, twice := s.known[key]; twice {
				continue
			}
			s.known[key] = struct{}{}
			s.got++
		} else {
			if unknown++; unknown <= s.unknown {
				continue // it came before the page broke off
			}
			s.unknown = unknown
		}
		s.seen++
		if !s.yield(element, nil) {
			s.stopped = true
			return nil
		}
	}
	return nil
}

// last tells whether the page that was read is the last one. The total ends a walk only where
// it agrees with what came; a page with nothing new always does, so that a server that
// repeats itself is not read for ever.
func (s *state[T]) last() bool {
	if s.about.TotalKnown = s.about.TotalKnown && s.about.Total >= 0; s.about.TotalKnown {
		s.most = max(s.most, s.about.Total)
	}
	return s.Next == nil || s.about.Last || s.got == 0 || s.about.TotalKnown && s.seen == s.about.Total
}

func (s *state[T]) verdict() error {
	if s.Next == nil && s.Limit > 0 && s.read >= s.Limit {
		return &IncompleteError{Seen: s.seen, Limit: s.Limit}
	}
	if !s.about.TotalKnown || s.seen >= s.about.Total && s.most == s.about.Total {
		return nil
	}
	return &IncompleteError{Seen: s.seen, Total: s.about.Total, Shrunk: s.most - s.about.Total}
}
