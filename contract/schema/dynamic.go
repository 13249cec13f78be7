package schema

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// scope is what the resources that evaluation has come through say of dynamic anchors: for
// each name the outermost place. Equal scopes are the same scope, so that the nodes of a
// recursive schema stay finite.
type scope struct {
	anchors map[string]place
	// entered has the scope that comes of entering a resource.
	entered map[*resource]*scope
}

// enter adds a resource to a scope.
func (c *compiler) enter(from *scope, home *resource) *scope {
	if !c.places.dynamic || home == nil {
		return from
	}
	if from == nil {
		from = c.outside
	}
	if known := from.entered[home]; known != nil {
		return known
	}
	next := &scope{anchors: map[string]place{}, entered: map[*resource]*scope{}}
	for name, p := range from.anchors {
		next.anchors[name] = p
	}
	for name, p := range home.dynamic {
		record(next.anchors, name, p)
	}
	next = c.sameScope(next)
	from.entered[home] = next
	return next
}

// sameScope gives the scope that was made before with the same places.
func (c *compiler) sameScope(s *scope) *scope {
	var key strings.Builder
	for _, name := range sorted(s.anchors) {
		fmt.Fprintf(&key, "%q %p ", name, s.anchors[name].ref)
	}
	if known := c.scopes[key.String()]; known != nil {
		return known
	}
	c.scopes[key.String()] = s
	return s
}

// partOf follows a reference to the schema that it means, from a part that it is inside of.
func (c *compiler) partOf(from part, ref *openapi3.SchemaRef, pointer string) (part, error) {
	p := place{ref, pointer, c.places.refs[ref]}
	in := from.scope
	for range maxHops {
		if p.ref == nil || p.ref.Ref == "" && p.ref.Value == nil {
			return part{}, fmt.Errorf("%s: there is no schema, want an object, true or false", p.pointer)
		}
		in = c.enter(in, p.home)
		s := c.places.opened[p.ref]
		if s == nil && p.ref.Ref == "" {
			s = p.ref.Value
		}
		if s == nil && p.ref.Value != nil {
			if stands, known := c.places.document.pointers[fragmentOf(p.ref.Ref)]; known && c.places.opened[stands.ref] != nil && stands.ref != p.ref && !p.ref.Value.ReadOnly && !p.ref.Value.WriteOnly {
				p = stands // which the loader has joined with what is beside it
				continue
			}
			s, p.pointer = p.ref.Value, p.ref.Ref
		}
		if s != nil {
			return part{s, p.pointer, c.enter(in, c.places.homes[s])}, nil
		}
		target, err := c.places.find(p)
		if err != nil {
			return part{}, err
		}
		p = target
	}
	return part{}, fmt.Errorf("%s: the reference leads to itself", pointer)
}

// maxHops is how long a chain of references may be that is taken for none that goes in a circle.
const maxHops = 1000

// dynamic finds what a $dynamicRef means to a part.
func (c *compiler) dynamic(p part) (part, error) {
	home := c.places.homes[p.schema]
	if home == nil {
		home = c.places.document
	}
	ref := &openapi3.SchemaRef{Ref: p.schema.DynamicRef}
	target, err := c.places.find(place{ref, p.pointer + "/$dynamicRef", home})
	if err != nil {
		return part{}, err
	}
	name := fragmentOf(ref.Ref)
	if first, known := target.home.dynamic[name]; known && first.ref == target.ref {
		if outermost, bound := p.scope.lookup(name); bound {
			target = outermost
		}
	}
	return c.partOf(p, target.ref, target.pointer)
}

func (s *scope) lookup(name string) (place, bool) {
	if s == nil {
		return place{}, false
	}
	p, known := s.anchors[name]
	return p, known
}

// find looks up what an unresolved reference names: a $id or nothing, and then an anchor, a
// JSON pointer or nothing.
func (ps *places) find(p place) (place, error) {
	unresolved := func(why string) error {
		return fmt.Errorf("%s: the reference %q is not resolved: %s", p.pointer, p.ref.Ref, why)
	}
	uri, _, _ := strings.Cut(p.ref.Ref, "#")
	home := p.home
	if home == nil {
		home = ps.document
	}
	if uri != "" {
		parsed, err := url.Parse(uri)
		if err != nil {
			return place{}, unresolved("it is no URI")
		}
		if home = ps.byID[home.base.ResolveReference(parsed).String()]; home == nil {
			return place{}, unresolved("no schema here has such an $id, and none is fetched: give its document as Options.Document")
		}
	}
	fragment := fragmentOf(p.ref.Ref)
	named, what := home.anchors, "$anchor"
	if fragment == "" || fragment[0] == '/' {
		named, what = home.pointers, "schema at this pointer"
	}
	target, known := named[fragment]
	if !known {
		return place{}, unresolved("there is no such " + what)
	}
	return target, nil
}

// fragmentOf is what stands behind # in a reference, unescaped as a URI.
func fragmentOf(ref string) string {
	_, fragment, _ := strings.Cut(ref, "#")
	if plain, err := url.PathUnescape(fragment); err == nil {
		return plain
	}
	return fragment
}
