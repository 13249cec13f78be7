package closest

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNames(t *testing.T) {
	names := []string{"getRecord", "listRecords", "listAllRecords", "createRecords"}
	assert.Equal(t, "listRecords", Names("listRecord", names)[0])
	assert.Equal(t, "listRecords", Names("listrecords", names)[0])
	assert.Len(t, Names("nonsense", names), 3)
	assert.Equal(t, []string{"b", "a"}, Names("bb", []string{"a", "b"}))
	assert.Empty(t, Names("a", nil))
	assert.Equal(t, []string{"getRecord", "listRecords", "listAllRecords", "createRecords"}, names, "the caller's order is kept")
}

func TestEdits(t *testing.T) {
	for _, test := range []struct {
		from, to string
		want     int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "axc", 1}, {"abc", "bc", 1}, {"kitten", "sitting", 3}} {
		assert.Equal(t, test.want, edits(test.from, test.to), "%s, %s", test.from, test.to)
		assert.Equal(t, test.want, edits(test.to, test.from), "%s, %s", test.to, test.from)
	}
}
