package schema_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/contract/schema/internal/scan"
	"github.com/kaikina/kaikina/internal/openapi"
)

func document(t testing.TB, name string, data []byte) *openapi.Document {
	doc, err := openapi.Parse(t.Context(), name, data)
	require.NoError(t, err)
	return doc
}

// Every example of both descriptions fits its own schema, strictly too.
func TestExamplesOfBothAPIsFit(t *testing.T) {
	examples := 0
	for name, data := range map[string][]byte{"kainexus.yaml": api.KaiNexus, "kinabase.yaml": api.Kinabase} {
		for _, op := range document(t, name, data).Operations {
			for status, ref := range op.Spec.Responses.Map() {
				media := ref.Value.Content["application/json"]
				if media == nil {
					continue
				}
				v, err := schema.CompileResponse(ref.Value, "application/json", schema.Options{})
				require.NoError(t, err, op.ID)
				values := []any{}
				if media.Example != nil {
					values = append(values, media.Example)
				}
				for _, example := range media.Examples {
					values = append(values, example.Value.Value)
				}
				for _, value := range values {
					body, err := json.Marshal(value)
					require.NoError(t, err)
					findings, err := v.ValidateBytes(t.Context(), body)
					require.NoError(t, err)
					assert.Empty(t, findings, "%s %s", op.ID, status)
					examples++
				}
			}
		}
	}
	assert.Greater(t, examples, 20)
}

// bodyOf repeats the elements of an operation's example until the list has a number of them.
func bodyOf(b *testing.B, op *openapi.Operation, member string, count int) (*openapi3.Schema, []byte) {
	_, response := op.Response(200)
	media := response.Content["application/json"]
	text, err := json.Marshal(media.Example)
	require.NoError(b, err)
	for _, example := range media.Examples {
		other, err := json.Marshal(example.Value.Value)
		require.NoError(b, err)
		if len(other) > len(text) {
			text = other
		}
	}
	var parts map[string]json.RawMessage
	var elements []json.RawMessage
	if member == "" {
		require.NoError(b, json.Unmarshal(text, &elements))
	} else {
		require.NoError(b, json.Unmarshal(text, &parts))
		require.NoError(b, json.Unmarshal(parts[member], &elements))
	}
	var list []json.RawMessage
	for i := range count {
		list = append(list, elements[i%len(elements)])
	}
	joined, err := json.Marshal(list)
	require.NoError(b, err)
	if member == "" {
		return media.Schema.Value, joined
	}
	parts[member] = joined
	text, err = json.Marshal(parts)
	require.NoError(b, err)
	return media.Schema.Value, text
}

func BenchmarkValidate(b *testing.B) {
	for _, c := range []struct {
		name, file, operation, member string
		data                          []byte
		count                         int
	}{
		{"items-20", "kainexus.yaml", "listItems", "items", api.KaiNexus, 20},
		{"items-2000", "kainexus.yaml", "listItems", "items", api.KaiNexus, 2000},
		{"records-300", "kinabase.yaml", "listRecords", "records", api.Kinabase, 300},
	} {
		s, body := bodyOf(b, document(b, c.file, c.data).Operation(c.operation), c.member, c.count)
		for _, strict := range []bool{false, true} {
			v, err := schema.Compile(&openapi3.SchemaRef{Value: s}, schema.Options{Strict: strict})
			require.NoError(b, err)
			name := c.name + "/lenient"
			if strict {
				name = c.name + "/strict"
			}
			b.Run(name, func(b *testing.B) {
				b.SetBytes(int64(len(body)))
				b.ReportAllocs()
				reader := bytes.NewReader(body)
				for b.Loop() {
					reader.Reset(body)
					findings, err := v.Validate(b.Context(), reader)
					if err != nil || !strict && len(findings) > 0 {
						b.Fatal(findings, err)
					}
				}
			})
		}
		b.Run(c.name+"/kin", func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				decoder := json.NewDecoder(bytes.NewReader(body))
				decoder.UseNumber()
				var value any
				require.NoError(b, decoder.Decode(&value))
				require.NoError(b, s.VisitJSON(value, openapi3.VisitAsResponse(), openapi3.EnableFormatValidation()))
			}
		})
		b.Run(c.name+"/scan", func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			scanner := scan.New(nil)
			for b.Loop() {
				scanner.Reset(bytes.NewReader(body))
				for {
					kind, err := scanner.Next()
					if err != nil {
						b.Fatal(err)
					}
					if kind == 0 {
						break
					}
				}
			}
		})
	}
}
