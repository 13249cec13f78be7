package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// richSchemas have every keyword between them, each with others that it could be confused by.
var richSchemas = []string{
	`{"oneOf":[{"type":"array","items":{"$ref":"#/components/schemas/Root"}},{"type":"object","properties":{"a":{"$ref":"#/components/schemas/Root"}}},{"type":"string","pattern":"^(a|aa)+$"},{"type":"integer"}]}`,
	`{"anyOf":[{"properties":{"a":{"$ref":"#/components/schemas/Root"},"b":{"type":"integer"}},"required":["a"]},{"properties":{"a":{"type":["string","null"]}},"additionalProperties":{"anyOf":[{"type":"integer"},{"items":{"$ref":"#/components/schemas/Root"}}]}}],"unevaluatedProperties":{"type":"boolean"}}`,
	`{"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"properties":{"b":{"minimum":2}},"required":["b"]},"else":{"not":{"required":["c"]}},"unevaluatedProperties":false,"patternProperties":{"^d":{"$ref":"#/components/schemas/Root"}}}`,
	`{"prefixItems":[{"type":"integer"},{"$ref":"#/components/schemas/Root"}],"contains":{"oneOf":[{"const":"a"},{"minimum":1}]},"minContains":1,"maxContains":2,"uniqueItems":true,"unevaluatedItems":{"type":["array","string"]}}`,
	`{"allOf":[{"enum":[{"a":[1,{"b":null}]},[1,2.5,"a"],[],{},"a",1,null]},{"not":{"const":[]}}]}`,
	`{"type":"array","items":{"multipleOf":0.5,"exclusiveMinimum":-1,"maximum":1e3,"minLength":1,"maxLength":3,"format":"date"},"minItems":1,"maxItems":4,"uniqueItems":true}`,
	`{"propertyNames":{"anyOf":[{"maxLength":2},{"pattern":"^k"}]},"minProperties":1,"maxProperties":3,"dependentRequired":{"a":["b"]},"dependentSchemas":{"b":{"properties":{"c":{"$ref":"#/components/schemas/Root"}}}},"additionalProperties":{"anyOf":[{"$ref":"#/components/schemas/Root"},{"type":["integer","string"]}]}}`,
	`{"allOf":[{"anyOf":[{"items":{"type":"integer"}},{"items":{"type":"string"},"minItems":2}]},{"oneOf":[{"contains":{"const":1}},{"contains":{"const":"a"},"unevaluatedItems":false}]}]}`,
}

// farExponents are numbers that the other validator would write out.
var farExponents = regexp.MustCompile(`[eE][+-]?[0-9]{3}`)

// Whatever a body is, it is read to an end, and however it is cut, with the same findings. It is
// JSON to this package when it is to encoding/json, and fits when another validator says so.
func FuzzValidate(f *testing.F) {
	for i, seed := range []string{`{"a":[1,"a",{"a":[]}]}`, `{"b":1,"a":{"a":null}}`, `{"a":1,"b":2,"d":{"c":1}}`, `[1,[1,1.0],"a"]`, `{"a":[1,{"b":null}]}`,
		`["abc",1.5,0]`, `{"b":1,"c":{"k":2}}`, `[1,"a"]`, `[[[`, `{"a":1,"a":2}`, `"\ud800"`, `1e999999999999`, "[1]x", ""} {
		f.Add(uint8(i), []byte(seed))
	}
	var ours []*Validator
	var theirs []*jsonschema.Schema
	for _, schema := range richSchemas {
		v, err := Compile(loadVersion(f, "3.1.0", `{"Root":`+schema+`}`), Options{Dialect: OpenAPI31, Strict: true})
		require.NoError(f, err)
		ours, theirs = append(ours, v), append(theirs, peerWithFormats(f, schema))
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		i := int(which) % len(ours)
		first, err := ours[i].ValidateBytes(t.Context(), body)
		require.NoError(t, err)
		second, err := ours[i].Validate(t.Context(), iotest.OneByteReader(bytes.NewReader(body)))
		require.NoError(t, err)
		assert.Equal(t, first, second)
		watched, err := ours[i].ValidateBytes(t.Context(), body, observerFunc(func(Visit) {}))
		require.NoError(t, err)
		assert.Equal(t, Valid(first), Valid(watched))
		for _, finding := range first {
			assert.LessOrEqual(t, finding.Offset, int64(len(body)))
		}
		if !json.Valid(body) {
			assert.False(t, Valid(first), "this is not JSON")
			return
		}
		for _, finding := range first {
			if finding.Class == Malformed {
				assert.NotContains(t, []string{"json", "trailing"}, finding.Keyword, "this is JSON")
				return
			}
			if finding.Class == Unchecked {
				return
			}
		}
		if farExponents.Match(body) {
			return
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		require.NoError(t, err)
		assert.Equal(t, theirs[i].Validate(value) == nil, Valid(first), "schema %s\nhere: %v", richSchemas[i], first)
	})
}

func peerWithFormats(t require.TestingT, schema string) *jsonschema.Schema {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"components":{"schemas":{"Root":` + schema + `}}}`))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("http://localhost/d.json", document))
	compiled, err := compiler.Compile("http://localhost/d.json#/components/schemas/Root")
	require.NoError(t, err)
	return compiled
}

// The elements that Items yields are those that encoding/json finds, byte for byte, whether one
// schema applies to the list or several alternatives do.
func FuzzItems(f *testing.F) {
	for _, seed := range []string{`[1, {"a":[2]} ,[3,"x"]]`, `{"a":[ [], {} ]}`, `{"b":1,"a":{"a":[1]}}`, `[[1],[2,3]]`, `[1,2`, `[`} {
		f.Add([]byte(seed))
	}
	plain := compiled(f, `{}`, Options{})
	several, err := Compile(loadVersion(f, "3.1.0", `{"Root":{"anyOf":[{"items":{"$ref":"#/components/schemas/Root"}},{"items":{"type":["array","object","number"]}}],"uniqueItems":true}}`), Options{Dialect: OpenAPI31})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, pointer := range []string{"", "/a", "/0", "/*", "/a/a", "/*/a"} {
			for _, v := range []*Validator{plain, several} {
				got, err := itemsOf(t, v, pointer, body)
				if !json.Valid(body) {
					assert.Error(t, err)
					continue
				}
				if invalid, ok := errors.AsType[*InvalidError](err); ok && invalid.GivenUp || got.doubtful {
					continue
				}
				var steps []string
				if pointer != "" {
					steps = strings.Split(pointer[1:], "/")
				}
				want := elementsAt(t, body, steps)
				assert.Equal(t, want, got.raw, "at %q", pointer)
			}
		}
	})
}

type yielded struct {
	raw []string
	// doubtful says that a name came twice, of which encoding/json sees one, or that the body
	// is too deep.
	doubtful bool
}

func itemsOf(t *testing.T, v *Validator, pointer string, body []byte) (all yielded, last error) {
	judge := func(findings []Finding) {
		for _, finding := range findings {
			all.doubtful = all.doubtful || finding.Class == Malformed || finding.Class == Unchecked
		}
	}
	for item, err := range Items(t.Context(), bytes.NewReader(body), pointer, v) {
		if last = err; err != nil {
			if invalid, ok := errors.AsType[*InvalidError](err); ok {
				judge(invalid.Findings)
			}
			break
		}
		all.raw = append(all.raw, string(item.Raw))
		judge(item.Findings)
	}
	return all, last
}

// elementsAt decodes step by step, in the order of the body.
func elementsAt(t *testing.T, value json.RawMessage, steps []string) (list []string) {
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	opening, err := decoder.Token()
	require.NoError(t, err)
	if opening != json.Delim('[') && (opening != json.Delim('{') || len(steps) == 0) {
		return nil
	}
	for i := 0; decoder.More(); i++ {
		name := string(appendInt(i))
		if opening == json.Delim('{') {
			token, err := decoder.Token()
			require.NoError(t, err)
			name = token.(string)
		}
		var element json.RawMessage
		require.NoError(t, decoder.Decode(&element))
		switch {
		case len(steps) == 0:
			list = append(list, string(element))
		case steps[0] == "*" || steps[0] == name:
			list = append(list, elementsAt(t, element, steps[1:])...)
		}
	}
	return list
}

func appendInt(i int) []byte {
	text, _ := json.Marshal(i)
	return text
}

// Whatever a schema says, in either dialect, it is compiled or refused, and what is compiled can
// be used.
func FuzzCompile(f *testing.F) {
	f.Add(true, []byte(`{"type":"object","properties":{"a":{"oneOf":[{"type":"string","pattern":"^a+$"},{"enum":[1,[2],{"b":null}]}]}}}`))
	f.Add(true, []byte(`{"if":{},"then":false,"unevaluatedProperties":{"not":{}},"contains":{},"dependentSchemas":{"a":true}}`))
	f.Add(false, []byte(`{"type":"object","nullable":true,"required":["a"],"properties":{"a":{"type":"array","items":{"nullable":true,"type":"integer","minimum":1,"exclusiveMinimum":true,"format":"int32"},"uniqueItems":true},"c":{"readOnly":true}},"discriminator":{"propertyName":"b"},"anyOf":[{"maxProperties":2},{"type":"object"}]}`))
	f.Add(false, []byte(`{"allOf":[null],"oneOf":[{"$ref":"#/x"}]}`))
	for _, schema := range richSchemas {
		f.Add(true, []byte(strings.ReplaceAll(schema, `"$ref":"#/components/schemas/Root"`, `"minLength":1`)))
	}
	f.Fuzz(func(t *testing.T, later bool, text []byte) {
		s := &openapi3.Schema{}
		if s.UnmarshalJSON(text) != nil {
			return
		}
		options := Options{Strict: true, ShowValues: true}
		if later {
			options.Dialect = OpenAPI31
		}
		v, err := Compile(&openapi3.SchemaRef{Value: s}, options)
		if err != nil {
			return
		}
		for _, body := range []string{`{"a":[1,"a",{"a":[]}],"b":null}`, `[1,1.0,"a",[1],[1]]`, `1.5`, `null`} {
			_, err = v.ValidateBytes(t.Context(), []byte(body))
			require.NoError(t, err)
		}
	})
}

// Whatever a text says, Parse reads it or refuses it, and what it reads can be compiled or is
// refused, with references of all kinds.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"$id":"urn:a","$ref":"#b","$defs":{"c":{"$anchor":"b","const":null,"minLength":2.0}}}`,
		`{"$dynamicRef":"#a","$defs":{"b":{"$dynamicAnchor":"a","items":{"$dynamicRef":"#a"}}}}`,
		`{"allOf":[null],"items":null,"properties":{"a":null}}`, `{"$ref":"#"}`, `{"$ref":"#","allOf":[{"$ref":"#"}]}`, `{"not":{"$dynamicRef":"#/not"}}`, `{"$defs":{"a":{"$ref":"%zz#%zz"}},"$id":"%zz"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ref, err := Parse(text)
		if err != nil {
			return
		}
		v, err := Compile(ref, Options{Dialect: OpenAPI31})
		if err != nil {
			return
		}
		_, err = v.ValidateBytes(t.Context(), []byte(`{"a":[1,"a",{"a":[]}],"b":null}`))
		require.NoError(t, err)
	})
}
