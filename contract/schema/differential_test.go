package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// load reads a description whose component Root is the schema, beside others it refers to.
func load(t require.TestingT, schemas string) *openapi3.SchemaRef {
	return loadVersion(t, "3.0.3", schemas)
}

func loadVersion(t require.TestingT, version, schemas string) *openapi3.SchemaRef {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	doc, err := loader.LoadFromData([]byte("# YAML keeps places.\n" + `{"openapi":"` + version + `","info":{"title":"t","version":"1"},"paths":{},"components":{"schemas":` + schemas + `}}`))
	require.NoError(t, err, schemas)
	return &openapi3.SchemaRef{Ref: "#/components/schemas/Root", Value: doc.Components.Schemas["Root"].Value}
}

// writer draws a schema of OpenAPI 3.0 as JSON.
type writer struct {
	t *rapid.T
	// refs are what a schema of 3.1 may refer to.
	refs []string
	// mixed says that a type stands beside alternatives somewhere.
	mixed *bool
}

func (w writer) pick(label string, options ...string) string {
	return rapid.SampledFrom(options).Draw(w.t, label)
}

// chance is mixed, as rapid prefers small numbers: schemas would have nearly every keyword.
func (w writer) chance(percent int) bool {
	return (rapid.IntRange(0, 99).Draw(w.t, "chance")*37+61)%100 < percent
}

var memberNames = []string{"a", "b", "c", "d"}

// schema writes one of limited depth. What kin-openapi and this package disagree about is
// left out; the tests of semantics have it.
func (w writer) schema(depth int) string {
	if depth > 0 && w.chance(15) {
		return fmt.Sprintf(`{"$ref":"#/components/schemas/%s"}`, w.pick("ref", "Node", "Pair"))
	}
	if depth > 0 && w.chance(6) {
		return fmt.Sprintf(`{"%s":[{"$ref":"#/components/schemas/Boat"},{"$ref":"#/components/schemas/Car"}],"discriminator":{"propertyName":"kind","mapping":{"Boat":"#/components/schemas/Boat","Car":"#/components/schemas/Car"}}}`, w.pick("keyword", "anyOf", "oneOf"))
	}
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if depth > 0 && w.chance(35) {
		w.alternatives(depth, add)
		if w.chance(50) && !strings.HasPrefix(parts[0], `"not"`) {
			return "{" + strings.Join(parts, ",") + "}"
		}
	}
	*w.mixed = *w.mixed || len(parts) > 0
	kinds := []string{"string", "integer", "number", "boolean", "array", "object", "object", "object"}
	if depth == 0 {
		kinds = kinds[:4]
	}
	kind := w.pick("type", kinds...)
	add(`"type":%q`, kind)
	nullable := len(parts) == 1 && w.chance(15)
	if nullable {
		add(`"nullable":true`)
	}
	switch kind {
	case "string":
		w.string(nullable, add)
	case "integer", "number":
		w.number(kind, nullable, add)
	case "array":
		add(`"items":%s`, w.schema(depth-1))
		w.bounds("Items", add)
		if w.chance(25) {
			add(`"uniqueItems":true`)
		}
	case "object":
		w.object(depth, add)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (w writer) alternatives(depth int, add func(string, ...any)) {
	keyword := w.pick("keyword", "allOf", "anyOf", "oneOf", "not")
	if keyword == "not" {
		add(`"not":%s`, w.schema(depth-1))
		return
	}
	var branches []string
	for range rapid.IntRange(1, 3).Draw(w.t, "branches") {
		branches = append(branches, w.schema(depth-1))
	}
	add(`"%s":[%s]`, keyword, strings.Join(branches, ","))
}

func (w writer) string(nullable bool, add func(string, ...any)) {
	w.bounds("Length", add)
	if w.chance(30) {
		add(`"pattern":%q`, w.pick("pattern", "^a", "b$", "^[ab]*$", "^\\d+$"))
	}
	if w.chance(30) {
		add(`"format":%q`, w.pick("format", "date", "date-time", "password", "colour"))
	}
	if !nullable && w.chance(20) {
		add(`"enum":["a","b","2020-01-01"]`)
	}
}

func (w writer) number(kind string, nullable bool, add func(string, ...any)) {
	if w.chance(40) {
		add(`"minimum":%s`, w.pick("minimum", "0", "1", "-1.5", "2"))
		if w.chance(30) {
			add(`"exclusiveMinimum":true`)
		}
	}
	if w.chance(40) {
		add(`"maximum":%s`, w.pick("maximum", "3", "10", "2.5"))
		if w.chance(30) {
			add(`"exclusiveMaximum":true`)
		}
	}
	if w.chance(20) {
		add(`"multipleOf":%s`, w.pick("multipleOf", "2", "0.5", "3"))
	}
	if kind == "integer" && w.chance(20) {
		add(`"format":%q`, w.pick("format", "int32", "int64"))
	}
	if !nullable && w.chance(15) {
		add(`"enum":[1,2.5,3]`)
	}
}

func (w writer) bounds(what string, add func(string, ...any)) {
	if w.chance(25) {
		add(`"min%s":%d`, what, rapid.IntRange(0, 2).Draw(w.t, "min"))
	}
	if w.chance(25) {
		add(`"max%s":%d`, what, rapid.IntRange(1, 3).Draw(w.t, "max"))
	}
}

func (w writer) object(depth int, add func(string, ...any)) {
	var properties, required []string
	for _, name := range memberNames {
		switch {
		case w.chance(4):
			properties = append(properties, fmt.Sprintf(`%q:{"type":"string",%q:true}`, name, w.pick("direction", "readOnly", "writeOnly")))
		case w.chance(60):
			properties = append(properties, fmt.Sprintf("%q:%s", name, w.schema(depth-1)))
		}
		if w.chance(20) {
			required = append(required, fmt.Sprintf("%q", name))
		}
	}
	if len(properties) > 0 {
		add(`"properties":{%s}`, strings.Join(properties, ","))
	}
	if len(required) > 0 {
		add(`"required":[%s]`, strings.Join(required, ","))
	}
	w.bounds("Properties", add)
	switch {
	case w.chance(20):
		add(`"additionalProperties":false`)
	case w.chance(25):
		add(`"additionalProperties":%s`, w.schema(depth-1))
	}
}

const sharedSchemas = `"Node":{"type":"object","properties":{"a":{"$ref":"#/components/schemas/Node"},"b":{"type":"integer"}}},` +
	`"Boat":{"type":"object","required":["kind"],"properties":{"kind":{"type":"string"},"a":{"type":"integer"}}},` +
	`"Car":{"type":"object","required":["kind"],"properties":{"kind":{"type":"string"},"a":{"type":"string"}}},` +
	`"Pair":{"type":"object","required":["a"],"properties":{"a":{"type":"string"},"c":{"type":"array","items":{"$ref":"#/components/schemas/Pair"}}}}`

func decode(t require.TestingT, body []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	require.NoError(t, decoder.Decode(&value))
	return value
}

var oneSpelling = regexp.MustCompile(`-0\b|1\.0\b|1e1`)

func TestAgreesWithKinOpenAPI(t *testing.T) {
	covered := cover(t)
	rapid.Check(t, func(t *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for range schemasPerCheck {
			mixed := false
			text := writer{t: t, mixed: &mixed}.schema(3)
			ref := load(t, `{"Root":`+text+`,`+sharedSchemas+`}`)
			v, err := Compile(ref, Options{})
			require.NoError(t, err)
			count := covered.schema(text)
			for range bodiesPerSchema {
				body, err := json.Marshal(bodies{Rand: random}.of(ref, 4))
				require.NoError(t, err)
				if mixed {
					// kin-openapi lets null pass where one of several keywords does.
					body = bytes.ReplaceAll(body, []byte("null"), []byte("true"))
				}
				if strings.Contains(text, "uniqueItems") {
					// kin-openapi compares elements by their text: 1.0 and 1 differ, and -0 and 0.
					body = oneSpelling.ReplaceAll(body, []byte("1"))
				}
				kin := ref.Value.VisitJSON(decode(t, body), openapi3.VisitAsResponse(), openapi3.EnableFormatValidation())
				findings, err := v.ValidateBytes(t.Context(), body)
				require.NoError(t, err)
				count(kin == nil)
				require.Equal(t, kin == nil, Valid(findings), "schema %s\nbody %s\nkin-openapi: %v\nhere: %v", text, body, kin, findings)
			}
		}
	})
	covered.check(t, "$ref", "additionalProperties", "allOf", "anyOf", "discriminator", "enum", "exclusiveMaximum", "exclusiveMinimum", "format",
		"items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not",
		"nullable", "oneOf", "pattern", "properties", "readOnly", "required", "type", "uniqueItems", "writeOnly")
}
