package schema

import (
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// object compiles what the parts of a node say of an object. Each name that any of them
// mentions gets a place of its own; what a part says of other names holds for the names that
// it does not mention itself.
func (c *compiler) object(n *node) error {
	var relevant []part
	for _, p := range n.parts {
		if aboutObjects(p.schema) {
			relevant = append(relevant, p)
		}
	}
	if len(relevant) == 0 && !hasDependent(n) {
		return nil
	}
	o := n.objects()
	for _, p := range relevant {
		if err := c.objectPart(o, p); err != nil {
			return err
		}
	}
	speakers := speakersOf(o, relevant)
	for i := range o.properties {
		property := &o.properties[i]
		if err := c.property(o, relevant, speakers.of(property.name), property); err != nil {
			return err
		}
	}
	o.required = slices.DeleteFunc(o.required, func(rule requiredRule) bool { return o.properties[rule.property].excluded })
	o.predict = c.v.predictions
	c.v.predictions += int32(len(o.properties)) + 1
	return c.others(n, o)
}

func (n *node) objects() *objectRules {
	if n.object == nil {
		n.object = &objectRules{index: map[string]int32{}}
	}
	return n.object
}

func hasDependent(n *node) bool {
	return slices.ContainsFunc(n.groups, func(g *groupRule) bool { return g.kind == dependent })
}

func aboutObjects(s *openapi3.Schema) bool {
	return len(s.Properties) > 0 || len(s.Required) > 0 || s.MinProps > 0 || s.MaxProps != nil || set(s.AdditionalProperties) ||
		len(s.PatternProperties) > 0 || s.PropertyNames != nil || len(s.DependentRequired) > 0 || set(s.UnevaluatedProperties)
}

// place gives the index of a name, which is made when it is asked for first.
func (o *objectRules) place(name string) int32 {
	if i, known := o.index[name]; known {
		return i
	}
	i := int32(len(o.properties))
	o.index[name] = i
	o.properties = append(o.properties, property{name: name, quoted: quote(name)})
	return i
}

// quote writes a name as it most likely stands in a body. One that needs escape sequences can
// be written in several ways, and is empty here: it is never guessed.
func quote(name string) string {
	for _, c := range []byte(name) {
		if c < ' ' || c == '"' || c == '\\' {
			return ""
		}
	}
	return `"` + name + `"`
}

func (c *compiler) objectPart(o *objectRules, p part) error {
	s := p.schema
	part := objectPart{at: placeOf(s, p.pointer, "additionalProperties")}
	for _, name := range sorted(s.Properties) {
		o.place(name)
	}
	for _, name := range s.Required {
		o.required = append(o.required, requiredRule{o.place(name), placeOf(s, p.pointer, "required")})
	}
	for _, name := range sorted(s.DependentRequired) {
		rule := dependentRule{trigger: o.place(name), at: placeOf(s, p.pointer, "dependentRequired")}
		for _, wanted := range s.DependentRequired[name] {
			rule.wanted = append(rule.wanted, o.place(wanted))
		}
		o.dependent = append(o.dependent, rule)
	}
	if s.MinProps > 0 {
		o.counts = append(o.counts, countRule{"minProperties", limitOf(s.MinProps), placeOf(s, p.pointer, "minProperties")})
	}
	if s.MaxProps != nil {
		o.counts = append(o.counts, countRule{"maxProperties", limitOf(*s.MaxProps), placeOf(s, p.pointer, "maxProperties")})
	}
	for _, expression := range sorted(s.PatternProperties) {
		match, err := compilePattern(expression)
		if err != nil {
			return fmt.Errorf("%s/patternProperties: %w", p.pointer, err)
		}
		inner, err := c.ref(p, s.PatternProperties[expression], p.pointer+"/patternProperties/"+escaper.Replace(expression))
		if err != nil {
			return err
		}
		part.patterns = append(part.patterns, namePattern{match, inner})
		o.patterned = true
	}
	if s.PropertyNames != nil {
		inner, err := c.ref(p, s.PropertyNames, p.pointer+"/propertyNames")
		if err != nil {
			return err
		}
		o.names = append(o.names, inner)
	}
	if ref := s.AdditionalProperties.Schema; ref != nil {
		inner, err := c.ref(p, ref, p.pointer+"/additionalProperties")
		if err != nil {
			return err
		}
		part.rest = inner
	}
	if has := s.AdditionalProperties.Has; has != nil && !*has {
		part.forbid = true
	}
	if set(s.AdditionalProperties) {
		o.covers = true
	}
	if set(s.UnevaluatedProperties) {
		inner, err := c.ref(p, schemaOf(s.UnevaluatedProperties), p.pointer+"/unevaluatedProperties")
		if err != nil {
			return err
		}
		o.unevaluated = &unevaluatedRule{inner, placeOf(s, p.pointer, "unevaluatedProperties")}
	}
	o.parts = append(o.parts, part)
	return nil
}

// exclusion tells whether a property has no place in a body of this direction, and why.
func (c *compiler) exclusion(s *openapi3.Schema) (keyword string, no bool) {
	switch {
	case s == nil:
	case c.v.options.Direction == Response && s.WriteOnly:
		return "writeOnly", true
	case c.v.options.Direction == Request && s.ReadOnly:
		return "readOnly", true
	}
	return "", false
}

// speakers knows which parts of a conjunction have something to say of a name: asking all parts
// for all names would take quadratic time.
type speakers struct {
	byName map[string][]int
	// always are the parts that speak of names that they do not list.
	always []int
}

func speakersOf(o *objectRules, relevant []part) speakers {
	s := speakers{byName: map[string][]int{}}
	for i, p := range relevant {
		if part := &o.parts[i]; part.forbid || len(part.patterns) > 0 || p.schema.AdditionalProperties.Schema != nil {
			s.always = append(s.always, i)
			continue
		}
		for name := range p.schema.Properties {
			s.byName[name] = append(s.byName[name], i)
		}
	}
	return s
}

// of gives the parts in their order.
func (s speakers) of(name string) []int {
	list := slices.Concat(s.byName[name], s.always)
	slices.Sort(list)
	return list
}

// property joins what the parts that speak of it say of one name.
func (c *compiler) property(o *objectRules, relevant []part, speaking []int, property *property) error {
	var parts []part
	for _, i := range speaking {
		p := relevant[i]
		matched := false
		add := func(ref *openapi3.SchemaRef, pointer string) error {
			matched = true
			inner, err := c.partOf(p, ref, pointer)
			if err != nil {
				return err
			}
			parts = append(parts, inner)
			return nil
		}
		if ref := p.schema.Properties[property.name]; ref != nil {
			if err := add(ref, p.pointer+"/properties/"+escaper.Replace(property.name)); err != nil {
				return err
			}
			// The direction concerns properties alone, as OpenAPI says.
			inner := parts[len(parts)-1]
			if keyword, no := c.exclusion(inner.schema); no {
				property.excluded = true
				property.forbidden = append(property.forbidden, forbidden{keyword, placeOf(inner.schema, inner.pointer, keyword)})
			}
		}
		for j, expression := range sorted(p.schema.PatternProperties) {
			if o.parts[i].patterns[j].match([]byte(property.name)) {
				if err := add(p.schema.PatternProperties[expression], p.pointer+"/patternProperties/"+escaper.Replace(expression)); err != nil {
					return err
				}
			}
		}
		property.declared = property.declared || matched
		if matched {
			continue
		}
		if o.parts[i].forbid {
			property.forbidden = append(property.forbidden, forbidden{"additionalProperties", o.parts[i].at})
		}
		if ref := p.schema.AdditionalProperties.Schema; ref != nil {
			if err := add(ref, p.pointer+"/additionalProperties"); err != nil {
				return err
			}
			property.declared = true
		}
	}
	inner, err := c.conjunction(parts)
	property.node = inner
	return err
}

// others compiles what holds for the names that nobody mentions.
func (c *compiler) others(n *node, o *objectRules) error {
	o.free = len(o.properties) == 0 && !o.patterned
	for _, part := range o.parts {
		if part.forbid {
			o.restForbidden = append(o.restForbidden, part.at)
		}
	}
	rest, err := c.conjunctionOf(n, func(p part) (*openapi3.SchemaRef, string) {
		return p.schema.AdditionalProperties.Schema, "additionalProperties"
	})
	o.rest = rest
	return err
}
