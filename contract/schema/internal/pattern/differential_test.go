package pattern

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// pieces are what generated expressions are made of.
var pieces = []string{
	"a", "b", "-", "0", "é", "😀", " ", ".", `\d`, `\D`, `\w`, `\W`, `\s`, `\S`, `\n`, `\b`, `\B`, "^", "$", "|", "(", "(?:", ")",
	"[ab]", "[^a]", "[^]", "[]", "[a-c]", "[Kk]", `[\w-]`, `[^\S-]`, `\p{L}`, "*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?",
}

var texts = rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{
	"a", "b", "c", "-", "0", "9", "_", "k", "K", "é", "😀", " ", "\n", "\r", "\u00a0", "\u2028", "\xff", "\u212a",
}), 0, 8), func(parts []string) string { return strings.Join(parts, "") })

// agree compares every matcher that takes the expression with package regexp.
func agree(t interface {
	assert.TestingT
	FailNow()
}, pattern string, texts ...string) {
	parsed := parser{source: pattern}
	tree, err := parsed.parse()
	if err != nil || parsed.refused != nil || tree.largeRepeat() != nil {
		return
	}
	peer, err := regexp.Compile(translate(tree))
	if err != nil {
		return
	}
	program, err := compileProgram(translate(tree))
	if err != nil {
		return
	}
	shapes, isShapes := newShapes(tree)
	shape, isShape := newShape(tree.parts)
	isShape = isShape && tree.op == opConcat
	automaton, isAutomaton := newAutomaton(program)
	for _, text := range texts {
		want := peer.Match([]byte(text))
		if isShape {
			assert.Equal(t, want, shape.Match([]byte(text)), "shape of %q with %q", pattern, text)
		}
		if isShapes {
			assert.Equal(t, want, shapes.Match([]byte(text)), "shapes of %q with %q", pattern, text)
		}
		if isAutomaton {
			assert.Equal(t, want, automaton.Match([]byte(text)), "automaton of %q with %q", pattern, text)
		}
	}
}

func TestMatchersAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 10).Draw(t, "pattern"), "")
		agree(t, pattern, rapid.SliceOfN(texts, 1, 10).Draw(t, "texts")...)
	})
}

// Rows of classes are rare among arbitrary expressions, so they have a generator of their own.
func TestShapesAgree(t *testing.T) {
	classes := []string{"a", "[ab]", "[bc]", "-", `\d`, `\w`, ".", "[^a]", "é", "[]"}
	counts := []string{"", "", "?", "*", "+", "{2}", "{1,3}", "{0,2}", "{2,}"}
	rapid.Check(t, func(t *rapid.T) {
		pattern := "^"
		for range rapid.IntRange(0, 5).Draw(t, "steps") {
			pattern += rapid.SampledFrom(classes).Draw(t, "class") + rapid.SampledFrom(counts).Draw(t, "count")
		}
		pattern += rapid.SampledFrom([]string{"", "$"}).Draw(t, "end")
		agree(t, pattern, rapid.SliceOfN(texts, 1, 10).Draw(t, "texts")...)
	})
}

// Alternatives of rows are as rare.
func TestAlternativesAgree(t *testing.T) {
	part := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
			"a", "[ab]", `\d`, "é", ".", "a?", "b*", "[bc]{2}", "(a|b)", "(a|bc|)", "(-a)?", "(c|(a|-)b)", "(ab){2}", "^", "$",
		}), 0, 3).Draw(t, "parts"), "")
	})
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.SampledFrom([]string{"^(%)$", "^%$", "^%", "^%$|^%$", "^(%|%)$", "^(%|%)(%|%)?$", "%"}).Draw(t, "pattern")
		for strings.Contains(pattern, "%") {
			pattern = strings.Replace(pattern, "%", part.Draw(t, "part"), 1)
		}
		agree(t, pattern, rapid.SliceOfN(texts, 1, 10).Draw(t, "texts")...)
	})
}

func FuzzMatchers(f *testing.F) {
	f.Add(`^\d{4}-\d{2}$`, "2024-07")
	f.Add(`^(\d{2}|[^a]?)*\b`, "12 é")
	f.Add(`(a|b)*a(a|b){2}$|\B[Kk]`, "abaaK")
	f.Add(`^(\d{2}(:\d{2})?|[a-c]+(Z|z)|)$`, "12:30")
	f.Add(`^.{0,40}x?$`, "\xff\u2028")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if len(pattern) > 1000 {
			return
		}
		agree(t, pattern, text)
		_, err := Compile(pattern)
		if err == nil {
			assert.True(t, Valid([]byte(pattern)))
		}
	})
}

// The verdicts in testdata/ecmascript.json are those of an engine of ECMAScript (V8): for
// each expression, whether it is well-formed with the u flag and without, and whether it
// matches each text. Those that only match without the flag are of the kinds that the
// package comment names.
func TestAgreesWithECMAScript(t *testing.T) {
	file, err := os.ReadFile("testdata/ecmascript.json")
	require.NoError(t, err)
	var vectors []struct {
		Pattern        string
		Unicode, Plain bool
		Yes, No        []string
	}
	require.NoError(t, json.Unmarshal(file, &vectors))
	compiled := 0
	for _, vector := range vectors {
		valid := Valid([]byte(vector.Pattern))
		if vector.Unicode {
			assert.True(t, valid, "%q is well-formed", vector.Pattern)
		}
		if !vector.Plain && !vector.Unicode {
			assert.False(t, valid, "%q is malformed", vector.Pattern)
		}
		pattern, err := Compile(vector.Pattern)
		if err != nil {
			continue
		}
		compiled++
		for _, text := range vector.Yes {
			assert.True(t, pattern.Match([]byte(text)), "%q matches %q", vector.Pattern, text)
		}
		for _, text := range vector.No {
			assert.False(t, pattern.Match([]byte(text)), "%q does not match %q", vector.Pattern, text)
		}
	}
	assert.Greater(t, compiled, len(vectors)/4)
}
