package kinabase

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func key(t require.TestingT, id string) [16]byte {
	key, ok := keyOf(&Record{ID: id})
	require.True(t, ok)
	return key
}

func TestKeyOfAUUIDIsTheUUID(t *testing.T) {
	assert.Equal(t, [16]byte{0x3f, 0x0f, 0x2c, 0x58, 0x6c, 0x1c, 0x4f, 0x0e, 0x8d, 0x0c, 0x0f, 0x6f, 0x5f, 0x1f, 0x2a, 0x02},
		key(t, "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a02"))
}

// Different ids have different keys, however alike they are.
func TestKeysTellIDsApart(t *testing.T) {
	const id = "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a02"
	keys := map[[16]byte]string{}
	for _, one := range []string{
		id, strings.ToUpper(id), strings.ReplaceAll(id, "-", ""), "{" + id + "}", " " + id, id + " ",
		"3f0f2c586-c1c-4f0e-8d0c-0f6f5f1f2a02", "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a0-", "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a0g",
		"aaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "1", "01", "",
	} {
		assert.Empty(t, keys[key(t, one)], one)
		keys[key(t, one)] = "the key of " + one
	}
	rapid.Check(t, func(t *rapid.T) {
		form := rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-fA-F-]{12}`)
		one, other := form.Draw(t, "one"), form.Draw(t, "other")
		require.Equal(t, one == other, key(t, one) == key(t, other))
	})
}
