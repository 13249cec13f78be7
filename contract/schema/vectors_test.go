package schema

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// vector is one schema with bodies and what they are to it. A file of testdata/vectors has the
// vectors of one keyword.
type vector struct {
	About  string          `json:"about"`
	Schema json.RawMessage `json:"schema"`
	// Dialect is 3.0, or empty for JSON Schema 2020-12.
	Dialect string `json:"dialect"`
	// Refused is a part of the error of Compile, if there must be one.
	Refused string `json:"refused"`
	Cases   []struct {
		About string          `json:"about"`
		Body  json.RawMessage `json:"body"`
		Valid bool            `json:"valid"`
		// Differs is why the second opinion is another.
		Differs string `json:"differs"`
	} `json:"cases"`
}

// leastVectors keeps the files from being lost in silence.
const leastVectors = 950

// Each verdict is that of a second implementation too, or the vector says why it is not:
// jsonschema's for 2020-12, and kin-openapi's for OpenAPI 3.0.
func TestVectors(t *testing.T) {
	files, err := filepath.Glob("testdata/vectors/*.json")
	require.NoError(t, err)
	count := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var vectors []vector
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&vectors), file)
		keyword := strings.TrimSuffix(filepath.Base(file), ".json")
		for _, vector := range vectors {
			t.Run(keyword+"/"+vector.About, func(t *testing.T) {
				v, second := vector.compile(t)
				if vector.Refused != "" {
					return
				}
				for _, c := range vector.Cases {
					count++
					findings, err := v.ValidateBytes(t.Context(), c.Body)
					require.NoError(t, err)
					assert.Equal(t, c.Valid, Valid(findings), "%s: %s: %s", c.About, c.Body, brief(findings))
					other := second(decode(t, c.Body))
					assert.Equal(t, c.Valid, (other == nil) == (c.Differs == ""), "%s: %s: the second opinion is %v, and differs says %q", c.About, c.Body, other, c.Differs)
				}
			})
		}
	}
	assert.GreaterOrEqual(t, count, leastVectors)
	t.Logf("%d cases in %d files", count, len(files))
}

func (vector vector) compile(t *testing.T) (*Validator, func(any) error) {
	if vector.Dialect == "3.0" {
		ref := load(t, `{"Root":`+string(vector.Schema)+`,`+vectorSchemas+`}`)
		v, err := Compile(ref, Options{})
		vector.checkRefusal(t, err)
		return v, func(body any) error {
			return ref.Value.VisitJSON(body, openapi3.VisitAsResponse(), openapi3.EnableFormatValidation())
		}
	}
	ref, err := Parse(vector.Schema)
	require.NoError(t, err)
	v, err := Compile(ref, Options{Dialect: OpenAPI31})
	vector.checkRefusal(t, err)
	if vector.Refused != "" {
		return nil, nil
	}
	peer := compilePeer(t, string(vector.Schema), "http://localhost/d.json")
	return v, func(body any) error { return peer.Validate(body) }
}

func (vector vector) checkRefusal(t *testing.T, err error) {
	if vector.Refused != "" {
		require.ErrorContains(t, err, vector.Refused)
		return
	}
	require.NoError(t, err)
}

// vectorSchemas are what vectors of OpenAPI 3.0 may refer to.
const vectorSchemas = `"Boat":{"type":"object","required":["sails"],"properties":{"kind":{"type":"string"},"sails":{"type":"integer"}}},` +
	`"Car":{"type":"object","required":["wheels"],"properties":{"kind":{"type":"string"},"wheels":{"type":"integer"}}},` +
	`"Chain":{"type":"object","properties":{"next":{"$ref":"#/components/schemas/Chain"},"link":{"type":"string"}}}`
