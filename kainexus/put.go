package kainexus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/kaikina/kaikina/transport"
)

// DefaultBatchSize is how many records one call of a put has, unless [BatchSize] says
// otherwise. The vendor documents no limit; this keeps bodies to a megabyte or so.
const DefaultBatchSize = 500

// isolateCalls is how many calls a put spends at most to find out which records of refused
// batches are to blame. It finds six in batches of 500, and is little if all are refused.
const isolateCalls = 100

// maxBatchBytes bounds what one call sends, so that a few large records make a batch of their
// own. The vendor documents no limit for this either.
const maxBatchBytes = 8 << 20

// PutOption changes how records are put.
type PutOption func(*putSettings) error

type putSettings struct{ batch int }

// BatchSize is how many records one call has: 1 or more, [DefaultBatchSize] unless given. A
// record that is put alone has an outcome of its own whatever happens.
func BatchSize(records int) PutOption {
	return func(s *putSettings) error {
		if records < 1 {
			return fmt.Errorf("a BatchSize of %d: it must be 1 or more", records)
		}
		s.batch = records
		return nil
	}
}

type sender = func(ctx context.Context, contentType string, body io.Reader) (*http.Response, error)

// put is a call that writes records.
type put[T any] struct {
	client    *Client
	operation string
	send      sender
	// prepare changes a copy of a record before it is sent.
	prepare func(*T)
	id      func(*T) *int64
	// repeatable tells whether writing a record twice has the effect of once: whether it
	// updates what there is, and deletes nothing.
	repeatable func(*T) bool
}

// all puts records in batches. Batches hold records that are all repeatable, or none of which
// is: otherwise one that is not would keep the others from being sent again.
func (p put[T]) all(ctx context.Context, records []T, opts []PutOption) ([]Outcome, error) {
	set := putSettings{batch: DefaultBatchSize}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(&set); err != nil {
			return nil, fmt.Errorf("kainexus: %s: %w", p.operation, err)
		}
	}
	r := p.run(records)
	for _, repeatable := range []bool{true, false} {
		r.group(ctx, repeatable, set.batch)
	}
	return r.outcomes, putError(p.operation, r.outcomes, r.first)
}

// alone puts one record by the call for one. Its outcome comes with an error unless it is
// Written.
func (p put[T]) alone(ctx context.Context, record T) (Outcome, error) {
	r := p.run([]T{record})
	r.single = true
	r.group(ctx, r.sure[0], 1)
	if r.first == nil {
		return r.outcomes[0], nil
	}
	if e, ok := errors.AsType[*transport.Error](r.first); ok {
		return r.outcomes[0], e
	}
	return r.outcomes[0], fmt.Errorf("kainexus: %s: %w", p.operation, r.first)
}

func (p put[T]) run(records []T) *run[T] {
	r := &run[T]{
		put: p, records: records, isolate: isolateCalls,
		outcomes: make([]Outcome, len(records)), sure: make([]bool, len(records)),
	}
	for i := range records {
		r.outcomes[i] = Outcome{Index: i, ID: idOf(p.id(&records[i])), again: true}
		r.sure[i] = p.repeatable(&records[i])
	}
	return r
}

// run is a put under way.
type run[T any] struct {
	put[T]
	single   bool // by the call for one record
	records  []T
	outcomes []Outcome
	sure     []bool // whether a record is repeatable
	first    error  // the first failure
	stopped  bool   // there is no point in going on
	isolate  int    // calls that are left for finding who is to blame
}

// encoded is a record as it is sent, and its place.
type encoded struct {
	place int
	text  json.RawMessage
}

// group puts the records of a kind.
func (r *run[T]) group(ctx context.Context, repeatable bool, size int) {
	var batch []encoded
	length := 0 // in bytes
	flush := func() {
		if len(batch) > 0 && !r.stopped {
			r.batch(ctx, batch)
		}
		batch, length = nil, 0
	}
	for place := range r.records {
		if r.stopped {
			return
		}
		if r.sure[place] != repeatable {
			continue
		}
		record, ok := r.encode(place)
		if !ok {
			continue
		}
		if length += len(record.text); length > maxBatchBytes {
			flush()
			length = len(record.text)
		}
		if batch = append(batch, record); len(batch) == size {
			flush()
		}
	}
	flush()
}

// errEncode quotes nothing of the record.
var errEncode = errors.New("the record is not sent, for it cannot be written as JSON: it has a number that is infinite or none, or additional properties that are no JSON")

func (r *run[T]) encode(place int) (encoded, bool) {
	record := r.records[place] // a copy
	r.prepare(&record)
	text, err := json.Marshal(record)
	if err != nil {
		r.fail(place, Refused, errEncode, false)
		return encoded{}, false
	}
	return encoded{place, text}, true
}

// batch puts records in one call, and in more if it is refused.
func (r *run[T]) batch(ctx context.Context, batch []encoded) {
	if err := context.Cause(ctx); err != nil {
		r.stop(err) // the records stay what they are
		return
	}
	repeatable := r.sure[batch[0].place]
	results, err := r.call(ctx, batch, repeatable)
	if err == nil {
		r.settle(batch, results)
		return
	}
	state, others := stateOf(err, repeatable), goesOn(err)
	if state == Refused && others && len(batch) > 1 {
		if repeatable && r.isolate >= 2 {
			r.isolate -= 2
			for _, record := range batch { // until its half is put, which may never be
				o := &r.outcomes[record.place]
				o.State, o.Err, o.again = Refused, err, true
			}
			r.batch(ctx, batch[:len(batch)/2])
			if !r.stopped {
				r.batch(ctx, batch[len(batch)/2:])
			}
			return
		}
		if !repeatable {
			// The vendor does not say whether a list that was refused is carried out in part.
			state = Unknown
		}
	}
	blamed := state == Refused && others && len(batch) == 1
	again := state == NotSent || repeatable && !blamed || state == Refused && !others
	for _, record := range batch {
		r.fail(record.place, state, err, again)
	}
	if !others {
		r.stop(err)
	}
}

func (r *run[T]) call(ctx context.Context, batch []encoded, repeatable bool) ([]result, error) {
	if repeatable {
		ctx = transport.Idempotent(ctx)
	}
	var body bytes.Buffer
	if r.single {
		body.WriteString(`{"item":`)
		body.Write(batch[0].text)
		body.WriteString("}")
	} else {
		body.WriteString(`{"items":[`)
		for i, record := range batch {
			if i > 0 {
				body.WriteByte(',')
			}
			body.Write(record.text)
		}
		body.WriteString("]}")
	}
	// A reader of bytes can be read again when the call is repeated.
	response, err := r.send(ctx, "application/json", bytes.NewReader(body.Bytes()))
	return r.client.results(r.operation, response, err)
}

func (r *run[T]) stop(err error) {
	r.stopped = true
	if r.first == nil {
		r.first = err
	}
}

func (r *run[T]) fail(place int, state State, err error, again bool) {
	if r.first == nil {
		r.first = err
	}
	o := &r.outcomes[place]
	o.State, o.Err, o.again = state, err, again
}

// unchanged is for records that are sent as they are.
func unchanged[T any](*T) {}

func idOf(id *int64) int64 {
	if id == nil {
		return 0
	}
	return *id
}

func isTrue(flag *bool) bool { return flag != nil && *flag }

func isThere(text *string) bool { return text != nil && *text != "" }
