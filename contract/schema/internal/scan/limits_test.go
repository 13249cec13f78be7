package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLimits(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	names := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `,"n%03d":%d`, i, i)
		}
		return "{" + b.String()[1:] + "}"
	}
	for _, c := range []struct {
		name       string
		limit      func(*Limits)
		ok, tooBig string
		what       string
		offset     int64
	}{
		{"depth", func(l *Limits) { l.Depth = 3 }, deep(3), deep(4), "levels of nesting", 3},
		{"depth by default", func(l *Limits) {}, deep(10_000), deep(10_001), "levels of nesting", 10_000},
		{"string", func(l *Limits) { l.Token = 10 }, `["12345678"]`, `["123456789"]`, "bytes in one piece", 1},
		{"wide string", func(l *Limits) { l.Token = 10 }, `["éééé"]`, `["éééé1"]`, "bytes in one piece", 1},
		{"name", func(l *Limits) { l.Token = 10 }, `{"12345678":1}`, `{"123456789":1}`, "bytes in one piece", 1},
		{"number", func(l *Limits) { l.Token = 4 }, `[1234]`, `[12345]`, "bytes in one piece", 1},
		{"number with an exponent", func(l *Limits) { l.Token = 4 }, `[12e4]`, `[12e45]`, "bytes in one piece", 1},
		{"string by default", func(l *Limits) {}, `"` + strings.Repeat("x", 16<<20-2) + `"`, `"` + strings.Repeat("x", 16<<20-1) + `"`, "bytes in one piece", 0},
		{"names", func(l *Limits) { l.Names = 50 * (4 + entryCost) }, names(50), names(51), "bytes of names in open objects", 1 + 10*9 + 40*10},
		{"body", func(l *Limits) { l.Body = 5 }, `[1,2]`, `[1,2] `, "bytes", 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, read := range []int{0, 1, 2} {
				if read > 0 && len(c.ok) > 1<<20 {
					continue
				}
				s := scannerOf([]byte(c.ok), cut{read, read})
				c.limit(&s.Limits)
				require.NoError(t, drain(s))

				s = scannerOf([]byte(c.tooBig), cut{read, read})
				c.limit(&s.Limits)
				err := drain(s)
				var limit *LimitError
				require.ErrorAs(t, err, &limit)
				assert.Equal(t, c.what, limit.What)
				assert.Equal(t, c.offset, limit.Offset)
				assert.ErrorContains(t, err, fmt.Sprintf("more than %d %s (at byte %d)", limit.Limit, c.what, c.offset))
				require.Equal(t, err, drain(s))
			}
		})
	}
}

// A body limit counts white space too, and what comes before it is still read.
func TestBodyLimitComesLast(t *testing.T) {
	s := New(strings.NewReader(`[1,2,3]`))
	s.Limits.Body = 4
	for _, want := range []Kind{'[', '0'} {
		kind, err := s.Next()
		require.NoError(t, err)
		require.Equal(t, want, kind)
	}
	_, err := s.Next()
	require.Equal(t, &LimitError{Offset: 4, What: "bytes", Limit: 4}, err, "whether the 2 goes on is not known")
}

// Names beyond the limit are told of once for an object, and found again in the next.
func TestUncheckedNames(t *testing.T) {
	var told []Defect
	s := New(strings.NewReader(`[{"a":1,"b":2,"c":3,"d":{"e":1},"a":4},{"a":1,"a":2},{"f":1,"g":2,"h":3}]`))
	s.Limits.Names = 2 * (1 + entryCost)
	s.Defect = func(d Defect) error {
		told = append(told, d)
		return nil
	}
	require.NoError(t, drain(s))
	assert.Equal(t, []Defect{{UncheckedName, 14}, {RepeatedName, 32}, {RepeatedName, 46}, {UncheckedName, 66}}, told)
}

func TestNothingIsAllocatedForAToken(t *testing.T) {
	body := indented(t, listOf(100))
	r := bytes.NewReader(body)
	s := New(r)
	for _, own := range []bool{false, true} {
		s.OwnNames = own
		assert.Zero(t, testing.AllocsPerRun(5, func() {
			r.Reset(body)
			s.Reset(r)
			for {
				kind, err := s.Next()
				if err != nil {
					t.Error(err)
				}
				if kind == 0 {
					return
				}
				if kind == '"' && len(s.Text()) != s.Runes() && s.Runes() == 0 {
					t.Error("no text")
				}
			}
		}))
	}
}

// endless gives a head, then as many copies of a part as make up a size, then a tail.
func endless(head, part, tail string, size int) io.Reader {
	return io.MultiReader(strings.NewReader(head), &repeating{part: []byte(part), left: size / len(part) * len(part)}, strings.NewReader(tail))
}

type repeating struct {
	part     []byte
	at, left int
}

func (r *repeating) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && r.left > 0 {
		m := copy(p[n:], r.part[r.at:])
		m = min(m, r.left)
		n, r.left, r.at = n+m, r.left-m, (r.at+m)%len(r.part)
	}
	return n, nil
}

// Hostile bodies of 8 MB are read, or refused, in the memory that the limits allow.
func TestMemoryHasABound(t *testing.T) {
	const size = 8 << 20
	for _, c := range []struct {
		name  string
		body  io.Reader
		bound uint64
		fails bool
	}{
		{"white space", endless("[", " ", "]", size), 1 << 20, false},
		{"elements", endless("[1", ",[]", "]", size), 1 << 20, false},
		{"objects", endless("[1", `,{"a":1,"b":{"a":2}}`, "]", size), 1 << 20, false},
		{"string", endless(`["`, "x", `"]`, size), 2 << 20, true},
		{"number", endless("[1", "0", "]", size), 2 << 20, true},
		{"nesting", endless("", `[{"a":`, "", size), 1 << 20, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			s := New(c.body)
			s.Limits.Token = 256 << 10
			err := drain(s)
			runtime.ReadMemStats(&after)
			// All that was ever allocated, so no garbage collection hides a peak.
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, c.bound)
			var limit *LimitError
			assert.Equal(t, c.fails, errors.As(err, &limit), "%v", err)
			if !c.fails {
				assert.NoError(t, err)
			}
		})
	}
}

// Long tokens that come byte by byte are not looked at from their beginning each time: at a
// quadratic cost this test would take hours.
func TestLongTokensTakeLinearTime(t *testing.T) {
	const size = 2 << 20
	for name, body := range map[string]string{
		"string":           `"` + strings.Repeat("x", size) + `"`,
		"wide string":      `"` + strings.Repeat("é", size/2) + `"`,
		"escape sequences": `"` + strings.Repeat(`\u00e9`, size/6) + `"`,
		"digits":           strings.Repeat("1", size),
		"fraction":         "1." + strings.Repeat("1", size),
		"exponent":         "1e" + strings.Repeat("1", size),
		"white space":      strings.Repeat(" ", size) + "1",
	} {
		t.Run(name, func(t *testing.T) {
			s := New(&morsels{body: []byte(body), size: 1})
			_, err := s.Next()
			require.NoError(t, err)
			require.EqualValues(t, len(body), s.End())
			if name == "escape sequences" {
				require.Equal(t, size/6, s.Runes())
			}
			require.NoError(t, drain(s))
		})
	}
}

// keys is an object of n different names, made as it is read.
type keys struct {
	n, next int
	pending []byte
}

func (k *keys) Read(p []byte) (int, error) {
	for len(k.pending) == 0 {
		switch {
		case k.next == 0:
			k.pending = append(k.pending, "{\"\":0"...)
		case k.next < k.n:
			k.pending = fmt.Appendf(k.pending, ",%q:0", fmt.Sprint(k.next))
		case k.next == k.n:
			k.pending = append(k.pending, '}')
		default:
			return 0, io.EOF
		}
		k.next++
	}
	n := copy(p, k.pending)
	k.pending = k.pending[:copy(k.pending, k.pending[n:])]
	return n, nil
}

// However many names an object has, those kept to compare them take no more than was allowed.
func TestManyNames(t *testing.T) {
	told := 0
	s := New(&keys{n: 200_000})
	s.Limits.Names = 1 << 20
	s.Defect = func(d Defect) error {
		assert.Equal(t, UncheckedName, d.Kind)
		told++
		return nil
	}
	require.NoError(t, drain(s))
	assert.Equal(t, 1, told)
	assert.Less(t, cap(s.seen.bytes)+cap(s.seen.entries)*24+cap(s.seen.slots)*4, 1<<20)
}

// A scanner that read an unusual body does not keep the memory.
func TestResetGivesBackMemory(t *testing.T) {
	var body bytes.Buffer
	body.WriteString(`{"long":"\n` + strings.Repeat("x", 4<<20) + `"`)
	for i := range 50_000 {
		fmt.Fprintf(&body, `,"%d":0`, i)
	}
	body.WriteString("}")
	s := New(bytes.NewReader(body.Bytes()))
	for {
		kind, err := s.Next()
		require.NoError(t, err)
		if kind == 0 {
			break
		}
		if kind == '"' {
			require.NotNil(t, s.Text())
		}
	}
	s.Reset(strings.NewReader(`{"a":1,"b":2}`))
	assert.LessOrEqual(t, cap(s.buf), largestKept)
	assert.LessOrEqual(t, cap(s.text), largestKept)
	assert.Zero(t, cap(s.seen.bytes))
	require.NoError(t, drain(s))

	// A scanner that was stopped in the middle starts afresh.
	s.Reset(strings.NewReader(`{"a":{"b":`))
	require.ErrorIs(t, drain(s), io.ErrUnexpectedEOF)
	s.Reset(strings.NewReader(`{"a":{"b":1}}`))
	require.NoError(t, drain(s))
	assert.Zero(t, s.Depth())
}
