package table

import (
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/internal/peers"
)

// However many rows there are, the heap holds no more than some of them. These are some 20 MB.
func TestWriteInLittleMemory(t *testing.T) {
	// excelize collects 16 MiB before it turns to a file, in a buffer that doubles.
	bounds := map[Format]uint64{NDJSON: 20 << 20, CSV: 20 << 20, XLSX: 96 << 20, Parquet: 40 << 20}
	for _, format := range Formats {
		t.Run(string(format), func(t *testing.T) {
			var summary Summary
			peak := peers.HeapGrowth(func() {
				var err error
				summary, err = Write(t.Context(), io.Discard, format, many(40_000), Options{})
				require.NoError(t, err)
			})
			t.Logf("the heap grew by %.1f MiB", float64(peak)/(1<<20))
			assert.Equal(t, 40_000, summary.Rows)
			assert.Less(t, peak, bounds[format])
			assert.Positive(t, peak)
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, format := range Formats {
		b.Run(string(format), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Write(b.Context(), io.Discard, format, many(2_000), Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
