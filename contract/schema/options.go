package schema

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

// Direction says who sent the body, which readOnly and writeOnly depend on.
type Direction int

const (
	// Response bodies must not have writeOnly properties, and need not have them.
	Response Direction = iota
	// Request bodies must not have readOnly properties, and need not have them.
	Request
	// Neither ignores both keywords.
	Neither
)

// Dialect says what a schema means.
type Dialect int

const (
	// OpenAPI30 has nullable, and no type null.
	OpenAPI30 Dialect = iota
	// OpenAPI31 is JSON Schema 2020-12, where nullable means nothing.
	OpenAPI31
)

// Options say how a schema is compiled. The zero value is a lenient validator of responses of
// OpenAPI 3.0 with the limits that the fields name.
type Options struct {
	Dialect   Dialect
	Direction Direction
	// Document has schemas that references in the schema may mean: the loader of openapi3
	// resolves those that are JSON pointers, and [Compile] the others. Nothing is fetched. A
	// $dynamicRef needs it when the schema comes from a document. Nil is no document.
	Document *openapi3.T
	// Strict makes every undeclared property a finding of class [Undeclared].
	Strict bool
	// Ignore holds the JSON pointers that strict mode is silent about. A step * stands for
	// any one step, and what lies below an ignored place is ignored too.
	Ignore []string
	// FirstOnly stops at the first finding that makes the body invalid: MaxFindings is 1.
	FirstOnly bool
	// ShowValues puts the offending scalar into [Finding.Value]. It is somebody's data.
	ShowValues bool
	// MaxFindings is after how many findings that make it invalid a body is given up; 0 means
	// 100. Remarks, those of the classes [Undeclared] and [Inexact], give no body up: as many
	// are kept beside the others, and those that come later are left out.
	MaxFindings int
	// MaxDepth is how many levels of arrays and objects a body may have; 0 means 1,000, and
	// 10,000 is the most, since each level is a few calls.
	MaxDepth int
	// MaxBytes is how long a body may be; 0 means no limit, since memory does not depend on it.
	MaxBytes int64
	// MaxToken is how long one string or number may be, in bytes, how long the names on the way
	// to one value together, and how long an element of [Items]; 0 means 8 MiB.
	MaxToken int
	// MaxNames is how many names, unique items and members with an open verdict are remembered
	// at once; 0 means 65,536. A name may take 128 bytes on average, an item takes 40, a member
	// up to 300. What is beyond is reported as [Unchecked].
	MaxNames int
	// MaxAlternatives is how many schemas in alternatives may be open at once, over all levels
	// of the body, 64 bytes each; 0 means 131,072. What is beyond is reported as [Unchecked].
	MaxAlternatives int
}

// In gives the options with what a document says of its schemas: the dialect of its version,
// and where references lead.
func (o Options) In(document *openapi3.T) Options {
	o.Document, o.Dialect = document, OpenAPI30
	if document.IsOpenAPI31OrLater() {
		o.Dialect = OpenAPI31
	}
	return o
}

// largestLimit keeps what is counted within 32 bits.
const largestLimit = 1 << 28

func (o Options) withDefaults() (Options, error) {
	for _, limit := range []struct {
		name        string
		value       *int
		usual, most int
	}{
		{"MaxFindings", &o.MaxFindings, 100, largestLimit},
		{"MaxDepth", &o.MaxDepth, 1000, 10_000},
		{"MaxToken", &o.MaxToken, 8 << 20, largestLimit},
		{"MaxNames", &o.MaxNames, 1 << 16, largestLimit / ownersPerName},
		{"MaxAlternatives", &o.MaxAlternatives, 1 << 17, largestLimit},
	} {
		if *limit.value < 0 || *limit.value > limit.most {
			return o, fmt.Errorf("schema: %s is %d, want 0 for the usual %d, or up to %d", limit.name, *limit.value, limit.usual, limit.most)
		}
		if *limit.value == 0 {
			*limit.value = limit.usual
		}
	}
	if o.MaxBytes < 0 {
		return o, fmt.Errorf("schema: MaxBytes is %d, want 0 for no limit, or more", o.MaxBytes)
	}
	if o.FirstOnly {
		o.MaxFindings = 1
	}
	return o, nil
}
