package pattern

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func Example() {
	compiled, err := Compile(`^\d{4}-\d{2}$`)
	fmt.Println(compiled.Match([]byte("2024-07")), compiled.Match([]byte("24-07")), err)

	_, err = Compile(`^(?!x)`)
	fmt.Println(err)
	// Output:
	// true false <nil>
	// pattern "^(?!x)": (?!x) at byte 1: lookahead cannot be matched in linear time
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		pattern string
		yes, no []string
	}{
		{``, []string{"", "x"}, nil},
		{`es`, []string{"es", "yes", "esto"}, []string{"", "e", "s"}},
		{`^\d{4}-\d{2}-\d{2}$`, []string{"2024-07-01"}, []string{"", "2024-07-0", "2024-07-011", "2024-07-01\n", "x2024-07-01", "٢٠٢٤-07-01"}},
		{`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}$`, []string{"2019-04-29T16:30:40.000+0000"}, []string{"2019-04-29T16:30:40.000Z", "2019-04-29T16:30:40x000+0000"}},
		{`^(\d{2}/\d{2}/\d{4} \d{2}:\d{2}:\d{2} [+-]\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:?\d{2}))$`,
			[]string{"18/08/2023 12:28:21 +00:00", "2023-08-18T12:28:21Z", "2023-08-18T12:28:21.5+0000"}, []string{"18/08/2023", "2023-08-18T12:28:21", "2023-08-18T12:28:21.Z"}},
		// An end is the end of the text, and no line's.
		{`^a$`, []string{"a"}, []string{"a\n", "\na", "b\na\nb"}},
		{`a|^b$|c$`, []string{"xa", "b", "xc"}, []string{"bx", "cx"}},
		// What a dot, \s and \w are differs between languages.
		{`^.$`, []string{"x", "\t", "é", "😀", "\u0085", "\v"}, []string{"\n", "\r", "\u2028", "\u2029", ""}},
		{`^\s$`, []string{" ", "\t", "\n", "\v", "\f", "\r", "\u00a0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff"}, []string{"\u0085", "\u180e", "\u200b", "_"}},
		{`^\S$`, []string{"a", "\u200b", "\u180e"}, []string{" ", "\u00a0", "\ufeff"}},
		{`^\w\W$`, []string{"a-", "_é", "9ß"}, []string{"éa", "--", "ab"}},
		{`^\d\D$`, []string{"0x", "9٣"}, []string{"٣x", "00"}},
		{`\bcat\b`, []string{"cat", "a cat.", "écaté"}, []string{"cats", "_cat"}},
		{`\Bcat`, []string{"bobcat"}, []string{"cat", "a cat"}},
		{`^\B$`, []string{""}, []string{"a"}},
		// Classes.
		{`^[a-c\-x]$`, []string{"a", "b", "-", "x"}, []string{"d", `\`}},
		{`^[\w-.]$`, []string{"a", "-", "."}, []string{"/", " "}},
		{`^[a-\d]$`, []string{"a", "-", "5"}, []string{"b"}},
		{`^[\w-\-/]$`, []string{"a", "-", "/"}, []string{"."}},
		{`^[-a]$`, []string{"-", "a"}, []string{"b"}},
		{`^[a-]$`, []string{"-", "a"}, []string{"b"}},
		{`^[^a\s]$`, []string{"b", "é"}, []string{"a", "\u00a0"}},
		{`^[^]$`, []string{"a", "\n"}, []string{""}},
		{`[]`, nil, []string{"", "a"}},
		{`^[\b]$`, []string{"\b"}, []string{"b"}},
		{`^[[.\]^]+$`, []string{"[.]^"}, []string{"a"}},
		{`^[Aa][^Kk]$`, []string{"Ax", "ax"}, []string{"ak", "bx"}},
		// Escapes.
		{`^\t\n\v\f\r\0$`, []string{"\t\n\v\f\r\x00"}, nil},
		{`^\cA\cz$`, []string{"\x01\x1a"}, nil},
		{`^\x41\u0042\u{43}\u{00044}$`, []string{"ABCD"}, nil},
		{`^\uD83D\uDE00$`, []string{"😀"}, nil},
		{`^[\uD83D\uDE00-\u{1F602}]$`, []string{"😀", "😁"}, []string{"😃"}},
		{`^[^\uD800-\uDFFF]$`, []string{"a", "😀"}, nil},
		{`^\/\.\-\@\_\ $`, []string{"/.-@_ "}, nil},
		{`^a]}{$`, []string{"a]}{"}, nil},
		{`^a{,5}b{x}c{1$`, []string{"a{,5}b{x}c{1"}, nil},
		{`^(?<year>\d+)(?:-)(x)$`, []string{"2024-x"}, []string{"2024x"}},
		// Repeats.
		{`^a*?b+?c??$`, []string{"aab", "bbc"}, []string{"ac"}},
		{`^(ab){2,3}$`, []string{"abab", "ababab"}, []string{"ab", "abababab"}},
		{`^x{2,}$`, []string{"xx", "xxxx"}, []string{"x"}},
		{`^x{0}$`, []string{""}, []string{"x"}},
		{`^(|a)*$`, []string{"", "aa"}, []string{"ab"}},
		{`^\d{1,3}\d{2}$`, []string{"123", "12345"}, []string{"12", "123456"}},
		{`^[a-f0-9]{8}-?x`, []string{"0123abcd-x", "0123abcdxyz"}, []string{"0123abc-x"}},
		{`^.{2000,4000}$`, []string{strings.Repeat("é", 2000), strings.Repeat("a", 4000)}, []string{strings.Repeat("é", 1999), strings.Repeat("a", 4001)}},
		{`^a{99999999999999999999}$`, nil, []string{"aaa"}},
		// Properties.
		{`^\p{L}+$`, []string{"aßあ"}, []string{"a1", "_"}},
		{`^\p{Lu}\p{Lowercase_Letter}\P{L}$`, []string{"Éa1"}, []string{"éa1"}},
		{`^\p{gc=Nd}\p{General_Category=Decimal_Number}$`, []string{"1٣"}, nil},
		{`^\p{Script=Greek}\p{sc=Latin}$`, []string{"αa"}, []string{"aα"}},
		{`^[\p{Alphabetic}\p{ASCII}]$`, []string{"é", "-"}, []string{"€"}},
		{`^\p{Any}\P{Assigned}$`, []string{"\n\u0378"}, []string{"aa"}},
		{`^\p{Cn}\p{C}$`, []string{"\u0378\u0379"}, nil},
		{`^(\p{White_Space}|\p{Hex_Digit})$`, []string{"\u0085", "F"}, []string{"G"}},
		// Bytes that are no text are U+FFFD each, as in package regexp.
		{`^[^a]$`, []string{"\xff"}, []string{"\xff\xff"}},
	} {
		t.Run(test.pattern, func(t *testing.T) {
			compiled, err := Compile(test.pattern)
			require.NoError(t, err)
			assert.Equal(t, test.pattern, compiled.String())
			assert.True(t, Valid([]byte(test.pattern)))
			for _, text := range test.yes {
				assert.True(t, compiled.Match([]byte(text)), "%.40q", text)
			}
			for _, text := range test.no {
				assert.False(t, compiled.Match([]byte(text)), "%.40q", text)
			}
		})
	}
}

func TestMalformed(t *testing.T) {
	for _, test := range []struct{ pattern, construct, problem string }{
		{`a\`, `\`, "nothing follows"},
		{`a)b`, `)`, "closes no group"},
		{`(a`, `(a`, "not closed"},
		{`x[a-`, `[a-`, "not closed"},
		{`[\`, `\`, "nothing follows"},
		{`[z-a]`, `z-a`, "out of order"},
		{`a{2,1}`, `{2,1}`, "out of order"},
		{`*a`, `*`, "nothing to repeat"},
		{`a|{3}`, `{3}`, "nothing to repeat"},
		{`a**`, `**`, "repeat of a repeat"},
		{`a{2}{3}`, `{2}{3}`, "repeat of a repeat"},
		{`^*`, `^*`, "cannot repeat"},
		{`\b+`, `\b+`, "cannot repeat"},
		{`(?<=a)*`, `(?<=a)*`, "cannot repeat"},
		{`\Z`, `\Z`, "no such escape"},
		{`\a`, `\a`, "no such escape"},
		{`\é`, `\é`, "no such escape"},
		{`[\B]`, `\B`, "no such escape"},
		{`\x4`, `\x`, "two hexadecimal"},
		{`\u12`, `\u`, "four hexadecimal"},
		{`\u{110000}`, `\u{`, "code point"},
		{`\u{}`, `\u{`, "code point"},
		{`\c1`, `\c`, "control character"},
		{`\07`, `\07`, "octal"},
		{`\p{}`, `\p{}`, "property"},
		{`\pL`, `\p`, "property"},
		{`\p{gc=}`, `\p{gc=}`, "property"},
		{`\p{L u}`, `\p{L u}`, "property"},
		{`(?P<a>x)`, `(?P<`, "(?<name>...)"},
		{`(?i)x`, `(?i`, "flags"},
		{`(?i:x)`, `(?i`, "flags"},
		{`(?`, `(?`, "no such group"},
		{`(?<1>x)`, `(?<1>`, "identifier"},
		{`(?<a`, `(?<`, "not closed"},
		{`(?<a>x)(?<a>y)`, `(?<a>`, "second group"},
		{`(a)\2`, `\2`, "not there"},
		{`\k<b>(?<a>x)`, `\k<b>`, "not there"},
		{`\k<1>`, `\k<1>`, "identifier"},
		{`\k`, `\k`, `\k<name>`},
		{"\xff", "\xff", "UTF-8"},
		{strings.Repeat("(", 1001) + strings.Repeat(")", 1001), "(", "1000 deep"},
	} {
		t.Run(fmt.Sprintf("%.20s", test.pattern), func(t *testing.T) {
			_, err := Compile(test.pattern)
			var problem *Error
			require.ErrorAs(t, err, &problem)
			assert.Equal(t, test.construct, problem.Construct)
			assert.Contains(t, problem.Problem, test.problem)
			assert.Equal(t, test.pattern, problem.Pattern)
			assert.Equal(t, test.construct, test.pattern[problem.Offset:problem.Offset+len(problem.Construct)])
			assert.False(t, Valid([]byte(test.pattern)))
		})
	}
}

// These are expressions of ECMAScript, and so the format regex takes them. Compile names
// what it cannot match.
func TestRefused(t *testing.T) {
	for _, test := range []struct{ pattern, construct, problem string }{
		{`a(?=b)`, `(?=b)`, "lookahead"},
		{`a(?=b)*`, `(?=b)`, "lookahead"},
		{`(?!b)c(?=d)`, `(?!b)`, "lookahead"},
		{`(?<=b)c`, `(?<=b)`, "lookbehind"},
		{`x(?<!b)c`, `(?<!b)`, "lookbehind"},
		{`(a)\1`, `\1`, "backreference"},
		{`\k<n>(?<n>a)`, `\k<n>`, "backreference"},
		{`\uD83D`, `\uD83D`, "surrogate"},
		{`x[\uD800-\uDBFF]`, `\uD800-\uDBFF`, "surrogate"},
		{`\p{Script_Extensions=Greek}`, `\p{Script_Extensions=Greek}`, "not known"},
		{`\p{Emoji}`, `\p{Emoji}`, "not known"},
		{`^(ab){1001}$`, `(ab){1001}`, "1000 times"},
		{`a{1001}`, `a{1001}`, "1000 times"},
		{`(a{1000}|b{1000}){1,12}`, `(a{1000}|b{1000}){1,12}`, "too large"},
		{strings.Repeat("(a{1000})?", 21), strings.Repeat("(a{1000})?", 21), "20000 at most"},
		{`^((a{100}){100})$`, `^((a{100}){100})$`, "too large"},
	} {
		t.Run(test.pattern, func(t *testing.T) {
			_, err := Compile(test.pattern)
			var problem *Error
			require.ErrorAs(t, err, &problem)
			assert.Equal(t, test.construct, problem.Construct)
			assert.Contains(t, problem.Problem, test.problem)
			assert.Equal(t, test.construct, test.pattern[problem.Offset:problem.Offset+len(problem.Construct)])
			assert.ErrorContains(t, err, fmt.Sprintf("%q", test.pattern))
			assert.True(t, Valid([]byte(test.pattern)))
		})
	}
}

// Why expressions are not just handed to package regexp: what docs/schema-formats.md says of
// the two languages.
func TestGoReadsOtherwise(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		here          bool
	}{
		{`\s`, "\v", true},
		{`\s`, "\u00a0", true},
		{`^.$`, "\r", false},
		{`[[:alpha:]]`, "b", false},
		{`[[:alpha:]]`, ":]", true},
	} {
		compiled, err := Compile(test.pattern)
		require.NoError(t, err)
		assert.Equal(t, test.here, compiled.Match([]byte(test.text)), "%q", test.pattern)
		assert.NotEqual(t, test.here, regexp.MustCompile(test.pattern).MatchString(test.text), "%q", test.pattern)
	}
	for _, pattern := range []string{`[^]`, `[]`, `\cA`, `\u0041`, `[\b]`, `^x{1001}$`} {
		_, err := Compile(pattern)
		assert.NoError(t, err)
		_, err = regexp.Compile(pattern)
		assert.Error(t, err, pattern)
	}
	for _, pattern := range []string{`\a`, `\A`, `\z`, `\Q`, `(?i)x`, `(?P<n>x)`} {
		_, err := Compile(pattern)
		assert.Error(t, err, pattern)
		_, err = regexp.Compile(pattern)
		assert.NoError(t, err, pattern)
	}
}

// Which matcher an expression gets decides how fast it is.
func TestMatchers(t *testing.T) {
	for pattern, want := range map[string]any{
		`^\d{4}-\d{2}$`:           &fixed{},
		`^[\d.]{65}$`:             &shape{},
		`^[a-é]$`:                 &shape{},
		`^abcdefgh$`:              &fixed{},
		`^abcdefghi$`:             &shape{}, // one class more than a byte has bits
		`^.{0,4000}$`:             &shape{},
		`^[A-Z]{2,3}-\d+`:         &shape{},
		`^a?b?a$`:                 shapes{},
		`^(a|bc)$`:                shapes{},
		`^(a|b)?(c|d)?[xy]$`:      &automaton{}, // more rows than are worth it
		`^(a|b|c|d|e|f|g|h|i)$`:   &automaton{},
		`^(a|bc)+$`:               &automaton{},
		`^a$|b`:                   &automaton{},
		`\d{3}`:                   &automaton{},
		`^\p{L}{1,50}( \p{L}+)*$`: &automaton{},
		`(a|b)*a(a|b){12}$`:       &regexp.Regexp{}, // needs two to the twelfth states
		`^[a-z]{1,999}[a-k]$`:     &regexp.Regexp{},
	} {
		compiled, err := Compile(pattern)
		require.NoError(t, err)
		assert.IsType(t, want, compiled.matcher, pattern)
	}
}

func TestMatchDoesNotAllocate(t *testing.T) {
	for _, pattern := range []string{`^\d{4}-\d{2}$`, `^(\d{4}-\d{2}|[a-z]+)$`, `^(\p{L}|-)+$`} {
		compiled, err := Compile(pattern)
		require.NoError(t, err)
		text := []byte("2024-07")
		assert.Zero(t, testing.AllocsPerRun(100, func() { compiled.Match(text) }), pattern)
	}
}

// Multiplying out stops early, or a long expression would take the square of its length.
func TestLongRowsAreNotMultipliedOut(t *testing.T) {
	long := &node{op: opConcat}
	for range 1_000_000 {
		long.parts = append(long.parts, &node{op: opSet, set: set{'a', 'a'}})
	}
	assert.Empty(t, rows(long))
}

// A body may have expressions in it, and somebody who means no good may write them.
func TestValidIsBounded(t *testing.T) {
	assert.True(t, Valid([]byte(strings.Repeat("a", maxValid))))
	assert.False(t, Valid([]byte(strings.Repeat("a", maxValid+1))))
	for _, part := range []string{`\p{L}`, `[\p{L}\P{N}]`, `(?<n>`, "{1111", "(a|", `(?:a{1000}){1000}`, `\k<a>`, "[^]"} {
		text := []byte(strings.Repeat(part, maxValid/len(part)))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		Valid(text)
		runtime.ReadMemStats(&after)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(32<<20), part)
	}
}
