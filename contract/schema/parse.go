package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"reflect"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Parse reads one schema written in JSON, for [Compile]. References in it stay as they are:
// Compile finds what they mean in the schema itself, or in [Options.Document]. A schema of
// JSON Schema 2020-12 wants [Options.Dialect] to be [OpenAPI31]: the zero value knows no $defs.
//
// It keeps what decoding an openapi3.SchemaRef loses: const: null, for which that has no
// value, becomes an enum of null, and counts may be written 2.0. And it leaves out what that
// would take for a keyword, such as Type: keywords are told apart by case.
func Parse(text []byte) (*openapi3.SchemaRef, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("schema: there is more after the schema")
	}
	switch value.(type) {
	case map[string]any, bool:
	default:
		return nil, errors.New("schema: a schema is an object, true or false")
	}
	keep(value)
	text, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	ref := &openapi3.SchemaRef{}
	if err := json.Unmarshal(text, ref); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	return ref, nil
}

// keywords has those that a Schema of openapi3 has a field for, by their small letters.
var keywords = func() map[string]string {
	names := map[string]string{"$ref": "$ref"}
	for field := range reflect.TypeFor[openapi3.Schema]().Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" && name != "-" {
			names[strings.ToLower(name)] = name
		}
	}
	return names
}()

// keep writes what the decoder of openapi3 loses in a form that it keeps, in all schemas.
func keep(value any) {
	s, isObject := value.(map[string]any)
	if !isObject {
		return
	}
	for key := range s {
		if keyword, is := keywords[strings.ToLower(key)]; is && key != keyword {
			delete(s, key)
		}
	}
	if constant, there := s["const"]; there && constant == nil {
		delete(s, "const")
		parts, _ := s["allOf"].([]any)
		s["allOf"] = append(parts, map[string]any{"enum": []any{nil}})
	}
	for _, keyword := range []string{"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains"} {
		if number, is := s[keyword].(json.Number); is {
			s[keyword] = wholeNumber(number)
		}
	}
	for _, keyword := range []string{"items", "additionalProperties", "not", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "if", "then", "else", "contentSchema"} {
		keep(s[keyword])
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf", "prefixItems"} {
		parts, _ := s[keyword].([]any)
		for _, part := range parts {
			keep(part)
		}
	}
	for _, keyword := range []string{"properties", "patternProperties", "dependentSchemas", "$defs"} {
		named, _ := s[keyword].(map[string]any)
		for _, part := range named {
			keep(part)
		}
	}
}

// wholeNumber writes 2.0 as 2. What is no whole number stays, for the decoder to refuse.
func wholeNumber(number json.Number) json.Number {
	if len(number) > 40 {
		return number
	}
	if _, err := number.Int64(); err == nil {
		return number
	}
	value, err := number.Float64()
	if err != nil || value < 0 || value > 1<<53 {
		return number
	}
	exact := big.NewFloat(value)
	if !exact.IsInt() {
		return number
	}
	return json.Number(exact.Text('f', 0))
}
