package kainexus

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/internal/answer"
	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/internal/paging"
	"github.com/kaikina/kaikina/transport"
)

// list is a call that answers records in pages.
type list[T any] struct {
	client    *Client
	operation string
	// open asks for the page that begins at an offset.
	open func(ctx context.Context, offset int64) (*http.Response, error)
	id   func(*T) *int64
	// pages is set where the vendor documents pages. Elsewhere there is one, unless the answer
	// counts more records than it has.
	pages bool
}

// all yields every record once.
func (l list[T]) all(ctx context.Context) iter.Seq2[T, error] {
	walk := paging.Walk[T]{
		Page:   l.page,
		Next:   func(at, read int64) int64 { return at + read },
		Within: l.pages,
		KeyOf:  func(record *T) (paging.Key, bool) { return keyOf(l.id(record)) },
		Again:  l.client.again,
	}.All(ctx)
	return func(yield func(T, error) bool) {
		for record, err := range walk {
			if _, ok := errors.AsType[*IncompleteError](err); ok {
				err = fmt.Errorf("kainexus: %s: %w", l.operation, err)
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

// page reads the records of a page as they arrive.
func (l list[T]) page(ctx context.Context, at int64, about *paging.About) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		answers := l.client.answers
		response, err := l.open(transport.Stream(ctx), at)
		response, err = answers.Open(l.operation, response, err, "application/json")
		if err != nil {
			yield(*new(T), err)
			return
		}
		defer response.Body.Close()
		envelope := envelope{about: about}
		read := int64(0)
		layout := jsonstream.Layout{Member: "items", Other: envelope.member}
		for record, err := range jsonstream.Elements[T](response.Body, layout, answers.Options) {
			if err != nil && envelope.refused {
				break // a refusal has no records
			}
			if err != nil {
				yield(record, answers.Failed(l.operation, response, err))
				return
			}
			read++
			if !yield(record, nil) {
				return
			}
		}
		if envelope.refused {
			yield(*new(T), answers.Refusal(l.operation, response, envelope.code, envelope.message))
		}
		// A list without pages that counts nothing is whole.
		about.Last = !l.pages && (!about.TotalKnown || about.Total <= at+read)
	}
}

// envelope is what stands beside the records of a page: count, totalCount, offset and limit,
// or the words of a refusal.
type envelope struct {
	about         *paging.About
	refused       bool
	code, message string
}

func (e *envelope) member(name string, value jsontext.Value) error {
	switch name {
	case "totalCount":
		return e.count(value, func(n int64) { e.about.Total, e.about.TotalKnown = n, true })
	case "success":
		e.refused = e.refused || value.Kind() == 'f'
	case "errorCode":
		e.code = answer.Code(value)
		e.refused = e.refused || e.code != ""
	case "message":
		answer.Text(value, &e.message)
	}
	return nil
}

var errCount = errors.New("a count in the answer is no number of records")

// count reads a number of records. Null stands for none.
func (e *envelope) count(value jsontext.Value, into func(int64)) error {
	if value.Kind() == 'n' {
		return nil
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil || n < 0 {
		return errCount
	}
	into(n)
	return nil
}

// one reads a record in its envelope: {"item": {...}}.
func one[T any](c *Client, operation string, response *http.Response, err error) (record T, _ error) {
	var envelope struct {
		Item *T `json:"item"`
	}
	if err := c.answers.JSON(operation, response, err, &envelope); err != nil {
		return record, err
	}
	if envelope.Item == nil {
		return record, c.answers.Failed(operation, response, &jsonstream.ShapeError{Pointer: "/item", Reason: "is missing"})
	}
	return *envelope.Item, nil
}
