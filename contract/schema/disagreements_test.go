package schema

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Where kin-openapi and this package disagree, as docs/schema-semantics.md says. A row that
// fails may mean that kin-openapi has changed.
func TestDisagreesWithKinOpenAPI(t *testing.T) {
	for _, c := range []struct {
		name, schema, body string
		here               bool
	}{
		{"nullable with enum", `{"type":"string","nullable":true,"enum":["a"]}`, `null`, false},
		{"nullable beside allOf", `{"nullable":true,"allOf":[{"type":"string"}]}`, `null`, false},
		{"no type takes null", `{"properties":{"a":{}}}`, `null`, true},
		{"type beside anyOf", `{"type":"boolean","anyOf":[{"type":"string","nullable":true}]}`, `null`, false},
		{"not of an object takes null", `{"not":{"type":"object"}}`, `null`, true},
		{"2^53+1", `{"type":"integer","maximum":9007199254740992}`, `9007199254740993`, false},
		{"1e400", `{"type":"number"}`, `1e400`, true},
		{"-0 and 0", `{"type":"array","items":{},"uniqueItems":true}`, `[0,-0]`, false},
		{"1.0 and 1", `{"type":"array","items":{},"uniqueItems":true}`, `[1,1.0]`, false},
		{"writeOnly null", `{"properties":{"a":{"type":"string","nullable":true,"writeOnly":true}},"type":"object"}`, `{"a":null}`, false},
		{"the name of a schema beside a mapping", animals, `{"kind":"Cat","meow":1}`, true},
		{"a discriminator without a mapping", `{"oneOf":[{"$ref":"#/components/schemas/Dog"},{"$ref":"#/components/schemas/Cat"}],"discriminator":{"propertyName":"kind"}}`, `{"kind":"Dog","meow":1}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			ref := load(t, `{"Root":`+c.schema+`,"Dog":{"type":"object","required":["bark"],"properties":{"bark":{"type":"integer"}}},"Cat":{"type":"object","required":["meow"],"properties":{"meow":{"type":"integer"}}}}`)
			v, err := Compile(ref, Options{})
			require.NoError(t, err)
			findings, err := v.ValidateBytes(t.Context(), []byte(c.body))
			require.NoError(t, err)
			assert.Equal(t, c.here, Valid(findings), "here: %v", findings)
			kin := ref.Value.VisitJSON(decode(t, []byte(c.body)), openapi3.VisitAsResponse(), openapi3.EnableFormatValidation())
			assert.Equal(t, !c.here, kin == nil, "kin-openapi: %v", kin)
		})
	}
}

// Where the two agree although implementations often do not, for JSON Schema 2020-12.
func TestAgreesWithJSONSchemaAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		name, schema, body string
		valid              bool
	}{
		{"2^53+1", `{"type":"integer","maximum":9007199254740992}`, `9007199254740993`, false},
		{"1e400", `{"type":"number"}`, `1e400`, true},
		{"0.3 of 0.1", `{"multipleOf":0.1}`, `0.3`, true},
		{"-0 and 0", `{"uniqueItems":true}`, `[0,-0]`, false},
		{"1.0 and 1", `{"uniqueItems":true}`, `[1,1.0]`, false},
		{"1.0 is an integer", `{"type":"integer"}`, `1.0`, true},
		{"nullable means nothing", `{"type":"string","nullable":true}`, `null`, false},
		{"cousins are not seen", `{"allOf":[{"properties":{"a":true}},{"unevaluatedProperties":false}]}`, `{"a":1}`, false},
		{"parts are seen", `{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}`, `{"a":1}`, true},
		{"a branch that fails is not", `{"anyOf":[{"properties":{"a":true},"required":["b"]},{"properties":{"c":true}}],"unevaluatedProperties":false}`, `{"a":1,"c":1}`, false},
		{"not looks at nothing", `{"not":{"not":{"properties":{"a":true}}},"unevaluatedProperties":false}`, `{"a":1}`, false},
		{"if alone is looked at", `{"if":{"properties":{"a":{"const":1}}},"unevaluatedProperties":false}`, `{"a":1}`, true},
		{"contains evaluates", `{"contains":{"const":1},"unevaluatedItems":{"type":"string"}}`, `[1,"a"]`, true},
		{"contains does not evaluate the others", `{"contains":{"const":1},"unevaluatedItems":false}`, `[1,"a"]`, false},
		{"nested unevaluated", `{"properties":{"a":true},"anyOf":[{"properties":{"b":true},"unevaluatedProperties":false},{"required":["z"]}]}`, `{"a":1,"b":1}`, false},
		{"dependentSchemas", `{"dependentSchemas":{"a":{"properties":{"b":true}}},"properties":{"a":true},"unevaluatedProperties":false}`, `{"a":1,"b":2}`, true},
		{"dependentSchemas without their trigger", `{"dependentSchemas":{"a":{"properties":{"b":true}}},"properties":{"a":true},"unevaluatedProperties":false}`, `{"b":2}`, false},
		{"an enum evaluates nothing", `{"enum":[[1],{"a":1}],"unevaluatedItems":false}`, `[1]`, false},
		{"a false property", `{"properties":{"a":false}}`, `{"a":1}`, false},
		{"null as const of an array", `{"const":[null,{"a":null}]}`, `[null,{"a":null}]`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			schemas := `{"Root":` + c.schema + `}`
			v, err := Compile(loadVersion(t, "3.1.0", schemas), Options{Dialect: OpenAPI31})
			require.NoError(t, err)
			findings, err := v.ValidateBytes(t.Context(), []byte(c.body))
			require.NoError(t, err)
			assert.Equal(t, c.valid, Valid(findings), "here: %v", findings)
			assert.Equal(t, c.valid, peerOf(t, schemas).Validate(decode(t, []byte(c.body))) == nil, "jsonschema")
		})
	}
}
