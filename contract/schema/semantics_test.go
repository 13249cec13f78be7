package schema

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// brief writes findings as "pointer keyword", with the class where it is not Invalid.
func brief(findings []Finding) string {
	var list []string
	for _, f := range findings {
		text := f.Pointer + " " + f.Keyword
		if f.Class != Invalid {
			text += " (" + f.Class.String() + ")"
		}
		list = append(list, text)
	}
	return strings.Join(list, "; ")
}

// The rows are the choices of docs/schema-semantics.md, under the same names.
func TestSemantics(t *testing.T) {
	number, text := `{"type":"number"}`, `{"type":"string"}`
	for _, c := range []struct{ name, schema, body, want string }{
		{"duplicate names", `{"type":"object","properties":{"a":` + number + `}}`, `{"a":1,"a":2}`, "/a duplicate (malformed)"},
		{"duplicate names, undeclared", `{}`, `{"x":{"y":1,"y":1}}`, "/x/y duplicate (malformed)"},
		{"duplicate names, escaped", `{"properties":{"a":` + number + `}}`, `{"a":1,"\u0061":2}`, "/a duplicate (malformed)"},
		{"a duplicate is validated too", `{"properties":{"a":` + number + `}}`, `{"a":1,"a":"x"}`, "/a duplicate (malformed); /a type"},
		{"text that is not UTF-8", text, "\"\xff\"", " unicode (malformed)"},
		{"half of a surrogate pair", text, `"\ud800"`, " unicode (malformed)"},
		{"a whole surrogate pair", text, `"\ud83d\ude00"`, ""},
		{"more after the end", text, `"a" 1`, " trailing (malformed)"},
		{"white space after the end", text, "\"a\" \n", ""},
		{"an empty body", `{}`, ` `, " json (malformed)"},
		{"a body that ends too early", `{"type":"array"}`, `[{"a":1}`, " json (malformed)"},
		{"1.0 is an integer", `{"type":"integer"}`, `1.0`, " integer (inexact)"},
		{"1e2 is an integer", `{"type":"integer"}`, `1e2`, " integer (inexact)"},
		{"1.5 is none", `{"type":"integer"}`, `1.5`, " type"},
		{"beyond 64 bits", `{"type":"integer"}`, `18446744073709551616`, " integer (inexact)"},
		{"beyond 64 bits, with a format", `{"type":"integer","format":"int64"}`, `9223372036854775808`, " integer (inexact); / format"},
		{"2^53+1 is compared exactly", `{"type":"integer","maximum":9007199254740992}`, `9007199254740993`, " maximum"},
		{"a bound of 0.1 means 0.1", `{"type":"number","maximum":0.1}`, `0.1000000000000000055511151231257827`, " maximum"},
		{"0.3 is a multiple of 0.1", `{"type":"number","multipleOf":0.1}`, `0.3`, ""},
		{"1e1000000 is a multiple of 3?", `{"type":"number","multipleOf":3}`, `1e1000000`, " multipleOf"},
		{"1e400 is a number", number, `1e400`, ""},
		{"nullable adds null to the type", `{"type":"string","nullable":true}`, `null`, ""},
		{"nullable does not add null to the enum", `{"type":"string","nullable":true,"enum":["a"]}`, `null`, " enum"},
		{"nullable with null in the enum", `{"type":"string","nullable":true,"enum":["a",null]}`, `null`, ""},
		{"nullable does not reach into allOf", `{"nullable":true,"allOf":[` + text + `]}`, `null`, " type"},
		{"nullable in allOf alone", `{"type":"string","allOf":[{"type":"string","nullable":true}]}`, `null`, " type"},
		{"no type takes null", `{}`, `null`, ""},
		{"no type with properties takes null", `{"properties":{"a":` + text + `}}`, `null`, ""},
		{"length is in code points", `{"type":"string","maxLength":2}`, `"ä😀"`, ""},
		{"equal elements, however spelt", `{"type":"array","items":{},"uniqueItems":true}`, `[1,"\u0061",{"x":1,"y":2},1.0,"a",{"y":2,"x":1}]`, "/3 uniqueItems; /4 uniqueItems; /5 uniqueItems"},
		{"elements that differ in type", `{"type":"array","items":{},"uniqueItems":true}`, `[1,"1",true,[1],[[1]],{},[],null,false,0,""]`, ""},
		{"writeOnly in a response", `{"properties":{"a":{"type":"string","writeOnly":true}}}`, `{"a":"x"}`, "/a writeOnly"},
		{"a required writeOnly property may be absent", `{"required":["a"],"properties":{"a":{"type":"string","writeOnly":true}}}`, `{}`, ""},
		{"additionalProperties sees its own neighbours only", `{"allOf":[{"properties":{"a":{}},"additionalProperties":false},{"properties":{"b":{}}}]}`, `{"a":1,"b":2}`, "/b additionalProperties"},
		{"what a property lacks has its pointer", `{"required":["a/b"]}`, `{}`, "/a~1b required"},
		{"a discriminator that comes last", animals, `{"meow":1,"kind":"Dog"}`, "/bark required"},
		{"a discriminator by its mapping", animals, `{"kind":"hound","bark":"x"}`, "/bark type"},
		{"a discriminator that is unknown", animals, `{"kind":"Cow","bark":1}`, "/kind discriminator"},
		{"no discriminator", animals, `{"bark":1}`, " discriminator"},
		{"a discriminator chooses where several fit", animals, `{"kind":"Cat","bark":1,"meow":1}`, ""},
		{"a discriminator in a part of an alternative", inAlternative, `{"kind":"Dog","bark":1,"x":1}`, ""},
		{"a discriminator that fails with its alternative", inAlternative, `{"kind":"Dog","bark":"x","y":1}`, ""},
		{"a discriminator whose alternative fails last", inAlternative, `{"bark":1,"x":1,"kind":"Cow"}`, " oneOf"},
		{"a discriminator inside not", `{"not":` + animals + `}`, `{"kind":"Dog","bark":"x"}`, ""},
		{"a discriminator whose object fits, inside not", `{"not":` + animals + `}`, `{"kind":"Dog","bark":1}`, " not"},
		{"a discriminator of no object", animals, `[]`, " oneOf"},
		{"a discriminator twice", animals, `{"kind":"Dog","bark":1,"kind":"Cat"}`, "/kind duplicate (malformed)"},
		{"unique elements in an alternative that fails", `{"anyOf":[{"type":"array","items":{},"uniqueItems":true},{"type":"array","items":{},"minItems":3}]}`, `[1,1,1]`, ""},
		{"unique elements in an alternative that counts", `{"oneOf":[{"type":"array","items":{},"uniqueItems":true},{"type":"array","items":{},"minItems":3}]}`, `[1,2,3]`, " oneOf"},
		{"an enum of objects in an alternative", `{"anyOf":[{"enum":[{"a":1},{"a":[2]}]},{"enum":["x"]}]}`, `{"a":[2.0]}`, ""},
		{"an enum of objects, one of which nearly fits", `{"anyOf":[{"enum":[{"a":1},{"a":[2]}]},{"enum":["x"]}]}`, `{"a":[2,2]}`, " anyOf"},
		{"findings inside the only branch of the type", `{"oneOf":[` + text + `,{"type":"object","properties":{"a":` + number + `}}]}`, `{"a":"x"}`, "/a type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := Compile(load(t, `{"Root":`+c.schema+`,`+animalSchemas+`}`), Options{})
			require.NoError(t, err)
			findings, err := v.Validate(t.Context(), strings.NewReader(c.body))
			require.NoError(t, err)
			want := strings.ReplaceAll(c.want, "; / ", ";  ")
			assert.Equal(t, want, brief(findings))
		})
	}
}

const animalSchemas = `"Dog":{"type":"object","required":["bark"],"properties":{"kind":{"type":"string"},"bark":{"type":"integer"}}},"Cat":{"type":"object","required":["meow"],"properties":{"meow":{"type":"integer"}}}`

const inAlternative = `{"oneOf":[{"allOf":[` + animals + `,{"required":["x"]}]},{"type":"object","required":["y"]}]}`

const animals = `{"oneOf":[{"$ref":"#/components/schemas/Dog"},{"$ref":"#/components/schemas/Cat"}],"discriminator":{"propertyName":"kind","mapping":{"hound":"#/components/schemas/Dog"}}}`

func TestStrict(t *testing.T) {
	for _, c := range []struct{ name, schema, body, want string }{
		{"undeclared", `{"properties":{"a":{}}}`, `{"a":1,"b":2}`, "/b properties (undeclared)"},
		{"additionalProperties true declares nothing", `{"properties":{"a":{}},"additionalProperties":true}`, `{"b":2}`, "/b properties (undeclared)"},
		{"a schema for additional properties declares them", `{"properties":{"a":{}},"additionalProperties":{"type":"integer"}}`, `{"b":2}`, ""},
		{"an object without properties is free", `{"type":"object"}`, `{"b":2}`, ""},
		{"required declares nothing", `{"properties":{"a":{}},"required":["b"]}`, `{"b":2}`, "/b properties (undeclared)"},
		{"allOf declares together", `{"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}`, `{"a":1,"b":2}`, ""},
		{"an alternative that fits declares", `{"properties":{"z":{}},"anyOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"b":{}}}]}`, `{"b":1,"a":"x","z":1}`, ""},
		{"an alternative that fails does not", `{"anyOf":[{"properties":{"a":{},"k":{"type":"string"}}},{"properties":{"k":{"type":"integer"}}}]}`, `{"a":1,"k":1}`, "/a properties (undeclared)"},
		{"below an alternative", `{"anyOf":[{"properties":{"k":{"type":"object","properties":{"a":{}}}}},{"type":"string"}]}`, `{"k":{"b":1}}`, "/k/b properties (undeclared)"},
		{"ignored", `{"properties":{"a":{"properties":{"b":{}}}}}`, `{"x":{"y":1},"a":{"skip":1}}`, ""},
		{"deeper", `{"type":"array","items":{"properties":{"b":{}}}}`, `[{},{"c":1}]`, "/1/c properties (undeclared)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, err := Compile(load(t, `{"Root":`+c.schema+`}`), Options{Strict: true, Ignore: []string{"/x", "/*/skip"}})
			require.NoError(t, err)
			findings, err := v.ValidateBytes(t.Context(), []byte(c.body))
			require.NoError(t, err)
			assert.Equal(t, c.want, brief(findings))
			assert.True(t, Valid(findings))
		})
	}
}

func TestFindings(t *testing.T) {
	ref := load(t, `{"Root":{"type":"object","required":["id"],"properties":{"id":{"type":"integer","minimum":1}}}}`)
	v, err := Compile(ref, Options{})
	require.NoError(t, err)
	body := []byte(`{"id": -7}`)
	findings, err := v.ValidateBytes(t.Context(), body)
	require.NoError(t, err)
	require.Len(t, findings, 1)
	f := findings[0]
	assert.Equal(t, "/id", f.Pointer)
	assert.Equal(t, int64(7), f.Offset)
	assert.Equal(t, "#/components/schemas/Root/properties/id/minimum", f.Schema)
	assert.Positive(t, f.Line)
	assert.Equal(t, "number, where a number of at least 1 is declared", f.Message)
	assert.Empty(t, f.Value)
	assert.NotContains(t, fmt.Sprintf("%+v", f), "-7", "a finding quotes no value")

	v, err = Compile(ref, Options{ShowValues: true})
	require.NoError(t, err)
	findings, err = v.ValidateBytes(t.Context(), body)
	require.NoError(t, err)
	assert.Equal(t, "-7", findings[0].Value)
}

func TestFindingsHaveALimit(t *testing.T) {
	ref := load(t, `{"Root":{"type":"array","items":{"type":"string"}}}`)
	body := []byte("[" + strings.Repeat("1,", 500) + "1]")
	for _, c := range []struct {
		options Options
		want    int
	}{{Options{}, 100}, {Options{MaxFindings: 7}, 7}, {Options{FirstOnly: true}, 1}} {
		v, err := Compile(ref, c.options)
		require.NoError(t, err)
		findings, err := v.ValidateBytes(t.Context(), body)
		require.NoError(t, err)
		assert.Len(t, findings, c.want)
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct{ name, schema, want string }{
		{"a pattern without an equivalent", `{"type":"string","pattern":"(?=a)b"}`, `(?=`},
		{"a schema that never comes to a value", `{"anyOf":[{"$ref":"#/components/schemas/Root"},{"type":"string"}]}`, "refers to itself"},
		{"a divisor of 0", `{"type":"number","multipleOf":0}`, "multipleOf"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Compile(load(t, `{"Root":`+c.schema+`}`), Options{})
			assert.ErrorContains(t, err, c.want)
		})
	}
	_, err := Compile(nil, Options{})
	require.ErrorContains(t, err, "there is no schema")
	_, err = CompileMedia(&openapi3.MediaType{}, Options{MaxDepth: -1})
	require.ErrorContains(t, err, "MaxDepth")
	_, err = CompileMedia(&openapi3.MediaType{}, Options{Ignore: []string{"a"}})
	require.ErrorContains(t, err, "Ignore")
}

// A name that needs escape sequences is not guessed, and no text of the compiler's own passes
// for it.
func TestNamesThatNeedEscapesAreNotGuessed(t *testing.T) {
	v, err := Compile(load(t, `{"Root":{"properties":{"a\"b":{"type":"string"}}}}`), Options{})
	require.NoError(t, err)
	for body, want := range map[string]string{`{no guess:1}`: " json (malformed)", `{:1}`: " json (malformed)", `{"a\"b":1}`: "/a\"b type", `{"a\u0022b":"x"}`: ""} {
		findings, err := v.ValidateBytes(t.Context(), []byte(body))
		require.NoError(t, err)
		assert.Equal(t, want, brief(findings), body)
	}
}
