package spool

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"

	"github.com/go-json-experiment/json/jsontext"
)

// key tells objects apart. It is short, because there is one for every object in memory.
type key [16]byte

func (k key) String() string { return hex.EncodeToString(k[:]) }

// keyOf is what an object is known by: its id, and all that it holds when it has none, however
// that is spaced out.
func keyOf(object []byte) (k key) {
	known := idOf(object)
	if known == nil {
		all := jsontext.Value(object).Clone()
		_ = all.Compact() // what is not valid is as it is
		known = all
	}
	sum := sha256.Sum256(bytes.TrimSpace(known))
	copy(k[:], sum[:])
	return k
}

// idOf is the member id of an object, as JSON; nil without one that is something.
func idOf(object []byte) []byte {
	d := jsontext.NewDecoder(bytes.NewReader(object))
	if _, err := d.ReadToken(); err != nil {
		return nil
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return nil
		}
		isID := name.String() == "id"
		value, err := d.ReadValue()
		if err != nil {
			return nil
		}
		if isID && value.Kind() != 'n' && string(value) != `""` {
			return value
		}
	}
	return nil
}

// isObject tells whether a line is an object and nothing else.
func isObject(line []byte) bool {
	value := jsontext.Value(line)
	return value.Kind() == '{' && value.IsValid()
}
