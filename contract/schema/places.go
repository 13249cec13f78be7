package schema

import (
	"fmt"
	"iter"
	"net/url"
	"strconv"

	"github.com/getkin/kin-openapi/openapi3"
)

// A resource is what one $id names: a schema with all that it holds, up to the next $id. What
// has no $id around it is one resource too, the document.
type resource struct {
	base *url.URL
	// pointers, anchors and dynamic have the places in it: by JSON pointer, by $anchor or
	// $dynamicAnchor, and by $dynamicAnchor alone.
	pointers, anchors, dynamic map[string]place
}

// place is where a schema stands, which may be a reference to another.
type place struct {
	ref     *openapi3.SchemaRef
	pointer string
	home    *resource
}

// places knows where every schema of a description stands, so that references find it by $id,
// anchor and pointer.
type places struct {
	dialect  Dialect
	document *resource
	byID     map[string]*resource
	// homes has the resource of each schema, and refs that of each reference.
	homes map[*openapi3.Schema]*resource
	refs  map[*openapi3.SchemaRef]*resource
	// opened has the schemas that stand for a $ref with keywords beside it.
	opened map[*openapi3.SchemaRef]*openapi3.Schema
	// dynamic says that there is a $dynamicRef somewhere, so that scopes matter.
	dynamic bool
	// waiting are the schemas that resolved references lead to. They are visited last, as they
	// mostly stand somewhere else, where it is known what is around them.
	waiting []place
}

// trail is how a place is reached from the root of a resource.
type trail struct {
	from     *resource
	fragment string
}

func newResource(base *url.URL) *resource {
	return &resource{base: base, pointers: map[string]place{}, anchors: map[string]place{}, dynamic: map[string]place{}}
}

// findPlaces visits the schemas of a document, and what can be reached from a root.
func findPlaces(root *openapi3.SchemaRef, options Options) (*places, error) {
	ps := &places{
		dialect:  options.Dialect,
		document: newResource(&url.URL{}),
		byID:     map[string]*resource{},
		homes:    map[*openapi3.Schema]*resource{},
		refs:     map[*openapi3.SchemaRef]*resource{},
		opened:   map[*openapi3.SchemaRef]*openapi3.Schema{},
	}
	if document := options.Document; document != nil && document.Components != nil {
		for _, name := range sorted(document.Components.Schemas) {
			fragment := "/components/schemas/" + escaper.Replace(name)
			p := place{document.Components.Schemas[name], "#" + fragment, ps.document}
			if err := ps.visit(p, []trail{{ps.document, fragment}}); err != nil {
				return nil, err
			}
		}
	}
	if err := ps.visit(place{root, "#", ps.document}, []trail{{ps.document, ""}}); err != nil {
		return nil, err
	}
	for len(ps.waiting) > 0 {
		p := ps.waiting[0]
		ps.waiting = ps.waiting[1:]
		if stands, known := ps.document.pointers[fragmentOf(p.pointer)]; known {
			p.home = stands.home
		}
		if err := ps.visit(p, nil); err != nil {
			return nil, err
		}
	}
	return ps, nil
}

func (ps *places) visit(p place, trails []trail) error {
	if p.ref == nil || ps.refs[p.ref] != nil {
		return nil
	}
	ps.refs[p.ref] = p.home
	s := p.ref.Value
	if p.ref.Ref != "" {
		beside, err := ps.open(p.ref)
		if err != nil {
			return fmt.Errorf("%s: the keywords beside $ref: %w", p.pointer, err)
		}
		if beside == nil && s != nil {
			ps.waiting = append(ps.waiting, place{&openapi3.SchemaRef{Value: s}, p.ref.Ref, ps.document})
		}
		s = beside
	}
	if s != nil && ps.homes[s] != nil {
		return nil
	}
	if s != nil && s.SchemaID != "" {
		var err error
		if p.home, err = ps.resourceOf(p, s.SchemaID); err != nil {
			return err
		}
		trails = append(trails, trail{p.home, ""})
	}
	for _, t := range trails {
		record(t.from.pointers, t.fragment, p)
	}
	if s == nil {
		return nil
	}
	if ref, misread := s.Extensions["$ref"].(string); misread {
		return fmt.Errorf("%s: the reference %q was decoded as a keyword of a schema: decode a SchemaRef, or use Parse", p.pointer, ref)
	}
	ps.homes[s] = p.home
	ps.dynamic = ps.dynamic || s.DynamicRef != ""
	if s.Anchor != "" {
		record(p.home.anchors, s.Anchor, p)
	}
	if s.DynamicAnchor != "" {
		record(p.home.anchors, s.DynamicAnchor, p)
		record(p.home.dynamic, s.DynamicAnchor, p)
	}
	for keyword, ref := range children(s) {
		inner := make([]trail, len(trails))
		for i, t := range trails {
			inner[i] = trail{t.from, t.fragment + "/" + keyword}
		}
		if err := ps.visit(place{ref, p.pointer + "/" + keyword, p.home}, inner); err != nil {
			return err
		}
	}
	return nil
}

// record keeps the first place of a name: a schema that the loader has copied has the anchors
// of its original.
func record(m map[string]place, name string, p place) {
	if _, known := m[name]; !known {
		m[name] = p
	}
}

// resourceOf gives the resource that a $id names, which begins at a place.
func (ps *places) resourceOf(p place, id string) (*resource, error) {
	parsed, err := url.Parse(id)
	if err != nil {
		return nil, fmt.Errorf("%s/$id: %q is no URI reference", p.pointer, id)
	}
	base := p.home.base.ResolveReference(parsed)
	base.Fragment, base.RawFragment = "", ""
	known := ps.byID[base.String()]
	if known == nil {
		known = newResource(base)
		ps.byID[base.String()] = known
	}
	return known, nil
}

// children gives the schemas that a schema holds, each with its pointer from there.
func children(s *openapi3.Schema) iter.Seq2[string, *openapi3.SchemaRef] {
	return func(yield func(string, *openapi3.SchemaRef) bool) {
		for _, one := range []struct {
			keyword string
			ref     *openapi3.SchemaRef
		}{
			{"items", s.Items}, {"additionalProperties", s.AdditionalProperties.Schema}, {"not", s.Not},
			{"contains", s.Contains}, {"propertyNames", s.PropertyNames},
			{"unevaluatedItems", s.UnevaluatedItems.Schema}, {"unevaluatedProperties", s.UnevaluatedProperties.Schema},
			{"if", s.If}, {"then", s.Then}, {"else", s.Else}, {"contentSchema", s.ContentSchema},
		} {
			if one.ref != nil && !yield(one.keyword, one.ref) {
				return
			}
		}
		for _, list := range []struct {
			keyword string
			refs    openapi3.SchemaRefs
		}{{"allOf", s.AllOf}, {"anyOf", s.AnyOf}, {"oneOf", s.OneOf}, {"prefixItems", s.PrefixItems}} {
			for i, ref := range list.refs {
				if !yield(list.keyword+"/"+strconv.Itoa(i), ref) {
					return
				}
			}
		}
		for _, named := range []struct {
			keyword string
			refs    openapi3.Schemas
		}{{"properties", s.Properties}, {"patternProperties", s.PatternProperties}, {"dependentSchemas", s.DependentSchemas}, {"$defs", s.Defs}} {
			for _, name := range sorted(named.refs) {
				if !yield(named.keyword+"/"+escaper.Replace(name), named.refs[name]) {
					return
				}
			}
		}
	}
}
