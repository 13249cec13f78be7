package table

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// layout is the columns of a table, and takes objects apart into them.
type layout struct {
	root    *column
	columns []*column // of the table, in its order
	rows    int

	// all are the places that were found so far; nil once they are all known.
	all     *[]*column
	current []value
	decoder *jsontext.Decoder
	input   bytes.Reader
}

// layOut looks through all objects for what becomes a column.
func layOut(ctx context.Context, rows iter.Seq2[json.RawMessage, error]) (*layout, error) {
	l := &layout{root: &column{index: rootIndex}, all: &[]*column{}}
	l.decoder = jsontext.NewDecoder(&l.input)
	var err error
	for number, raw := range numbered(ctx, rows, &err) {
		if rowErr := l.read(raw, (*column).see); rowErr != nil {
			return nil, fmt.Errorf("row %d: %w", number, rowErr)
		}
		l.rows = number
	}
	if err != nil {
		return nil, err
	}
	l.columns = slices.DeleteFunc(*l.all, func(c *column) bool { return !c.shown() })
	if id := l.root.members["id"]; id != nil && id.shown() {
		l.columns = slices.DeleteFunc(l.columns, func(c *column) bool { return c == id })
		l.columns = slices.Insert(l.columns, 0, id)
	}
	if len(l.columns) == 0 {
		// Not every program opens a table without columns. Everything has an id.
		l.columns = []*column{{name: "id", holds: null}}
	}
	for i, c := range l.columns {
		c.index = i
	}
	l.all = nil
	l.current = make([]value, len(l.columns))
	return l, nil
}

// cells gives the values of an object, which are valid until the next call.
func (l *layout) cells(object []byte) ([]value, error) {
	clear(l.current)
	err := l.read(object, func(c *column, v value) {
		if c.index >= 0 {
			l.current[c.index] = v
		}
	})
	return l.current, err
}

// read calls found with each value of an object and its place.
func (l *layout) read(object []byte, found func(*column, value)) error {
	l.input.Reset(object)
	l.decoder.Reset(&l.input)
	if l.decoder.PeekKind() != '{' {
		return errNoObject
	}
	if err := l.object(l.root, found); err != nil {
		return err
	}
	if _, err := l.decoder.ReadToken(); err != io.EOF {
		return errors.Join(errors.New("more than one JSON value"), err)
	}
	return nil
}

func (l *layout) object(at *column, found func(*column, value)) error {
	if _, err := l.decoder.ReadToken(); err != nil {
		return err
	}
	if l.decoder.PeekKind() == '}' && !at.isRoot() {
		found(at, value{document, "{}"})
	}
	for l.decoder.PeekKind() != '}' {
		name, err := l.decoder.ReadToken()
		if err != nil {
			return err
		}
		member, err := at.member(name.String(), l.all)
		if err != nil {
			return err
		}
		if err := l.value(member, found); err != nil {
			return err
		}
	}
	_, err := l.decoder.ReadToken()
	return err
}

func (l *layout) value(at *column, found func(*column, value)) error {
	switch kind := l.decoder.PeekKind(); kind {
	case '{':
		return l.object(at, found)
	case '[':
		array, err := l.decoder.ReadValue()
		if err != nil {
			return err
		}
		array = array.Clone()
		if err := array.Compact(); err != nil {
			return err
		}
		found(at, value{document, string(array)})
		return nil
	default:
		token, err := l.decoder.ReadToken()
		if err != nil {
			return err
		}
		found(at, value{kinds[kind], token.String()})
		return nil
	}
}

// kinds of the values that are neither objects nor arrays.
var kinds = map[jsontext.Kind]kind{'n': null, 't': boolean, 'f': boolean, '0': number, '"': text}
