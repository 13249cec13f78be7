package schema

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// schema31 draws a schema of JSON Schema 2020-12 as JSON: any keywords together.
func (w writer) schema31(depth int) string {
	if w.chance(6) {
		return w.pick("boolean", "true", "false")
	}
	if depth > 0 && w.chance(10) {
		return `{"$ref":"#/components/schemas/Node"}`
	}
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
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
		add(`"pattern":%q`, w.pick("pattern", "^a", "b$", "^\\d+$"))
	}
}

func (w writer) number31(add func(string, ...any)) {
	if w.chance(10) {
		add(`"minimum":%s`, w.pick("minimum", "0", "1", "-1.5"))
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
		add(`"propertyNames":{"maxLength":1,"pattern":%q}`, w.pick("pattern", "[ab]", "[abc]"))
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

func TestAgreesWithJSONSchema(t *testing.T) {
	pairs, valid := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		mixed := false
		text := writer{t, &mixed}.schema31(3)
		seed := rapid.Uint64().Draw(t, "seed")
		schemas := `{"Root":` + text + `,` + sharedSchemas + `}`
		ref := loadVersion(t, "3.1.0", schemas)
		v, err := Compile(ref, Options{Dialect: OpenAPI31})
		require.NoError(t, err, text)
		peer := peerOf(t, schemas)
		random := rand.New(rand.NewPCG(seed, 0))
		for range instancesPerSchema {
			body, err := json.Marshal(instance(random, ref.Value, 4))
			require.NoError(t, err)
			theirs := peer.Validate(decode(t, body))
			findings, err := v.ValidateBytes(t.Context(), body)
			require.NoError(t, err)
			pairs++
			if theirs == nil {
				valid++
			}
			require.Equal(t, theirs == nil, Valid(findings), "schema %s\nbody %s\njsonschema: %v\nhere: %v", text, body, theirs, findings)
		}
	})
	t.Logf("%d pairs, of which %d fit", pairs, valid)
}

func peerOf(t require.TestingT, schemas string) *jsonschema.Schema {
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(`{"components":{"schemas":` + schemas + `}}`))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	require.NoError(t, compiler.AddResource("http://localhost/d.json", document))
	compiled, err := compiler.Compile("http://localhost/d.json#/components/schemas/Root")
	require.NoError(t, err, schemas)
	return compiled
}
