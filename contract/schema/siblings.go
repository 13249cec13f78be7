package schema

import (
	"encoding/json"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// open gives the schema that stands for a $ref with keywords beside it: those keywords, and
// the target as one part more of an allOf. It is nil when there is no need for one.
//
// The loader has a form of its own for these, a copy of the target with the keywords as part
// of its allOf. That is the same but for unevaluatedProperties and unevaluatedItems, which see
// too little beside the $ref and too much in the target, and for names such as $id, which
// are no longer those of the place where they stand.
func (ps *places) open(ref *openapi3.SchemaRef) (*openapi3.Schema, error) {
	if ps.dialect == OpenAPI30 {
		return nil, nil // where $ref replaces all that is beside it
	}
	text, err := ref.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var beside map[string]json.RawMessage
	if err := json.Unmarshal(text, &beside); err != nil {
		return nil, err
	}
	delete(beside, "$ref")
	if len(beside) == 0 {
		return nil, nil
	}
	if ref.Value != nil {
		for keyword := range beside {
			if !annotations[keyword] {
				ps.opened[ref] = parted(ref)
				break
			}
		}
		return ps.opened[ref], nil
	}
	if text, err = json.Marshal(beside); err != nil {
		return nil, err
	}
	inner, err := Parse(text)
	if err != nil {
		return nil, err
	}
	s := inner.Value
	if s == nil {
		return nil, nil // a second spelling of $ref, which the decoder takes for the same
	}
	s.AllOf = append(slices.Clone(s.AllOf), &openapi3.SchemaRef{Ref: ref.Ref})
	ps.opened[ref] = s
	return s, nil
}

// annotations beside a $ref replace those of the target in the loader's copy of it. With these
// alone there is nothing to take apart.
var annotations = map[string]bool{
	"$comment": true, "allowEmptyValue": true, "default": true, "deprecated": true, "description": true, "discriminator": true, "example": true,
	"examples": true, "externalDocs": true, "nullable": true, "readOnly": true, "title": true, "writeOnly": true, "xml": true,
}

// parted undoes what the loader has joined: the keywords beside a $ref are the last part of
// the copy's allOf.
func parted(ref *openapi3.SchemaRef) *openapi3.Schema {
	joined := ref.Value
	if len(joined.AllOf) == 0 {
		return nil
	}
	last := joined.AllOf[len(joined.AllOf)-1]
	if last.Ref != "" || last.Value == nil || last.Value.Origin != ref.Origin {
		return nil // all keywords beside it are unknown, and so have no part of their own
	}
	target, s := *joined, *last.Value
	target.AllOf = joined.AllOf[:len(joined.AllOf)-1]
	s.AllOf = append(slices.Clone(s.AllOf), &openapi3.SchemaRef{Ref: ref.Ref, Value: &target})
	s.ReadOnly, s.WriteOnly = joined.ReadOnly, joined.WriteOnly
	return &s
}
