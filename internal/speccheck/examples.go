package speccheck

import (
	"bytes"
	"encoding/json"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/internal/openapi"
)

// Examples checks that every request and response body has an example, that every
// example is valid, and that no example of the components is left unused.
func Examples(doc *openapi.Document) []Problem {
	var problems []Problem
	used := map[*openapi3.Example]bool{}
	for body := range bodies(doc) {
		if len(body.media.Examples) == 0 && body.media.Example == nil {
			problems = append(problems, problem("examples", body.pointer, "the body has no example"))
		}
		if body.media.Example != nil {
			problems = append(problems, validate(body.pointer+"/example", body.media, body.media.Example)...)
		}
		for name, ref := range sorted(body.media.Examples) {
			used[ref.Value] = true
			problems = append(problems, validate(body.pointer+pointer("examples", name), body.media, ref.Value.Value)...)
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

func validate(at string, media *openapi3.MediaType, value any) []Problem {
	if media.Schema == nil || media.Schema.Value == nil {
		return []Problem{problem("examples", at, "the body has no schema")}
	}
	// Through JSON, since a YAML reader gives types that no JSON body has.
	text, err := json.Marshal(value)
	if err != nil {
		return []Problem{problem("examples", at, "the example is not JSON: %v", err)}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var decoded any
	if err := decoder.Decode(&decoded); err != nil {
		return []Problem{problem("examples", at, "the example is not JSON: %v", err)}
	}
	if err := media.Schema.Value.VisitJSON(decoded, openapi3.MultiErrors(), openapi3.EnableFormatValidation()); err != nil {
		return []Problem{problem("examples", at, "the example is not valid: %v", err)}
	}
	return nil
}
