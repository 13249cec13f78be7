package schema

import (
	"github.com/kaikina/kaikina/contract/schema/internal/format"
	"github.com/kaikina/kaikina/contract/schema/internal/pattern"
)

func compilePattern(expression string) (func([]byte) bool, error) {
	compiled, err := pattern.Compile(expression)
	if err != nil {
		return nil, err
	}
	return compiled.Match, nil
}

// formatFor finds the check that a format has for one kind of value, nil when the format
// is unknown or says nothing of the kind.
func formatFor(name string, kind format.Kinds) func([]byte) bool {
	if format.Applies(name)&kind == 0 {
		return nil
	}
	check, _ := format.Lookup(name)
	return check
}
