package position_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/internal/peers"
	"github.com/kaikina/kaikina/internal/position"
)

func readAll(t require.TestingT, r io.Reader) {
	_, err := io.Copy(io.Discard, r)
	require.NoError(t, err)
}

func TestPlaces(t *testing.T) {
	tests := []struct {
		name, before string
		want         position.Place
	}{
		{"the beginning", "", position.Place{Line: 1, Column: 1}},
		{"in a line", `{"a":`, position.Place{Line: 1, Column: 6}},
		{"the line feed itself", "ab", position.Place{Line: 1, Column: 3}},
		{"after it", "ab\n", position.Place{Line: 2, Column: 1}},
		{"empty lines", "\n\n\n", position.Place{Line: 4, Column: 1}},
		{"CRLF", "a\r\nb", position.Place{Line: 2, Column: 2}},
		{"a carriage return alone ends nothing", "a\rb", position.Place{Line: 1, Column: 4}},
		{"two bytes", "\né", position.Place{Line: 2, Column: 2}},
		{"four bytes", "😀😀", position.Place{Line: 1, Column: 3}},
		{"a combining mark is a code point", "e\u0301", position.Place{Line: 1, Column: 3}},
		{"not UTF-8", "\xff\xfe", position.Place{Line: 1, Column: 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := position.NewReader(strings.NewReader(test.before+"\nmore"), 100)
			readAll(t, r)
			place, ok := r.At(int64(len(test.before)))
			assert.True(t, ok)
			assert.Equal(t, test.want, place)
			assert.EqualValues(t, len(test.before)+5, r.Offset())
		})
	}
}

// naive looks at everything before the offset.
func naive(text []byte, offset int) position.Place {
	line := text[bytes.LastIndexByte(text[:offset], '\n')+1 : offset]
	starts := 0
	for _, b := range line {
		if utf8.RuneStart(b) {
			starts++
		}
	}
	return position.Place{Line: int64(1 + bytes.Count(text[:offset], []byte("\n"))), Column: int64(1 + starts)}
}

func TestSameAsNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Long enough for several blocks of 64 KiB, out of few drawn pieces.
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "{\"b\": 1},", "é", "😀", "\r\n", "\n", "漢字", "\xff", "\x80"}), 1, 30).Draw(t, "pieces")
		repeated := rapid.IntRange(1, 20_000).Draw(t, "repeated")
		text := []byte(strings.Repeat(strings.Join(pieces, ""), repeated))
		text = text[:min(len(text), 400_000)]
		var body io.Reader = bytes.NewReader(text)
		if rapid.Bool().Draw(t, "halves") {
			body = iotest.HalfReader(body)
		}
		window := rapid.IntRange(1, 300_000).Draw(t, "window")
		r := position.NewReader(body, window)
		readAll(t, r)
		for range 20 {
			offset := rapid.IntRange(0, len(text)).Draw(t, "offset")
			place, ok := r.At(int64(offset))
			if ok {
				require.Equal(t, naive(text, offset), place)
			} else {
				require.Greater(t, len(text)-offset, window, "the window has to be there")
			}
		}
	})
}

// A place can be asked for at any time, of all that has been read and of nothing else.
func TestPlacesWhileReading(t *testing.T) {
	text := []byte(strings.Repeat("é\nab", 60_000))
	r := position.NewReader(bytes.NewReader(text), len(text))
	random := rand.New(rand.NewPCG(1, 2))
	buffer := make([]byte, 50_000)
	for {
		n, err := r.Read(buffer[:1+random.IntN(len(buffer)-1)])
		if n > 0 {
			for _, offset := range []int64{r.Offset(), r.Offset() - int64(n), random.Int64N(r.Offset() + 1)} {
				place, ok := r.At(offset)
				require.True(t, ok)
				require.Equal(t, naive(text, int(offset)), place)
			}
			_, ok := r.At(r.Offset() + 1)
			require.False(t, ok, "not read yet")
		}
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
	}
	_, ok := r.At(-1)
	assert.False(t, ok)
}

func TestWhatIsTooFarBack(t *testing.T) {
	r := position.NewReader(strings.NewReader(strings.Repeat("a", 1<<20)), 1<<17)
	readAll(t, r)
	_, ok := r.At(10)
	assert.False(t, ok)
	place, ok := r.At(1<<20 - 1<<17)
	assert.True(t, ok)
	assert.Equal(t, position.Place{Line: 1, Column: 1<<20 - 1<<17 + 1}, place)
}

// endless gives one letter without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestMemoryDoesNotGrowWithTheStream(t *testing.T) {
	r := position.NewReader(io.LimitReader(endless{}, 64<<20), 1<<20)
	grown := peers.HeapGrowth(func() { readAll(t, r) })
	assert.Less(t, grown, uint64(3<<20))
	place, ok := r.At(64 << 20)
	assert.True(t, ok, "a line of 64 MiB")
	assert.Equal(t, position.Place{Line: 1, Column: 64<<20 + 1}, place)
}

func BenchmarkRead(b *testing.B) {
	for name, text := range map[string]string{"short lines": strings.Repeat(`{"id": 1, "name": "a"},`+"\n", 1<<12), "one line": strings.Repeat(`{"id": 1, "name": "é"},`, 1<<12)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			r := position.NewReader(endlessOf(text), 16<<20)
			buffer := make([]byte, len(text))
			for b.Loop() {
				_, _ = r.Read(buffer)
			}
		})
	}
}

type endlessOf string

func (e endlessOf) Read(p []byte) (int, error) { return copy(p, e), nil }

// Findings follow one another, in a line that may be the only one.
func BenchmarkAt(b *testing.B) {
	const size = 1 << 24
	r := position.NewReader(io.LimitReader(endless{}, size), size)
	readAll(b, r)
	for offset := int64(0); b.Loop(); offset = (offset + 19) % size {
		if _, ok := r.At(offset); !ok {
			b.Fatal("the window has to be there")
		}
	}
}
