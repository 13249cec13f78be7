package openapi

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Declares tells whether the operation declares, for a status, a JSON body with a value
// at the pointer. The empty pointer is the body itself. A step * stands for any element
// of an array, and for any member of an object that says nothing about its members.
func (op *Operation) Declares(status int, pointer string) bool {
	_, response := op.Response(status)
	if response == nil {
		return false
	}
	media := response.Content["application/json"]
	if media == nil {
		return false
	}
	var steps []string
	if pointer != "" {
		steps = strings.Split(pointer, "/")[1:]
	}
	return declares(media.Schema, steps, map[*openapi3.Schema]bool{})
}

// declares follows steps through a schema and its parts. The schemas that it has been
// to since the last step are no place to look again: they may contain themselves.
func declares(ref *openapi3.SchemaRef, steps []string, been map[*openapi3.Schema]bool) bool {
	if len(steps) == 0 {
		return true
	}
	if ref == nil || ref.Value == nil || been[ref.Value] {
		return false
	}
	schema := ref.Value
	been[schema] = true
	for _, parts := range []openapi3.SchemaRefs{schema.AllOf, schema.AnyOf, schema.OneOf} {
		for _, part := range parts {
			if declares(part, steps, been) {
				return true
			}
		}
	}
	next := schema.Properties[steps[0]]
	if steps[0] == "*" {
		next = schema.Items
		if schema.Type.Is("object") && len(schema.Properties) == 0 {
			return len(steps) == 1
		}
	}
	return next != nil && declares(next, steps[1:], map[*openapi3.Schema]bool{})
}

// Takes tells whether the operation has a query parameter of this name.
func (op *Operation) Takes(parameter string) bool {
	for _, list := range []openapi3.Parameters{op.Spec.Parameters, op.Item.Parameters} {
		if list.GetByInAndName(openapi3.ParameterInQuery, parameter) != nil {
			return true
		}
	}
	return false
}
