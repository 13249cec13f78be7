package openapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/internal/openapi"
)

func TestDeclares(t *testing.T) {
	tests := []struct {
		product, operation string
		status             int
		pointer            string
		want               bool
	}{
		{"kinabase", "listRecords", 200, "", true},
		{"kinabase", "listRecords", 200, "/totalRecords", true},
		{"kinabase", "listRecords", 200, "/records/*/id", true},
		{"kinabase", "listRecords", 200, "/records/*/data/*", true},
		{"kinabase", "listRecords", 200, "/records/id", false},
		{"kinabase", "listRecords", 200, "/count", false},
		{"kinabase", "listRecords", 201, "", false},
		{"kinabase", "listRecords", 400, "/error", true},
		{"kinabase", "listAllRecords", 200, "/*/id", true},
		{"kinabase", "getStatus", 401, "", false},
		{"kinabase", "getStatus", 200, "/*", true},
		{"kinabase", "getStatus", 200, "/id", false},
		{"kainexus", "getItem", 200, "/item/createDate", true},
		{"kainexus", "getItem", 200, "/item/responsible/username", true},
		{"kainexus", "exportItems", 200, "", false},
	}
	for _, test := range tests {
		t.Run(test.operation+" "+test.pointer, func(t *testing.T) {
			doc, err := openapi.Ours(test.product)
			require.NoError(t, err)
			assert.Equal(t, test.want, doc.Operation(test.operation).Declares(test.status, test.pointer))
		})
	}
}

func TestDeclaresEndsWhereASchemaContainsItself(t *testing.T) {
	doc, err := openapi.Parse(t.Context(), "tree.yaml", []byte(`openapi: 3.0.3
info: {title: Tree, version: "1"}
paths:
  /a:
    get:
      responses:
        '200':
          description: A tree.
          content: {application/json: {schema: {$ref: '#/components/schemas/Either'}}}
components:
  schemas:
    Node: {properties: {child: {$ref: '#/components/schemas/Node'}}}
    Either: {anyOf: [{$ref: '#/components/schemas/Either'}, {$ref: '#/components/schemas/Node'}]}
`))
	require.NoError(t, err)
	op := doc.Operations[0]
	assert.True(t, op.Declares(200, "/child/child/child"))
	assert.False(t, op.Declares(200, "/child/parent"))
}

func TestTakes(t *testing.T) {
	doc := kinabase(t)
	assert.True(t, doc.Operation("listRecords").Takes("updatedAfter"))
	assert.False(t, doc.Operation("listAllRecords").Takes("pageIndex"))
	assert.False(t, doc.Operation("listRecords").Takes("collectionId"), "it is part of the path")
}
