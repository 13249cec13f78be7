package contract

import (
	"fmt"
	"strconv"

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
			case len(values) > 0 && header.Schema != nil && !fitsSchema(values[0], header.Schema.Value):
				violations = append(violations, violation{message: fmt.Sprintf("the header %s does not fit its schema: %s", name, describe(header.Schema.Value)), value: values[0]})
			}
		}
		return violations
	},
}

// fitsSchema reads a header's text as what the schema wants it to be.
func fitsSchema(text string, schema *openapi3.Schema) bool {
	var value any = text
	switch {
	case schema.Type.Is("integer"), schema.Type.Is("number"):
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return false
		}
		value = number
	case schema.Type.Is("boolean"):
		boolean, err := strconv.ParseBool(text)
		if err != nil {
			return false
		}
		value = boolean
	}
	return schema.VisitJSON(value, openapi3.EnableFormatValidation()) == nil
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
