package paging

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// One answer that is as long as answers get may not be all, even where something came twice.
func TestAnAnswerThatIsFull(t *testing.T) {
	for _, test := range []struct {
		name string
		ids  []byte
		want string
	}{
		{"shorter", []byte{1, 2}, ""},
		{"full", []byte{1, 2, 3}, "3 came, which is as many as one answer can hold (3): there may be more"},
		{"full with one twice", []byte{1, 2, 2}, "2 came, which is as many as one answer can hold (3): there may be more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			walk := Walk[byte]{
				Limit: 3,
				Page: func(context.Context, int64, *About) iter.Seq2[byte, error] {
					return func(yield func(byte, error) bool) {
						for _, id := range test.ids {
							if !yield(id, nil) {
								return
							}
						}
					}
				},
				KeyOf: func(id *byte) (Key, bool) { return Key{*id}, true },
			}
			var last error
			for _, err := range walk.All(t.Context()) {
				last = err
			}
			if test.want == "" {
				require.NoError(t, last)
				return
			}
			var incomplete *IncompleteError
			require.ErrorAs(t, last, &incomplete)
			assert.EqualError(t, last, test.want)
			assert.EqualValues(t, 3, incomplete.Limit)
		})
	}
}
