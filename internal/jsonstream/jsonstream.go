// Package jsonstream reads large JSON answers element by element: what is in memory is one
// element, however many there are. [Elements] walks the array of an answer, and [Model] lets
// generated structs be read on the way.
//
// Names match exactly, a name that comes twice is refused, and so is text that is not UTF-8:
// a body cannot mean one thing to a validator and another here.
package jsonstream

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// MaxElement is how many bytes one element may have, or all else that stands beside the array.
const MaxElement = 16 << 20

// Layout says where in an answer the array is.
type Layout struct {
	// Member is the name of the array, or empty if the answer is the array itself.
	Member string
	// Other is given the other members. It must not keep the value.
	Other func(name string, value jsontext.Value) error
}

// Elements yields the elements of the array in a body, each as soon as it is there. The last
// pair holds the error, if there is one: a *[ShapeError] when the body is not what it should
// be, what Other returned, or a failure to read, which includes a body that ends too early.
func Elements[T any](body io.Reader, layout Layout, options ...json.Options) iter.Seq2[T, error] {
	return elements[T](body, layout, MaxElement, options...)
}

func elements[T any](body io.Reader, layout Layout, limit int64, options ...json.Options) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		meter := &meter{Reader: body, limit: limit}
		r := &reader[T]{decoder: jsontext.NewDecoder(meter, options...), meter: meter, options: options, yield: yield}
		err := r.read(layout)
		if err != nil && err != errStopped {
			var none T
			yield(none, shapeOf(err))
		}
	}
}

// Unmarshal reads a body that is in memory as [Elements] reads an element.
func Unmarshal(body []byte, into any, options ...json.Options) error {
	return shapeOf(json.Unmarshal(body, into, options...))
}

var errStopped = errors.New("the caller has had enough")

type reader[T any] struct {
	decoder *jsontext.Decoder
	meter   *meter
	options []json.Options
	yield   func(T, error) bool
}

func (r *reader[T]) read(layout Layout) error {
	if layout.Member == "" {
		if err := r.array(); err != nil {
			return err
		}
	} else if err := r.object(layout); err != nil {
		return err
	}
	if _, err := r.decoder.ReadToken(); err != io.EOF {
		if err == nil {
			err = &ShapeError{Pointer: "", Offset: r.decoder.InputOffset(), Reason: "more follows after the end"}
		}
		return err
	}
	return nil
}

func (r *reader[T]) object(layout Layout) error {
	if err := r.open('{', "an object"); err != nil {
		return err
	}
	found := false
	beside := int64(0) // bytes of other members so far, whose names the decoder remembers
	for r.decoder.PeekKind() != '}' {
		start := r.decoder.InputOffset()
		r.meter.allow("what stands beside the array", start-beside)
		token, err := r.decoder.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		if name == layout.Member {
			found = true
			if err := r.array(); err != nil {
				return err
			}
			continue
		}
		value, err := r.decoder.ReadValue()
		if err != nil {
			return err
		}
		beside += r.decoder.InputOffset() - start
		if layout.Other != nil {
			if err := layout.Other(name, value); err != nil {
				return err
			}
		}
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return err
	}
	if !found {
		return &ShapeError{Pointer: jsontext.Pointer("").AppendToken(layout.Member), Offset: r.decoder.InputOffset(), Reason: "is missing"}
	}
	return nil
}

func (r *reader[T]) array() error {
	if err := r.open('[', "an array"); err != nil {
		return err
	}
	for r.decoder.PeekKind() != ']' {
		r.meter.allow("one element", r.decoder.InputOffset())
		var element T
		if err := json.UnmarshalDecode(r.decoder, &element, r.options...); err != nil {
			return err
		}
		if !r.yield(element, nil) {
			return errStopped
		}
	}
	_, err := r.decoder.ReadToken()
	return err
}

// open reads the beginning of an array or an object, and refuses anything else.
func (r *reader[T]) open(kind jsontext.Kind, want string) error {
	r.meter.allow("one element", r.decoder.InputOffset())
	switch got := r.decoder.PeekKind(); got {
	case kind, jsontext.KindInvalid:
		_, err := r.decoder.ReadToken()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF // nothing at all
		}
		return err
	default:
		return &ShapeError{Pointer: r.decoder.StackPointer(), Offset: r.decoder.InputOffset(), Reason: fmt.Sprintf("is %s where %s should be", kindName(got), want)}
	}
}

// meter refuses to read an element, or what stands beside them, without end.
type meter struct {
	io.Reader
	read, until, limit int64
	what               string
}

// allow lets as much be read as something may have that begins here.
func (m *meter) allow(what string, from int64) { m.what, m.until = what, from+m.limit }

func (m *meter) Read(p []byte) (int, error) {
	// What the decoder reads ahead belongs to later elements.
	if m.read > m.until {
		return 0, &ShapeError{Offset: m.read, Reason: fmt.Sprintf("%s has more than %d bytes", m.what, m.limit)}
	}
	n, err := m.Reader.Read(p)
	m.read += int64(n)
	return n, err
}
