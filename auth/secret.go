package auth

import (
	"fmt"
	"io"
	"log/slog"
)

// What a Secret shows of itself. A missing secret says so, since that is the
// first thing to know about a failing login and gives nothing away.
const (
	shownSet   = "[redacted]"
	shownEmpty = "[empty]"
)

// Secret holds a text that must not be printed. Its methods cover fmt, slog,
// JSON and every encoder that honours encoding.TextMarshaler.
//
// The text sits in a closure, not in a string field, because fmt and go-spew
// read unexported string fields by reflection without calling any method: a
// Secret inside an unexported field would be printed. Of a function they can
// only print the address.
//
// Secrets cannot be compared with ==.
type Secret struct {
	reveal func() string
}

// NewSecret wraps s.
func NewSecret(s string) Secret {
	if s == "" {
		return Secret{}
	}
	return Secret{reveal: func() string { return s }}
}

// Reveal returns the text itself.
func (s Secret) Reveal() string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// IsZero reports whether there is no text.
func (s Secret) IsZero() bool { return s.reveal == nil }

// String returns a placeholder.
func (s Secret) String() string {
	if s.IsZero() {
		return shownEmpty
	}
	return shownSet
}

// GoString returns a placeholder.
func (s Secret) GoString() string { return s.String() }

// Format writes a placeholder for every verb: without it %x and %d would reach
// for the field.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalText returns a placeholder. JSON, XML and YAML encoders use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns a placeholder.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
