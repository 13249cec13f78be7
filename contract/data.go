package contract

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// A curl line has to name things: the record it reads, the author of an item. What the
// target or the suite itself came up with may be shown. What an answer told is somebody's
// data, and becomes a shell variable unless values were asked for. To tell them apart,
// every value belongs to whoever said it first.

// sending keeps the values of a request that no answer has had before.
func (r *run) sending(request *http.Request, body []byte) {
	mine := func(value string) {
		if !r.seen[value] {
			r.ours[value] = true
		}
	}
	for segment := range strings.SplitSeq(request.URL.Path, "/") {
		mine(segment)
	}
	for _, values := range request.URL.Query() {
		for _, value := range values {
			mine(value)
		}
	}
	if value, err := decodeJSON(body); err == nil {
		scalars(value, mine)
	}
}

// answeredWith keeps the values of an answer that no request has had before.
func (r *run) answeredWith(value any) {
	scalars(value, func(text string) {
		if !r.ours[text] {
			r.seen[text] = true
		}
	})
}

// isData tells whether a value must not be shown.
func (r *run) isData(value string) bool { return !r.showValues && r.seen[value] }

// isMember tells whether the description lists a text as a value.
func (r *run) isMember(text string) bool {
	for _, ref := range r.doc.Components.Schemas {
		if slices.Contains(ref.Value.Enum, any(text)) {
			return true
		}
	}
	return false
}

// quoteURL makes one shell word of a URL. Parts that are somebody's data become variables
// named after their parameter.
func (r *run) quoteURL(x *exchange) string {
	var word strings.Builder
	open := false // whether a single quote is
	literal := func(text string) {
		if text != "" && !open {
			word.WriteByte('\'')
			open = true
		}
		word.WriteString(strings.ReplaceAll(text, "'", `'\''`))
	}
	value := func(name, escaped, plain string) {
		if !r.isData(plain) {
			literal(escaped)
			return
		}
		if open {
			word.WriteByte('\'')
			open = false
		}
		word.WriteString(`"$` + variable(name) + `"`)
	}

	base := strings.TrimSuffix(r.base.String(), "/")
	literal(base)
	path := strings.TrimPrefix(x.request.URL.EscapedPath(), strings.TrimSuffix(r.base.EscapedPath(), "/"))
	template := strings.Split(x.operation.Path, "/")
	for i, segment := range strings.Split(path, "/") {
		if i > 0 {
			literal("/")
		}
		name, isParameter := strings.CutPrefix(template[i], "{")
		if plain, err := url.PathUnescape(segment); isParameter && err == nil {
			value(strings.TrimSuffix(name, "}"), segment, plain)
		} else {
			literal(segment)
		}
	}
	separator := "?"
	for pair := range strings.SplitSeq(x.request.URL.RawQuery, "&") {
		if pair == "" {
			continue
		}
		name, escaped, _ := strings.Cut(pair, "=")
		literal(separator + name + "=")
		switch plain, err := url.QueryUnescape(escaped); {
		case isSetting(x, name):
			literal(escaped)
		case err == nil:
			value(name, escaped, plain)
		}
		separator = "&"
	}
	if open {
		word.WriteByte('\'')
	}
	return word.String()
}

// isSetting tells whether a query parameter has a default, as a page size has: then it
// names nothing that an answer could have told.
func isSetting(x *exchange, name string) bool {
	return slices.ContainsFunc(x.operation.Spec.Parameters, func(ref *openapi3.ParameterRef) bool {
		return ref.Value.Name == name && ref.Value.Schema != nil && ref.Value.Schema.Value.Default != nil
	})
}

// variable names a shell variable after a parameter or a key: recordId becomes RECORD_ID.
// A key may be of the server's choosing, so no other characters come through.
func variable(name string) string {
	var b strings.Builder
	for i, c := range name {
		switch {
		case c >= 'A' && c <= 'Z':
			if i > 0 {
				b.WriteByte('_')
			}
			b.WriteRune(c)
		case c >= 'a' && c <= 'z':
			b.WriteRune(c - 'a' + 'A')
		case c >= '0' && c <= '9' && i > 0:
			b.WriteRune(c)
		default:
			b.WriteByte('_')
		}
	}
	if strings.Trim(b.String(), "_") == "" {
		return "VALUE"
	}
	return b.String()
}

// scalars visits every string and number of a JSON value as text.
func scalars(value any, visit func(text string)) {
	switch value := value.(type) {
	case string:
		visit(value)
	case json.Number:
		visit(value.String())
	case []any:
		for _, element := range value {
			scalars(element, visit)
		}
	case map[string]any:
		for _, property := range value {
			scalars(property, visit)
		}
	}
}
