package speccheck_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/internal/openapi"
	"github.com/kaikina/kaikina/internal/speccheck"
)

var descriptions = map[string][]byte{"kainexus.yaml": api.KaiNexus, "kinabase.yaml": api.Kinabase}

func parse(t *testing.T, name string, data []byte) *openapi.Document {
	t.Helper()
	doc, err := openapi.Parse(context.Background(), name, data)
	require.NoError(t, err)
	return doc
}

func TestOurDescriptionsKeepTheRules(t *testing.T) {
	for name, data := range descriptions {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, name, data)
			for _, p := range speccheck.Check(doc) {
				t.Error(p)
			}
			assert.GreaterOrEqual(t, speccheck.ExampleCount(doc), len(doc.Operations), "at least an example for each operation's answer")
		})
	}
}

// TestEveryProvenanceIsNeeded removes each x-source and x-confidence of each
// operation and component in turn, and wants the check to notice each time.
func TestEveryProvenanceIsNeeded(t *testing.T) {
	for name, data := range descriptions {
		t.Run(name, func(t *testing.T) {
			doc := parse(t, name, data)
			require.Empty(t, speccheck.Provenance(doc))
			removals := 0
			remove := func(at string, extensions map[string]any) {
				for _, key := range []string{"x-source", "x-confidence"} {
					kept := extensions[key]
					delete(extensions, key)
					assert.NotEmpty(t, speccheck.Provenance(doc), "%s without %s", at, key)
					extensions[key] = kept
					removals++
				}
			}
			for _, op := range doc.Operations {
				remove(op.ID, op.Spec.Extensions)
			}
			for name, ref := range doc.Components.Schemas {
				remove(name, ref.Value.Extensions)
			}
			for name, ref := range doc.Components.Parameters {
				remove(name, ref.Value.Extensions)
			}
			for name, ref := range doc.Components.Responses {
				remove(name, ref.Value.Extensions)
			}
			for name, ref := range doc.Components.SecuritySchemes {
				remove(name, ref.Value.Extensions)
			}
			for _, server := range doc.Servers {
				remove(server.URL, server.Extensions)
			}
			assert.GreaterOrEqual(t, removals, 2*len(doc.Operations))
			require.Empty(t, speccheck.Provenance(doc), "everything is back in place")
		})
	}
}

const small = `openapi: 3.0.3
info:
  title: Small
  version: "1"
  x-sources: {A: a page}
  x-confidence-levels: {documented: d, superseded: s, observed: o, inferred: i}
paths:
  /things:
    get:
      operationId: listThings
      tags: [Things]
      summary: List
      description: Lists things.
      x-source: [A]
      x-confidence: documented
      responses:
        '200':
          description: Things.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              examples: {one: {value: {name: a}}}
components:
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {type: string, x-source: [A], x-confidence: observed}
      x-source: [A]
      x-confidence: documented
`

func TestRules(t *testing.T) {
	tests := []struct {
		name, old, new string
		want           string
	}{
		{"conforming", "", "", ""},
		{"operation without source", "      x-source: [A]\n      x-confidence: documented\n      responses", "      x-confidence: documented\n      responses", "provenance: /paths/~1things/get: x-source is missing"},
		{"unknown level", "x-confidence: documented\n      responses", "x-confidence: certain\n      responses", "x-confidence is certain, not one of"},
		{"unknown tag", "x-source: [A]\n      x-confidence: documented\n      responses", "x-source: [B]\n      x-confidence: documented\n      responses", `names "B", which info.x-sources does not explain`},
		{"source that is no list", "x-source: [A]\n      x-confidence: documented\n      responses", "x-source: A\n      x-confidence: documented\n      responses", "is not a list of tags"},
		{"property with half of it", "name: {type: string, x-source: [A], x-confidence: observed}", "name: {type: string, x-source: [A]}", "/components/schemas/Thing/properties/name: x-source and x-confidence come together"},
		{"tag that nothing uses", "x-sources: {A: a page}", "x-sources: {A: a page, B: another}", `"B" is explained but never used`},
		{"level that is not explained", ", inferred: i", "", `x-confidence-levels does not explain "inferred"`},
		{"body without example", "              examples: {one: {value: {name: a}}}\n", "", "examples: /paths/~1things/get/responses/200/content/application~1json: the body has no example"},
		{"nameless body", "schema: {$ref: '#/components/schemas/Thing'}", "schema: {type: object}", "has no name"},
		{"verbless operation", "operationId: listThings", "operationId: things", `operationId "things" is not`},
		{"hidden object", "name: {type: string,", "part: {type: object, properties: {a: {type: string}}}\n        name: {type: string,", "/components/schemas/Thing/properties/part: an object with properties"},
		{"operation without description", "      description: Lists things.\n", "", "has a summary, a description and a tag"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			require.Contains(t, small, test.old)
			doc := parse(t, "small.yaml", []byte(strings.Replace(small, test.old, test.new, 1)))
			var found []string
			for _, p := range speccheck.Check(doc) {
				found = append(found, p.String())
			}
			if test.want == "" {
				assert.Empty(t, found)
				return
			}
			assert.Regexp(t, regexp.QuoteMeta(test.want), strings.Join(found, "\n"))
		})
	}
}

// An invalid example is refused when the description is read, and again by the
// rule, which sees formats too.
func TestInvalidExample(t *testing.T) {
	broken := strings.Replace(small, "{name: a}", "{name: 1}", 1)
	_, err := openapi.Parse(context.Background(), "small.yaml", []byte(broken))
	require.ErrorContains(t, err, "small.yaml is not a valid description")

	doc := parse(t, "small.yaml", []byte(small))
	doc.Components.Schemas["Thing"].Value.Required = []string{"name", "size"}
	problems := speccheck.Examples(doc)
	require.Len(t, problems, 1)
	assert.Equal(t, "the example is not valid: /size: a required property is missing (required)", problems[0].Message)
}

// An example is held against what its body may have in that direction.
func TestExamplesGoOneWay(t *testing.T) {
	for property, valid := range map[string]bool{"readOnly": true, "writeOnly": false} {
		doc := parse(t, "small.yaml", []byte(small))
		name := doc.Components.Schemas["Thing"].Value.Properties["name"].Value
		name.ReadOnly, name.WriteOnly = property == "readOnly", property == "writeOnly"
		assert.Equal(t, valid, len(speccheck.Examples(doc)) == 0, property)
	}
}

// Patterns are ECMAScript's, wherever they stand.
func TestSchemasThatCannotBeUsed(t *testing.T) {
	doc := parse(t, "small.yaml", []byte(small))
	require.Empty(t, speccheck.Schemas(doc))
	bad := openapi3.NewStringSchema()
	bad.Pattern = "(?=a)b"
	doc.Components.Schemas = openapi3.Schemas{"Unused": bad.NewRef()}
	op := doc.Operations[0]
	op.Spec.Parameters = append(op.Spec.Parameters, &openapi3.ParameterRef{Value: openapi3.NewQueryParameter("q").WithSchema(bad)})
	problems := speccheck.Schemas(doc)
	require.Len(t, problems, 2)
	assert.Equal(t, "/components/schemas/Unused", problems[0].Pointer)
	assert.Contains(t, problems[1].Pointer, "/parameters/")
	assert.Contains(t, problems[1].Message, "lookahead")
}
