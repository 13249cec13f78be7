package contract

import (
	"encoding/json"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

var headersConform = exchangeCheck{
	CheckInfo: CheckInfo{"headers_conform", "Every header declared as required is there, and the declared ones fit their schemas."},
	applies:   func(x *exchange) bool { return x.declared != nil && len(x.declared.Headers) > 0 },
	run: func(x *exchange) []violation {
		var violations []violation
		for _, name := range sortedKeys(x.declared.Headers) {
			header := x.declared.Headers[name].Value
			values := x.header.Values(name)
			switch {
			case len(values) == 0 && header.Required:
				violations = append(violations, violation{message: "the header " + name + " is missing"})
			case len(values) > 0 && header.Schema != nil:
				if problem := misfit(x, values, header); problem != "" {
					violations = append(violations, violation{message: "the header " + name + " " + problem, value: values[0]})
				}
			}
		}
		return violations
	},
}

// misfit reads the lines of a header as what its schema wants it to be, and says why it is not
// that: nothing where it is.
func misfit(x *exchange, lines []string, header *openapi3.Header) string {
	text := lines[0]
	if kind := header.Schema.Value.Type; kind.Includes("array") || kind.Includes("object") {
		text = strings.Join(lines, ",") // which RFC 9110 says is the same
	}
	exploded := header.Explode != nil && *header.Explode
	findings, err := x.validators.against(header.Schema, simpleStyle(text, header.Schema.Value, exploded))
	switch {
	case err != nil:
		return "is not checked, since its schema cannot be used: " + err.Error()
	case len(findings) > 0:
		return "does not fit its schema: " + describe(header.Schema.Value)
	}
	return ""
}

// simpleStyle writes as JSON what a text in OpenAPI's simple style means to a schema: 3 where
// a number is declared, and "3" where text is, or may be. What is not of the declared type
// stays text, which the schema then refuses.
func simpleStyle(text string, s *openapi3.Schema, exploded bool) []byte {
	switch is := s.Type.Includes; {
	case is("string"):
	case is("array"):
		return simpleArray(text, s)
	case is("object"):
		return simpleObject(text, s, exploded)
	case (is("integer") || is("number") || is("boolean")) && isScalar(text):
		return []byte(text)
	}
	quoted, _ := json.Marshal(text) // no string is an error
	return quoted
}

// isScalar tells whether a text is a number, true or false as JSON writes them.
func isScalar(text string) bool {
	return text != "null" && json.Valid([]byte(text)) && !strings.ContainsAny(text, "\"{[ \t\r\n")
}

// simpleArray reads 1,2,3.
func simpleArray(text string, s *openapi3.Schema) []byte {
	list := []byte("[")
	for i, part := range strings.Split(text, ",") {
		if text == "" {
			break
		}
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, simpleStyle(strings.TrimSpace(part), schemaOrAny(s.Items), false)...)
	}
	return append(list, ']')
}

// simpleObject reads a,1,b,2, or a=1,b=2 when it is exploded. A name without a value has an
// empty one.
func simpleObject(text string, s *openapi3.Schema, exploded bool) []byte {
	object := []byte("{")
	for parts := strings.Split(text, ","); text != "" && len(parts) > 0; {
		name, value := parts[0], ""
		parts = parts[1:]
		if exploded {
			name, value, _ = strings.Cut(name, "=")
		} else if len(parts) > 0 {
			value, parts = parts[0], parts[1:]
		}
		name = strings.TrimSpace(name)
		quoted, _ := json.Marshal(name)
		if len(object) > 1 {
			object = append(object, ',')
		}
		object = append(append(object, quoted...), ':')
		object = append(object, simpleStyle(strings.TrimSpace(value), schemaOrAny(s.Properties[name]), false)...)
	}
	return append(object, '}')
}

// schemaOrAny is what a reference leads to, or the schema of anything.
func schemaOrAny(ref *openapi3.SchemaRef) *openapi3.Schema {
	if ref == nil || ref.Value == nil {
		return &openapi3.Schema{}
	}
	return ref.Value
}

// describe names the kind of value that a schema wants.
func describe(schema *openapi3.Schema) string {
	kind := "any value"
	if schema.Type != nil && len(schema.Type.Slice()) > 0 {
		kind = schema.Type.Slice()[0]
	}
	if schema.Format != "" {
		kind += " (" + schema.Format + ")"
	}
	return kind
}
