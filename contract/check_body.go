package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

var bodyConforms = exchangeCheck{
	CheckInfo: CheckInfo{"body_conforms", "The body fits the schema declared for its status and content type."},
	applies:   func(x *exchange) bool { return x.media != nil && x.media.Schema != nil },
	run: func(x *exchange) []violation {
		if !x.isJSON() {
			if len(x.body) == 0 {
				return []violation{{message: "the body is empty"}}
			}
			// A workbook is a zip file.
			if strings.Contains(x.contentType(), "spreadsheetml") && !bytes.HasPrefix(x.body, []byte("PK\x03\x04")) {
				return []violation{{message: "the body is not the workbook that its content type says"}}
			}
			return nil
		}
		if x.valueErr != nil {
			return []violation{{message: notJSON(x.valueErr)}}
		}
		err := x.media.Schema.Value.VisitJSON(x.value, openapi3.VisitAsResponse(), openapi3.MultiErrors(), openapi3.EnableFormatValidation())
		return schemaViolations(err)
	},
}

// notJSON tells where a body stops being JSON. The decoder's own words would quote it.
func notJSON(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("the body is not JSON at byte %d", syntax.Offset)
	}
	if errors.Is(err, errTrailing) {
		return "the body goes on after its JSON value"
	}
	return "the body is not JSON, or ends too early"
}

// schemaViolations takes kin-openapi's errors apart. Their texts may quote the value,
// so the message is written anew from the schema.
func schemaViolations(err error) []violation {
	if err == nil {
		return nil
	}
	if several, ok := err.(openapi3.MultiError); ok {
		var violations []violation
		for _, one := range several {
			violations = append(violations, schemaViolations(one)...)
		}
		return violations
	}
	broken, ok := errors.AsType[*openapi3.SchemaError](err)
	if !ok {
		return []violation{{message: "the body does not fit its schema"}}
	}
	v := violation{pointer: jsonPointer(broken.JSONPointer()), message: expectation(broken)}
	if value, err := json.Marshal(broken.Value); err == nil {
		v.value = string(value)
	}
	if broken.Schema != nil {
		v.confidence, _ = broken.Schema.Extensions["x-confidence"].(string)
		if broken.Schema.Origin != nil && broken.Schema.Origin.Key != nil {
			v.line = broken.Schema.Origin.Key.Line
		}
	}
	return []violation{v}
}

func jsonPointer(parts []string) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return b.String()
}

// expectation says what the schema wanted at the place that breaks it.
func expectation(broken *openapi3.SchemaError) string {
	schema := broken.Schema
	switch broken.SchemaField {
	case "required":
		return "a required property is missing"
	case "nullable":
		return "null, where " + describe(schema) + " is declared"
	case "type":
		return fmt.Sprintf("%s, where %s is declared", kindOf(broken.Value), describe(schema))
	case "enum":
		return fmt.Sprintf("a value that is none of the %d declared", len(schema.Enum))
	case "pattern":
		return "a string that does not match " + schema.Pattern
	case "format":
		return "a value that is not in the format " + schema.Format
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
		return fmt.Sprintf("a number that breaks %s", broken.SchemaField)
	case "minLength", "maxLength":
		return fmt.Sprintf("a string that breaks %s", broken.SchemaField)
	case "minItems", "maxItems", "uniqueItems":
		return fmt.Sprintf("an array that breaks %s", broken.SchemaField)
	case "properties", "additionalProperties":
		return "a property that the schema forbids"
	case "anyOf", "oneOf":
		return fmt.Sprintf("a value that fits none, or too many, of the schemas in %s", broken.SchemaField)
	}
	return "a value that breaks " + broken.SchemaField
}

// kindOf names the JSON type of a value.
func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case json.Number, float64:
		return "number"
	case []any:
		return "array"
	}
	return "object"
}
