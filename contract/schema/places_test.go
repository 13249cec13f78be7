package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// document31 loads a description of OpenAPI 3.1 with some schemas.
func document31(t require.TestingT, head, schemas string) *openapi3.T {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	doc, err := loader.LoadFromData([]byte(head + `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{},"components":{"schemas":` + schemas + `}}`))
	require.NoError(t, err, schemas)
	return doc
}

const yamlHead = "# YAML keeps places.\n"

// A tree that others extend: what its children are depends on who asks.
const trees = `{
	"Tree":{"$id":"https://example.test/tree","$dynamicAnchor":"node","type":"object","properties":{"value":true,"children":{"type":"array","items":{"$dynamicRef":"#node"}}}},
	"Strict":{"$id":"https://example.test/strict","$dynamicAnchor":"node","$ref":"#/components/schemas/Tree","unevaluatedProperties":false}}`

func TestDynamicReferencesInADocument(t *testing.T) {
	doc := document31(t, yamlHead, trees)
	for _, c := range []struct {
		name, schema, body, want string
	}{
		{"the tree is open", "Tree", `{"children":[{"colour":1}]}`, ""},
		{"its extension is strict", "Strict", `{"colour":1}`, "/colour false"},
		{"and strict below, too", "Strict", `{"children":[{"value":1,"children":[{"colour":1}]}]}`, "/children/0/children/0/colour false"},
		{"what the tree declares is looked at", "Strict", `{"children":[{"value":1}],"value":2}`, ""},
		{"the tree's own rules hold", "Strict", `{"children":[{"children":1}]}`, "/children/0/children type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ref := &openapi3.SchemaRef{Ref: "#/components/schemas/" + c.schema, Value: doc.Components.Schemas[c.schema].Value}
			v, err := Compile(ref, Options{Dialect: OpenAPI31, Document: doc})
			require.NoError(t, err)
			findings, err := v.ValidateBytes(t.Context(), []byte(c.body))
			require.NoError(t, err)
			assert.Equal(t, c.want, brief(findings))
		})
	}
}

// The loader joins a $ref with its neighbours, so that unevaluatedProperties would not see
// what the $ref has looked at. This package takes them apart again.
func TestNeighboursOfAReference(t *testing.T) {
	const base = `"Base":{"type":"object","properties":{"a":true}},"Closed":{"properties":{"a":true},"unevaluatedProperties":false}`
	for _, c := range []struct {
		name, schema, body string
		valid              bool
	}{
		{"beside a $ref", `{"$ref":"#/components/schemas/Base","unevaluatedProperties":false}`, `{"a":1}`, true},
		{"beside a $ref, others", `{"$ref":"#/components/schemas/Base","unevaluatedProperties":false}`, `{"b":1}`, false},
		{"with properties", `{"$ref":"#/components/schemas/Base","properties":{"b":true},"unevaluatedProperties":false}`, `{"a":1,"b":1}`, true},
		{"in the target", `{"$ref":"#/components/schemas/Closed","properties":{"b":true}}`, `{"b":1}`, false},
		{"an assertion", `{"$ref":"#/components/schemas/Base","maxProperties":1}`, `{"a":1,"b":1}`, false},
		{"a description alone", `{"$ref":"#/components/schemas/Closed","description":"x"}`, `{"a":1}`, true},
		{"through another reference", `{"$ref":"#/components/schemas/Middle"}`, `{"a":1}`, true},
		{"through another reference, others", `{"$ref":"#/components/schemas/Middle"}`, `{"b":1}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			schemas := `{"Root":{"items":` + c.schema + `},` + base + `,"Middle":{"$ref":"#/components/schemas/Base","unevaluatedProperties":false}}`
			for _, head := range []string{"", yamlHead} {
				doc := document31(t, head, schemas)
				v, err := Compile(doc.Components.Schemas["Root"], Options{Dialect: OpenAPI31, Document: doc})
				require.NoError(t, err)
				findings, err := v.ValidateBytes(t.Context(), []byte("["+c.body+"]"))
				require.NoError(t, err)
				assert.Equal(t, c.valid, Valid(findings), "%q %v", head, findings)
			}
			assert.Equal(t, c.valid, peerOf(t, schemas).Validate(decode(t, []byte("["+c.body+"]"))) == nil, "jsonschema")
		})
	}
}

// The loader keeps const: null as it keeps no const. Its place tells the difference, or Parse.
func TestConstNull(t *testing.T) {
	const text = `{"const":null}`
	parsed, err := Parse([]byte(text))
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		ref  *openapi3.SchemaRef
		want string
	}{
		{"with places", document31(t, yamlHead, `{"Root":`+text+`}`).Components.Schemas["Root"], " const"},
		{"parsed", parsed, " enum"},
		{"decoded without places: no rule", document31(t, "", `{"Root":`+text+`}`).Components.Schemas["Root"], ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := Compile(c.ref, Options{Dialect: OpenAPI31})
			require.NoError(t, err)
			findings, err := v.ValidateBytes(t.Context(), []byte(`1`))
			require.NoError(t, err)
			assert.Equal(t, c.want, brief(findings))
			findings, err = v.ValidateBytes(t.Context(), []byte(`null`))
			require.NoError(t, err)
			assert.Empty(t, findings)
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{``, `{`, `1`, `null`, `{} {}`, `{"minLength":1.5}`, `{"minLength":-1.0}`, `{"type":{}}`} {
		_, err := Parse([]byte(text))
		assert.ErrorContains(t, err, "schema: ", text)
	}
}

func TestReferencesThatNameNothing(t *testing.T) {
	for _, c := range []struct{ name, schema, want string }{
		{"an anchor", `{"items":{"$ref":"#nowhere"}}`, `#/items: the reference "#nowhere" is not resolved: there is no such $anchor`},
		{"a pointer", `{"$ref":"#/$defs/none"}`, "no such schema at this pointer"},
		{"an $id", `{"$ref":"https://example.test/none"}`, "Options.Document"},
		{"below an unknown keyword", `{"items":{"$ref":"#/definitions/a"},"definitions":{"a":{}}}`, "no such schema at this pointer"},
		{"null in a list", `{"allOf":[null]}`, "#/allOf/0: there is no schema"},
		{"a circle", `{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}`, "leads to itself"},
		{"a dynamic anchor", `{"items":{"$dynamicRef":"#nowhere"}}`, "no such $anchor"},
		{"an $id that is none", `{"$id":"::"}`, "no URI reference"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ref, err := Parse([]byte(c.schema))
			require.NoError(t, err)
			_, err = Compile(ref, Options{Dialect: OpenAPI31})
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err := Compile(&openapi3.SchemaRef{Value: &openapi3.Schema{Extensions: map[string]any{"$ref": "#/$defs/a"}}}, Options{})
	assert.ErrorContains(t, err, "use Parse")
}

// What the loader refuses, Compile can do without: the document is decoded alone.
func TestReferencesInADocumentThatIsNotResolved(t *testing.T) {
	const text = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":
		{"type":"array","items":{"$ref":"https://example.test/parts#nut","description":"beside it"}}}}}}}}},
		"components":{"schemas":{"Parts":{"$id":"https://example.test/parts","$defs":{"n":{"$anchor":"nut","properties":{"next":{"$ref":"#/$defs/n"},"bolt":{"$ref":"/bolt"}}}}},
		"Bolt":{"$id":"https://example.test/bolt","type":"integer"},"Any":{"$ref":"#/components/schemas/Bolt"}}}}`
	_, err := openapi3.NewLoader().LoadFromData([]byte(text))
	require.Error(t, err, "the loader has learnt it: say so in docs/schema-semantics.md")
	doc := &openapi3.T{}
	require.NoError(t, doc.UnmarshalJSON([]byte(text)))
	response := doc.Paths.Find("/a").Get.Responses.Status(200).Value
	v, err := CompileResponse(response, "application/json", Options{Dialect: OpenAPI31, Document: doc})
	require.NoError(t, err)
	findings, err := v.ValidateBytes(t.Context(), []byte(`[{"bolt":1,"next":{"next":{"bolt":"x"}}}]`))
	require.NoError(t, err)
	assert.Equal(t, "/0/next/next/bolt type", brief(findings))
	_, err = CompileResponse(response, "application/json", Options{Dialect: OpenAPI31})
	require.ErrorContains(t, err, "Options.Document")

	v, err = Compile(doc.Components.Schemas["Any"], Options{Dialect: OpenAPI31, Document: doc})
	require.NoError(t, err)
	findings, err = v.ValidateBytes(t.Context(), []byte(`"x"`))
	require.NoError(t, err)
	assert.Equal(t, " type", brief(findings))
}

// The scopes of a dynamic reference are finite, though each resource can be entered from each.
func TestScopesAreFinite(t *testing.T) {
	var defs, refs []string
	for i := range 12 {
		defs = append(defs, fmt.Sprintf(`"r%d":{"$id":"r%d","$dynamicAnchor":"a%d","type":"object","additionalProperties":{"$dynamicRef":"#a%d"},"properties":{"x":{"$ref":"r%d"}}}`, i, i, i, i, (i+1)%12))
		refs = append(refs, fmt.Sprintf(`{"$ref":"r%d"}`, i))
	}
	ref, err := Parse([]byte(`{"$id":"urn:root:","anyOf":[` + strings.Join(refs, ",") + `],"$defs":{` + strings.Join(defs, ",") + `}}`))
	require.NoError(t, err)
	v, err := Compile(ref, Options{Dialect: OpenAPI31})
	require.NoError(t, err)
	assert.Less(t, len(v.nodes), 1000)
}
