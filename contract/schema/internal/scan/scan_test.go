package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		name, body, problem string
		offset              int64
		truncated           bool
	}{
		{"no value", `x`, "has no value where one should begin", 0, false},
		{"byte order mark", "\xef\xbb\xbf1", "has no value where one should begin", 0, false},
		{"another word", `[nulx]`, "has a word that is not null", 4, false},
		{"end in a word", `[tru`, "ends too early", 4, true},
		{"no digit", `[-a]`, "has a number without a digit where one must be", 2, false},
		{"no digit after the point", `[1.]`, "has a number without a digit where one must be", 3, false},
		{"no digit in the exponent", `[1e+]`, "has a number without a digit where one must be", 4, false},
		{"end in a number", `1.`, "ends too early", 2, true},
		{"control character", "[\"a\nb\"]", "has a control character in a string", 3, false},
		{"unknown escape sequence", `["a\x"]`, "has an unknown escape sequence", 3, false},
		{"short escape sequence", `["\u12"]`, "has an escape sequence without four digits", 2, false},
		{"end in an escape sequence", `["\u12`, "ends too early", 6, true},
		{"end in a string", `["abc`, "ends too early", 5, true},
		{"no name", `{1:2}`, "has a member without a name", 1, false},
		{"no name after a comma", `{"a":1,}`, "has a member without a name", 7, false},
		{"no colon", `{"a" 1}`, "has no colon after a name", 5, false},
		{"no comma in an object", `{"a":1 "b":2}`, "has neither a comma nor a brace after a member", 7, false},
		{"no comma in an array", `[1 2]`, "has neither a comma nor a bracket after an element", 3, false},
		{"no element after a comma", `[1,]`, "has no value where one should begin", 3, false},
		{"comma between bodies", `1,2`, "has no value where one should begin", 1, false},
		{"end in an object", ` {"a":1 `, "ends too early", 8, true},
		{"end after a comma", `[1, `, "ends too early", 4, true},
		{"name twice", `{"a":1,"\u0061":2}`, "has a name twice in one object", 7, false},
		{"not UTF-8", "[\"a\xff\"]", "has a string that is not UTF-8", 1, false},
		{"half a pair", `["a\ud800"]`, "has a string with half of a surrogate pair", 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, read := range []int{0, 1} {
				s := scannerOf([]byte(c.body), cut{read, read})
				err := drain(s)
				var syntax *SyntaxError
				require.ErrorAs(t, err, &syntax)
				assert.Equal(t, c.problem, syntax.Problem)
				assert.Equal(t, c.offset, syntax.Offset)
				assert.Equal(t, c.truncated, errors.Is(err, io.ErrUnexpectedEOF))
				assert.Equal(t, fmt.Sprintf("the body %s (at byte %d)", c.problem, c.offset), err.Error())
				assert.Empty(t, s.Raw(), "no token is left")
			}
		})
	}
}

func drain(s *Scanner) error {
	for {
		if kind, err := s.Next(); err != nil || kind == 0 {
			return err
		}
	}
}

func TestDefects(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       []Defect
	}{
		{"none", `{"a":{"a":"é"},"b":"\ud83d\ude00"}`, nil},
		{"name twice", `{"a":1,"b":{"a":2,"a":3},"a":4}`, []Defect{{RepeatedName, 18}, {RepeatedName, 25}}},
		{"name three times", `{"a":1,"a":2,"a":3}`, []Defect{{RepeatedName, 7}, {RepeatedName, 13}}},
		{"the same name in the next object", `[{"a":1},{"a":2},{"b":1,"a":1}]`, nil},
		{"not UTF-8", "[\"\xff\xff\", \"\xc3\"]", []Defect{{InvalidUTF8, 1}, {InvalidUTF8, 7}}},
		{"halves of pairs", `["\ude00\ude00","\ud83d"]`, []Defect{{LoneSurrogate, 1}, {LoneSurrogate, 16}}},
		{"all of them", "{\"\xff\\ud83d\":1,\"\xff\\ud83d\":2}", []Defect{
			{InvalidUTF8, 1}, {LoneSurrogate, 1}, {InvalidUTF8, 13}, {LoneSurrogate, 13}, {RepeatedName, 13},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, skip := range []bool{false, true} {
				for _, own := range []bool{false, true} {
					s := New(strings.NewReader(c.body))
					s.OwnNames = own
					var got []Defect
					s.Defect = func(d Defect) error {
						got = append(got, d)
						assert.Equal(t, byte('"'), s.Raw()[0], "the token is described")
						assert.Equal(t, d.Offset, s.Offset())
						if d.Kind == RepeatedName {
							assert.True(t, s.Name())
						}
						return nil
					}
					for {
						kind, err := s.Next()
						require.NoError(t, err)
						if kind == 0 {
							break
						}
						if skip {
							require.NoError(t, s.Skip())
						} else if own && s.Name() {
							told := len(got)
							fresh, err := s.Fresh()
							require.NoError(t, err)
							assert.Equal(t, fresh, len(got) == told)
						}
					}
					assert.Equal(t, c.want, got, "skip %v, own names %v", skip, own)
				}
			}
		})
	}
}

func TestDefectEndsReading(t *testing.T) {
	enough := errors.New("enough")
	for _, body := range []string{`{"a":1,"a":2}`, "[\"\xff\"]", `["\ud800"]`} {
		for _, own := range []bool{false, true} {
			s := New(strings.NewReader(body))
			s.OwnNames = own
			s.Defect = func(Defect) error { return enough }
			_, err := s.Next()
			require.NoError(t, err)
			require.Equal(t, enough, s.Skip())
			_, err = s.Next()
			require.Equal(t, enough, err)
			require.Equal(t, enough, s.Skip())
		}
	}
}

func TestDefectNames(t *testing.T) {
	for kind := RepeatedName; kind <= LoneSurrogate; kind++ {
		assert.NotEqual(t, Defect{}.String(), Defect{Kind: kind}.String())
	}
}

func TestReaderErrors(t *testing.T) {
	broken := errors.New("broken")
	for _, body := range []string{``, ` `, `[`, `[1`, `[1,`, `["a`, `["\`, `["\u00`, `{"a"`, `{"a":`, `{"a":1`, `nul`, `12`, `1e`} {
		s := New(io.MultiReader(strings.NewReader(body), iotest.ErrReader(broken)))
		require.ErrorIs(t, drain(s), broken, body)
	}
	require.ErrorIs(t, drain(New(stuck{})), io.ErrNoProgress)
	require.ErrorIs(t, drain(New(liar(-1))), errBadCount)
	require.ErrorIs(t, drain(New(liar(bufferSize+1))), errBadCount)
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

type liar int

func (l liar) Read([]byte) (int, error) { return int(l), nil }

// A reader may cut the body anywhere, return nothing, and tell the end with the last bytes or
// after them.
func TestReadersOfAllKinds(t *testing.T) {
	body := listOf(60)
	want := byScanner(t, New(bytes.NewReader(body)), body)
	for name, r := range map[string]io.Reader{
		"byte by byte":      iotest.OneByteReader(bytes.NewReader(body)),
		"by halves":         iotest.HalfReader(bytes.NewReader(body)),
		"end with the data": iotest.DataErrReader(bytes.NewReader(body)),
		"with pauses":       &pausing{r: iotest.HalfReader(bytes.NewReader(body))},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, want, byScanner(t, New(r), body))
		})
	}
}

type pausing struct {
	r     io.Reader
	turns int
}

func (p *pausing) Read(b []byte) (int, error) {
	if p.turns++; p.turns%3 != 0 {
		return 0, nil
	}
	return p.r.Read(b)
}

func TestMark(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := strings.TrimSpace(drawValue(t, 3))
		body := "[ " + value + " ," + value + "]"
		s := scannerOf([]byte(body), drawCut(t))
		s.Defect = func(Defect) error { return nil }
		next := func() Kind {
			kind, err := s.Next()
			require.NoError(t, err)
			return kind
		}
		next()
		for range 2 {
			next()
			s.Mark()
			if rapid.Bool().Draw(t, "skip") {
				require.NoError(t, s.Skip())
			} else {
				for s.Depth() > 1 {
					next()
				}
			}
			got, err := s.Marked()
			require.NoError(t, err)
			require.Equal(t, value, string(got))
			got, err = s.Marked()
			require.NoError(t, err)
			require.Nil(t, got, "the mark is gone")
		}
		require.Equal(t, Kind(']'), next())
	})
}

func TestMarkHasALimit(t *testing.T) {
	long := "[" + strings.Repeat(`"12345678",`, 20_000) + "0]"
	for _, limit := range []int{50_000, 100, len(long) - 1} {
		s := New(strings.NewReader(long))
		s.Limits.Token = limit
		_, err := s.Next()
		require.NoError(t, err)
		s.Mark()
		if err = s.Skip(); err == nil {
			_, err = s.Marked()
		}
		require.Equal(t, &LimitError{What: "bytes in one piece", Limit: int64(limit)}, err)
		assert.LessOrEqual(t, cap(s.buf), max(4*limit, bufferSize))
	}
}

func TestTake(t *testing.T) {
	s := New(strings.NewReader(` { "a" : {"é":1} , "b":2,"\u0063":3,"d":4,"d":5, "e"`))
	require.False(t, s.Take(`"a"`), "not before Next was allowed to")
	s.OwnNames = true
	next := func(want Kind) {
		t.Helper()
		kind, err := s.Next()
		require.NoError(t, err)
		require.Equal(t, want, kind)
	}
	require.False(t, s.Take(`"a"`), "nothing has been read yet")
	next('{')
	require.False(t, s.Take(`"b"`))
	require.True(t, s.Take(`"a"`))
	assert.True(t, s.Name())
	assert.Equal(t, "a", string(s.Text()))
	assert.Equal(t, `"a"`, string(s.Raw()))
	assert.EqualValues(t, 3, s.Offset())
	assert.EqualValues(t, 6, s.End())
	assert.Equal(t, 1, s.Depth())
	require.False(t, s.Take(`"a"`), "a value comes")
	next('{')
	require.True(t, s.Take(`"é"`))
	assert.Equal(t, 1, s.Runes())
	next('0')
	next('}')
	require.True(t, s.Take(`"b"`))
	require.NoError(t, s.Skip())
	require.False(t, s.Take(`"c"`), "it is written in another way")
	next('"')
	assert.Equal(t, "c", string(s.Text()))
	next('0')
	require.True(t, s.Take(`"d"`))
	next('0')
	require.True(t, s.Take(`"d"`), "names are not compared")
	next('0')
	require.True(t, s.Take(`"e"`))
	_, err := s.Next()
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.False(t, s.Take(`"e"`))
}

// What Next refused cannot be taken.
func TestTakeAfterAnError(t *testing.T) {
	s := New(strings.NewReader(`{"123456789":1}`))
	s.OwnNames = true
	s.Limits.Token = 10
	require.Error(t, drain(s))
	require.False(t, s.Take(`"123456789"`))
}

// Taking what one happens to know never changes what is read.
func TestTakeSameAsNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := []byte(drawValue(t, 4))
		c := drawCut(t)
		s := scannerOf(body, c)
		s.OwnNames = true
		s.Defect = func(Defect) error { return nil }
		want := byScanner(t, s, body)
		s = scannerOf(body, c)
		s.OwnNames = true
		s.Defect = func(Defect) error { return nil }
		for _, token := range want.Tokens {
			guess := rapid.SampledFrom([]string{`""`, `"a"`, `"b"`, `"é"`, `"` + token.Text + `"`}).Draw(t, "guess")
			if !s.Take(guess) {
				kind, err := s.Next()
				require.NoError(t, err)
				require.Equal(t, token.Kind, kind)
			}
			require.Equal(t, token.Name, s.Name())
			require.Equal(t, token.End, s.End())
			require.Equal(t, token.Depth, s.Depth())
			if token.Kind == '"' {
				require.Equal(t, token.Text, string(s.Text()))
			}
		}
	})
}

// The names of an object that ended are as if they had never been, whatever the order.
func TestNamesAreASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var n names
		open := []map[string]bool{{}}
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				open = append(open, map[string]bool{})
			case 1:
				if len(open) > 1 {
					n.leave(len(open))
					open = open[:len(open)-1]
				}
			default:
				name := fmt.Sprint(rapid.IntRange(0, 120).Draw(t, "name"))
				last := open[len(open)-1]
				want := fresh
				if last[name] {
					want = repeated
				}
				last[name] = true
				require.Equal(t, want, n.add([]byte(name), len(open), 1<<20))
			}
		}
		for depth := len(open); depth > 0; depth-- {
			n.leave(depth)
		}
		for _, slot := range n.slots {
			require.Zero(t, slot)
		}
		require.Zero(t, n.spent)
		require.Empty(t, n.bytes)
	})
}

// special must find the first byte that ends a plain run, and say nothing when there is none.
func TestSpecialBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("\"\\\x1f \x80\xa2\xdc\xff"))), 0, 40).Draw(t, "bytes")
		want, high := 0, false
		for want < len(b) && b[want] >= ' ' && b[want] != '"' && b[want] != '\\' {
			high = high || b[want] >= 0x80
			want++
		}
		end, seen := plainRun(b, 0)
		require.Equal(t, want, end)
		require.Equal(t, high, seen&highBits != 0)
	})
}
