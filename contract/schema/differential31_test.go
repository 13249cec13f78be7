package schema

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// schema31 draws a schema of JSON Schema 2020-12 as JSON: any keywords together.
func (w writer) schema31(depth int) string {
	if w.chance(6) {
		return w.pick("boolean", "true", "false")
	}
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if depth > 0 && len(w.refs) > 0 && w.chance(15) {
		add("%s", w.pick("ref", w.refs...))
		if w.chance(50) {
			return "{" + parts[0] + "}"
		}
	}
	if depth > 0 {
		w.applicators(depth-1, add)
	}
	switch {
	case w.chance(40):
		add(`"type":%q`, w.pick("type", "null", "string", "integer", "number", "boolean", "array", "object", "object"))
	case w.chance(20):
		add(`"type":[%q,"null"]`, w.pick("type", "string", "integer", "number", "array", "object"))
	}
	if w.chance(10) {
		add(`"const":%s`, w.pick("const", `"a"`, `1`, `[1,2]`, `{"a":1}`, `{"a":[{"b":"a"}]}`))
	}
	if w.chance(8) {
		add(`"enum":%s`, w.pick("enum", `["a","b",null]`, `[1,2.5,true]`, `[[],[1],{}]`, `[{"a":"a"},3]`))
	}
	w.string31(add)
	w.number31(add)
	return "{" + strings.Join(parts, ",") + "}"
}

func (w writer) string31(add func(string, ...any)) {
	if w.chance(15) {
		w.bounds("Length", add)
	}
	if w.chance(8) {
		add(`"pattern":%q`, w.pick("pattern", "^a", "b$", "^\\d+$", "^[^/]*$", "(a|b){2}"))
	}
	if w.chance(12) {
		add(`"format":%q`, w.pick("format", drawnFormats...))
	}
}

// drawnFormats are those that jsonschema reads as strictly, and one that nobody knows. The
// vectors have the others.
var drawnFormats = []string{"date", "date-time", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri",
	"iri", "uuid", "json-pointer", "relative-json-pointer", "regex", "colour"}

func (w writer) number31(add func(string, ...any)) {
	if w.chance(10) {
		add(`"minimum":%s`, w.pick("minimum", "0", "1", "-1.5"))
	}
	if w.chance(10) {
		add(`"exclusiveMinimum":%s`, w.pick("minimum", "0", "1", "-1.5"))
	}
	if w.chance(10) {
		add(`"maximum":%s`, w.pick("maximum", "3", "10", "2.5"))
	}
	if w.chance(10) {
		add(`"exclusiveMaximum":%s`, w.pick("maximum", "3", "10", "2.5"))
	}
	if w.chance(6) {
		add(`"multipleOf":%s`, w.pick("multipleOf", "2", "0.5", "3"))
	}
}

func (w writer) list31(depth int) string {
	var branches []string
	for range rapid.IntRange(1, 3).Draw(w.t, "branches") {
		branches = append(branches, w.schema31(depth))
	}
	return strings.Join(branches, ",")
}

func (w writer) applicators(depth int, add func(string, ...any)) {
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		if w.chance(12) {
			add(`"%s":[%s]`, keyword, w.list31(depth))
		}
	}
	for _, keyword := range []string{"not", "additionalProperties", "items"} {
		if w.chance(10) {
			add(`"%s":%s`, keyword, w.schema31(depth))
		}
	}
	for _, keyword := range []string{"unevaluatedProperties", "unevaluatedItems"} {
		switch {
		case w.chance(20):
			add(`"%s":false`, keyword)
		case w.chance(10):
			add(`"%s":%s`, keyword, w.schema31(depth))
		}
	}
	if w.chance(8) {
		add(`"propertyNames":%s`, w.pick("names", `{"maxLength":1,"pattern":"[ab]"}`, `{"enum":["a","b","c"]}`, `{"anyOf":[{"const":"a"},{"pattern":"[bc]"}]}`, `{"not":{"const":"d"}}`))
	}
	if w.chance(12) {
		add(`"if":%s`, w.schema31(depth))
		if w.chance(70) {
			add(`"then":%s`, w.schema31(depth))
		}
		if w.chance(70) {
			add(`"else":%s`, w.schema31(depth))
		}
	}
	if w.chance(12) {
		add(`"prefixItems":[%s]`, w.list31(depth))
	}
	if w.chance(12) {
		add(`"contains":%s`, w.schema31(depth))
		if w.chance(30) {
			add(`"minContains":%d`, rapid.IntRange(0, 2).Draw(w.t, "minContains"))
		}
		if w.chance(30) {
			add(`"maxContains":%d`, rapid.IntRange(1, 2).Draw(w.t, "maxContains"))
		}
	}
	if w.chance(15) {
		w.bounds("Items", add)
		w.bounds("Properties", add)
	}
	if w.chance(8) {
		add(`"uniqueItems":true`)
	}
	w.members31(depth, add)
}

func (w writer) members31(depth int, add func(string, ...any)) {
	if w.chance(35) {
		var properties []string
		for _, name := range memberNames {
			if w.chance(50) {
				properties = append(properties, fmt.Sprintf("%q:%s", name, w.schema31(depth)))
			}
		}
		add(`"properties":{%s}`, strings.Join(properties, ","))
	}
	if w.chance(12) {
		add(`"patternProperties":{%q:%s,"^[bc]":%s}`, w.pick("pattern", "[ab]", "a|d"), w.schema31(depth), w.schema31(depth))
	}
	if w.chance(15) {
		add(`"required":[%q]`, w.pick("required", memberNames...))
	}
	if w.chance(8) {
		add(`"dependentRequired":{%q:[%q]}`, w.pick("trigger", memberNames...), w.pick("wanted", memberNames...))
	}
	if w.chance(8) {
		add(`"dependentSchemas":{%q:%s}`, w.pick("trigger", memberNames...), w.schema31(depth))
	}
}

// drawnDefs draws what the root may refer to, in all ways there are to do so.
func drawnDefs(w writer) (defs string, refs []string) {
	draw := func() string { return w.schema31(0) }
	members := func() string {
		s := draw()
		if s == "true" || s == "false" || s == "{}" {
			return ""
		}
		return "," + s[1:len(s)-1]
	}
	defs = `"Node":{"type":"object","properties":{"a":{"$ref":"#/$defs/Node"},"b":{"type":"integer"}}},` +
		`"Marked":{"$anchor":"marked"` + members() + `},` +
		`"Tree":{"$id":"urn:drawn:tree","$dynamicAnchor":"twig","properties":{"a":{"$dynamicRef":"#twig"},"b":` + draw() + `}},` +
		`"Strict":{"$id":"urn:drawn:strict","$dynamicAnchor":"twig","$ref":"urn:drawn:tree"` + members() + `},` +
		`"Other":{"$id":"urn:drawn:other","$ref":"urn:drawn:tree","$defs":{"t":{"$dynamicAnchor":"twig","properties":{"a":{"$dynamicRef":"#twig"}}` + members() + `}}}`
	refs = []string{`"$ref":"#/$defs/Node"`, `"$ref":"#marked"`, `"$ref":"urn:drawn:tree"`, `"$ref":"urn:drawn:strict"`, `"$ref":"urn:drawn:other"`}
	if w.chance(50) {
		defs += `,"Twig":{"$dynamicAnchor":"twig"` + members() + `}`
		refs = append(refs, `"$dynamicRef":"#twig"`)
	}
	return defs, refs
}

// keywordsOf31 are those that a full run must have decided both ways.
var keywordsOf31 = []string{"$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "additionalProperties", "allOf", "anyOf", "const", "contains",
	"dependentRequired", "dependentSchemas", "else", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "if", "items", "maxContains",
	"maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not",
	"oneOf", "pattern", "patternProperties", "prefixItems", "properties", "propertyNames", "required", "then", "type", "unevaluatedItems",
	"unevaluatedProperties", "uniqueItems"}

// Schemas with references of all kinds, as Parse reads them.
func TestAgreesWithJSONSchema(t *testing.T) {
	covered := cover(t)
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for range schemasPerCheck {
			defs, refs := drawnDefs(writer{t: t})
			text := `{"$id":"urn:drawn:root","$ref":"#/$defs/Root","$defs":{"Root":` + writer{t: t, refs: refs}.schema31(3) + `,` + defs + `}}`
			root, err := Parse([]byte(text))
			require.NoError(t, err, text)
			v, err := Compile(root, Options{Dialect: OpenAPI31})
			require.NoError(t, err, text)
			named := namedIn(t, defs, text)
			agrees(t, covered, text, v, compilePeer(t, text, "http://localhost/d.json"), bodies{random, named}, named["#/$defs/Root"])
		}
	})
	covered.check(t, keywordsOf31...)
}

// namedIn decodes the definitions of a schema once more, for who draws bodies.
func namedIn(t require.TestingT, defs, text string) map[string]*openapi3.SchemaRef {
	whole := struct {
		Defs openapi3.Schemas `json:"$defs"`
	}{}
	require.NoError(t, json.Unmarshal([]byte(text), &whole), defs)
	named := map[string]*openapi3.SchemaRef{}
	for name, ref := range whole.Defs {
		named["#/$defs/"+name] = ref
	}
	named["#marked"], named["urn:drawn:tree"], named["urn:drawn:strict"] = whole.Defs["Marked"], whole.Defs["Tree"], whole.Defs["Tree"]
	named["urn:drawn:other"] = whole.Defs["Tree"]
	return named
}

// Schemas of a document, as the loader of openapi3 resolves and joins them.
func TestAgreesWithJSONSchemaInADocument(t *testing.T) {
	covered := cover(t)
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for range schemasPerCheck {
			text := writer{t: t, refs: []string{`"$ref":"#/components/schemas/Node"`, `"$ref":"#/components/schemas/Drawn"`, `"$ref":"#/components/schemas/Beside"`}}.schema31(3)
			schemas := `{"Root":` + text + `,"Drawn":` + writer{t: t}.schema31(2) + `,` +
				`"Beside":{"$ref":"#/components/schemas/Drawn","minProperties":1,"unevaluatedProperties":` + w31Bool(t) + `},` + sharedSchemas + `}`
			doc := document31(t, yamlHead, schemas)
			root := doc.Components.Schemas["Root"]
			v, err := Compile(root, Options{Dialect: OpenAPI31, Document: doc})
			require.NoError(t, err, text)
			agrees(t, covered, schemas, v, peerOf(t, schemas), bodies{Rand: random}, root)
		}
	})
	covered.check(t, keywordsOf31[5:]...)
}

func w31Bool(t *rapid.T) string { return writer{t: t}.pick("boolean", "true", "false") }

// agrees draws bodies, and compares the verdicts.
func agrees(t *rapid.T, covered *coverage, text string, v *Validator, peer *jsonschema.Schema, random bodies, root *openapi3.SchemaRef) {
	count := covered.schema(text)
	for range bodiesPerSchema {
		body, err := json.Marshal(random.of(root, 4))
		require.NoError(t, err)
		theirs := peer.Validate(decode(t, body))
		findings, err := v.ValidateBytes(t.Context(), body)
		require.NoError(t, err)
		count(theirs == nil)
		require.Equal(t, theirs == nil, Valid(findings), "schema %s\nbody %s\njsonschema: %v\nhere: %v", text, body, theirs, findings)
	}
}

func peerOf(t require.TestingT, schemas string) *jsonschema.Schema {
	return compilePeer(t, `{"components":{"schemas":`+schemas+`}}`, "http://localhost/d.json#/components/schemas/Root")
}

// compilePeer compiles a schema of a text at http://localhost/d.json with the other implementation.
func compilePeer(t require.TestingT, text, location string) *jsonschema.Schema {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("http://localhost/d.json", document))
	compiled, err := compiler.Compile(location)
	require.NoError(t, err, text)
	return compiled
}
