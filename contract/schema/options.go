package schema

import "fmt"

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
	// Strict makes every undeclared property a finding of class [Undeclared].
	Strict bool
	// Ignore holds the JSON pointers that strict mode is silent about. A step * stands for
	// any one step, and what lies below an ignored place is ignored too.
	Ignore []string
	// FirstOnly stops at the first finding.
	FirstOnly bool
	// ShowValues puts the offending scalar into [Finding.Value]. It is somebody's data.
	ShowValues bool
	// MaxFindings is after how many findings a body is given up; 0 means 100.
	MaxFindings int
	// MaxDepth is how many levels of arrays and objects a body may have; 0 means 1,000.
	MaxDepth int
	// MaxBytes is how long a body may be; 0 means no limit, since memory does not depend on it.
	MaxBytes int64
	// MaxToken is how long one string or number may be, in bytes; 0 means 8 MiB. It is all
	// that must be in memory at once.
	MaxToken int
	// MaxNames is how many names and unique items are remembered at once, to find duplicates,
	// 8 bytes each; 0 means 65,536. What is beyond is reported as [Unchecked].
	MaxNames int
}

func (o Options) withDefaults() (Options, error) {
	for _, limit := range []struct {
		name  string
		value *int
		usual int
	}{
		{"MaxFindings", &o.MaxFindings, 100},
		{"MaxDepth", &o.MaxDepth, 1000},
		{"MaxToken", &o.MaxToken, 8 << 20},
		{"MaxNames", &o.MaxNames, 1 << 16},
	} {
		if *limit.value < 0 {
			return o, fmt.Errorf("schema: %s is %d, want 0 for the usual %d, or more", limit.name, *limit.value, limit.usual)
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
