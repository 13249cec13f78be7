package paging

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A page that says that it is the last one is believed, whatever it counts or leaves out.
func TestAPageMaySayThatItIsTheLast(t *testing.T) {
	for name, about := range map[string]About{"no total": {Last: true}, "another total": {Last: true, Total: 1, TotalKnown: true}} {
		calls := 0
		walk := Walk[int]{
			Page: func(_ context.Context, _ int64, said *About) iter.Seq2[int, error] {
				return func(yield func(int, error) bool) {
					calls++
					*said = about
					_ = yield(1, nil) && yield(2, nil)
				}
			},
			Next:  func(at, read int64) int64 { return at + read },
			KeyOf: func(i *int) (Key, bool) { return Key{byte(*i)}, true },
		}
		var got []int
		for i, err := range walk.All(t.Context()) {
			assert.NoError(t, err)
			got = append(got, i)
		}
		assert.Equal(t, []int{1, 2}, got, name)
		assert.Equal(t, 1, calls, name)
	}
}
