package speccheck

import (
	"regexp"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/internal/openapi"
)

var (
	lowerCamelCase = regexp.MustCompile(`^[a-z][a-z0-9]*([A-Z][a-z0-9]*)+$`)
	upperCamelCase = regexp.MustCompile(`^([A-Z][a-z0-9]*)+$`)
)

// Names checks what generators make names from: operation ids, component schemas,
// and that no object hides inside a body or a property, where a generator would have
// to invent a name for it.
func Names(doc *openapi.Document) []Problem {
	var problems []Problem
	report := func(at, format string, args ...any) {
		problems = append(problems, problem("names", at, format, args...))
	}
	for _, op := range doc.Operations {
		if !lowerCamelCase.MatchString(op.Spec.OperationID) {
			report(operationPointer(op), "operationId %q is not a lowerCamelCase verb with its object", op.Spec.OperationID)
		}
		if op.Spec.Summary == "" || op.Spec.Description == "" || len(op.Spec.Tags) == 0 {
			report(operationPointer(op), "an operation has a summary, a description and a tag")
		}
	}
	for body := range bodies(doc) {
		if body.media.Schema == nil || body.media.Schema.Ref == "" {
			report(body.pointer+"/schema", "the body's schema is not one of the components, so it has no name")
		}
	}
	for name, ref := range sorted(doc.Components.Schemas) {
		at := pointer("components", "schemas", name)
		if !upperCamelCase.MatchString(name) {
			report(at, "the name is not in UpperCamelCase")
		}
		inline(at, ref.Value, report)
	}
	return problems
}

func inline(at string, schema *openapi3.Schema, report func(at, format string, args ...any)) {
	visit := func(at string, ref *openapi3.SchemaRef) {
		if ref == nil || ref.Ref != "" {
			return
		}
		if len(ref.Value.Properties) > 0 {
			report(at, "an object with properties of its own wants to be a component")
		}
		inline(at, ref.Value, report)
	}
	for name, ref := range sorted(schema.Properties) {
		visit(at+pointer("properties", name), ref)
	}
	visit(at+"/items", schema.Items)
	visit(at+"/additionalProperties", schema.AdditionalProperties.Schema)
	for _, refs := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, ref := range refs {
			visit(at, ref)
		}
	}
}
