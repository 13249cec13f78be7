// Package speccheck holds the house rules for our own descriptions: where each
// fact comes from, that every schema can be used, that every body has an example which is
// valid, and that generators find a good name for everything. The linters know nothing of these.
package speccheck

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/openapi"
)

// Problem is one place that breaks a rule.
type Problem struct {
	Rule string `json:"rule"`
	// Pointer is the place in the description, as a JSON pointer.
	Pointer string `json:"pointer"`
	Message string `json:"message"`
}

func (p Problem) String() string { return p.Rule + ": " + p.Pointer + ": " + p.Message }

// Check applies every rule.
func Check(doc *openapi.Document) []Problem {
	var problems []Problem
	for _, rule := range []func(*openapi.Document) []Problem{Provenance, Schemas, Examples, Names} {
		problems = append(problems, rule(doc)...)
	}
	return problems
}

// pointer joins the parts of a JSON pointer, escaping each as RFC 6901 has it.
func pointer(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return b.String()
}

func operationPointer(op *openapi.Operation, parts ...string) string {
	return pointer(append([]string{"paths", op.Path, strings.ToLower(op.Method)}, parts...)...)
}

// sorted walks a map in the order of its keys, so that reports are stable.
func sorted[V any](m map[string]V) iter.Seq2[string, V] {
	return func(yield func(string, V) bool) {
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if !yield(key, m[key]) {
				return
			}
		}
	}
}

// body is one place where the description declares content.
type body struct {
	pointer string
	media   *openapi3.MediaType
	// direction says who sends it.
	direction schema.Direction
}

// bodies yields every request and response body: those written in the operations
// and those in the components.
func bodies(doc *openapi.Document) iter.Seq[body] {
	return func(yield func(body) bool) {
		content := func(direction schema.Direction, at string, content openapi3.Content) bool {
			for name, media := range sorted(content) {
				if !yield(body{at + pointer("content", name), media, direction}) {
					return false
				}
			}
			return true
		}
		for _, op := range doc.Operations {
			if ref := op.Spec.RequestBody; ref != nil && ref.Ref == "" {
				if !content(schema.Request, operationPointer(op, "requestBody"), ref.Value.Content) {
					return
				}
			}
			for status, ref := range sorted(op.Spec.Responses.Map()) {
				if ref.Ref == "" && !content(schema.Response, operationPointer(op, "responses", status), ref.Value.Content) {
					return
				}
			}
		}
		for name, ref := range sorted(doc.Components.RequestBodies) {
			if !content(schema.Request, pointer("components", "requestBodies", name), ref.Value.Content) {
				return
			}
		}
		for name, ref := range sorted(doc.Components.Responses) {
			if !content(schema.Response, pointer("components", "responses", name), ref.Value.Content) {
				return
			}
		}
	}
}

func problem(rule, at, format string, args ...any) Problem {
	return Problem{Rule: rule, Pointer: at, Message: fmt.Sprintf(format, args...)}
}
