package openapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/internal/openapi"
)

func kinabase(t *testing.T) *openapi.Document {
	t.Helper()
	doc, err := openapi.Parse(t.Context(), "kinabase.yaml", api.Kinabase)
	require.NoError(t, err)
	return doc
}

func TestMatch(t *testing.T) {
	doc := kinabase(t)
	tests := []struct{ method, path, want string }{
		{"GET", "/collections", "listCollections"},
		{"GET", "/collections/orders", "listRecords"},
		{"GET", "/collections/orders/17", "getRecord"},
		{"GET", "/collections/orders/all", "listAllRecords"},
		{"PATCH", "/collections/orders/bulk", "updateRecords"},
		{"PATCH", "/collections/orders/bulky", "updateRecord"},
		{"GET", "/collections/orders/bulk", "getRecord"},
		{"GET", "/collections/orders/ext/a%2Fb/c", "getExternalRecord"},
		{"GET", "/activities/orders/17", "listActivities"},
		{"GET", "/collections/", ""},
		{"GET", "/collections/orders/", ""},
		{"PUT", "/collections/orders/17", ""},
		{"GET", "/nonsense", ""},
		{"GET", "", ""},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			op := doc.Match(test.method, test.path)
			if test.want == "" {
				assert.Nil(t, op)
				return
			}
			require.NotNil(t, op)
			assert.Equal(t, test.want, op.ID)
			assert.Same(t, op, doc.Operation(test.want))
		})
	}
	assert.Nil(t, doc.Operation("nonsense"))
}

func TestOperationsKeepTheOrderOfTheFile(t *testing.T) {
	doc := kinabase(t)
	assert.Equal(t, "createToken", doc.Operations[0].ID)
	for i, op := range doc.Operations[1:] {
		assert.Greater(t, op.Line, doc.Operations[i].Line, op.ID)
	}
}

func TestResponse(t *testing.T) {
	doc, err := openapi.Parse(t.Context(), "small.yaml", []byte(`openapi: 3.0.3
info: {title: Small, version: "1"}
paths:
  /a:
    get:
      responses:
        '200': {description: exact}
        2XX: {description: range}
        default: {description: rest}
    put:
      responses: {'200': {description: exact}}
`))
	require.NoError(t, err)
	get, put := doc.Match("GET", "/a"), doc.Match("PUT", "/a")
	assert.Equal(t, "GET /a", get.ID, "an operation without an id is known by method and path")
	for status, want := range map[int]string{200: "200", 201: "2XX", 404: "default"} {
		key, response := get.Response(status)
		assert.Equal(t, want, key)
		assert.NotNil(t, response)
	}
	_, response := put.Response(404)
	assert.Nil(t, response)
}

// A schema that says nothing accepts null, in components and below them.
func TestNullFitsASchemaThatSaysNothing(t *testing.T) {
	doc := kinabase(t)
	require.NoError(t, doc.Components.Schemas["RecordLists"].Value.VisitJSON(nil))
	require.NoError(t, doc.Components.Schemas["Record"].Value.VisitJSON(map[string]any{"id": "a", "lists": nil}))
	require.Error(t, doc.Components.Schemas["Record"].Value.VisitJSON(map[string]any{"id": nil}))
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"no YAML", "\t", "read bad.yaml"},
		{"no description", "a: b", "bad.yaml"},
		{"a bad example", "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {type: string, example: 1}}}", "bad.yaml is not a valid description"},
		{"Swagger", `{"swagger":"2.0","info":{"title":"a","version":"1"},"paths":{}}`, "bad.yaml says that it is Swagger 2.0: convert it to OpenAPI 3.0 or 3.1 first"},
		{"no version", "info: {title: a, version: '1'}", "bad.yaml has no openapi: want 3.0 or 3.1 there"},
		{"another file", "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {$ref: 'https://example.test/b.yaml'}}}", "external reference"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := openapi.Parse(t.Context(), "bad.yaml", []byte(test.text))
			require.ErrorContains(t, err, test.want)
		})
	}
}

// A schema of OpenAPI 3.1 may be true or false, and stays it.
func TestSchemasThatAreBooleans(t *testing.T) {
	doc, err := openapi.Parse(t.Context(), "all.yaml", []byte("openapi: 3.1.0\ninfo: {title: All, version: '1'}\ncomponents: {schemas: {All: true, None: false}}"))
	require.NoError(t, err)
	for name, want := range map[string]bool{"All": true, "None": false} {
		require.NotNil(t, doc.Components.Schemas[name].Value.Always)
		assert.Equal(t, want, *doc.Components.Schemas[name].Value.Always)
	}
}

// A schema may contain itself in any way, and an inline one may say nothing.
func TestSchemasThatContainThemselves(t *testing.T) {
	doc, err := openapi.Parse(t.Context(), "tree.yaml", []byte(`openapi: 3.0.3
info: {title: Tree, version: "1"}
paths:
  /a:
    get:
      responses:
        '200':
          description: A tree.
          content: {application/json: {schema: {}}}
components:
  schemas:
    Node: {properties: {child: {$ref: '#/components/schemas/Node'}}}
    Either: {anyOf: [{$ref: '#/components/schemas/Node'}, {not: {$ref: '#/components/schemas/Either'}}]}
    List: {type: array, items: {$ref: '#/components/schemas/List'}}
`))
	require.NoError(t, err)
	_, response := doc.Match("GET", "/a").Response(200)
	require.NoError(t, response.Content["application/json"].Schema.Value.VisitJSON(nil))
}

// A pattern that Go's regexp does not know is no reason to refuse a description.
func TestPatternsAreNotGos(t *testing.T) {
	_, err := openapi.Parse(t.Context(), "patterns.yaml", []byte(`openapi: 3.0.3
info: {title: Patterns, version: "1"}
paths: {}
components: {schemas: {A: {type: string, pattern: '(?=a)b'}, B: {type: string, pattern: '[^]\cA'}}}
`))
	require.NoError(t, err)
}
