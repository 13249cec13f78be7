package contract

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/kaikina/kaikina/contract/schema"
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
		return schemaViolations(x)
	},
}

// schemaViolations holds a body against its schema. A body of the declared kind that is JSON in
// more than one sense, as with a name that comes twice, does not conform either.
func schemaViolations(x *exchange) []violation {
	findings, err := x.validators.against(x.media.Schema, x.body)
	if err != nil {
		return []violation{{message: "the schema cannot be used: " + err.Error()}}
	}
	var violations []violation
	for _, f := range findings {
		if f.Class == schema.Malformed && f.Keyword == "json" {
			return append(violations, violation{message: notJSON(f)})
		}
		one := violation{pointer: f.Pointer, message: expectation(f), value: f.Value, line: f.Line}
		if f.Declared != nil {
			one.confidence, _ = f.Declared.Extensions["x-confidence"].(string)
		}
		violations = append(violations, one)
	}
	return violations
}

// expectation says in the words of reports what the schema wanted.
func expectation(f schema.Finding) string {
	declared := f.Declared
	if declared == nil {
		return f.Message
	}
	switch f.Keyword {
	case "type":
		kind, _, _ := strings.Cut(f.Message, ",")
		return fmt.Sprintf("%s, where %s is declared", kind, describe(declared))
	case "enum":
		return fmt.Sprintf("a value that is none of the %d declared", len(declared.Enum))
	case "pattern":
		return "a string that does not match " + declared.Pattern
	case "format":
		return "a value that is not in the format " + declared.Format
	case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
		return "a number that breaks " + f.Keyword
	case "minLength", "maxLength":
		return "a string that breaks " + f.Keyword
	case "minItems", "maxItems", "uniqueItems":
		return "an array that breaks " + f.Keyword
	}
	return f.Message
}

// notJSON tells where a body stops being JSON.
func notJSON(f schema.Finding) string {
	if strings.HasSuffix(f.Message, "ends too early") || strings.HasSuffix(f.Message, "is empty") {
		return "the body is not JSON, or ends too early"
	}
	return fmt.Sprintf("the body is not JSON at byte %d", f.Offset+1)
}

func jsonPointer(parts []string) string {
	var b strings.Builder
	for _, part := range parts {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return b.String()
}
