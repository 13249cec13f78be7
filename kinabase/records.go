package kinabase

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"iter"
	"math"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/internal/paging"
	"github.com/kaikina/kaikina/transport"
)

// Record gets one record (operation getRecord). An id can not be one of the words all, bulk,
// ingest and ext, which mean other calls.
func (c *Client) Record(ctx context.Context, collection, id string) (Record, error) {
	response, err := c.plain.GetRecord(ctx, collection, id)
	return c.record("getRecord", response, err)
}

// record reads an answer that is a record.
func (c *Client) record(operation string, response *http.Response, err error) (Record, error) {
	var record Record
	if err := c.answer.JSON(operation, response, err, &record); err != nil {
		return Record{}, err
	}
	if record.ID == "" {
		return Record{}, c.answer.Failed(operation, response, errNoID)
	}
	return record, nil
}

var errNoID = &ShapeError{Pointer: "/id", Reason: "is missing or empty"}

// Records yields the records of a collection, page by page (operation listRecords), each
// record once. Their order is not documented. The first error is the last pair. It is an
// [*IncompleteError] when records may have been left out, because some went while the pages
// were read: read again to be sure.
//
// Nothing is sent before the iterator is ranged over. Each range starts anew.
func (c *Client) Records(ctx context.Context, collection string, opts ...ListOption) iter.Seq2[Record, error] {
	chosen := selectionOf(opts)
	walk := paging.Walk[Record]{
		Page: func(ctx context.Context, at int64, about *paging.About) iter.Seq2[Record, error] {
			return c.page(ctx, collection, chosen, at, about)
		},
		Next:  func(at, _ int64) int64 { return at + 1 },
		KeyOf: keyOf,
		// A page is read as a whole, and sent for again by the layer that does so for all calls.
		Again: func(_ context.Context, _ int, err error) error { return err },
	}
	return named("listRecords", walk.All(ctx))
}

// named says of which call something is missing.
func named(operation string, records iter.Seq2[Record, error]) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for record, err := range records {
			if incomplete, ok := err.(*IncompleteError); ok {
				err = failed(operation, incomplete)
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

func (c *Client) page(ctx context.Context, collection string, chosen selection, at int64, about *paging.About) iter.Seq2[Record, error] {
	const operation = "listRecords"
	return func(yield func(Record, error) bool) {
		if chosen.err != nil {
			yield(Record{}, failed(operation, chosen.err))
			return
		}
		response, err := c.plain.ListRecords(ctx, collection, chosen.page(at))
		c.elements(ctx, operation, response, err, jsonstream.Layout{Member: "records", Other: func(name string, value jsontext.Value) error {
			return aboutPage(name, value, about)
		}})(yield)
	}
}

// AllRecords yields the records of a collection from one answer (operation listAllRecords),
// while it arrives: that takes one call instead of one for each page, and memory for the
// ids only. There are at most [MaxAll]. An answer with just as many ends with an
// [*IncompleteError], since there may be more, which Kinabase has no way to ask for but
// [Client.Records].
//
// An answer that breaks off is asked for again from the start, and what came already is
// not yielded twice.
func (c *Client) AllRecords(ctx context.Context, collection string, opts ...ListOption) iter.Seq2[Record, error] {
	const operation = "listAllRecords"
	chosen := selectionOf(opts)
	walk := paging.Walk[Record]{
		Page: func(ctx context.Context, _ int64, _ *paging.About) iter.Seq2[Record, error] {
			return func(yield func(Record, error) bool) {
				params, err := chosen.all()
				if err != nil {
					yield(Record{}, failed(operation, err))
					return
				}
				response, err := c.plain.ListAllRecords(transport.Stream(ctx), collection, params)
				c.elements(ctx, operation, response, err, jsonstream.Layout{})(yield)
			}
		},
		KeyOf: keyOf,
		Limit: MaxAll,
		Again: c.again,
	}
	return named(operation, walk.All(ctx))
}

// elements yields the records of an answer.
func (c *Client) elements(ctx context.Context, operation string, response *http.Response, err error, layout jsonstream.Layout) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		response, err := c.answer.Open(operation, response, err, jsonType)
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer response.Body.Close()
		for record, err := range jsonstream.Elements[Record](response.Body, layout, reading) {
			if err == nil && record.ID == "" {
				err = errNoID
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Record{}, c.answer.Failed(operation, response, err))
				return
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}

// aboutPage reads what stands beside the records of a page. A total that is not there leaves
// the walk to end with an empty page.
func aboutPage(name string, value jsontext.Value, about *paging.About) error {
	if name != "totalRecords" || value.Kind() == 'n' {
		return nil
	}
	total, ok := whole(value)
	if !ok {
		return &ShapeError{Pointer: "/totalRecords", Reason: "is not a count"}
	}
	about.Total, about.TotalKnown = total, true
	return nil
}

// whole reads a number that counts something, in whatever form it is written.
func whole(value jsontext.Value) (int64, bool) {
	if n, err := strconv.ParseInt(string(value), 10, 64); err == nil {
		return n, n >= 0
	}
	f, err := strconv.ParseFloat(string(value), 64)
	return int64(f), err == nil && f >= 0 && f < 1<<53 && f == math.Trunc(f)
}

// keyOf is a UUID's own bytes, or a digest of an id of another form.
func keyOf(record *Record) (paging.Key, bool) {
	var key paging.Key
	if canonical(&key, record.ID) {
		return key, true
	}
	sum := sha256.Sum256([]byte(record.ID))
	copy(key[:], sum[:])
	return key, true
}

// canonical reads a UUID in small letters. One in capitals may be another id.
func canonical(key *paging.Key, id string) bool {
	if len(id) != 36 || id[8] != '-' || id[13] != '-' || id[18] != '-' || id[23] != '-' {
		return false
	}
	var digits [32]byte
	at := 0
	for i := range len(id) {
		switch b := id[i]; {
		case b == '-' && at < 32:
		case (b >= '0' && b <= '9' || b >= 'a' && b <= 'f') && at < 32:
			digits[at] = b
			at++
		default:
			return false
		}
	}
	_, err := hex.Decode(key[:], digits[:])
	return err == nil && at == 32
}

// again lets an answer that broke off be asked for once more, by the policy that calls are
// sent again by.
func (c *Client) again(ctx context.Context, failures int, err error) error {
	if statusOf(err) != http.StatusOK || !brokeOff(err) {
		return err
	}
	if c.retry.Wait(ctx, failures, nil) != nil {
		return err
	}
	return nil
}

// brokeOff tells whether an answer ended before it was complete.
func brokeOff(err error) bool {
	return errors.Is(err, io.ErrUnexpectedEOF) || transport.Temporary(err)
}
