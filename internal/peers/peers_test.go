package peers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestCompare(t *testing.T) {
	var order []string
	call := func(name string) func(*testing.B) {
		return func(*testing.B) {
			if len(order) < 1000 {
				order = append(order, name)
			}
		}
	}
	var compared bool
	testing.Benchmark(func(b *testing.B) {
		Compare(b, call("ours"), Peer{"theirs", call("theirs")})
		compared = true
	})
	assert.True(t, compared)
	assert.Contains(t, order, "ours")
}

func TestMedian(t *testing.T) {
	assert.Equal(t, 3*time.Second, median([]time.Duration{9 * time.Second, time.Second, 3 * time.Second}))
	assert.Equal(t, time.Second, median([]time.Duration{time.Second}))
}

func TestHeapGrowth(t *testing.T) {
	var kept []byte
	grown := HeapGrowth(func() { kept = make([]byte, 8<<20) })
	assert.GreaterOrEqual(t, grown, uint64(8<<20))
	assert.Len(t, kept, 8<<20)
}
