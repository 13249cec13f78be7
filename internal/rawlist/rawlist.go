// Package rawlist reads the lists of KaiNexus and Kinabase as the bytes that the servers
// sent, for what is to be kept as it came: the typed clients read numbers into numbers, and
// write them in another form.
//
// The call you want is one of [KinabaseRecords], [KinabaseAllRecords], [KaiNexusItems] and
// [KaiNexusPeople]. Each gives a [List], which can be read from any position.
//
// A page is read as a whole, so that the client's transport sends for it again when it breaks
// off. An element may come twice when the list is changed while it is read.
package rawlist

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"iter"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/internal/paging"
)

// List reads the elements of a list from a position on, counted from 0. The first error is the
// last pair. It is a *[paging.IncompleteError] when elements may have been missed.
type List func(ctx context.Context, position int64) iter.Seq2[json.RawMessage, error]

// page is what stands from a position on.
type page struct {
	elements []jsontext.Value
	total    *int64 // elements in the whole list, if the server tells
	// short is how many positions of a page that has elements have none.
	short int64
	// last says that nothing follows, whatever is counted.
	last bool
}

// paged makes a List of a call that gets pages.
func paged(get func(ctx context.Context, position int64) (page, error)) List {
	return func(ctx context.Context, position int64) iter.Seq2[json.RawMessage, error] {
		return func(yield func(json.RawMessage, error) bool) {
			w := walk{position: position, seen: position, firsts: map[[sha256.Size]byte]struct{}{}}
			for {
				p, err := get(ctx, w.position)
				if err != nil {
					yield(nil, err)
					return
				}
				if w.repeats(p) {
					p = page{total: p.total}
				}
				for _, element := range p.elements {
					if !yield(json.RawMessage(element), nil) {
						return
					}
				}
				if w.ends(p) {
					break
				}
			}
			if err := w.verdict(); err != nil {
				yield(nil, err)
			}
		}
	}
}

// walk is how far a reading is.
type walk struct {
	position    int64
	seen        int64                          // elements up to there
	firsts      map[[sha256.Size]byte]struct{} // of the pages before
	most, total int64                          // of the counts so far: the greatest, and the last
	counted     bool
}

// repeats tells whether a page begins as one before did: the server does not know pages.
func (w *walk) repeats(p page) bool {
	if len(p.elements) == 0 {
		return false
	}
	first := sha256.Sum256(p.elements[0])
	_, twice := w.firsts[first]
	w.firsts[first] = struct{}{}
	return twice
}

// ends tells whether a page is the last one. The count ends a reading only where it agrees with
// what came, so that one that is too low cuts nothing off.
func (w *walk) ends(p page) bool {
	w.position += int64(len(p.elements)) + p.short
	w.seen += int64(len(p.elements))
	if p.total != nil && *p.total >= 0 {
		w.total, w.counted = *p.total, true
		w.most = max(w.most, w.total)
	}
	return p.last || len(p.elements) == 0 && p.short == 0 || w.counted && w.seen == w.total
}

// verdict tells whether all came that the server counts, and whether the list shrank, which
// moves elements from pages to come into pages that were read already.
func (w *walk) verdict() error {
	if !w.counted || w.seen >= w.total && w.most == w.total {
		return nil
	}
	return &paging.IncompleteError{Seen: w.seen, Total: w.total, Shrunk: w.most - w.total}
}
