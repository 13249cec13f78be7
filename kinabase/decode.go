package kinabase

import (
	"encoding/json"
	"errors"
	"fmt"

	v2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"

	"github.com/kaikina/kaikina/internal/jsonstream"
)

// decoding reads as encoding/json does, but takes a key for no other than it is.
var decoding = v2.JoinOptions(jsonv1.DefaultOptionsV1(), jsonv1.ReportErrorsWithLegacySemantics(false),
	v2.MatchCaseInsensitiveNames(false), jsontext.AllowDuplicateNames(false), jsontext.AllowInvalidUTF8(false),
	v2.WithUnmarshalers(v2.UnmarshalFunc(readNumber)))

// readNumber reads a json.Number, which the decoder does not know for what it is. It is
// written as it came.
func readNumber(text []byte, number *json.Number) error {
	if kind := jsontext.Value(text).Kind(); kind == 'n' {
		return nil
	} else if kind != '0' {
		return errNoNumber
	}
	*number = json.Number(text)
	return nil
}

var errNoNumber = errors.New("no number")

// Decode reads the values of a record into a T, a struct with json tags or a map. Tags mean
// what they do for encoding/json, but names match exactly, since Kinabase's keys do. Values
// that T has no place for are left out. Values of the 2023 edition stand beside the id; they
// are read from there when there is no Data.
//
// An error wraps a [*ShapeError] that names the key.
func Decode[T any](record Record) (T, error) {
	var value T
	data := valuesOf(record)
	body, err := json.Marshal(data)
	if err == nil && data != nil {
		err = jsonstream.Unmarshal(body, &value, decoding)
	}
	if err != nil {
		var none T
		return none, fmt.Errorf("kinabase: decode record: %w", err)
	}
	return value, nil
}
