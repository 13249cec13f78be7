package paging

import (
	"context"
	"encoding/binary"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// server is a list that may change, break off and lie.
type server struct {
	list  []int
	size  int
	total func(calls int) (int64, bool) // what it says there is; nil for the truth
	cut   func(calls int) int           // elements after which a call breaks off; -1 for none
	on    func(s *server)               // what happens after a page
	calls int
	asked []int64
}

var errBroken = errors.New("broken off")

func (s *server) page(from int64, about *About) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		s.calls++
		cut := -1
		if s.cut != nil {
			cut = s.cut(s.calls)
		}
		start := min(int(from), len(s.list))
		for i, one := range s.list[start:min(start+s.size, len(s.list))] {
			if i == cut {
				yield(0, errBroken)
				return
			}
			if !yield(one, nil) {
				return
			}
		}
		if cut >= 0 {
			yield(0, errBroken)
			return
		}
		about.Total, about.TotalKnown = int64(len(s.list)), true
		if s.total != nil {
			about.Total, about.TotalKnown = s.total(s.calls)
		}
		if s.on != nil {
			s.on(s)
		}
	}
}

func key(i *int) (k Key, ok bool) {
	binary.BigEndian.PutUint64(k[:], uint64(*i))
	return k, *i >= 0
}

func patient(context.Context, int, error) error { return nil }

// pages walks by the number of a page, offsets by the number of an element.
func (s *server) pages() Walk[int] {
	return Walk[int]{
		Page: func(_ context.Context, at int64, about *About) iter.Seq2[int, error] {
			s.asked = append(s.asked, at)
			return s.page(at*int64(s.size), about)
		},
		Next: func(at, _ int64) int64 { return at + 1 }, KeyOf: key, Again: patient,
	}
}

func (s *server) offsets() Walk[int] {
	w := s.pages()
	w.Within = true
	w.Next = func(at, read int64) int64 { return at + read }
	w.Page = func(_ context.Context, at int64, about *About) iter.Seq2[int, error] {
		s.asked = append(s.asked, at)
		return s.page(at, about)
	}
	return w
}

func collect(w Walk[int]) (all []int, err error) {
	for one, e := range w.All(context.Background()) {
		if e != nil {
			err = e
			continue
		}
		all = append(all, one)
	}
	return all, err
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestAllPages(t *testing.T) {
	for _, test := range []struct {
		name  string
		n     int
		asked []int64
	}{
		{"none", 0, []int64{0}},
		{"less than a page", 2, []int64{0}},
		{"exactly a page", 3, []int64{0}},
		{"three pages", 7, []int64{0, 1, 2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &server{list: upTo(test.n), size: 3}
			all, err := collect(s.pages())
			require.NoError(t, err)
			assert.Equal(t, upTo(test.n), append([]int{}, all...))
			assert.Equal(t, test.asked, s.asked)
		})
	}
}

// Whatever a server says about how much there is, everything that it sends is read, and the
// walk ends.
func TestATotalThatIsWrong(t *testing.T) {
	says := func(n int64, known bool) func(int) (int64, bool) {
		return func(int) (int64, bool) { return n, known }
	}
	for _, test := range []struct {
		name  string
		total func(int) (int64, bool)
		want  string
	}{
		{"none", says(0, false), ""},
		{"zero", says(0, true), ""},
		{"too small", says(2, true), ""},
		{"too large", says(99, true), "7 came of the 99 that the server counts"},
		{"negative", says(-1, true), ""},
		{"grows", func(calls int) (int64, bool) { return int64(7 * calls), true }, "7 came of the 28 that the server counts"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &server{list: upTo(7), size: 3, total: test.total}
			all, err := collect(s.pages())
			assert.Equal(t, upTo(7), all)
			assert.LessOrEqual(t, s.calls, 4)
			if test.want == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, test.want)
			}
		})
	}
}

// A server that does not look at the position is not asked for ever.
func TestAServerThatRepeatsItself(t *testing.T) {
	s := &server{list: upTo(9), size: 3}
	w := s.pages()
	w.Page = func(_ context.Context, _ int64, about *About) iter.Seq2[int, error] { return s.page(0, about) }
	all, err := collect(w)
	assert.Equal(t, upTo(3), all)
	assert.EqualError(t, err, "3 came of the 9 that the server counts")
	assert.Equal(t, 2, s.calls)

	s = &server{list: []int{-1, -1, -1}, size: 3, total: func(int) (int64, bool) { return 0, false }}
	w.Page = func(_ context.Context, _ int64, about *About) iter.Seq2[int, error] { return s.page(0, about) }
	all, err = collect(w)
	require.NoError(t, err)
	assert.Len(t, all, 3, "nor one whose elements have no ids")
	assert.Equal(t, 1, s.calls)
}

func TestAListThatChanges(t *testing.T) {
	once := func(change func(*server)) func(*server) {
		return func(s *server) {
			if change != nil {
				change(s)
				change = nil
			}
		}
	}
	t.Run("grows at its beginning", func(t *testing.T) {
		s := &server{list: upTo(7), size: 3, on: once(func(s *server) { s.list = slices.Insert(s.list, 0, 100) })}
		all, err := collect(s.pages())
		assert.Equal(t, upTo(7), all, "an element that comes again is dropped")
		assert.EqualError(t, err, "7 came of the 8 that the server counts")
	})
	t.Run("shrinks at its beginning", func(t *testing.T) {
		s := &server{list: upTo(7), size: 3, on: once(func(s *server) { s.list = s.list[1:] })}
		all, err := collect(s.pages())
		assert.Equal(t, []int{0, 1, 2, 4, 5, 6}, all)
		var incomplete *IncompleteError
		require.ErrorAs(t, err, &incomplete)
		assert.Equal(t, IncompleteError{Seen: 6, Total: 6, Shrunk: 1}, *incomplete)
		assert.EqualError(t, err, "the list shrank by 1 while it was read, so that as many may be missing; 6 came")
	})
}

func TestAPageThatBreaksOff(t *testing.T) {
	for _, test := range []struct {
		name  string
		walk  func(*server) Walk[int]
		asked []int64
	}{
		{"pages", (*server).pages, []int64{0, 1, 1, 2, 2}},
		{"offsets", (*server).offsets, []int64{0, 3, 4, 6, 6}},
	} {
		t.Run(test.name, func(t *testing.T) {
			cuts := map[int]int{2: 1, 4: 0}
			s := &server{list: upTo(7), size: 3, cut: func(calls int) int {
				if n, ok := cuts[calls]; ok {
					return n
				}
				return -1
			}}
			all, err := collect(test.walk(s))
			require.NoError(t, err)
			assert.Equal(t, upTo(7), all)
			assert.Equal(t, test.asked[:len(s.asked)], s.asked)
		})
	}
}

// What counts are failures in a row without anything new.
func TestGivingUp(t *testing.T) {
	enough := errors.New("enough")
	var failures []int
	impatient := func(_ context.Context, n int, err error) error {
		assert.ErrorIs(t, err, errBroken)
		if failures = append(failures, n); n == 3 {
			return enough
		}
		return nil
	}
	s := &server{list: upTo(6), size: 6, cut: func(calls int) int { return min(calls, 3) }}
	w := s.pages()
	w.Again = impatient
	all, err := collect(w)
	require.ErrorIs(t, err, enough)
	assert.Equal(t, upTo(3), all)
	assert.Equal(t, []int{1, 1, 1, 2, 3}, failures)
}

func TestStopping(t *testing.T) {
	s := &server{list: upTo(7), size: 3}
	for range s.pages().All(context.Background()) {
		break
	}
	assert.Equal(t, 1, s.calls)

	ctx, cancel := context.WithCancel(context.Background())
	s = &server{list: upTo(7), size: 3, cut: func(int) int { cancel(); return 1 }}
	n := 0
	for _, err := range s.pages().All(ctx) {
		if n++; n == 2 {
			assert.ErrorIs(t, err, errBroken, "whoever cancelled is not made to wait")
		}
	}
	assert.Equal(t, 2, n)
	assert.Equal(t, 1, s.calls)
}

func TestOnePage(t *testing.T) {
	s := &server{list: upTo(5), size: 5, total: func(int) (int64, bool) { return 0, false }}
	w := s.pages()
	w.Next = nil
	s.cut = func(calls int) int {
		if calls < 3 {
			return calls
		}
		return -1
	}
	all, err := collect(w)
	require.NoError(t, err)
	assert.Equal(t, upTo(5), all)
	assert.Equal(t, []int64{0, 0, 0}, s.asked)
}

// A walk can be made again, and is not disturbed by another.
func TestAWalkCanBeRepeated(t *testing.T) {
	all := (&server{list: upTo(7), size: 3}).pages().All(context.Background())
	for range 2 {
		n := 0
		for range all {
			for range all {
				break
			}
			n++
		}
		assert.Equal(t, 7, n)
	}
}

// Every element comes once and in order, wherever pages break off.
func TestEveryElementOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(rt, "n")
		s := &server{list: upTo(n), size: rapid.IntRange(1, 10).Draw(rt, "size")}
		s.cut = func(int) int {
			if rapid.IntRange(0, 2).Draw(rt, "breaks") == 0 {
				return rapid.IntRange(0, s.size).Draw(rt, "after")
			}
			return -1
		}
		if rapid.Bool().Draw(rt, "no total") {
			s.total = func(int) (int64, bool) { return 0, false }
		}
		walk := s.pages()
		if rapid.Bool().Draw(rt, "offsets") {
			walk = s.offsets()
		}
		all, err := collect(walk)
		require.NoError(rt, err)
		require.Equal(rt, upTo(n), append([]int{}, all...))
	})
}

// Elements that nothing tells apart are told by their place when a page begins anew.
func TestAPageOfUnknownsThatBreaksOff(t *testing.T) {
	for _, cuts := range [][]int{{2}, {3, 1, 4}, {0, 0}} {
		s := &server{list: []int{-1, 7, -2, 8, -1}, size: 5, cut: func(calls int) int {
			if calls <= len(cuts) {
				return cuts[calls-1]
			}
			return -1
		}}
		got, err := collect(s.pages())
		require.NoError(t, err)
		assert.ElementsMatch(t, s.list, got)
	}
}
