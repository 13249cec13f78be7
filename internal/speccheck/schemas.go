package speccheck

import (
	"iter"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/openapi"
)

// Schemas checks that every schema can be used: that its patterns, for one, are expressions of
// ECMAScript that can be matched. Those of bodies are compiled with their examples.
func Schemas(doc *openapi.Document) []Problem {
	var problems []Problem
	for at, ref := range schemas(doc) {
		if _, err := schema.Compile(ref, schema.Options{Direction: schema.Neither}.In(doc.T)); err != nil {
			problems = append(problems, problem("schemas", at, "the schema cannot be used: %v", err))
		}
	}
	return problems
}

// schemas yields the named schemas, and those of parameters and of headers.
func schemas(doc *openapi.Document) iter.Seq2[string, *openapi3.SchemaRef] {
	return func(yield func(string, *openapi3.SchemaRef) bool) {
		one := func(at string, ref *openapi3.SchemaRef) bool { return ref == nil || yield(at, ref) }
		for name, ref := range sorted(doc.Components.Schemas) {
			if !one(pointer("components", "schemas", name), ref) {
				return
			}
		}
		for name, ref := range sorted(doc.Components.Parameters) {
			if ref.Ref == "" && !one(pointer("components", "parameters", name, "schema"), ref.Value.Schema) {
				return
			}
		}
		for name, ref := range sorted(doc.Components.Headers) {
			if ref.Ref == "" && !one(pointer("components", "headers", name, "schema"), ref.Value.Schema) {
				return
			}
		}
		for _, op := range doc.Operations {
			for i, ref := range op.Spec.Parameters {
				if ref.Ref == "" && !one(operationPointer(op, "parameters", strconv.Itoa(i), "schema"), ref.Value.Schema) {
					return
				}
			}
			for i, ref := range op.Item.Parameters {
				if ref.Ref == "" && !one(pointer("paths", op.Path, "parameters", strconv.Itoa(i), "schema"), ref.Value.Schema) {
					return
				}
			}
			for status, response := range sorted(op.Spec.Responses.Map()) {
				for name, ref := range sorted(response.Value.Headers) {
					if response.Ref == "" && ref.Ref == "" && !one(operationPointer(op, "responses", status, "headers", name, "schema"), ref.Value.Schema) {
						return
					}
				}
			}
		}
	}
}
