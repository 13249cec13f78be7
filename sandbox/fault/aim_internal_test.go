package fault

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParseAim(t *testing.T) {
	tests := []struct {
		name string
		want aim
	}{
		{"teapot", aim{id: "teapot", first: 1, rate: 100}},
		{"teapot@getItem", aim{id: "teapot", operation: "getItem", first: 1, rate: 100}},
		{"reset@*#3", aim{id: "reset", operation: "*", first: 3, last: 3, rate: 100}},
		{"reset#2-5", aim{id: "reset", first: 2, last: 5, rate: 100}},
		{"reset#4-", aim{id: "reset", first: 4, rate: 100}},
		{"reset%25", aim{id: "reset", first: 1, rate: 25}},
		{"latency:250ms", aim{id: "latency", first: 1, rate: 100, value: "250ms"}},
		{"redirect-elsewhere@*#1-2%50:http://127.0.0.1:80", aim{id: "redirect-elsewhere", operation: "*", first: 1, last: 2, rate: 50, value: "http://127.0.0.1:80"}},
		{"latency:1@2#3%4", aim{id: "latency", first: 1, rate: 100, value: "1@2#3%4"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parseAim(test.name)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
			assert.Equal(t, test.name, got.String())
		})
	}
}

func TestParseAimRefuses(t *testing.T) {
	tests := []struct{ name, want string }{
		{"", "names no fault; want ID@OPERATION#CALLS%RATE:VALUE"},
		{"@getItem", "names no fault"},
		{"reset@", `after @ stands ""; want an operationId, or * for all operations`},
		{"reset#0", `after # stands "0"; want a call such as #3`},
		{"reset#", `after # stands ""`},
		{"reset#-3", `after # stands "-3"`},
		{"reset#+3", `after # stands "+3"`},
		{"reset#5-2", `after # stands "5-2"; want a call such as #3, a range such as #2-5`},
		{"reset#2-5-7", `after # stands "2-5-7"`},
		{"reset#2-0", `after # stands "2-0"`},
		{"reset#99999999999999999999", "after # stands"},
		{"reset%0", `after % stands "0"; want a whole number of percent from 1 to 100`},
		{"reset%101", `after % stands "101"`},
		{"reset%1.5", `after % stands "1.5"`},
		{"latency:", `after : stands ""; want a value`},
		{"reset%50#3", `"#3" stands in the wrong place, or twice; the order is ID@OPERATION#CALLS%RATE:VALUE`},
		{"reset@a@b", `"@b" stands in the wrong place, or twice`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := parseAim(test.name)
			require.ErrorContains(t, err, test.want)
		})
	}
}

// What is parsed and written again means the same, and is written the same way.
func FuzzParseAim(f *testing.F) {
	for _, name := range []string{"a", "a@b#1-2%3:4", "a#4-", "a%100", "a#01", ":x", "a:@", "a@*#2147483647-"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		a, err := parseAim(name)
		if err != nil {
			assert.True(t, strings.HasPrefix(err.Error(), "fault: "))
			return
		}
		assert.NotEmpty(t, a.id)
		assert.Positive(t, a.first)
		assert.True(t, a.last == 0 || a.last >= a.first)
		assert.True(t, a.rate >= 1 && a.rate <= 100)
		again, err := parseAim(a.String())
		require.NoError(t, err)
		assert.Equal(t, a, again)
	})
}

func hitsOf(s *schedule, calls int) (hits []int) {
	for range calls {
		if call, hit := s.next(); hit {
			hits = append(hits, call)
		}
	}
	return hits
}

func TestSchedule(t *testing.T) {
	for name, want := range map[string][]int{
		"a": {1, 2, 3, 4, 5}, "a#3": {3}, "a#2-4": {2, 3, 4}, "a#4-": {4, 5}, "a#9": nil, "a#5-100": {5},
	} {
		a, err := parseAim(name)
		require.NoError(t, err)
		assert.Equal(t, want, hitsOf(newSchedule(a, 1, 0), 5), name)
	}
}

// The same seed hits the same calls, whatever it is; about as many as the rate says; and
// none outside of the range.
func TestScheduleIsSeeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := aim{
			first: rapid.IntRange(1, 50).Draw(t, "first"),
			rate:  rapid.IntRange(1, 100).Draw(t, "rate"),
		}
		seed := rapid.Uint64().Draw(t, "seed")
		const calls = 2000
		hits := hitsOf(newSchedule(a, seed, 3), calls)
		assert.Equal(t, hits, hitsOf(newSchedule(a, seed, 3), calls))
		assert.InDelta(t, (calls-a.first+1)*a.rate/100, len(hits), 120)
		if len(hits) > 0 {
			assert.GreaterOrEqual(t, hits[0], a.first)
		}
	})
}

func TestSeedsAndPlacesDiffer(t *testing.T) {
	half := aim{first: 1, rate: 50}
	first := hitsOf(newSchedule(half, 1, 0), 100)
	assert.NotEqual(t, first, hitsOf(newSchedule(half, 2, 0), 100))
	assert.NotEqual(t, first, hitsOf(newSchedule(half, 1, 1), 100))
}
