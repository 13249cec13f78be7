package scan

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// token is what both scanners say of a token.
type token struct {
	Kind  Kind
	Text  string // of a string, unescaped; of a number, as it stands
	End   int64
	Depth int
	Name  bool
}

// outcome is what became of a body.
type outcome struct {
	Tokens    []token
	Refused   bool
	Truncated bool // by the end of the body, up to which all was right
}

// byJSONText reads a body with jsontext.
func byJSONText(body []byte, options ...jsontext.Options) outcome {
	d := jsontext.NewDecoder(bytes.NewReader(body), options...)
	var o outcome
	for {
		atName := needsName(d)
		t, err := d.ReadToken()
		if err == io.EOF {
			return o
		}
		if err != nil {
			o.Refused = true
			o.Truncated = errors.Is(err, io.ErrUnexpectedEOF)
			if rest := bytes.TrimLeft(body[d.InputOffset():], ", \t\r\n"); atName && len(rest) > 0 && rest[0] != '"' {
				// jsontext reads the whole token before it sees that it is no name.
				o.Truncated = false
			}
			return o
		}
		read := token{Kind: Kind(t.Kind()), End: d.InputOffset(), Depth: d.StackDepth()}
		switch t.Kind() {
		case '"':
			read.Name = atName
			read.Text = t.String()
		case '0':
			read.Text = t.String()
		}
		o.Tokens = append(o.Tokens, read)
	}
}

// needsName says whether only a name can come next, or the end of an object.
func needsName(d *jsontext.Decoder) bool {
	parent, length := d.StackIndex(d.StackDepth())
	return parent == '{' && length%2 == 0
}

// byScanner reads a body with a scanner that has been set up.
func byScanner(t require.TestingT, s *Scanner, body []byte) outcome {
	var o outcome
	for {
		kind, err := s.Next()
		if err != nil {
			_, again := s.Next()
			assert.Equal(t, err, again, "the error stays")
			o.Refused = true
			o.Truncated = errors.Is(err, io.ErrUnexpectedEOF)
			var syntax *SyntaxError
			var limit *LimitError
			switch {
			case errors.As(err, &syntax):
				assert.LessOrEqual(t, syntax.Offset, int64(len(body)))
			case errors.As(err, &limit):
			default:
				require.Fail(t, "an error of no known type", "%T: %v", err, err)
			}
			return o
		}
		if kind == 0 {
			require.Equal(t, int64(len(body)), s.End())
			return o
		}
		require.Equal(t, string(body[s.Offset():s.End()]), string(s.Raw()))
		read := token{Kind: kind, End: s.End(), Depth: s.Depth(), Name: s.Name()}
		switch kind {
		case '"':
			read.Text = string(s.Text())
			require.Equal(t, read.Text, string(s.Text()), "asked for twice")
			require.Equal(t, len([]rune(read.Text)), s.Runes())
		case '0':
			read.Text = string(s.Raw())
			require.Equal(t, !strings.ContainsAny(read.Text, ".eE"), s.Integer())
			require.Equal(t, !strings.ContainsAny(read.Text, "eE"), s.Plain())
		}
		o.Tokens = append(o.Tokens, read)
	}
}

// cut is how a reader cuts a body: how many bytes it gives at once, and how many the buffer has
// at first. 0 leaves it as it is.
type cut struct{ read, buffer int }

func scannerOf(body []byte, c cut) *Scanner {
	var r io.Reader = bytes.NewReader(body)
	if c.read > 0 {
		r = &morsels{body: body, size: c.read}
	}
	s := New(r)
	if c.buffer > 0 {
		s.buf = make([]byte, 0, c.buffer)
	}
	return s
}

// morsels gives a body in pieces of one size, and the last together with the end.
type morsels struct {
	body []byte
	size int
}

func (m *morsels) Read(p []byte) (int, error) {
	n := copy(p, m.body[:min(m.size, len(m.body))])
	if m.body = m.body[n:]; len(m.body) == 0 {
		return n, io.EOF
	}
	return n, nil
}

// sameAsJSONText is the heart of the matter: whatever the body and however it is cut, both
// scanners do the same with it.
func sameAsJSONText(t require.TestingT, body []byte, c cut) {
	lax := []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}
	wanted := byJSONText(body, lax...)

	// All defects are told, and reading goes on.
	s := scannerOf(body, c)
	var defects []Defect
	s.Defect = func(d Defect) error {
		defects = append(defects, d)
		return nil
	}
	got := byScanner(t, s, body)
	require.Equal(t, wanted, got, "with defects allowed")
	strict := byJSONText(body)
	if !wanted.Refused {
		require.Equal(t, strict.Refused, len(defects) > 0, "defects: %v", defects)
	}

	// Without a hook a defect is an error.
	got = byScanner(t, scannerOf(body, c), body)
	require.Equal(t, strict.Refused, got.Refused, "with defects refused")
	require.Equal(t, strict.Tokens, got.Tokens, "with defects refused")

	// A name that the caller looks after itself.
	s = scannerOf(body, c)
	s.OwnNames = true
	wantedOwn := byJSONText(body, jsontext.AllowDuplicateNames(true))
	got = byScanner(t, s, body)
	require.Equal(t, wantedOwn.Refused, got.Refused, "with names left to the caller")
	require.Equal(t, wantedOwn.Tokens, got.Tokens, "with names left to the caller")

	skipSameAsNext(t, body, c, strict)
}

// skipSameAsNext checks that Skip takes and refuses what Next does, and stops where the value
// ends, with names compared by the scanner or by the caller.
func skipSameAsNext(t require.TestingT, body []byte, c cut, wanted outcome) {
	for _, own := range []bool{false, true} {
		s := scannerOf(body, c)
		s.OwnNames = own
		passed := 0
		for n := 0; ; n++ {
			kind, err := s.Next()
			if err == nil && kind != 0 {
				passed = countTo(wanted.Tokens, s.End())
				// Each second value is skipped, so that some are skipped inside of others.
				if n%2 == 1 || own {
					if err = s.Skip(); err == nil {
						passed = countTo(wanted.Tokens, s.End())
						require.Positive(t, passed, "skipping stops behind a token")
						require.Equal(t, wanted.Tokens[passed-1].Depth, s.Depth())
					}
				}
			}
			if err != nil {
				require.True(t, wanted.Refused, "skipping refuses: %v", err)
				break
			}
			if kind == 0 {
				require.False(t, wanted.Refused, "skipping takes what is refused")
				require.Len(t, wanted.Tokens, passed)
				break
			}
		}
	}
}

// countTo is how many tokens there are up to an end, or -1 if none ends there.
func countTo(tokens []token, end int64) int {
	for i := range tokens {
		if tokens[i].End == end {
			return i + 1
		}
	}
	return -1
}

var bodies = []string{
	``, ` `, "\t\r\n ", `null`, `true`, `false`, `nul`, `tru`, `falsx`, `nulL`, `nullnull`, `truefalse`, `"a""b"`,
	`0`, `-0`, `-`, `-a`, `01`, `-01`, `[01]`, `[-012]`, `00 1`, `1.`, `1.0`, `1.a`, `1e`, `1e+`, `1e-5`, `1E+05`, `1.5e3`, `.5`, `+1`, `0.`, `0e`, `0e1x`,
	`12 `, `12,`, `[12]`, `[1 2]`, `1 2`, `123456789012345678901234567890.5`, `1.2.3`, `1e5.2`, `--1`, `1-`, `0x1`, `Infinity`, `NaN`,
	`""`, `"`, `"a`, `"abcdefg"`, `"abcdefgh"`, `"abcdefghi"`, `"12345678\n12345678"`, "\"a\nb\"", "\"\x1f\"", "\"\x7f\"", "\"\x00\"",
	`"\"\\\/\b\f\n\r\t"`, `"\a"`, `"\`, `"\u`, `"\u12`, `"\u12"`, `"\u12g4"`, `"\u0041\u00e9"`, `"\U0041"`, `"\u0000"`, `"\uFFFF"`, `"\ufffd"`,
	`"\ud83d\ude00"`, `"\ud83d"`, `"\ude00"`, `"\ud83d\ud83d\ude00"`, `"\ud83d\u0041"`, `"\ud83da"`, `"\ud83d\n"`, `"\ud83d`, `"\ud83d\`, `"\ud83d\u`,
	`"\ud83d\ude00\ude00"`, `"\ud83d\ud83d"`, `"\uD83D\uDE00"`, `"\udbff\udfff"`, `"\ud7ff\ue000"`, `"\ud83d\ude0"`, `"\ud83dx\ude00"`, `"\ud83d{ude00"`, `"\ud83d\xde00"`,
	"\"\xff\"", "\"\xc3\xa9\"", "\"\xc3\"", "\"\xc3", "\"a\xe2\x82\xac\"", "\"\xe2\x82\"", "\"\xe2\x82", "\"\xed\xa0\x80\"", "\"\xf0\x9f\x98\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xc0\x80\"", "\"\xff\\n\xff\"", "\"\xff\\ud800\"",
	"\"\xc3\\u00a9\"", "\"\xc3\xc3\xa9\"", "\xff", "\xef\xbb\xbf{}", "\u00a0", "\u2028",
	`[]`, `[ ]`, `[,]`, `[1,]`, `[,1]`, `[1,,2]`, `[1:2]`, `[`, `[1`, `[1,`, `[1 `, `]`, `[]]`, `[}`, `[1}`, `[[],[]]`, `[[[]]]`, `[]{}`, `[],[]`,
	`{}`, `{ }`, `{,}`, `{"a":1}`, `{"a":1,}`, `{,"a":1}`, `{"a"}`, `{"a",1}`, `{"a"::1}`, `{"a":}`, `{"a":,}`, `{"a" 1}`, `{a:1}`, `{1:1}`, `{null:1}`,
	`{"a":1 "b":2}`, `{"a":1,,"b":2}`, `{"a":1:2}`, `{"a":1]`, `{]`, `{`, `{"`, `{"a`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":{}}`, `{"a":[]}`, `{{}}`, `{[]}`, `}`,
	`{"a":1,"a":2}`, `{"a":{"a":1},"b":{"a":2}}`, `{"a":{"b":1,"b":2}}`, `[{"a":1},{"a":2}]`, `{"\u0061":1,"a":2}`, `{"a\/b":1,"a/b":2}`, `{"":1,"":2}`, `{"":1}`,
	"{\"\xff\":1,\"\xfe\":2}", "{\"\xff\":1,\"\ufffd\":2}", `{"\ud800":1,"\udc00":2}`, `{"a":1,"b":{"a":1,"c":[{"a":1,"a":1}]},"c":2,"b":3}`,
	` { "a" : [ 1 , 2.5 , true , null , "x" ] , "b" : { } } `, `,`, `:`, `:1`, `,1`, `1,2`, `1:2`, `// x`, `/**/1`, `'a'`, `#`, "{\"a\":1}\x00", "\x00", "\v1", "\f1",
}

func TestSameAsJSONText(t *testing.T) {
	for _, body := range bodies {
		t.Run(body, func(t *testing.T) {
			for _, c := range []cut{{}, {1, 0}, {1, 1}, {2, 3}, {3, 8}, {7, 4}, {0, 1}, {0, 5}} {
				sameAsJSONText(t, []byte(body), c)
			}
		})
	}
}

// A long body has tokens at every distance from the end of the buffer.
func TestSameAsJSONTextOnALongList(t *testing.T) {
	list := listOf(80)
	require.Greater(t, len(list), 2*bufferSize)
	for _, body := range [][]byte{list, indented(t, list)} {
		for _, c := range []cut{{}, {1, 0}, {13, 1}, {0, 16}, {100, 64}, {4093, 0}} {
			sameAsJSONText(t, body, c)
		}
	}
}

// Bodies that are nearly JSON: valid ones, of which a few bytes are changed.
func TestSameAsJSONTextOnMutants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := []byte(drawValue(t, 4))
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			if len(body) == 0 {
				break
			}
			at := rapid.IntRange(0, len(body)-1).Draw(t, "at")
			switch rapid.IntRange(0, 3).Draw(t, "change") {
			case 0:
				body[at] = rapid.SampledFrom([]byte("{}[]\",:\\u0dD8c-.e tn\x00\xff\xc3\n")).Draw(t, "byte")
			case 1:
				body = append(body[:at:at], body[at+1:]...)
			case 2:
				body = append(body[:at:at], append([]byte(drawValue(t, 1)), body[at:]...)...)
			case 3:
				body = body[:at]
			}
		}
		sameAsJSONText(t, body, drawCut(t))
	})
}

// Bodies of any bytes that JSON is made of, in any order.
func TestSameAsJSONTextOnNoise(t *testing.T) {
	part := rapid.SampledFrom([]string{
		"{", "}", "[", "]", ",", ":", `"`, `"a"`, `"b":`, " ", "\n", "null", "true", "fals", "-", "0", "12", ".5", "e+1", `\`, `\n`, `\u`, "d83d", "ude00", `\ud83d\ude00`, "é", "\xff", "\x01", "abcdefgh",
	})
	rapid.Check(t, func(t *rapid.T) {
		body := strings.Join(rapid.SliceOfN(part, 0, 20).Draw(t, "parts"), "")
		sameAsJSONText(t, []byte(body), drawCut(t))
	})
}

func drawCut(t *rapid.T) cut {
	return cut{rapid.IntRange(0, 20).Draw(t, "read"), rapid.SampledFrom([]int{0, 1, 2, 3, 5, 8, 16, 33}).Draw(t, "buffer")}
}

// drawValue draws a value with any white space, escape sequences and repeated names.
func drawValue(t *rapid.T, depth int) string {
	space := rapid.SampledFrom([]string{"", "", "", " ", "\n\t", "\r\n    "})
	text := rapid.Custom(func(t *rapid.T) string {
		return `"` + strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
			"a", "b", "title", "2019-04-29T16:30:40", "é", "漢字", "😀", `\"`, `\\`, `\/`, `\n`, `\u0061`, `\u00E9`, `\ud83d\ude00`, `\ud83d`, `\ude00`, "\xff", "\xe2\x82", " ",
		}), 0, 5).Draw(t, "text"), "") + `"`
	})
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?`)
	kinds := []string{"null", "true", "false", "text", "number"}
	if depth > 0 {
		kinds = append(kinds, "object", "object", "array", "array")
	}
	var value string
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
	case "text":
		value = text.Draw(t, "string")
	case "number":
		value = number.Draw(t, "number")
	case "array":
		var elements []string
		for range rapid.IntRange(0, 4).Draw(t, "length") {
			elements = append(elements, drawValue(t, depth-1))
		}
		value = "[" + strings.Join(elements, ",") + space.Draw(t, "space") + "]"
	case "object":
		var members []string
		for range rapid.IntRange(0, 4).Draw(t, "size") {
			members = append(members, space.Draw(t, "space")+text.Draw(t, "name")+space.Draw(t, "space")+":"+drawValue(t, depth-1))
		}
		value = "{" + strings.Join(members, ",") + space.Draw(t, "space") + "}"
	default:
		value = kind
	}
	return space.Draw(t, "before") + value + space.Draw(t, "after")
}

func FuzzSameAsJSONText(f *testing.F) {
	for i, body := range bodies {
		f.Add([]byte(body), byte(i%5), byte(i%9))
	}
	f.Fuzz(func(t *testing.T, body []byte, read, buffer byte) {
		sameAsJSONText(t, body, cut{int(read), int(buffer)})
	})
}
