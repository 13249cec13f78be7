package jsonstream

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ShapeError says that a body is not what it should be. It says where, and holds nothing of
// what stands there: that is somebody's data.
type ShapeError struct {
	Pointer jsontext.Pointer // where in the body (RFC 6901), as far as it was understood
	Offset  int64            // bytes before that place
	Reason  string
}

// Error names the place. A name in it may be anything, and is cut and escaped.
func (e *ShapeError) Error() string {
	const longest = 200 // bytes
	place := string(e.Pointer)
	if len(place) > longest {
		place = strings.ToValidUTF8(place[:longest], "") + "..."
	}
	place = strconv.Quote(place)
	place = place[1 : len(place)-1]
	if place == "" {
		place = "the body"
	}
	return fmt.Sprintf("%s: %s (at byte %d)", place, e.Reason, e.Offset)
}

// shapeOf makes a ShapeError of an error of the decoder, whose text may quote the body. A
// failure to read stays what it is.
func shapeOf(err error) error {
	if err == nil {
		return nil
	}
	var shape *ShapeError
	var semantic *json.SemanticError
	var syntactic *jsontext.SyntacticError
	switch {
	case errors.As(err, &shape):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	case errors.As(err, &semantic):
		reason := "has a value that cannot be used"
		if semantic.JSONKind != 0 {
			reason = "is " + kindName(semantic.JSONKind) + ", which cannot be used here"
		}
		return &ShapeError{Pointer: semantic.JSONPointer, Offset: semantic.ByteOffset, Reason: reason}
	case errors.As(err, &syntactic):
		reason := "is not JSON"
		if errors.Is(err, jsontext.ErrDuplicateName) {
			reason = "comes twice"
		}
		return &ShapeError{Pointer: syntactic.JSONPointer, Offset: syntactic.ByteOffset, Reason: reason}
	}
	return err
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return "of an unknown kind"
}
