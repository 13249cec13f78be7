package peers

import (
	"runtime"
	"time"
)

// HeapGrowth is how many bytes more than at the start the heap of the process held while
// something ran, at the most.
func HeapGrowth(run func()) uint64 {
	runtime.GC()
	start := heap()
	peak := start
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			peak = max(peak, heap())
			select {
			case <-stop:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	run()
	close(stop)
	<-stopped
	return max(peak, heap()) - start
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
