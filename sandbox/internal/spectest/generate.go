package spectest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"pgregory.net/rapid"
)

// Generator makes requests out of a description: every operation, with parameters and
// bodies that are as declared, nearly so, or not at all.
type Generator struct {
	spec *Spec
	// hints are values that a parameter or property of that name may have, so that calls
	// meet what there is. They grow by what answers say.
	hints map[string][]any
	// operation is the one that a request is being made for.
	operation string
}

// Generator makes requests for the operations of s. Hints are by the name of a parameter,
// a property or a part of a form, or by an operation and such a name, as in getUser.id.
func (s *Spec) Generator(hints map[string][]any) *Generator {
	return &Generator{spec: s, hints: maps.Clone(hints)}
}

// Operations are the ids of all operations, in order.
func (s *Spec) Operations() []string {
	var ids []string
	for _, item := range s.document.Paths.Map() {
		for _, operation := range item.Operations() {
			ids = append(ids, operation.OperationID)
		}
	}
	slices.Sort(ids)
	return ids
}

// Request draws a request for the operation of that id. It has no credential.
func (g *Generator) Request(t *rapid.T, id string) *http.Request {
	for path, item := range g.spec.document.Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.OperationID == id {
				return g.request(t, method, path, append(slices.Clone(item.Parameters), operation.Parameters...), operation)
			}
		}
	}
	t.Fatalf("there is no operation %s", id)
	return nil
}

func (g *Generator) request(t *rapid.T, method, path string, parameters openapi3.Parameters, operation *openapi3.Operation) *http.Request {
	g.operation = operation.OperationID
	query := url.Values{}
	for _, ref := range parameters {
		p := ref.Value
		if !p.Required && !g.chance(t, 50) || p.Required && g.chance(t, 3) && p.In != "path" {
			continue
		}
		text := plain(g.value(t, p.Name, p.Schema.Value, 0))
		switch p.In {
		case "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(text))
		case "query":
			query.Set(p.Name, text)
		}
	}
	target := "http://sandbox.example" + g.spec.basePath + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	contentType, body := g.body(t, operation)
	request, err := http.NewRequest(method, target, bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%s %q: %v", method, target, err)
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	return request
}

// body draws a body of one of the declared content types.
func (g *Generator) body(t *rapid.T, operation *openapi3.Operation) (contentType string, body []byte) {
	if operation.RequestBody == nil || g.chance(t, 2) {
		return "", nil
	}
	content := operation.RequestBody.Value.Content
	contentType = pick(t, slices.Sorted(maps.Keys(content)))
	media := content[contentType]
	value := g.value(t, "", media.Schema.Value, 0)
	if media.Example != nil && g.chance(t, 30) {
		value = media.Example
	}
	members, _ := value.(map[string]any)
	switch contentType {
	case "application/x-www-form-urlencoded":
		form := url.Values{}
		for name, member := range members {
			form.Set(name, plain(member))
		}
		return contentType, []byte(form.Encode())
	case "multipart/form-data":
		return multipartBody(t, media, members)
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("a body of %s: %v", operation.OperationID, err)
	}
	if g.chance(t, 2) {
		text = text[:len(text)/2]
	}
	return contentType, text
}

func multipartBody(t *rapid.T, media *openapi3.MediaType, members map[string]any) (contentType string, body []byte) {
	var text bytes.Buffer
	writer := multipart.NewWriter(&text)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf(`form-data; name=%q; filename="file"`, name)}}
		if encoding := media.Encoding[name]; encoding != nil {
			header.Set("Content-Type", encoding.ContentType)
		}
		part, err := writer.CreatePart(header)
		if err == nil {
			_, err = part.Write([]byte(plain(members[name])))
		}
		if err != nil {
			t.Fatalf("the part %s: %v", name, err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatalf("a form: %v", err)
	}
	return writer.FormDataContentType(), text.Bytes()
}

// plain is a value as a parameter or a part of a form has it.
func plain(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case []byte:
		return string(value)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// chance is true in so many of a hundred cases.
func (g *Generator) chance(t *rapid.T, percent int) bool { return index(t, 100) >= 100-percent }

// index draws from 0 to n-1, each as likely as the others. What rapid itself draws is mostly
// small, which suits values and not choices.
func index(t *rapid.T, n int) int {
	drawn := 0
	for range 10 {
		drawn <<= 1
		if rapid.Bool().Draw(t, "bit") {
			drawn++
		}
	}
	return drawn * n >> 10
}

func pick[E any](t *rapid.T, among []E) E { return among[index(t, len(among))] }

// maxDepth ends schemas that contain themselves.
const maxDepth = 6

// value draws what a schema describes, now and then something else.
func (g *Generator) value(t *rapid.T, name string, schema *openapi3.Schema, depth int) any {
	switch {
	case g.chance(t, 3):
		return pick(t, []any{nil, true, "", "x", -1, 0, json.Number("1e400"), json.Number("12345678901234567890"), []any{}, map[string]any{}})
	case len(g.hinted(name)) > 0 && g.chance(t, 70):
		return pick(t, g.hinted(name))
	case schema.Nullable && g.chance(t, 20):
		return nil
	case schema.Example != nil && g.chance(t, 30):
		return schema.Example
	case len(schema.Enum) > 0:
		return pick(t, schema.Enum)
	}
	for _, alternatives := range []openapi3.SchemaRefs{schema.OneOf, schema.AnyOf} {
		if len(alternatives) == 0 {
			continue
		}
		chosen := pick(t, alternatives).Value
		if len(schema.Properties) == 0 && len(chosen.Properties) > 0 {
			return g.value(t, name, chosen, depth+1)
		}
		return g.object(t, schema, append(slices.Clone(schema.Required), chosen.Required...), depth)
	}
	if len(schema.AllOf) > 0 {
		return g.value(t, name, merged(schema), depth+1)
	}
	switch {
	case schema.Type.Is("string"):
		return g.text(t, schema)
	case schema.Type.Is("integer"):
		return rapid.Int64Range(bound(schema.Min, -3), bound(schema.Max, 30_000)).Draw(t, "integer")
	case schema.Type.Is("number"):
		return rapid.Float64Range(-1e9, 1e9).Draw(t, "number")
	case schema.Type.Is("boolean"):
		return rapid.Bool().Draw(t, "boolean")
	case schema.Type.Is("array"):
		elements := []any{}
		if depth < maxDepth && schema.Items != nil {
			for range index(t, 4) {
				elements = append(elements, g.value(t, name, schema.Items.Value, depth+1))
			}
		}
		return elements
	case schema.Type.Is("object") || len(schema.Properties) > 0:
		return g.object(t, schema, schema.Required, depth)
	}
	return pick(t, []any{nil, "text", 3, 2.5, true, []any{1}, map[string]any{"a": "b"}})
}

func (g *Generator) hinted(name string) []any {
	if own := g.hints[g.operation+"."+name]; len(own) > 0 {
		return own
	}
	return g.hints[name]
}

func (g *Generator) text(t *rapid.T, schema *openapi3.Schema) any {
	switch {
	case schema.Pattern != "" && g.chance(t, 90):
		return rapid.StringMatching(schema.Pattern).Draw(t, "pattern")
	case schema.Format == "date-time":
		return pick(t, []string{"2026-03-02T09:29:51.293Z", "2026-03-02T09:29:51+01:00", "2026-03-02"})
	case schema.Format == "binary":
		return rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "bytes")
	}
	return rapid.OneOf(rapid.StringMatching(`[a-zA-Z0-9]{1,8}`), rapid.String()).Draw(t, "text")
}

func (g *Generator) object(t *rapid.T, schema *openapi3.Schema, required []string, depth int) map[string]any {
	members := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
		wanted := 95
		if !slices.Contains(required, name) {
			wanted = 35 / (depth + 1)
		}
		if g.chance(t, wanted) {
			members[name] = g.value(t, name, schema.Properties[name].Value, depth+1)
		}
	}
	if len(schema.Properties) == 0 || g.chance(t, 3) {
		for range index(t, 3) {
			key := rapid.StringMatching(`[a-zA-Z_]{1,6}`).Draw(t, "key")
			if len(g.hints["keys"]) > 0 && g.chance(t, 90) {
				key = pick(t, g.hints["keys"]).(string)
			}
			members[key] = g.value(t, key, &openapi3.Schema{}, depth+1)
		}
	}
	return members
}

// merged is one schema for all of those in allOf.
func merged(schema *openapi3.Schema) *openapi3.Schema {
	all := &openapi3.Schema{Type: schema.Type, Properties: maps.Clone(schema.Properties), Required: schema.Required}
	if all.Properties == nil {
		all.Properties = openapi3.Schemas{}
	}
	for _, ref := range schema.AllOf {
		part := ref.Value
		if len(part.AllOf) > 0 {
			part = merged(part)
		}
		maps.Copy(all.Properties, part.Properties)
		all.Required = append(slices.Clone(all.Required), part.Required...)
		if all.Type == nil {
			all.Type = part.Type
		}
		all.Enum = append(all.Enum, part.Enum...)
		if part.Pattern != "" {
			all.Pattern = part.Pattern
		}
	}
	return all
}

func bound(declared *float64, otherwise int64) int64 {
	if declared == nil {
		return otherwise
	}
	return int64(*declared)
}

// Learn takes values out of an answer, for the properties and parameters of these names, so
// that later requests can meet what earlier ones made. Keys are names in answers.
func (g *Generator) Learn(body []byte, names map[string][]string) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) == nil {
		g.learn(value, names)
	}
}

// kept is how many values are remembered for a name, the newest.
const kept = 20

func (g *Generator) learn(value any, names map[string][]string) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			for _, name := range names[key] {
				g.hints[name] = append(g.hints[name], value[key])
				g.hints[name] = g.hints[name][max(0, len(g.hints[name])-kept):]
			}
			g.learn(value[key], names)
		}
	case []any:
		for _, element := range value[:min(len(value), kept)] {
			g.learn(element, names)
		}
	}
}
