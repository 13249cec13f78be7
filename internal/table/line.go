package table

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"
)

var (
	errNoObject = errors.New("this is no JSON object")
	errInvalid  = errors.New("this is not valid JSON, or an object in it has two members of one name")
)

// AppendLine appends an object as a line of NDJSON. Strings, numbers and the order of members
// stay as they are.
func AppendLine(line, object []byte) ([]byte, error) {
	start := len(line)
	line = append(line, object...)
	value := jsontext.Value(line[start:])
	if value.Kind() != '{' {
		return line[:start], errNoObject
	}
	// Compact would let a name pass that an object has twice.
	if !value.IsValid() {
		return line[:start], errInvalid
	}
	if err := value.Compact(); err != nil {
		return line[:start], err
	}
	return append(append(line[:start], value...), '\n'), nil
}
