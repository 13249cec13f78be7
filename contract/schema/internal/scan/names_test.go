package scan

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// kept is what names has to come to: the names of each open object, and what they cost.
type kept struct {
	objects []map[string]bool
	full    []bool // names of the object, or of one around it, were left out
	spent   int
}

func (k *kept) add(name string, limit int) verdict {
	last := len(k.objects) - 1
	switch cost := len(name) + entryCost; {
	case k.objects[last][name]:
		return repeated
	case k.spent+cost <= limit:
		k.objects[last][name] = true
		k.spent += cost
		return fresh
	case k.full[last]:
		return noRoomAgain
	}
	k.full[last] = true
	return noRoom
}

func (k *kept) leave() {
	last := len(k.objects) - 1
	for name := range k.objects[last] {
		k.spent -= len(name) + entryCost
	}
	k.objects, k.full = k.objects[:last], k.full[:last]
}

func (k *kept) enter() {
	last := len(k.full) - 1
	k.objects = append(k.objects, map[string]bool{})
	k.full = append(k.full, last >= 0 && k.full[last])
}

// Short and long names, outer and inner objects, and names that fall on one place of their object
// are kept in different ways. None of it may show.
func TestNamesAreThoseOfTheirObject(t *testing.T) {
	name := rapid.OneOf(
		rapid.StringMatching(`[a-c]{0,3}`),
		rapid.StringMatching(`(left|right)[a-d]{18,20}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		var n names
		var want kept
		limit := rapid.SampledFrom([]int{1 << 20, 10 * entryCost}).Draw(t, "limit")
		for range rapid.IntRange(0, nearLevels+1).Draw(t, "depth") {
			want.enter()
		}
		for range rapid.IntRange(0, 300).Draw(t, "steps") {
			switch step := rapid.IntRange(0, 9).Draw(t, "step"); {
			case step == 0 || len(want.objects) == 0:
				want.enter()
			case step == 1:
				n.leave(len(want.objects))
				want.leave()
			default:
				text := name.Draw(t, "name")
				require.Equal(t, want.add(text, limit), n.add([]byte(text), len(want.objects), limit), "%q in object %d", text, len(want.objects))
			}
			require.Equal(t, want.spent, n.spent)
		}
		if rapid.Bool().Draw(t, "stopped") {
			n.reset()
		}
		for ; len(want.objects) > 0; want.leave() {
			n.leave(len(want.objects))
		}
		require.Zero(t, n.spent)
		require.Empty(t, n.entries)
		for depth := 1; depth < nearLevels+3; depth++ {
			require.Equal(t, fresh, n.add([]byte("a"), depth, 1<<20), "forgotten")
		}
	})
}

// Most names take neither a hash nor a place in the table.
func TestMostNamesAreNear(t *testing.T) {
	var n names
	for _, name := range []string{"", "supplier", "contact", "total", "orderedOn"} {
		require.Equal(t, fresh, n.add([]byte(name), 3, 1<<20))
	}
	assert.Empty(t, n.slots)
	require.Equal(t, fresh, n.add([]byte(strings.Repeat("x", nearBytes+1)), 3, 1<<20))
	require.Equal(t, fresh, n.add([]byte("x"), nearLevels+1, 1<<20))
	assert.Len(t, n.entries, 2)
}
