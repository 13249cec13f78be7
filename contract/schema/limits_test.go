package schema

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMaxBytes(t *testing.T) {
	v, err := CompileMedia(&openapi3.MediaType{}, Options{MaxBytes: 100})
	require.NoError(t, err)
	findings, err := v.Validate(t.Context(), repeat("[", "1,", 1000, "1]"))
	require.NoError(t, err)
	assert.Equal(t, "limit (unchecked)", strings.TrimLeft(strings.TrimLeft(brief(findings), "/0123456789"), " "))
}

func TestBodiesThatCannotBeRead(t *testing.T) {
	v, err := CompileMedia(&openapi3.MediaType{}, Options{})
	require.NoError(t, err)
	broken := errors.New("broken")
	_, err = v.Validate(t.Context(), io.MultiReader(strings.NewReader("[1,"), failing{broken}))
	require.ErrorIs(t, err, broken)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = v.ValidateBytes(ctx, []byte("[1]"))
	require.ErrorIs(t, err, context.Canceled)
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// The second call of a kind allocates nothing, with alternatives and in strict mode as without.
func TestNoAllocations(t *testing.T) {
	for name, schema := range map[string]string{
		"plain":        `{"type":"array","uniqueItems":true,"items":{"type":"object","properties":{"a":{"type":"integer","maximum":3.5},"b":{"type":"string","pattern":"^\\d+$","format":"date"},"c":{"type":"number"}}}}`,
		"alternatives": `{"type":"array","items":{"oneOf":[{"type":"object","required":["x"],"properties":{"a":{},"x":{}}},{"type":"object","properties":{"a":{"type":"integer"},"b":{},"c":{}},"additionalProperties":false}]}}`,
	} {
		t.Run(name, func(t *testing.T) {
			v, err := Compile(load(t, `{"Root":`+schema+`}`), Options{Strict: true})
			require.NoError(t, err)
			pattern := `"b":"12"`
			if name == "plain" {
				pattern = `"c":2.25`
			}
			body := `[{"a":1,` + pattern + `},{"a":2,` + pattern + `}]`
			reader := strings.NewReader(body)
			r := v.runs.get(v)
			run := func() {
				reader.Reset(body)
				// The pool is left out: under the race detector it forgets on purpose.
				r.begin(t.Context(), reader)
				if err := r.whole(); err != nil || len(r.findings) > 0 {
					t.Fatal(r.findings, err)
				}
				r.release()
			}
			run()
			assert.Zero(t, testing.AllocsPerRun(100, run))
		})
	}
}
