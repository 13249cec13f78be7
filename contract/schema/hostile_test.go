package schema

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/internal/peers"
)

// generated is a body that is made as it is read: head, count times what part appends, tail.
type generated struct {
	head, tail string
	part       func(b []byte, i int) []byte
	count      int

	made int
	rest []byte
	own  []byte
}

func (g *generated) Read(p []byte) (int, error) {
	if len(g.rest) == 0 {
		b := g.own[:0]
		if g.made == 0 {
			b = append(b, g.head...)
		}
		for ; g.made < g.count && len(b) < 64<<10; g.made++ {
			b = g.part(b, g.made)
		}
		if g.made == g.count {
			b = append(b, g.tail...)
			g.made++
		}
		g.own, g.rest = b, b
	}
	if len(g.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, g.rest)
	g.rest = g.rest[n:]
	return n, nil
}

func repeat(head, part string, count int, tail string) io.Reader {
	return &generated{head: head, part: func(b []byte, _ int) []byte { return append(b, part...) }, count: count, tail: tail}
}

func numbered(head, before, after string, count int, tail string) io.Reader {
	return &generated{head: head, count: count, tail: tail, part: func(b []byte, i int) []byte {
		return append(strconv.AppendInt(append(b, before...), int64(i), 10), after...)
	}}
}

const hostileSchema = `{"oneOf":[{"type":"array","items":{"$ref":"#/components/schemas/Root"}},{"type":"object","properties":{"a":{"$ref":"#/components/schemas/Root"}}},{"type":"string","pattern":"^(a|aa)+$"},{"type":"integer"}]}`

// forks has alternatives that share what is below them, and that only the end of an object
// tells apart.
const forks = `{"anyOf":[{"type":"object","properties":{"a":{"$ref":"#/components/schemas/Root"},"op":{"enum":["x"]}}},{"type":"object","properties":{"a":{"$ref":"#/components/schemas/Root"},"op":{"enum":["y"]}}}]}`

const manyMembers = `{"anyOf":[{"patternProperties":{"^k":{"type":"integer"}}},{"required":["x"]}],"unevaluatedProperties":false}`

// open30 and open31 name the dialect of a schema.
var open30, open31 = Options{}, Options{Dialect: OpenAPI31}

// Bodies that are made to cost much are read to their end or refused at a limit, with a finding
// that says so, and take no more memory meanwhile than the limits of [Options] say: a token of
// 8 MiB is held in a buffer that doubles, and what the collector has not yet freed counts too.
func TestHostileBodies(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	for _, c := range []struct {
		name, schema string
		options      Options
		body         io.Reader
		want         string // of the only finding; "" for none
		megabytes    uint64
	}{
		{"100,000 arrays", hostileSchema, open30, repeat("", "[", 100_000, ""), "limit (unchecked)", 16},
		{"100,000 levels of both kinds", hostileSchema, open30, repeat("", `[{"a":`, 100_000, ""), "limit (unchecked)", 16},
		{"10,000 levels", hostileSchema, Options{MaxDepth: 10_000}, nested(5_000, `[{"a":`, `}]`), "", 48},
		{"10,000 levels of alternatives", deepAlternatives, Options{MaxDepth: 10_000}, nested(5_000, `[{"a":`, `}]`), "", 48},
		{"10 million names", hostileSchema, open30, numbered("{", `"k`, `":1,`, 10_000_000/slower, `"z":1}`), "duplicate (unchecked)", 48},
		{"a million pending names", manyMembers, open31, numbered("{", `"k`, `":1,`, 1_000_000/slower, `"z":1}`), "unevaluated (unchecked); duplicate (unchecked); false", 64},
		{"a million unique elements", `{"type":"array","items":{},"uniqueItems":true}`, open30, numbered("[", "", ",", 1_000_000/slower, `0]`), "uniqueItems (unchecked)", 32},
		{"a string of 1 GB", hostileSchema, open30, repeat(`"`, strings.Repeat("a", 16<<10), 65_536/slower, `"`), "limit (unchecked)", 64},
		{"1 GB of long strings", `{"type":"array","items":{"type":"string"}}`, open30, repeat(`[`, `"`+strings.Repeat("a", 4<<20)+`",`, 256/slower, `""]`), "", 64},
		{"a number of 1 GB", hostileSchema, open30, repeat("", strings.Repeat("1", 16<<10), 65_536/slower, ""), "limit (unchecked)", 64},
		{"a pattern that backtracks elsewhere", hostileSchema, open30, strings.NewReader(`"` + strings.Repeat("a", 1<<20) + `b"`), "pattern", 32},
		{"long names on the way", `{}`, open30, repeat("", `{"`+long+`":`, 1000, ""), "duplicate (unchecked); limit (unchecked)", 96},
		{"alternatives that double", forks, open30, nested(300, `{"a":`, `,"op":"x"}`), "limit (unchecked)", 64},
	} {
		t.Run(c.name, func(t *testing.T) {
			version := []string{"3.0.3", "3.1.0"}[c.options.Dialect]
			v, err := Compile(loadVersion(t, version, `{"Root":`+c.schema+`}`), c.options)
			require.NoError(t, err)
			var findings []Finding
			grown := peers.HeapGrowth(func() { findings, err = v.Validate(t.Context(), c.body) })
			require.NoError(t, err)
			t.Logf("%d KiB", grown>>10)
			assert.Less(t, grown, c.megabytes<<20)
			assert.Equal(t, c.want, broken(findings))
		})
	}
}

// broken is brief without the pointers, and without remarks.
func broken(findings []Finding) string {
	var list []string
	for _, f := range findings {
		if f.Class != Invalid {
			f.Keyword += " (" + f.Class.String() + ")"
		}
		if !f.Class.remark() {
			list = append(list, f.Keyword)
		}
	}
	return strings.Join(list, "; ")
}

func nested(depth int, open, end string) io.Reader {
	return io.MultiReader(repeat("", open, depth, "1"), repeat("", end, depth, ""))
}

// deepAlternatives is recursive through oneOf and anyOf in turn, and the type decides nothing.
const deepAlternatives = `{"oneOf":[{"items":{"$ref":"#/components/schemas/Root"},"properties":{"a":{"anyOf":[{"$ref":"#/components/schemas/Root"},{"type":"object","maxProperties":0}]}}},{"type":"boolean"},{"type":"array","maxItems":0}]}`

// What is wrong with a body is kept in bounded memory too, whatever its names and values are.
func TestHostileFindings(t *testing.T) {
	long := strings.Repeat("ä", 2<<20)
	refused := strings.NewReader(`{"` + long + `":[` + strings.Repeat(`"`+strings.Repeat("x", 1<<16)+`",`, 200) + `1]}`)
	inner := `{"type":"array","items":{"type":"integer"}}`
	remarks := strings.NewReader(`{"` + long + `":[` + strings.Repeat("1.0,", 5000) + `1]}`)
	for _, c := range []struct {
		name, schema string
		body         io.Reader
		count        int
	}{
		{"refusals", `{"additionalProperties":` + inner + `}`, refused, 100},
		{"remarks that wait", `{"anyOf":[{"additionalProperties":` + inner + `},{"maxProperties":0}]}`, remarks, 100},
	} {
		v := compiled(t, c.schema, Options{ShowValues: true})
		var findings []Finding
		var err error
		grown := peers.HeapGrowth(func() { findings, err = v.Validate(t.Context(), c.body) })
		require.NoError(t, err)
		require.Len(t, findings, c.count)
		for _, f := range findings {
			assert.Less(t, len(f.Pointer)+len(f.Value)+len(f.Message), maxPointer+maxShown+200)
			assert.True(t, strings.HasPrefix(f.Pointer, "/ää") && strings.HasSuffix(f.Pointer, "ä…"), "a pointer is cut between letters")
		}
		t.Logf("%s: %d KiB", c.name, grown>>10)
		assert.Less(t, grown, uint64(64<<20), c.name)
	}
}

// After a body of any kind, little is kept for the next one.
func TestLittleIsKept(t *testing.T) {
	for name, c := range map[string]struct {
		schema  string
		options Options
		body    io.Reader
	}{
		"a long string": {`{}`, open30, repeat(`"`, "aaaaaaaaaaaaaaaa", 500_000, `"`)},
		"many names":    {`{}`, open30, numbered("{", `"k`, `":1,`, 200_000, `"z":1}`)},
		"long names":    {`{}`, open30, repeat("", `{"`+strings.Repeat("a", 1<<20)+`":`, 8, "")},
		"pending names": {manyMembers, open31, numbered("{", `"k`, `":1,`, 100_000, `"z":1}`)},
		"unique":        {`{"type":"array","items":{},"uniqueItems":true}`, Options{MaxNames: 1 << 20}, numbered("[", "", ",", 500_000, "0]")},
		"alternatives":  {forks, open30, nested(300, `{"a":`, `,"op":"x"}`)},
		"depth":         {hostileSchema, Options{MaxDepth: 10_000}, nested(5_000, `[{"a":`, `}]`)},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := Compile(loadVersion(t, []string{"3.0.3", "3.1.0"}[c.options.Dialect], `{"Root":`+c.schema+`}`), c.options)
			require.NoError(t, err)
			r := v.runs.get(v)
			before := inUse()
			r.begin(t.Context(), c.body)
			require.NoError(t, r.whole())
			r.release()
			assert.Less(t, inUse()-before, int64(4<<20))
			runtime.KeepAlive(r)
		})
	}
}

// inUse is how many bytes of the heap are reachable.
func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Schemas with many parts are used in time that follows their size and that of the body.
func TestHostileSchemas(t *testing.T) {
	list := func(count int, text func(i int) string) string {
		parts := make([]string, count)
		for i := range parts {
			parts[i] = text(i)
		}
		return strings.Join(parts, ",")
	}
	kind := func(i int) string {
		return fmt.Sprintf(`{"type":"object","required":["k%d"],"properties":{"k%d":{"oneOf":[{"type":"integer"},{"type":"integer","minimum":5}]}}}`, i, i)
	}
	value := func(i int) string { return fmt.Sprintf(`{"id":%d,"list":[%d,{"x":"%d"}]}`, i, i, i) }
	for _, c := range []struct{ name, schema, body, want string }{
		{"oneOf of 1,000", `{"type":"array","items":{"oneOf":[` + list(1000, kind) + `]}}`, "[" + list(10_000/slower, func(i int) string { return fmt.Sprintf(`{"k%d":1}`, i%1000) }) + "]", ""},
		{"an enum of 5,000 objects", `{"type":"array","items":{"enum":[` + list(5000, value) + `]}}`, "[" + list(100/slower, value) + `,{"id":1}]`, fmt.Sprintf("/%d enum", 100/slower)},
		{"an enum of 50,000 numbers", `{"type":"array","items":{"enum":[` + list(50_000, strconv.Itoa) + `]}}`, "[" + list(50_000, strconv.Itoa) + `,-1]`, "/50000 enum"},
		{"allOf of 1,000", `{"type":"array","items":{"allOf":[` + list(1000, func(i int) string {
			return fmt.Sprintf(`{"required":["k%d"],"properties":{"k%d":{"type":"integer"}}}`, i, i)
		}) + `]}}`, `[{` + list(999, func(i int) string { return fmt.Sprintf(`"k%d":1`, i) }) + `}]`, "/0/k999 required"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := compiled(t, c.schema, Options{})
			var findings []Finding
			grown := peers.HeapGrowth(func() { findings = findingsOf(t, v, c.body) })
			assert.Equal(t, c.want, brief(findings))
			assert.Less(t, grown, uint64(32<<20))
		})
	}
}

// Alternatives of 500 levels around a body of as many, which its description spells out.
func TestAlternativesInTurns(t *testing.T) {
	const levels = 500
	ref := func(s *openapi3.Schema) *openapi3.SchemaRef { return &openapi3.SchemaRef{Value: s} }
	turns := openapi3.NewIntegerSchema()
	for i := range levels {
		object := openapi3.NewObjectSchema().WithPropertyRef("a", ref(turns)).WithRequired([]string{"a"})
		branches := openapi3.SchemaRefs{ref(object), ref(openapi3.NewObjectSchema().WithMaxProperties(0)), ref(openapi3.NewBoolSchema())}
		if turns = openapi3.NewOneOfSchema(); i%2 == 0 {
			turns = openapi3.NewAnyOfSchema()
			turns.AnyOf = branches
			continue
		}
		turns.OneOf = branches
	}
	v, err := Compile(ref(turns), Options{})
	require.NoError(t, err)
	body := func(inside string) string {
		return strings.Repeat(`{"a":`, levels) + inside + strings.Repeat("}", levels)
	}
	assert.Empty(t, findingsOf(t, v, body("1")))
	findings := findingsOf(t, v, body(`"x"`))
	assert.Equal(t, " oneOf", brief(findings))
	assert.Equal(t, int64(levels*6+2), findings[0].Offset, "found at the end of the outermost")
}

// However deep a list is in alternatives, an element takes the same time.
func TestDepthDoesNotSlowElementsDown(t *testing.T) {
	v := compiled(t, deepAlternatives, Options{MaxDepth: 10_000})
	elements := strings.Repeat("1,", 20_000) + "1"
	assert.Less(t, slope(40, func(depth int) {
		assert.Empty(t, findingsOf(t, v, strings.Repeat(`[{"a":`, depth)+"["+elements+"]"+strings.Repeat("}]", depth)))
	}), 0.5)
}

// Schemas that recurse through each other in allOf make a node of each set that some path comes
// to. That they are too many is an error, and not a machine without memory.
func TestSetsThatExplode(t *testing.T) {
	var schemas bytes.Buffer
	const count = 24
	for i := range count {
		// From each schema the name b leads to the next one, and a to the next and the first: after n names,
		// any set of the first n may apply.
		fmt.Fprintf(&schemas, `"S%d":{"properties":{"a":{"allOf":[{"$ref":"#/components/schemas/S%d"},{"$ref":"#/components/schemas/S0"}]},"b":{"$ref":"#/components/schemas/S%d"}}},`, i, (i+1)%count, (i+1)%count)
	}
	ref := load(t, `{`+schemas.String()+`"Root":{"$ref":"#/components/schemas/S0"}}`)
	var err error
	grown := peers.HeapGrowth(func() { _, err = Compile(ref, Options{}) })
	assert.ErrorContains(t, err, "combinations")
	assert.Less(t, grown, uint64(512<<20))
}
