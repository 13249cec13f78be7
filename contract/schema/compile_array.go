package schema

import (
	"fmt"

	"github.com/getkin/kin-openapi/openapi3"
)

func (n *node) arrays() *arrayRules {
	if n.array == nil {
		n.array = &arrayRules{}
	}
	return n.array
}

// array compiles what a part says of an array as a whole.
func (c *compiler) array(n *node, p part) error {
	s := p.schema
	if s.MinItems > 0 {
		n.arrays().counts = append(n.arrays().counts, countRule{"minItems", limitOf(s.MinItems), placeOf(s, p.pointer, "minItems")})
	}
	if s.MaxItems != nil {
		n.arrays().counts = append(n.arrays().counts, countRule{"maxItems", limitOf(*s.MaxItems), placeOf(s, p.pointer, "maxItems")})
	}
	if s.UniqueItems {
		n.arrays().unique = append(n.arrays().unique, placeOf(s, p.pointer, "uniqueItems"))
	}
	if s.Contains != nil {
		inner, err := c.ref(p, s.Contains, p.pointer+"/contains")
		if err != nil {
			return err
		}
		rule := containsRule{node: inner, least: 1, most: -1, leastAt: placeOf(s, p.pointer, "contains"), mostAt: placeOf(s, p.pointer, "maxContains")}
		if s.MinContains != nil {
			rule.least, rule.leastAt = limitOf(*s.MinContains), placeOf(s, p.pointer, "minContains")
		}
		if s.MaxContains != nil {
			rule.most = limitOf(*s.MaxContains)
		}
		n.arrays().contains = append(n.arrays().contains, rule)
	}
	if set(s.UnevaluatedItems) {
		inner, err := c.ref(p, schemaOf(s.UnevaluatedItems), p.pointer+"/unevaluatedItems")
		if err != nil {
			return err
		}
		n.arrays().unevaluated = &unevaluatedRule{inner, placeOf(s, p.pointer, "unevaluatedItems")}
	}
	return nil
}

// items compiles the nodes of the elements: of each position that some prefixItems has, and
// of all others.
func (c *compiler) items(n *node) error {
	longest := 0
	for _, p := range n.parts {
		longest = max(longest, len(p.schema.PrefixItems))
		if p.schema.Items != nil {
			n.arrays().coverAll = true
		}
	}
	for position := range longest {
		inner, err := c.conjunctionOf(n, func(p part) (*openapi3.SchemaRef, string) {
			if position < len(p.schema.PrefixItems) {
				return p.schema.PrefixItems[position], fmt.Sprintf("prefixItems/%d", position)
			}
			return p.schema.Items, "items"
		})
		if err != nil {
			return err
		}
		n.arrays().prefix = append(n.arrays().prefix, inner)
	}
	inner, err := c.conjunctionOf(n, func(p part) (*openapi3.SchemaRef, string) { return p.schema.Items, "items" })
	if err != nil || inner == nil && n.array == nil {
		return err
	}
	n.arrays().items = inner
	n.array.covered = longest
	return nil
}

// conjunctionOf joins what each part of a node has at some keyword.
func (c *compiler) conjunctionOf(n *node, at func(part) (*openapi3.SchemaRef, string)) (*node, error) {
	var parts []part
	for _, p := range n.parts {
		ref, keyword := at(p)
		if ref == nil {
			continue
		}
		inner, err := c.partOf(p, ref, p.pointer+"/"+keyword)
		if err != nil {
			return nil, err
		}
		parts = append(parts, inner)
	}
	return c.conjunction(parts)
}
