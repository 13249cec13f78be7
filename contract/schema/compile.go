package schema

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Validator is a compiled schema. It is immutable, and safe for concurrent use.
type Validator struct {
	options Options
	root    *node
	nodes   []*node
	// predictions is how many places run.predicted has.
	predictions int32
	ignore      [][]string
	runs        runs
}

// Compile makes a validator of a schema, which must have passed openapi3's own validation, or
// come of [Parse]. It fails when a pattern has no equivalent in RE2, when a reference names
// nothing in the schema or in [Options.Document], and when a schema refers to itself without a
// step into the value, which no value decides.
func Compile(ref *openapi3.SchemaRef, options Options) (*Validator, error) {
	options, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	if ref == nil {
		return nil, errors.New("schema: there is no schema: the reference is nil, as one by a name that the components do not have")
	}
	v := &Validator{options: options}
	for _, pointer := range options.Ignore {
		if pointer == "" || pointer[0] != '/' {
			return nil, fmt.Errorf("schema: Ignore has %q, want a JSON pointer below the body, such as /items/*/extra", pointer)
		}
		v.ignore = append(v.ignore, stepsOf(pointer))
	}
	c := &compiler{v: v, nodes: map[string]*node{}, numbers: map[schemaInScope]int{}, scopes: map[string]*scope{}}
	c.outside = c.sameScope(&scope{entered: map[*resource]*scope{}})
	c.places, err = findPlaces(ref, options)
	if err == nil {
		v.root, err = c.ref(part{}, ref, "#")
	}
	for err == nil && len(c.pending) > 0 {
		n := c.pending[0]
		c.pending = c.pending[1:]
		err = c.fill(n)
	}
	if err == nil {
		err = c.finish()
	}
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return v, nil
}

// CompileResponse makes a validator of what an operation declares for a response and a
// content type, such as application/json.
func CompileResponse(response *openapi3.Response, contentType string, options Options) (*Validator, error) {
	if response == nil {
		return nil, errors.New("schema: the response is not declared")
	}
	media := response.Content.Get(contentType)
	if media == nil {
		return nil, fmt.Errorf("schema: the response declares no %s", contentType)
	}
	return CompileMedia(media, options)
}

// CompileMedia makes a validator of what is declared for a content type. One without a schema
// takes any JSON.
func CompileMedia(media *openapi3.MediaType, options Options) (*Validator, error) {
	ref := media.Schema
	if ref == nil {
		ref = &openapi3.SchemaRef{Value: &openapi3.Schema{}}
	}
	return Compile(ref, options)
}

// maxNodes bounds what conjunctions of conjunctions may grow to.
const maxNodes = 100_000

type compiler struct {
	v       *Validator
	nodes   map[string]*node
	numbers map[schemaInScope]int
	pending []*node
	places  *places
	scopes  map[string]*scope
	// outside is the scope around all resources.
	outside *scope
}

// schemaInScope is what tells a part of a conjunction from others.
type schemaInScope struct {
	schema *openapi3.Schema
	scope  *scope
}

// ref compiles one schema that stands at a pointer, in a part of another.
func (c *compiler) ref(from part, ref *openapi3.SchemaRef, pointer string) (*node, error) {
	p, err := c.partOf(from, ref, pointer)
	if err != nil {
		return nil, err
	}
	return c.conjunction([]part{p})
}

// conjunction gives the node of the schemas that apply to one value together, made when it
// is asked for first: a recursive schema meets its own node. No parts is nil, for anything.
func (c *compiler) conjunction(roots []part) (*node, error) {
	parts, apart, err := c.flatten(roots)
	if err != nil || len(parts)+len(apart) == 0 {
		return nil, err
	}
	key := c.key(parts) + "|" + c.key(apart)
	if n := c.nodes[key]; n != nil {
		return n, nil
	}
	if len(c.v.nodes) >= maxNodes {
		return nil, fmt.Errorf("%s: the schema has more than %d combinations", roots[0].pointer, maxNodes)
	}
	n := &node{id: int32(len(c.v.nodes)), parts: parts, types: everyType}
	first := slices.Concat(parts, apart)[0]
	n.at = placeOf(first.schema, first.pointer, "")
	c.nodes[key] = n
	c.v.nodes = append(c.v.nodes, n)
	c.pending = append(c.pending, n)
	for _, p := range apart {
		other, err := c.conjunction([]part{p})
		if err != nil {
			return nil, err
		}
		n.also = append(n.also, other)
	}
	return n, nil
}

// flatten adds the parts of every allOf, and what a $dynamicRef means here. A schema that looks
// at what its neighbours have left unevaluated stays apart, since it must not see those around
// it.
func (c *compiler) flatten(roots []part) (parts, apart []part, err error) {
	been := map[schemaInScope]bool{}
	var add func(p part, top bool) error
	add = func(p part, top bool) error {
		if been[p.known()] {
			return nil
		}
		been[p.known()] = true
		if !top && hasUnevaluated(p.schema) {
			apart = append(apart, p)
			return nil
		}
		parts = append(parts, p)
		if p.schema.DynamicRef != "" {
			inner, err := c.dynamic(p)
			if err != nil {
				return err
			}
			if err := add(inner, false); err != nil {
				return err
			}
		}
		for i, ref := range p.schema.AllOf {
			inner, err := c.partOf(p, ref, fmt.Sprintf("%s/allOf/%d", p.pointer, i))
			if err != nil {
				return err
			}
			if err := add(inner, false); err != nil {
				return err
			}
		}
		return nil
	}
	for _, p := range roots {
		if err := add(p, len(roots) == 1); err != nil {
			return nil, nil, err
		}
	}
	return parts, apart, nil
}

func hasUnevaluated(s *openapi3.Schema) bool {
	return set(s.UnevaluatedItems) || set(s.UnevaluatedProperties)
}

// key names a set of schemas.
func (c *compiler) key(parts []part) string {
	ids := make([]int, len(parts))
	for i, p := range parts {
		id, known := c.numbers[p.known()]
		if !known {
			id = len(c.numbers)
			c.numbers[p.known()] = id
		}
		ids[i] = id
	}
	slices.Sort(ids)
	var b []byte
	for _, id := range ids {
		b = append(strconv.AppendInt(b, int64(id), 36), ' ')
	}
	return string(b)
}

// fill compiles the keywords of a node's parts.
func (c *compiler) fill(n *node) error {
	for _, p := range n.parts {
		if p.schema.Always != nil {
			if !*p.schema.Always {
				n.never = append(n.never, placeOf(p.schema, p.pointer, ""))
			}
			continue
		}
		for _, compile := range []func(*node, part) error{c.types, c.enum, c.number, c.string, c.array, c.alternatives} {
			if err := compile(n, p); err != nil {
				return err
			}
		}
	}
	if err := c.items(n); err != nil {
		return err
	}
	return c.object(n)
}

func (c *compiler) types(n *node, p part) error {
	if p.schema.Type == nil {
		return nil
	}
	rule := typeRule{at: placeOf(p.schema, p.pointer, "type")}
	names := slices.Clone(p.schema.Type.Slice())
	if p.schema.Nullable && c.v.options.Dialect == OpenAPI30 {
		names = append(names, "null")
	}
	for _, name := range names {
		i := slices.IndexFunc(typeNames, func(t struct {
			name string
			bits types
		}) bool {
			return t.name == name
		})
		if i < 0 {
			return fmt.Errorf("%s: there is no type %q", p.pointer, name)
		}
		rule.types |= typeNames[i].bits
	}
	rule.want = strings.Join(names, " or ")
	n.types &= rule.types
	n.typed = append(n.typed, rule)
	return nil
}

// finish computes what depends on other nodes, and refuses schemas that never come to a value.
func (c *compiler) finish() error {
	state := map[*node]int{}
	var visit func(n *node) error
	visit = func(n *node) error {
		switch state[n] {
		case 1:
			return fmt.Errorf("%s: the schema refers to itself without a step into the value", n.at.pointer)
		case 2:
			return nil
		}
		state[n] = 1
		inner := slices.Clone(n.also)
		for _, g := range n.groups {
			inner = append(inner, g.nodes...)
		}
		for _, other := range inner {
			if other == nil {
				continue
			}
			if err := visit(other); err != nil {
				return err
			}
		}
		state[n] = 2
		return nil
	}
	for _, n := range c.v.nodes {
		if err := visit(n); err != nil {
			return err
		}
		n.grouped = groupedTypes(n)
		n.admitted = admittedTypes(n)
		n.unruled = n.admitted &^ ruledTypes(n)
		n.brief = briefTypes(n)
	}
	return nil
}

// admittedTypes leaves out numbers where only integers fit, which each number must show.
func admittedTypes(n *node) types {
	switch {
	case len(n.never) > 0:
		return 0
	case n.types&isNumber == 0:
		return n.types &^ isInteger
	}
	return n.types
}

// ruledTypes are those of values that a rule looks at.
func ruledTypes(n *node) types {
	ruled := n.grouped | isArray | isObject
	if len(n.enums) > 0 {
		ruled = everyType
	}
	if len(n.numbers) > 0 {
		ruled |= isNumber | isInteger
	}
	if len(n.strings) > 0 {
		ruled |= isString
	}
	return ruled
}

func briefTypes(n *node) types {
	if len(n.never) > 0 || len(n.enums) > 0 || n.grouped&isNumber != 0 {
		return 0
	}
	brief := n.types & (isInteger | isNumber)
	for i := range n.numbers {
		brief &= n.numbers[i].brief
	}
	return brief
}

func groupedTypes(n *node) types {
	if len(n.also) > 0 {
		return everyType
	}
	var grouped types
	for _, g := range n.groups {
		switch g.kind {
		case constant:
			grouped |= isArray | isObject
		case dependent:
			grouped |= isObject
		default:
			grouped |= everyType
		}
	}
	if n.object != nil && n.object.unevaluated != nil {
		grouped |= isObject
	}
	if n.array != nil && (n.array.unevaluated != nil || len(n.array.contains) > 0) {
		grouped |= isArray
	}
	return grouped
}

// placeOf is where a keyword of a schema stands, or where the schema itself does.
func placeOf(s *openapi3.Schema, pointer, keyword string) source {
	at := source{pointer: pointer, schema: s}
	if keyword != "" {
		at.pointer += "/" + keyword
	}
	if s.Origin == nil {
		return at
	}
	location, found := s.Origin.Fields.Lookup(keyword)
	if !found && s.Origin.Key != nil {
		location = *s.Origin.Key
	}
	at.file, at.line, at.column = location.File, location.Line, location.Column
	return at
}

// sorted gives the names of a map in order, so that every compilation is the same.
func sorted[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
