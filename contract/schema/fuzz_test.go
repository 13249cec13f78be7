package schema

import (
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever a body is, it is read to an end, twice with the same findings.
func FuzzValidate(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"a",{"a":[]}]}`, `[[[`, `{"a":1,"a":2}`, `"\ud800"`, `1e999999999999`, "[1]x", ""} {
		f.Add([]byte(seed))
	}
	v, err := Compile(load(f, hostileSchema), Options{Strict: true})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, body []byte) {
		first, err := v.ValidateBytes(t.Context(), body)
		require.NoError(t, err)
		second, err := v.ValidateBytes(t.Context(), body)
		require.NoError(t, err)
		assert.Equal(t, first, second)
	})
}

// Whatever a schema says, it is compiled or refused, and what is compiled can be used.
func FuzzCompile(f *testing.F) {
	f.Add([]byte(`{"type":"object","properties":{"a":{"oneOf":[{"type":"string","pattern":"^a+$"},{"enum":[1,[2],{"b":null}]}]}}}`))
	f.Add([]byte(`{"if":{},"then":false,"unevaluatedProperties":{"not":{}},"contains":{},"dependentSchemas":{"a":true}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s := &openapi3.Schema{}
		if s.UnmarshalJSON(text) != nil {
			return
		}
		v, err := Compile(&openapi3.SchemaRef{Value: s}, Options{Dialect: OpenAPI31, Strict: true})
		if err != nil {
			return
		}
		_, err = v.ValidateBytes(t.Context(), []byte(`{"a":[1,"a",{"a":[]}],"b":null}`))
		require.NoError(t, err)
	})
}

// Twice the body takes about twice the time: four doublings together stay far below the
// 256 times of anything quadratic.
func TestTimeIsLinear(t *testing.T) {
	v, err := Compile(load(t, hostileSchema), Options{MaxNames: 1 << 20})
	require.NoError(t, err)
	for name, part := range map[string]string{"elements": `["a",1,{"a":2}],`, "names": `{"b":1,"a":{"a":1}},`, "long text": `"` + strings.Repeat("a", 200) + `",`} {
		measure := func(count int) time.Duration {
			body := []byte("[" + strings.Repeat(part, count) + "1]")
			best := time.Hour
			for range 5 {
				begin := time.Now()
				_, err := v.ValidateBytes(t.Context(), body)
				require.NoError(t, err)
				best = min(best, time.Since(begin))
			}
			return best
		}
		assert.Less(t, measure(32_000), 80*measure(2_000), name)
	}
}
