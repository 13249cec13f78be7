// Package openapi parses a description once and finds its operations: by id with
// [Document.Operation], by a request with [Document.Match]. The sandbox's faults
// and the contract suite share it, so that both mean the same operation by a name.
package openapi

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Document is a description with components, though they may be empty, and with an index of its operations.
type Document struct {
	*openapi3.T

	// Operations, in the order the file has them.
	Operations []*Operation
}

// BasePath is where the paths of the operations begin, as the first server has it: empty, or
// without a slash at its end.
func (d *Document) BasePath() (string, error) {
	if len(d.Servers) == 0 {
		return "", fmt.Errorf("openapi: %s names no server", d.Info.Title)
	}
	server, err := url.Parse(d.Servers[0].URL)
	if err != nil {
		return "", fmt.Errorf("openapi: the first server of %s: %w", d.Info.Title, err)
	}
	return strings.TrimSuffix(server.EscapedPath(), "/"), nil
}

// Operation is one method of one path.
type Operation struct {
	ID     string
	Method string
	// Path is the template, such as /collections/{collectionId}.
	Path string
	// Line is where the operation starts in the file; 0 when unknown.
	Line int
	Spec *openapi3.Operation
	// Item carries the parameters that all operations of the path share.
	Item *openapi3.PathItem

	segments []string
}

// Parse reads a description in YAML or JSON, and validates it together with its examples.
func Parse(ctx context.Context, name string, data []byte) (*Document, error) {
	loader := openapi3.NewLoader()
	loader.Context = ctx
	loader.IncludeOrigin = true
	doc, err := loader.LoadFromDataWithPath(data, &url.URL{Path: name})
	if err != nil {
		return nil, fmt.Errorf("openapi: read %s: %w", name, err)
	}
	if doc.OpenAPI == "" {
		return nil, fmt.Errorf("openapi: %s %s", name, withoutVersion(doc))
	}
	if doc.Components == nil {
		doc.Components = &openapi3.Components{}
	}
	allowNullWhereUntyped(doc)
	// Patterns are ECMAScript's, which the validation would take for Go's. Who uses a schema
	// compiles those that it has.
	if err := doc.Validate(ctx, openapi3.DisableSchemaPatternValidation()); err != nil {
		return nil, fmt.Errorf("openapi: %s is not a valid description: %w", name, err)
	}
	d := &Document{T: doc}
	for path, item := range doc.Paths.Map() {
		for method, spec := range item.Operations() {
			op := &Operation{
				ID:       spec.OperationID,
				Method:   method,
				Path:     path,
				Spec:     spec,
				Item:     item,
				segments: strings.Split(path, "/"),
			}
			if op.ID == "" {
				op.ID = method + " " + path
			}
			if spec.Origin != nil && spec.Origin.Key != nil {
				op.Line = spec.Origin.Key.Line
			}
			d.Operations = append(d.Operations, op)
		}
	}
	slices.SortFunc(d.Operations, func(a, b *Operation) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return strings.Compare(a.Path+a.Method, b.Path+b.Method)
	})
	return d, nil
}

// withoutVersion says what is wrong with a file that is no OpenAPI 3.
func withoutVersion(doc *openapi3.T) string {
	if swagger, is := doc.Extensions["swagger"]; is {
		return fmt.Sprintf("says that it is Swagger %v: convert it to OpenAPI 3.0 or 3.1 first", swagger)
	}
	return "has no openapi: want 3.0 or 3.1 there"
}

// allowNullWhereUntyped makes a schema that says nothing accept null as it accepts
// everything else. The clarification of nullable that came with OpenAPI 3.0.3 says so:
// the keyword only ever adds null to a type. kin-openapi refuses null there.
func allowNullWhereUntyped(doc *openapi3.T) {
	v := nullVisitor{}
	for _, ref := range doc.Components.Schemas {
		v.schema(ref)
	}
	for _, ref := range doc.Components.Parameters {
		v.parameter(ref)
	}
	for _, ref := range doc.Components.RequestBodies {
		v.content(ref.Value.Content)
	}
	for _, ref := range doc.Components.Responses {
		v.response(ref)
	}
	for _, item := range doc.Paths.Map() {
		for _, ref := range item.Parameters {
			v.parameter(ref)
		}
		for _, op := range item.Operations() {
			for _, ref := range op.Parameters {
				v.parameter(ref)
			}
			if op.RequestBody != nil && op.RequestBody.Value != nil {
				v.content(op.RequestBody.Value.Content)
			}
			for _, ref := range op.Responses.Map() {
				v.response(ref)
			}
		}
	}
}

// nullVisitor holds the schemas that were visited, since they may contain themselves.
type nullVisitor map[*openapi3.Schema]bool

func (v nullVisitor) schema(ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil || v[ref.Value] {
		return
	}
	schema := ref.Value
	v[schema] = true
	parts := slices.Concat(schema.AllOf, schema.AnyOf, schema.OneOf)
	if schema.Always == nil && schema.Type == nil && len(parts) == 0 && schema.Not == nil && schema.Enum == nil && len(schema.Properties) == 0 &&
		schema.Items == nil && schema.AdditionalProperties.Schema == nil && schema.AdditionalProperties.Has == nil {
		schema.Nullable = true
	}
	for _, part := range parts {
		v.schema(part)
	}
	for _, property := range schema.Properties {
		v.schema(property)
	}
	v.schema(schema.Not)
	v.schema(schema.Items)
	v.schema(schema.AdditionalProperties.Schema)
}

func (v nullVisitor) parameter(ref *openapi3.ParameterRef) {
	if ref.Value != nil {
		v.schema(ref.Value.Schema)
		v.content(ref.Value.Content)
	}
}

func (v nullVisitor) content(content openapi3.Content) {
	for _, media := range content {
		v.schema(media.Schema)
	}
}

func (v nullVisitor) response(ref *openapi3.ResponseRef) {
	if ref.Value == nil {
		return
	}
	v.content(ref.Value.Content)
	for _, header := range ref.Value.Headers {
		if header.Value != nil {
			v.schema(header.Value.Schema)
		}
	}
}

// Operation finds an operation by its id, or nil.
func (d *Document) Operation(id string) *Operation {
	for _, op := range d.Operations {
		if op.ID == id {
			return op
		}
	}
	return nil
}

// Match finds the operation that a request addresses, or nil. The path is the
// escaped one, without the server's own prefix. Where two templates match, the one
// with the earlier literal segment wins, as OpenAPI asks for.
func (d *Document) Match(method, path string) *Operation {
	segments := strings.Split(path, "/")
	var best *Operation
	for _, op := range d.Operations {
		if op.Method == method && op.matches(segments) && (best == nil || op.moreConcrete(best)) {
			best = op
		}
	}
	return best
}

func (op *Operation) matches(segments []string) bool {
	if len(segments) != len(op.segments) {
		return false
	}
	for i, want := range op.segments {
		if isTemplate(want) {
			if segments[i] == "" {
				return false
			}
		} else if want != segments[i] {
			return false
		}
	}
	return true
}

func (op *Operation) moreConcrete(other *Operation) bool {
	for i := range op.segments {
		a, b := isTemplate(op.segments[i]), isTemplate(other.segments[i])
		if a != b {
			return b
		}
	}
	return false
}

func isTemplate(segment string) bool {
	return strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
}

// Response finds what the operation declares for a status: exactly, by its range
// such as 4XX, or by default. It tells which key of the description that was.
func (op *Operation) Response(status int) (key string, response *openapi3.Response) {
	for _, key := range []string{fmt.Sprint(status), fmt.Sprintf("%dXX", status/100), "default"} {
		if ref := op.Spec.Responses.Value(key); ref != nil && ref.Value != nil {
			return key, ref.Value
		}
	}
	return "", nil
}
