package schema

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Class says what a finding is about.
type Class int

const (
	// Invalid is a value that the schema refuses.
	Invalid Class = iota
	// Malformed is a body that is not JSON, or that two readers may understand differently:
	// a name that comes twice, text that is not Unicode, more after the end.
	Malformed
	// Undeclared is a property that no schema mentions, in strict mode.
	Undeclared
	// Inexact is a valid integer that a Go integer does not decode, such as 1.0 or 2^64.
	Inexact
	// Unchecked is a value that a limit kept from being validated whole.
	Unchecked
)

func (c Class) String() string {
	return [...]string{"invalid", "malformed", "undeclared", "inexact", "unchecked"}[c]
}

// Finding is one thing that is wrong with a body. Only Pointer and Value are the body's own
// words, and Value is empty unless [Options.ShowValues] asks for it.
type Finding struct {
	Class Class
	// Pointer is where in the body, as a JSON pointer. One of more than 8 KiB is cut, and ends
	// in an ellipsis.
	Pointer string
	// Keyword is the keyword of the schema that is broken, or the name of the flaw.
	Keyword string
	// Message is what was wanted, and what kind of thing was there.
	Message string
	// Offset is where in the body, in bytes. What an object or an array lacks is found at
	// its end.
	Offset int64
	// Schema is where in the description, as a JSON pointer, or in the schema that was given to
	// [Compile]; File, Line and Column are the same place in the source, when the loader kept
	// it, which its IncludeOrigin is for.
	Schema       string
	File         string
	Line, Column int
	// Declared is the schema that is broken, nil when none is. It must not be changed.
	Declared *openapi3.Schema
	// Value is the offending scalar as it came, up to 1 KiB of it. It is empty for arrays and
	// objects, and for what they lack.
	Value string
}

func (f Finding) String() string {
	place := f.Pointer
	if place == "" {
		place = "the body"
	}
	return fmt.Sprintf("%s: %s (%s)", place, f.Message, f.Keyword)
}

// remark tells whether findings of the class leave a body valid.
func (c Class) remark() bool { return c == Undeclared || c == Inexact }

// Valid tells whether a schema accepts the body: whether no finding is [Invalid],
// [Malformed] or [Unchecked].
func Valid(findings []Finding) bool {
	for _, f := range findings {
		if !f.Class.remark() {
			return false
		}
	}
	return true
}

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

// source is where in a description something was demanded.
type source struct {
	pointer      string
	file         string
	line, column int
	schema       *openapi3.Schema
}

// finding is one about what was demanded there.
func (at source) finding(class Class, keyword, message string) Finding {
	return Finding{Class: class, Keyword: keyword, Message: message, Schema: at.pointer, File: at.file, Line: at.line, Column: at.column, Declared: at.schema}
}
