package schema

import (
	"encoding/json"
	"math/rand/v2"

	"github.com/getkin/kin-openapi/openapi3"
)

// bodies draws values that have a chance to fit a schema.
type bodies struct {
	*rand.Rand
	// named has the schemas that unresolved references mean.
	named map[string]*openapi3.SchemaRef
}

// of writes a value that follows a schema most of the time.
func (b bodies) of(ref *openapi3.SchemaRef, depth int) any {
	for ref != nil && ref.Ref != "" && ref.Value == nil {
		ref = b.named[ref.Ref]
	}
	if ref == nil || ref.Value == nil || depth == 0 || b.IntN(8) == 0 {
		return b.any(depth)
	}
	s := ref.Value
	if refs := [][]*openapi3.SchemaRef{s.AllOf, s.AnyOf, s.OneOf, {s.If}, {s.Then}, {s.Else}}[b.IntN(6)]; len(refs) > 0 && refs[0] != nil {
		return b.of(refs[b.IntN(len(refs))], depth)
	}
	if len(s.Enum) > 0 && b.IntN(2) == 0 {
		return s.Enum[b.IntN(len(s.Enum))]
	}
	if s.Const != nil && b.IntN(3) > 0 {
		return s.Const
	}
	kind := ""
	if types := s.Type.Slice(); len(types) > 0 {
		kind = types[b.IntN(len(types))]
	}
	switch {
	case s.Nullable && b.IntN(4) == 0:
		return nil
	case kind == "array" || kind == "" && (len(s.PrefixItems) > 0 || s.Contains != nil || s.Items != nil):
		return b.array(s, depth)
	case kind == "object" || len(s.Properties)+len(s.PatternProperties) > 0 || s.PropertyNames != nil || set(s.UnevaluatedProperties):
		return b.object(s, depth)
	case kind == "string" || s.Format != "" || s.Pattern != "":
		return b.text()
	case kind == "integer" || kind == "number":
		return b.number()
	case kind == "boolean":
		return b.IntN(2) == 0
	}
	return b.any(depth)
}

func (b bodies) array(s *openapi3.Schema, depth int) any {
	list := []any{}
	for i := range b.IntN(4) {
		switch {
		case s.Contains != nil && b.IntN(2) == 0:
			list = append(list, b.of(s.Contains, depth-1))
		case i < len(s.PrefixItems):
			list = append(list, b.of(s.PrefixItems[i], depth-1))
		case s.Items == nil && s.UnevaluatedItems.Schema != nil:
			list = append(list, b.of(s.UnevaluatedItems.Schema, depth-1))
		default:
			list = append(list, b.of(s.Items, depth-1))
		}
	}
	return list
}

func (b bodies) object(s *openapi3.Schema, depth int) any {
	object := map[string]any{}
	for _, name := range memberNames {
		p := s.Properties[name]
		if p == nil {
			p = s.AdditionalProperties.Schema
		}
		if p != nil && b.IntN(4) > 0 {
			object[name] = b.of(p, depth-1)
		}
	}
	for _, name := range s.Required {
		if _, there := object[name]; !there && b.IntN(5) > 0 {
			object[name] = b.any(depth - 1)
		}
	}
	if s.Discriminator != nil || b.IntN(12) == 0 {
		object["kind"] = []any{"Boat", "Car", "Train", 1}[b.IntN(4)]
	}
	return object
}

// texts has something for each format and pattern that is drawn.
var texts = []string{"", "a", "b", "ab", "bab", "12", "ä€😀", "\u0000\"", "2020-01-01", "2020-01-01T10:00:00Z",
	"10:00:00Z", "P1D", "a@example.com", "example.com", "192.168.0.1", "::1", "https://example.com/a?b#c", "/a/b~0", "1/a",
	"2eb8aa08-aa98-11ea-b4aa-73b441d16380", "aGVsbG8=", "[a"}

func (b bodies) text() string { return texts[b.IntN(len(texts))] }

func (b bodies) number() json.Number {
	return []json.Number{"0", "1", "-1", "2", "3", "10", "2.5", "0.5", "1.0", "1e1", "-1.5", "4000000000", "-0"}[b.IntN(13)]
}

func (b bodies) any(depth int) any {
	choices := 6
	if depth <= 0 {
		choices = 4
	}
	switch b.IntN(choices) {
	case 0:
		return nil
	case 1:
		return b.IntN(2) == 0
	case 2:
		return b.number()
	case 3:
		return b.text()
	case 4:
		list := []any{}
		for range b.IntN(3) {
			list = append(list, b.any(depth-1))
		}
		return list
	}
	object := map[string]any{}
	for _, name := range memberNames {
		if b.IntN(2) == 0 {
			object[name] = b.any(depth - 1)
		}
	}
	return object
}
