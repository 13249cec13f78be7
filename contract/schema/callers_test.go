package schema

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What callers hand in may do anything: readers, observers and the bodies of loops.

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestUnusualReaders(t *testing.T) {
	v := compiled(t, `{"type":"array","items":{"type":"integer"}}`, Options{})
	broken := errors.New("broken")
	for _, c := range []struct {
		name string
		body io.Reader
		want string
		err  error
	}{
		{"data together with the end", iotest.DataErrReader(strings.NewReader(`[1,"x"]`)), "/1 type", nil},
		{"data together with an error", readerFunc(func(p []byte) (int, error) { return copy(p, `[1,"x"`), broken }), "/1 type", broken},
		{"an error after the value", io.MultiReader(strings.NewReader(`["x"]`), failing{broken}), "/0 type", broken},
		{"nothing, for ever", readerFunc(func([]byte) (int, error) { return 0, nil }), "", io.ErrNoProgress},
		{"nothing, now and then", iotest.OneByteReader(&stutter{body: strings.NewReader(`["x"]`)}), "/0 type", nil},
		{"a count that cannot be", readerFunc(func(p []byte) (int, error) { return len(p) + 1, nil }), "", errAny},
		{"a count below 0", readerFunc(func([]byte) (int, error) { return -1, nil }), "", errAny},
	} {
		t.Run(c.name, func(t *testing.T) {
			findings, err := v.Validate(t.Context(), c.body)
			assert.Equal(t, c.want, brief(findings))
			switch c.err {
			case errAny:
				assert.Error(t, err)
			default:
				assert.ErrorIs(t, err, c.err)
			}
		})
	}
}

var errAny = errors.New("any error")

// stutter returns nothing every second time.
type stutter struct {
	body  io.Reader
	empty bool
}

func (s *stutter) Read(p []byte) (int, error) {
	if s.empty = !s.empty; s.empty {
		return 0, nil
	}
	return s.body.Read(p)
}

// A body that never ends is read until the context does.
func TestABodyWithoutEnd(t *testing.T) {
	v := compiled(t, `{}`, Options{})
	for name, text := range map[string]string{"elements": "1,", "white space": " "} {
		ctx, cancel := context.WithCancel(t.Context())
		reads, sent := 0, 0
		endless := io.MultiReader(strings.NewReader("["), readerFunc(func(p []byte) (int, error) {
			if reads++; reads == 100 {
				cancel()
			}
			for i := range p {
				p[i] = text[sent%len(text)]
				sent++
			}
			return len(p), nil
		}))
		_, err := v.Validate(ctx, endless)
		assert.ErrorIs(t, err, context.Canceled, name)
		assert.LessOrEqual(t, reads, 101, name)
	}
}

// Where each value takes long, the context is asked more often than the body is read.
func TestContextOfManyAlternatives(t *testing.T) {
	branch := `{"type":"object","properties":{"a":{"type":"integer","minimum":5}}}`
	v := compiled(t, `{"type":"array","items":{"anyOf":[`+strings.Repeat(branch+",", manyEvals)+branch+`]}}`, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	visits := 0
	_, err := v.ValidateBytes(ctx, []byte(`[{"a":6},{"a":7},{"a":8}]`), observerFunc(func(Visit) { visits++; cancel() }))
	require.ErrorIs(t, err, context.Canceled)
	assert.Less(t, visits, 5*manyEvals, "it ended with the second element")
}

type observerFunc func(Visit)

func (f observerFunc) Visit(v Visit) { f(v) }

// A panic of a caller's passes through, and leaves nothing behind for the next body.
func TestPanicsOfCallers(t *testing.T) {
	v := compiled(t, `{"anyOf":[{"type":"object","properties":{"a":{"type":"array","uniqueItems":true,"items":{"type":"integer"}}}},{"type":"object","maxProperties":0}]}`, Options{Strict: true, MaxFindings: 3})
	const body = `{"b":1.0,"a":[1,1.0,"x"],"a":[]}`
	want := findingsOf(t, v, body)
	require.NotEmpty(t, want)
	for calls := range 8 {
		left := calls
		observer := observerFunc(func(Visit) {
			if left--; left < 0 {
				panic("observer")
			}
		})
		assert.PanicsWithValue(t, "observer", func() {
			for range 10 {
				_, _ = v.ValidateBytes(t.Context(), []byte(body), observer)
			}
		})
		assert.PanicsWithValue(t, "loop", func() {
			for range Items(t.Context(), strings.NewReader(body), "/a", v) {
				panic("loop")
			}
		})
		assert.Equal(t, want, findingsOf(t, v, body), "after %d calls", calls)
	}
}

// An observer and a loop may use the validator that calls them, and others at the same time.
func TestValidatorsAreUsedFromWithinAndTogether(t *testing.T) {
	v := compiled(t, `{"type":"array","uniqueItems":true,"items":{"anyOf":[{"type":"integer"},{"type":"array","items":{"type":"string"}}]}}`, Options{})
	const body, want = `[1,[2],"x",1]`, "/1/0 type; /2 anyOf; /3 uniqueItems"
	require.Equal(t, want, brief(findingsOf(t, v, body)))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				inner := 0
				findings, err := v.ValidateBytes(t.Context(), []byte(body), observerFunc(func(Visit) {
					inner++
					found, err := v.ValidateBytes(t.Context(), []byte(body))
					assert.NoError(t, err)
					assert.Equal(t, want, brief(found))
				}))
				assert.NoError(t, err)
				assert.Positive(t, inner)
				assert.Equal(t, want, brief(findings))
				for item := range Items(t.Context(), strings.NewReader(body), "", v) {
					before := string(item.Raw)
					for range Items(t.Context(), strings.NewReader(body), "", v) {
						break
					}
					assert.Equal(t, before, string(item.Raw))
				}
			}
		})
	}
	all.Wait()
}

// Whether somebody watches changes no finding, except that remarks of alternatives come later,
// and a branch that fails is told of as one.
func TestObserversChangeNoFinding(t *testing.T) {
	for _, c := range []struct{ schema, body, want string }{
		{`{"anyOf":[{"type":"integer"},{"type":"array","items":{"type":"string"}}]}`, `[1]`, "/0 type"},
		{`{"anyOf":[{"type":"integer"},{"type":"object","properties":{"a":{"type":"string"}}}],"properties":{"b":{}}}`, `{"a":1,"b":2,"c":3}`, "/a type; /c properties (undeclared)"},
		{`{"not":{"oneOf":[{"type":"integer"},{"type":"array","items":{"type":"string"}}]}}`, `[1]`, ""},
		{animals, `{"kind":"Dog","bark":"x"}`, "/bark type"},
	} {
		v, err := Compile(load(t, `{"Root":`+c.schema+`,`+animalSchemas+`}`), Options{Strict: true})
		require.NoError(t, err)
		assert.Equal(t, c.want, brief(findingsOf(t, v, c.body)))
		branches := 0
		findings, err := v.ValidateBytes(t.Context(), []byte(c.body), observerFunc(func(visit Visit) {
			if visit.Branch >= 0 {
				branches++
			}
		}))
		require.NoError(t, err)
		assert.Equal(t, c.want, brief(findings))
		assert.Zero(t, branches, "no branch fits %s", c.schema)
	}
}

// What a finding says stays as it is while the memory of its run serves other bodies.
func TestFindingsOutliveTheirRun(t *testing.T) {
	v := compiled(t, `{"additionalProperties":{"type":"string"}}`, Options{ShowValues: true})
	first := findingsOf(t, v, `{"first":1111}`)
	for i := range 100 {
		findingsOf(t, v, fmt.Sprintf(`{"other%d":%d}`, i, i+1000000))
	}
	require.Len(t, first, 1)
	assert.Equal(t, "/first", first[0].Pointer)
	assert.Equal(t, "1111", first[0].Value)
}

// Nothing of a body is reachable from a run that waits for the next one.
func TestNoFindingIsKept(t *testing.T) {
	v := compiled(t, `{"anyOf":[{"type":"array","items":{"type":"integer"}},{"type":"array","maxItems":1}]}`, Options{})
	r := v.runs.get(v)
	r.begin(t.Context(), strings.NewReader(`[1.0,1.0]`))
	require.NoError(t, r.whole())
	r.release()
	for _, h := range r.held[:cap(r.held)] {
		assert.Empty(t, h.finding.Pointer)
	}
	assert.Nil(t, r.findings)
}

// Patterns and texts that take exponential time elsewhere are refused or matched in the time
// that their lengths say.
func TestPatternsThatExplode(t *testing.T) {
	for _, c := range []struct{ pattern, refused string }{
		{`((a{1000}){1000}){1000}`, "too large"},
		{`(a{0,1000}){0,1000}`, "too large"},
		{strings.Repeat("(", 10_000) + "a" + strings.Repeat(")", 10_000), "nest more than"},
		{strings.Repeat("[^a]", 50_000), "too large"},
		{strings.Repeat("(", 900) + "a" + strings.Repeat(")*", 900), ""},
		{`^(a?){500}a{500}$`, ""},
		{`^(x+x+)+y$`, ""},
		{`^(([a-z])+.)+[A-Z]([a-z])+$`, ""},
		{strings.Repeat("(a|b)?", 2000) + "$", ""},
		{strings.Repeat("a|", 20_000) + "b", ""},
	} {
		text, err := fmt.Sprintf("%q", c.pattern), error(nil)
		begin := time.Now()
		v, err := Compile(load(t, `{"Root":{"type":"string","pattern":`+text+`}}`), Options{})
		if c.refused != "" {
			assert.ErrorContains(t, err, c.refused)
		} else {
			require.NoError(t, err)
			for _, subject := range []string{strings.Repeat("a", 1<<17), strings.Repeat("x", 1<<17), strings.Repeat("ab", 1<<16)} {
				_ = findingsOf(t, v, `"`+subject+`!"`)
			}
		}
		// Exponential time would not end before the sun does.
		assert.Less(t, time.Since(begin), 20*time.Second, "%.40s", c.pattern)
	}
}
