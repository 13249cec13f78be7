package schema

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// repeat is a body that is generated as it is read: head, many times part, tail.
func repeat(head string, part func(i int) string, count int, tail string) io.Reader {
	reader, writer := io.Pipe()
	go func() {
		_, err := io.WriteString(writer, head)
		var chunk strings.Builder
		for i := 0; i < count && err == nil; i++ {
			chunk.WriteString(part(i))
			if chunk.Len() > 32<<10 || i == count-1 {
				_, err = io.WriteString(writer, chunk.String())
				chunk.Reset()
			}
		}
		if err == nil {
			_, err = io.WriteString(writer, tail)
		}
		_ = writer.CloseWithError(err)
	}()
	return reader
}

func same(text string) func(int) string { return func(int) string { return text } }

const hostileSchema = `{"Root":{"oneOf":[{"type":"array","items":{"$ref":"#/components/schemas/Root"}},{"type":"object","properties":{"a":{"$ref":"#/components/schemas/Root"}}},{"type":"string","pattern":"^(a|aa)+$"},{"type":"integer"}]}}`

// Bodies that are made to cost much are refused at a limit, with a finding that says so, and
// in the memory that the limits allow.
func TestHostileBodies(t *testing.T) {
	v, err := Compile(load(t, hostileSchema), Options{MaxToken: 1 << 20})
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		body io.Reader
		want string
	}{
		{"100,000 levels", repeat("", same("["), 100_000, ""), "limit (unchecked)"},
		{"levels of both kinds", repeat("", same(`[{"a":`), 100_000, ""), "limit (unchecked)"},
		{"a million names", repeat("{", func(i int) string { return `"k` + strconv.Itoa(i) + `":1,` }, 1_000_000, `"z":1}`), "duplicate (unchecked)"},
		{"a string of 50 MB", repeat(`"`, same("aaaaaaaaaaaaaaaa"), 3_000_000, `"`), "limit (unchecked)"},
		{"a number of 50 MB", repeat("", same("1111111111111111"), 3_000_000, ""), "limit (unchecked)"},
		{"a pattern that backtracks elsewhere", strings.NewReader(`"` + strings.Repeat("a", 100_000) + `b"`), " pattern"},
	} {
		t.Run(c.name, func(t *testing.T) {
			findings, err := v.Validate(t.Context(), c.body)
			require.NoError(t, err)
			require.Len(t, findings, 1)
			assert.True(t, strings.HasSuffix(brief(findings), c.want), brief(findings))
			assert.False(t, Valid(findings), "what is not checked is not passed")
			var memory runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&memory)
			assert.Less(t, memory.HeapAlloc, uint64(64<<20))
		})
	}
}

func TestMaxBytes(t *testing.T) {
	v, err := Compile(nil, Options{MaxBytes: 100})
	require.NoError(t, err)
	findings, err := v.Validate(t.Context(), repeat("[", same("1,"), 1000, "1]"))
	require.NoError(t, err)
	assert.Equal(t, "limit (unchecked)", strings.TrimLeft(strings.TrimLeft(brief(findings), "/0123456789"), " "))
}

func TestBodiesThatCannotBeRead(t *testing.T) {
	v, err := Compile(nil, Options{})
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
