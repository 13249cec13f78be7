// Package jsonbody reads the JSON object that a request carries and writes the
// JSON of an answer.
//
// [Read] is stricter than encoding/json: keys match in their exact case only,
// nothing may follow the object, the text is UTF-8, and size and nesting are
// bounded. Values that a caller does not take apart stay raw, so a number leaves
// with the digits it came with.
//
// The errors of this package are written for whoever sent the request: an emulator
// answers with their text. They name a place in the body and what is allowed there,
// and never repeat a value, which might be a secret.
package jsonbody

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"
)

const (
	// MaxBytes is the size above which a body is refused.
	MaxBytes = 10 << 20

	// MaxDepth is the nesting above which a body is refused. An answer wraps what
	// was stored in a few more levels, and must stay within the 10,000 that
	// encoding/json agrees to read.
	MaxDepth = 1000

	// MaxNumber is how many characters a number may have. What reads an answer turns
	// it into a number again, in a time that grows with their square.
	MaxNumber = 1000
)

// Read takes the JSON object from the body of r, which must say that it is JSON. The
// error is meant to be the text of an answer with status 400.
func Read(w http.ResponseWriter, r *http.Request) (Object, error) {
	if err := CheckType(r); err != nil {
		return Object{}, err
	}
	return ReadUntyped(w, r)
}

// CheckType refuses a request whose Content-Type is not that of JSON. Parameters, such
// as a charset, are not looked at.
func CheckType(r *http.Request) error {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return errors.New("the header Content-Type must be application/json")
	}
	return nil
}

// ReadUntyped is Read for an API that takes a body for JSON whatever its Content-Type.
func ReadUntyped(w http.ResponseWriter, r *http.Request) (Object, error) {
	if r.Body == nil {
		return Parse(nil)
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBytes))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return Object{}, fmt.Errorf("the body is larger than %d bytes", tooLarge.Limit)
	}
	if err != nil {
		return Object{}, errors.New("the body could not be read to its end")
	}
	return Parse(text)
}

// Parse takes text, all of it, for one JSON object.
func Parse(text []byte) (Object, error) {
	switch {
	case len(text) == 0:
		return Object{}, errors.New("the body is empty; it must be a JSON object")
	case !utf8.Valid(text):
		return Object{}, errors.New("the body is not UTF-8")
	}
	switch deepest, longest := measure(text); {
	case deepest > MaxDepth:
		return Object{}, fmt.Errorf("the body is nested more than %d levels deep", MaxDepth)
	case longest > MaxNumber:
		return Object{}, fmt.Errorf("the body has a number of more than %d characters", MaxNumber)
	}
	var members map[string]json.RawMessage
	err := json.Unmarshal(text, &members)
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return Object{}, fmt.Errorf("the body is not valid JSON at byte %d", syntax.Offset)
	}
	if err != nil || members == nil {
		return Object{}, errors.New("the body must be a JSON object")
	}
	return Object{members: members}, nil
}

// measure tells how deep brackets nest outside of strings, and how long the longest number
// there is. It says nothing useful of text that is not JSON, which is refused later anyway.
func measure(text []byte) (deepest, longest int) {
	level, number := 0, 0
	quoted, escaped := false, false
	for _, c := range text {
		switch {
		case quoted:
			number = 0
		case '0' <= c && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
			number++
			longest = max(longest, number)
		default:
			number = 0
		}
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped = c == '\\'
			quoted = c != '"'
		case c == '"':
			quoted = true
		case c == '{' || c == '[':
			level++
			deepest = max(deepest, level)
		case c == '}' || c == ']':
			level--
		}
	}
	return deepest, longest
}
