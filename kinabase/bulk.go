package kinabase

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/kaikina/kaikina/transport"
)

// MaxBatch is how many records a bulk call may carry (vendor's reference).
const MaxBatch = 300

// A BulkOption says how records are sent in bulk.
type BulkOption func(*bulk)

// BatchSize sets how many records a call carries, from 1 to 300: 300 unless given. With 1
// every record has a verdict of its own, at the price of a call.
func BatchSize(records int) BulkOption {
	return func(b *bulk) {
		b.size = records
		if records < 1 || records > MaxBatch {
			b.err = fmt.Errorf("BatchSize: %d records; want 1 to %d", records, MaxBatch)
		}
	}
}

// AllOrNothing tells [Client.CreateAll] that Kinabase stores none of the records of a call
// that it refuses. Whether that is so is not documented: give it only where you have seen it.
// Then a refused call is divided without a look at what was stored.
func AllOrNothing() BulkOption { return func(b *bulk) { b.allOrNothing = true } }

// CreateAll adds records, 300 a call (operation createRecords), and yields what became of
// each, in order. The error is nil for those that are done, and a [*RecordError] for all
// others. Records are taken from the input as they are needed; slices.Values makes one of a
// slice. Nothing is sent before the iterator is ranged over, and ranging over it again sends
// everything again. A break leaves what was not sent yet unsent.
//
// Kinabase's documentation does not say what its answer holds, nor whether one bad record
// stops the others. So an ID is told only where the answer has it. And when a call was
// refused, or its answer was lost, nothing is sent again that may have been stored: a record
// with an external link is looked up by it, and sent again, alone or with fewer others, if
// it is not there; a record without one is unknown, unless [AllOrNothing] says what a refusal
// means, or the records with links have shown it. A record that had been there before with
// the same link counts as done; of two records with the same link in a call, the second
// is unknown.
//
// When what is wrong would be so for every call, as with a credential that is not accepted,
// the records at hand are reported as not sent, or unknown, and the rest of the input is not
// read.
func (c *Client) CreateAll(ctx context.Context, collection string, inputs iter.Seq[Input], opts ...BulkOption) iter.Seq2[Outcome, error] {
	b := c.bulk(collection, "createRecords", opts)
	b.encode = func(in Input) ([]byte, error) {
		body, err := in.body(false, c.known[collection])
		return body, about(collection, err)
	}
	b.send = func(ctx context.Context, items []*item) ([]byte, error) {
		response, err := c.plain.CreateRecordsWithBody(ctx, collection, jsonType, bytes.NewReader(listOf("records", items)))
		return c.answer.Body(b.operation, response, err)
	}
	return b.all(ctx, inputs)
}

// UpdateAll changes records by their ids, 300 a call (operation updateRecords), and yields
// what became of each as [Client.CreateAll] does. Every Input needs its ID.
//
// Changes set values, whatever they were, so they are sent again where that may help: all of
// them when an answer was lost, and half of them at a time when a call was refused, until
// the records that are to blame stand alone. They are refused, and all others done.
func (c *Client) UpdateAll(ctx context.Context, collection string, inputs iter.Seq[Input], opts ...BulkOption) iter.Seq2[Outcome, error] {
	b := c.bulk(collection, "updateRecords", opts)
	b.repeatable = true
	b.encode = func(in Input) ([]byte, error) {
		if in.ID == "" {
			return nil, errNoInputID
		}
		body, err := in.body(true, c.known[collection])
		return body, about(collection, err)
	}
	b.send = func(ctx context.Context, items []*item) ([]byte, error) {
		response, err := c.plain.UpdateRecordsWithBody(transport.Idempotent(ctx), collection, jsonType, bytes.NewReader(listOf("records", items)))
		return c.answer.Body(b.operation, response, err)
	}
	return b.all(ctx, inputs)
}

// DeleteAll deletes records by their ids, 300 a call (operation deleteRecords), and yields
// what became of each as [Client.CreateAll] does. A record that is not there counts as done,
// since it is not documented what becomes of the others in a call that names one: they may
// have been deleted by it.
func (c *Client) DeleteAll(ctx context.Context, collection string, ids iter.Seq[string], opts ...BulkOption) iter.Seq2[Outcome, error] {
	b := c.bulk(collection, "deleteRecords", opts)
	b.repeatable, b.goneIsDone = true, true
	b.encode = func(in Input) ([]byte, error) {
		if in.ID == "" {
			return nil, errNoInputID
		}
		return json.Marshal(in.ID)
	}
	b.send = func(ctx context.Context, items []*item) ([]byte, error) {
		response, err := c.plain.DeleteRecordsWithBody(ctx, collection, jsonType, bytes.NewReader(listOf("recordIds", items)))
		return c.answer.Body(b.operation, response, err)
	}
	return b.all(ctx, func(yield func(Input) bool) {
		for id := range ids {
			if !yield(Input{ID: id}) {
				return
			}
		}
	})
}

var errNoInputID = &InputError{Problem: "has no ID, by which it is found"}

// bulk is how records are sent, some at a time. It does not change while it runs.
type bulk struct {
	client                *Client
	collection, operation string
	size                  int
	err                   error // what is wrong with the options

	encode func(Input) ([]byte, error)
	send   func(ctx context.Context, items []*item) (answer []byte, err error)

	repeatable   bool // sending a record twice has the effect of once
	goneIsDone   bool // a record that is not found is as it should be
	allOrNothing bool // a call that is refused has stored nothing
}

func (c *Client) bulk(collection, operation string, opts []BulkOption) *bulk {
	b := &bulk{client: c, collection: collection, operation: operation, size: MaxBatch}
	for _, opt := range opts {
		if opt != nil {
			opt(b)
		}
	}
	return b
}

// item is a record on its way.
type item struct {
	Outcome
	body []byte
	err  error
}

func (it *item) end(state State, err error) { it.State, it.err = state, err }

func endAll(items []*item, state State, err error) {
	for _, it := range items {
		it.end(state, err)
	}
}

// listOf is an object with one list of all items.
func listOf(name string, items []*item) []byte {
	var body bytes.Buffer
	body.WriteString(`{"` + name + `":[`)
	for i, it := range items {
		if i > 0 {
			body.WriteByte(',')
		}
		body.Write(it.body)
	}
	body.WriteString(`]}`)
	return body.Bytes()
}

// all yields the outcomes of one batch after the other.
func (b *bulk) all(ctx context.Context, inputs iter.Seq[Input]) iter.Seq2[Outcome, error] {
	return func(yield func(Outcome, error) bool) {
		if b.err != nil {
			yield(Outcome{State: StateNotSent}, failed(b.operation, b.err))
			return
		}
		run := &run{bulk: b, proven: map[int]bool{}}
		var batch []*item
		index := 0
		for in := range inputs {
			batch = append(batch, &item{Outcome: Outcome{Index: index, Input: in}})
			if index++; len(batch) < b.size {
				continue
			}
			if !run.batch(ctx, batch, yield) {
				return
			}
			batch = nil
		}
		run.batch(ctx, batch, yield)
	}
}

// batch sends some records and yields what became of them. It is false when that was the
// last.
func (r *run) batch(ctx context.Context, batch []*item, yield func(Outcome, error) bool) bool {
	var fit []*item
	for _, it := range batch {
		body, err := r.encode(it.Input)
		if err != nil {
			it.end(StateRefused, failed(r.operation, err))
			continue
		}
		it.body = body
		if r.repeatable {
			it.ID = it.Input.ID
		}
		fit = append(fit, it)
	}
	over := r.carryOut(ctx, fit, 1)
	for _, it := range batch {
		var err error
		if it.State != StateDone {
			err = &RecordError{Index: it.Index, State: it.State, Err: it.err}
		}
		if !yield(it.Outcome, err) {
			return false
		}
	}
	return over == nil
}
