package contract

import (
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSimpleStyle(t *testing.T) {
	tests := []struct{ name, schema, text, want string }{
		{"integer", `{"type":"integer"}`, "3", `3`},
		{"negative", `{"type":"number"}`, "-1.5e3", `-1.5e3`},
		{"boolean", `{"type":"boolean"}`, "true", `true`},
		{"number that is none", `{"type":"integer"}`, "many", `"many"`},
		{"null for a number", `{"type":"integer"}`, "null", `"null"`},
		{"JSON for a number", `{"type":"integer"}`, `[1]`, `"[1]"`},
		{"no text", `{"type":"integer"}`, "", `""`},
		{"text of digits", `{"type":"string"}`, "3", `"3"`},
		{"text with quotes", `{"type":"string"}`, `W/"a\b"`, `"W/\"a\\b\""`},
		{"no type", `{}`, "3", `"3"`},
		{"integer or null", `{"type":["integer","null"]}`, "3", `3`},
		{"integer or text", `{"type":["integer","string"]}`, "3", `"3"`},
		{"array or null", `{"type":["array","null"],"items":{"type":["null","boolean"]}}`, "true", `[true]`},
		{"object or null", `{"type":["null","object"]}`, "a,1", `{"a":"1"}`},
		{"array", `{"type":"array","items":{"type":"integer"}}`, "1, 2,x", `[1,2,"x"]`},
		{"array of anything", `{"type":"array"}`, "a", `["a"]`},
		{"empty array", `{"type":"array","items":{"type":"integer"}}`, "", `[]`},
		{"object", `{"type":"object","properties":{"a":{"type":"integer"}}}`, "a,1,b,2", `{"a":1,"b":"2"}`},
		{"half of an object", `{"type":"object"}`, "a", `{"a":""}`},
		{"empty object", `{"type":"object"}`, "", `{}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var s openapi3.Schema
			require.NoError(t, s.UnmarshalJSON([]byte(test.schema)))
			assert.Equal(t, test.want, string(simpleStyle(test.text, &s, false)))
		})
	}
	s := openapi3.NewObjectSchema().WithProperty("a", openapi3.NewIntegerSchema())
	assert.Equal(t, `{"a":1,"b":"x=y"}`, string(simpleStyle("a=1, b=x=y", s, true)))
}

func TestHeadersFitTheirSchemas(t *testing.T) {
	tests := []struct {
		name, schema string
		lines        []string
		want         bool
	}{
		{"integer", `{"type":"integer","maximum":9}`, []string{"9"}, true},
		{"integer that is too large", `{"type":"integer","maximum":9}`, []string{"10"}, false},
		{"integer with a fraction", `{"type":"integer"}`, []string{"1.5"}, false},
		{"integer beyond 2^53", `{"type":"integer","maximum":9007199254740992}`, []string{"9007199254740993"}, false},
		{"format", `{"type":"string","format":"uuid"}`, []string{"8a1c1c1e-58a3-4a37-9d0c-2f6f0c7a4d15"}, true},
		{"another format", `{"type":"string","format":"uuid"}`, []string{"8a1c1c1e"}, false},
		{"pattern", `{"type":"string","pattern":"^[a-z]+$"}`, []string{"abc1"}, false},
		{"enum", `{"type":"string","enum":["1","2"]}`, []string{"1"}, true},
		{"a list in two lines", `{"type":"array","minItems":3,"items":{"type":"integer"}}`, []string{"1,2", "3"}, true},
		{"a list with one bad element", `{"type":"array","items":{"type":"integer"}}`, []string{"1,2", "x"}, false},
		{"the first line counts", `{"type":"integer"}`, []string{"1", "x"}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var s openapi3.Schema
			require.NoError(t, s.UnmarshalJSON([]byte(test.schema)))
			header := &openapi3.Header{Parameter: openapi3.Parameter{Schema: &openapi3.SchemaRef{Value: &s}}}
			problem := misfit(&exchange{validators: newValidators(&openapi3.T{}, false)}, test.lines, header)
			assert.Equal(t, test.want, problem == "", problem)
		})
	}
}

// A schema that cannot be used is nobody's misfit, and no pass either.
func TestAHeaderWhoseSchemaCannotBeUsed(t *testing.T) {
	header := &openapi3.Header{Parameter: openapi3.Parameter{Schema: openapi3.NewSchemaRef("", openapi3.NewStringSchema().WithPattern("(?=a)b"))}}
	problem := misfit(&exchange{validators: newValidators(&openapi3.T{}, false)}, []string{"a"}, header)
	assert.Contains(t, problem, "is not checked, since its schema cannot be used: ")
	assert.Contains(t, problem, "(?=")
}
