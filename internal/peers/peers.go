// Package peers measures what we made beside what others do for the same, in the same run.
package peers

import (
	"slices"
	"testing"
	"time"
)

// Peer does what is compared, once.
type Peer struct {
	Name string // such as "generated"
	Call func(*testing.B)
}

// Compare measures ours and its peers, each by itself for allocations, and then in turns, so
// that whatever else the machine does hits all of them alike. What it reports there as
// x-generated is our median time in times of that of the peer named generated.
func Compare(b *testing.B, ours func(*testing.B), peers ...Peer) {
	all := append([]Peer{{"ours", ours}}, peers...)
	for _, one := range all {
		b.Run(one.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				one.Call(b)
			}
		})
	}
	b.Run("in turns", func(b *testing.B) {
		took := make([][]time.Duration, len(all))
		for b.Loop() {
			for i, one := range all {
				began := time.Now()
				one.Call(b)
				took[i] = append(took[i], time.Since(began))
			}
		}
		for i, one := range all[1:] {
			b.ReportMetric(float64(median(took[0]))/float64(median(took[i+1])), "x-"+one.Name)
		}
		b.ReportMetric(0, "ns/op") // that of all together says nothing
	})
}

func median(times []time.Duration) time.Duration {
	slices.Sort(times)
	return times[len(times)/2]
}
