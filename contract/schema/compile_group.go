package schema

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// alternatives compiles the keywords that hold several schemas against one value, of which
// not all must fit.
func (c *compiler) alternatives(n *node, p part) error {
	s := p.schema
	if err := c.group(n, p, anyOf, "anyOf", s.AnyOf); err != nil {
		return err
	}
	if err := c.group(n, p, oneOf, "oneOf", s.OneOf); err != nil {
		return err
	}
	if s.Not != nil {
		if err := c.group(n, p, not, "not", openapi3.SchemaRefs{s.Not}); err != nil {
			return err
		}
	}
	if s.If != nil {
		if err := c.group(n, p, ifThenElse, "if", openapi3.SchemaRefs{s.If, orAnything(s.Then), orAnything(s.Else)}); err != nil {
			return err
		}
	}
	for _, name := range sorted(s.DependentSchemas) {
		if err := c.group(n, p, dependent, "dependentSchemas", openapi3.SchemaRefs{s.DependentSchemas[name]}); err != nil {
			return err
		}
		n.groups[len(n.groups)-1].trigger = n.objects().place(name)
	}
	return nil
}

func orAnything(ref *openapi3.SchemaRef) *openapi3.SchemaRef {
	if ref == nil {
		return &openapi3.SchemaRef{Value: &openapi3.Schema{}}
	}
	return ref
}

func (c *compiler) group(n *node, p part, kind groupKind, keyword string, refs openapi3.SchemaRefs) error {
	if len(refs) == 0 {
		return nil
	}
	g := &groupRule{kind: kind, keyword: keyword, at: placeOf(p.schema, p.pointer, keyword)}
	for i, ref := range refs {
		pointer := fmt.Sprintf("%s/%s/%d", p.pointer, keyword, i)
		switch {
		case kind == ifThenElse:
			pointer = p.pointer + "/" + [...]string{"if", "then", "else"}[i]
		case len(refs) == 1 && (kind == not || kind == dependent):
			pointer = p.pointer + "/" + keyword
		}
		inner, err := c.ref(p, ref, pointer)
		if err != nil {
			return err
		}
		g.nodes = append(g.nodes, inner)
	}
	if d := p.schema.Discriminator; d != nil && (kind == anyOf || kind == oneOf) {
		g.discriminator = discriminatorOf(p, d, refs)
	}
	n.groups = append(n.groups, g)
	return nil
}

// discriminatorOf lists the values that choose a branch: those of the mapping, and the names
// of the schemas that the branches refer to.
func discriminatorOf(p part, d *openapi3.Discriminator, refs openapi3.SchemaRefs) *discriminator {
	compiled := &discriminator{property: d.PropertyName, branches: map[string]int32{}, at: placeOf(p.schema, p.pointer, "discriminator")}
	byRef := map[string]int32{}
	for i, ref := range refs {
		if ref.Ref == "" {
			continue
		}
		byRef[ref.Ref] = int32(i)
		name := ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:]
		byRef[name] = int32(i)
		compiled.branches[name] = int32(i)
	}
	for _, value := range sorted(d.Mapping) {
		if branch, known := byRef[d.Mapping[value].Ref]; known {
			compiled.branches[value] = branch
		}
	}
	return compiled
}
