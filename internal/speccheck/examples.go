package speccheck

import (
	"context"
	"encoding/json"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/openapi"
)

// Examples checks that every request and response body has an example, that every
// example is valid, and that no example of the components is left unused.
func Examples(doc *openapi.Document) []Problem {
	var problems []Problem
	used := map[*openapi3.Example]bool{}
	for body := range bodies(doc) {
		options := schema.Options{Direction: body.direction}.In(doc.T)
		if len(body.media.Examples) == 0 && body.media.Example == nil {
			problems = append(problems, problem("examples", body.pointer, "the body has no example"))
		}
		if body.media.Example != nil {
			problems = append(problems, validate(body.pointer+"/example", body.media, body.media.Example, options)...)
		}
		for name, ref := range sorted(body.media.Examples) {
			used[ref.Value] = true
			problems = append(problems, validate(body.pointer+pointer("examples", name), body.media, ref.Value.Value, options)...)
		}
	}
	for name, ref := range sorted(doc.Components.Examples) {
		if !used[ref.Value] {
			problems = append(problems, problem("examples", pointer("components", "examples", name), "no body uses this example"))
		}
	}
	return problems
}

// ExampleCount tells how many examples the bodies have.
func ExampleCount(doc *openapi.Document) int {
	n := 0
	for body := range bodies(doc) {
		n += len(body.media.Examples)
		if body.media.Example != nil {
			n++
		}
	}
	return n
}

func validate(at string, media *openapi3.MediaType, value any, options schema.Options) []Problem {
	if media.Schema == nil || media.Schema.Value == nil {
		return []Problem{problem("examples", at, "the body has no schema")}
	}
	// Through JSON, since a YAML reader gives types that no JSON body has.
	text, err := json.Marshal(value)
	if err != nil {
		return []Problem{problem("examples", at, "the example is not JSON: %v", err)}
	}
	validator, err := schema.Compile(media.Schema, options)
	if err != nil {
		return []Problem{problem("examples", at, "the schema cannot be used: %v", err)}
	}
	findings, err := validator.ValidateBytes(context.Background(), text)
	if err != nil {
		return []Problem{problem("examples", at, "the example cannot be read: %v", err)}
	}
	var problems []Problem
	for _, f := range findings {
		if f.Class != schema.Inexact {
			problems = append(problems, problem("examples", at, "the example is not valid: %s", f))
		}
	}
	return problems
}
