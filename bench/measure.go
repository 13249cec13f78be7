package main

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"time"

	"github.com/kaikina/kaikina/internal/peers"
)

// measured is what one row came to on one body.
type measured struct {
	row    string
	call   call
	calls  int // that were measured, in all
	batch  int // calls in a turn
	times  []time.Duration
	cpu    []time.Duration // that the process used, the collector's included
	allocs []float64
	bytes  []float64
	heap   uint64
}

// turnTime is how long a row has its turn at least: long beside the clock's steps, and short
// enough that what else the machine does hits all rows.
const turnTime = 20 * time.Millisecond

// measure lets the rows have a number of turns, each after the collector has run.
func measure(b body, names []string, turns int, progress func(format string, args ...any)) ([]*measured, error) {
	var all []*measured
	for _, row := range rows {
		if !slices.Contains(names, row.name) {
			continue
		}
		call, err := row.make(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", row.name, err)
		}
		m := &measured{row: row.name, call: call}
		if err := m.prepare(); err != nil {
			return nil, fmt.Errorf("%s on %s: %w", row.name, b.name, err)
		}
		all = append(all, m)
	}
	for turn := range turns {
		progress("%s: turn %d of %d\n", b.name, turn+1, turns)
		for _, m := range all {
			if err := m.turn(); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range all {
		m.heap = peers.HeapGrowth(func() { _ = m.call() })
	}
	return all, nil
}

// prepare finds how many calls make a turn.
func (m *measured) prepare() error {
	if err := m.call(); err != nil {
		return err
	}
	began := time.Now()
	if err := m.call(); err != nil {
		return err
	}
	m.batch = int(turnTime/max(time.Since(began), 1)) + 1
	return nil
}

func (m *measured) turn() error {
	runtime.GC()
	// The collector empties pools: a call that is not measured fills them again.
	if err := m.call(); err != nil {
		return err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began, used := time.Now(), cpuTime()
	for range m.batch {
		if err := m.call(); err != nil {
			return err
		}
	}
	took, spent := time.Since(began), cpuTime()-used
	runtime.ReadMemStats(&after)
	m.times = append(m.times, took/time.Duration(m.batch))
	m.cpu = append(m.cpu, spent/time.Duration(m.batch))
	m.allocs = append(m.allocs, float64(after.Mallocs-before.Mallocs)/float64(m.batch))
	m.bytes = append(m.bytes, float64(after.TotalAlloc-before.TotalAlloc)/float64(m.batch))
	m.calls += m.batch
	return nil
}

// ratio compares turn by turn and takes the median, since what slows a turn down slows both.
func ratio(ours, theirs []time.Duration) float64 {
	ratios := make([]float64, len(ours))
	for i := range ratios {
		ratios[i] = float64(ours[i]) / float64(theirs[i])
	}
	return median(ratios)
}

// cpuTime is what the process has used of all cores. It says more than the clock where other
// programs want the cores too, and it counts what the collector does on another core.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // the arguments are constant
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func median[T int64 | float64 | time.Duration](list []T) T {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}
