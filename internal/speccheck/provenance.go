package speccheck

import (
	"maps"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/internal/openapi"
)

// Levels are the values that x-confidence may have, from firm to guessed.
var Levels = []string{"documented", "superseded", "observed", "inferred"}

// Provenance checks that every operation and every component says where it comes
// from (x-source: tags that the legend info.x-sources explains) and how far it can be
// trusted (x-confidence). A property may say so too, and otherwise inherits.
func Provenance(doc *openapi.Document) []Problem {
	c := provenance{used: map[string]bool{}}
	c.legend, _ = doc.Info.Extensions["x-sources"].(map[string]any)
	if len(c.legend) == 0 {
		c.report("/info", "x-sources is missing: it explains the tags of x-source")
	}
	levels, _ := doc.Info.Extensions["x-confidence-levels"].(map[string]any)
	for _, level := range Levels {
		if _, ok := levels[level]; !ok {
			c.report("/info", "x-confidence-levels does not explain %q", level)
		}
	}
	for _, op := range doc.Operations {
		c.require(operationPointer(op), op.Spec.Extensions)
		for status, ref := range sorted(op.Spec.Responses.Map()) {
			if ref.Ref == "" {
				c.allow(operationPointer(op, "responses", status), ref.Value.Extensions)
			}
		}
	}
	for name, ref := range sorted(doc.Components.Schemas) {
		at := pointer("components", "schemas", name)
		c.require(at, ref.Value.Extensions)
		c.properties(at, ref.Value)
	}
	for name, ref := range sorted(doc.Components.Parameters) {
		c.require(pointer("components", "parameters", name), ref.Value.Extensions)
	}
	for name, ref := range sorted(doc.Components.Responses) {
		c.require(pointer("components", "responses", name), ref.Value.Extensions)
	}
	for name, ref := range sorted(doc.Components.RequestBodies) {
		c.require(pointer("components", "requestBodies", name), ref.Value.Extensions)
	}
	for name, ref := range sorted(doc.Components.Headers) {
		c.require(pointer("components", "headers", name), ref.Value.Extensions)
	}
	for name, ref := range sorted(doc.Components.SecuritySchemes) {
		c.require(pointer("components", "securitySchemes", name), ref.Value.Extensions)
	}
	for _, server := range doc.Servers {
		c.require(pointer("servers", server.URL), server.Extensions)
	}
	for _, tag := range slices.Sorted(maps.Keys(c.legend)) {
		if !c.used[tag] {
			c.report("/info/x-sources", "%q is explained but never used", tag)
		}
	}
	return c.problems
}

type provenance struct {
	legend   map[string]any
	used     map[string]bool
	problems []Problem
}

func (c *provenance) report(at, format string, args ...any) {
	c.problems = append(c.problems, problem("provenance", at, format, args...))
}

// properties visits what a schema holds inline; a reference has its own entry.
func (c *provenance) properties(at string, schema *openapi3.Schema) {
	for name, ref := range sorted(schema.Properties) {
		if ref.Ref == "" {
			below := at + pointer("properties", name)
			c.allow(below, ref.Value.Extensions)
			c.properties(below, ref.Value)
		}
	}
	if items := schema.Items; items != nil && items.Ref == "" {
		c.allow(at+"/items", items.Value.Extensions)
		c.properties(at+"/items", items.Value)
	}
}

// require wants both extensions.
func (c *provenance) require(at string, extensions map[string]any) {
	for _, key := range []string{"x-source", "x-confidence"} {
		if extensions[key] == nil {
			c.report(at, "%s is missing", key)
		}
	}
	c.values(at, extensions)
}

// allow wants both extensions or neither.
func (c *provenance) allow(at string, extensions map[string]any) {
	if (extensions["x-source"] == nil) != (extensions["x-confidence"] == nil) {
		c.report(at, "x-source and x-confidence come together")
	}
	c.values(at, extensions)
}

func (c *provenance) values(at string, extensions map[string]any) {
	if source := extensions["x-source"]; source != nil {
		tags, ok := source.([]any)
		if !ok || len(tags) == 0 {
			c.report(at, "x-source is not a list of tags")
		}
		for _, tag := range tags {
			name, _ := tag.(string)
			if _, ok := c.legend[name]; !ok {
				c.report(at, "x-source names %q, which info.x-sources does not explain", name)
			}
			c.used[name] = true
		}
	}
	if level := extensions["x-confidence"]; level != nil {
		if name, _ := level.(string); !slices.Contains(Levels, name) {
			c.report(at, "x-confidence is %v, not one of %s", level, strings.Join(Levels, ", "))
		}
	}
}
