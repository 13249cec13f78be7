package schema

import (
	"fmt"
	"math"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/contract/schema/internal/format"
)

func (c *compiler) enum(n *node, p part) error {
	s := p.schema
	if s.Enum != nil {
		if err := c.members(n, p, "enum", s.Enum); err != nil {
			return err
		}
	}
	if s.Const != nil || hasConst(s) {
		return c.members(n, p, "const", []any{s.Const})
	}
	return nil
}

// hasConst tells by its place that there is a const whose value is null, which the loader keeps
// as it keeps none at all. It records places in YAML and when it is asked to; [Parse] needs none.
func hasConst(s *openapi3.Schema) bool {
	if s.Origin == nil {
		return false
	}
	_, there := s.Origin.Fields.Lookup("const")
	return there
}

// members compiles the values of an enum or a const. An array or an object among them
// becomes a schema that only its equals fit, so that nothing needs to be kept to compare.
func (c *compiler) members(n *node, p part, keyword string, values []any) error {
	rule := &enumRule{keyword: keyword, strings: map[string]int32{}, literals: [3]int32{-1, -1, -1}, size: len(values), at: placeOf(p.schema, p.pointer, keyword)}
	group := &groupRule{kind: constant, keyword: keyword, at: rule.at}
	for i, value := range values {
		index := int32(i)
		switch value := value.(type) {
		case nil:
			rule.literals[0] = index
		case bool:
			if value {
				rule.literals[1] = index
			} else {
				rule.literals[2] = index
			}
		case string:
			if _, known := rule.strings[value]; !known {
				rule.strings[value] = index
			}
		case []any, map[string]any:
			pointer := fmt.Sprintf("%s/%d", rule.at.pointer, i)
			equal, err := c.ref(p, &openapi3.SchemaRef{Value: equals(value)}, pointer)
			if err != nil {
				return err
			}
			group.nodes = append(group.nodes, equal)
			if _, isList := value.([]any); isList {
				rule.nested |= isArray
			} else {
				rule.nested |= isObject
			}
		default:
			number, err := decimalOf(value)
			if err != nil {
				return fmt.Errorf("%s/%d: %w", rule.at.pointer, i, err)
			}
			rule.numbers = append(rule.numbers, numberMember{number, index})
		}
	}
	slices.SortStableFunc(rule.numbers, func(a, b numberMember) int { return a.compare(b.value) })
	n.enums = append(n.enums, rule)
	if len(group.nodes) > 0 {
		n.groups = append(n.groups, group)
	}
	return nil
}

// equals makes the schema of one value.
func equals(value any) *openapi3.Schema {
	switch value := value.(type) {
	case []any:
		s := openapi3.NewArraySchema()
		length := uint64(len(value))
		s.MinItems, s.MaxItems = length, &length
		for _, element := range value {
			s.PrefixItems = append(s.PrefixItems, &openapi3.SchemaRef{Value: equals(element)})
		}
		return s
	case map[string]any:
		s := openapi3.NewObjectSchema()
		s.Properties = openapi3.Schemas{}
		for _, name := range sorted(value) {
			s.Properties[name] = &openapi3.SchemaRef{Value: equals(value[name])}
			s.Required = append(s.Required, name)
		}
		none := false
		s.AdditionalProperties.Has = &none
		return s
	}
	return &openapi3.Schema{Enum: []any{value}}
}

func (c *compiler) number(n *node, p part) error {
	s := p.schema
	add := func(keyword, want string, value float64) error {
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return fmt.Errorf("%s/%s: not a number", p.pointer, keyword)
		}
		exact, err := decimalOf(value)
		if err != nil {
			return err
		}
		rule := numberRule{keyword: keyword, value: exact, want: fmt.Sprintf("%s %v", want, value), at: placeOf(s, p.pointer, keyword)}
		rule.short, rule.isShort = exact.int64()
		n.numbers = append(n.numbers, rule)
		return nil
	}
	exclusive := func(bound openapi3.ExclusiveBound) bool { return bound.Bool != nil && *bound.Bool }
	var errs []error
	if s.Min != nil {
		if exclusive(s.ExclusiveMin) {
			errs = append(errs, add("exclusiveMinimum", "a number above", *s.Min))
		} else {
			errs = append(errs, add("minimum", "a number of at least", *s.Min))
		}
	}
	if s.Max != nil {
		if exclusive(s.ExclusiveMax) {
			errs = append(errs, add("exclusiveMaximum", "a number below", *s.Max))
		} else {
			errs = append(errs, add("maximum", "a number of at most", *s.Max))
		}
	}
	if s.ExclusiveMin.Value != nil {
		errs = append(errs, add("exclusiveMinimum", "a number above", *s.ExclusiveMin.Value))
	}
	if s.ExclusiveMax.Value != nil {
		errs = append(errs, add("exclusiveMaximum", "a number below", *s.ExclusiveMax.Value))
	}
	if s.MultipleOf != nil {
		if *s.MultipleOf <= 0 {
			return fmt.Errorf("%s/multipleOf: must be above 0", p.pointer)
		}
		errs = append(errs, add("multipleOf", "a multiple of", *s.MultipleOf))
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	if check := formatFor(s.Format, format.Numbers); check != nil {
		rule := numberRule{keyword: "format", check: check, want: "a number in the format " + s.Format, at: placeOf(s, p.pointer, "format")}
		switch s.Format {
		case "int32":
			rule.least, rule.below = math.MinInt32, math.MaxInt32
		case "int64":
			rule.least, rule.below = math.MinInt64, math.MaxInt64
			rule.brief = isInteger
		case "float", "double":
			rule.brief = isInteger | isNumber
		}
		n.numbers = append(n.numbers, rule)
	}
	return nil
}

func (c *compiler) string(n *node, p part) error {
	s := p.schema
	if s.MinLength > 0 {
		n.strings = append(n.strings, stringRule{keyword: "minLength", limit: limitOf(s.MinLength), want: fmt.Sprintf("a string of at least %d characters", s.MinLength), at: placeOf(s, p.pointer, "minLength")})
	}
	if s.MaxLength != nil {
		n.strings = append(n.strings, stringRule{keyword: "maxLength", limit: limitOf(*s.MaxLength), want: fmt.Sprintf("a string of at most %d characters", *s.MaxLength), at: placeOf(s, p.pointer, "maxLength")})
	}
	if s.Pattern != "" {
		match, err := compilePattern(s.Pattern)
		if err != nil {
			return fmt.Errorf("%s/pattern: %w", p.pointer, err)
		}
		n.strings = append(n.strings, stringRule{keyword: "pattern", check: match, want: "a string that matches " + s.Pattern, at: placeOf(s, p.pointer, "pattern")})
	}
	if check := formatFor(s.Format, format.Strings); check != nil {
		n.strings = append(n.strings, stringRule{keyword: "format", check: check, want: "a string in the format " + s.Format, at: placeOf(s, p.pointer, "format")})
	}
	return nil
}

// limitOf keeps a count of the description within an int.
func limitOf(n uint64) int { return int(min(n, math.MaxInt)) }

// set tells whether a keyword that takes a schema or a boolean is there.
func set(b openapi3.BoolSchema) bool { return b.Has != nil || b.Schema != nil }

// schemaOf gives such a keyword as a schema.
func schemaOf(b openapi3.BoolSchema) *openapi3.SchemaRef {
	if b.Schema != nil {
		return b.Schema
	}
	return &openapi3.SchemaRef{Value: &openapi3.Schema{Always: b.Has}}
}
