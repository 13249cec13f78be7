package fault

import (
	"math/rand/v2"
	"sync"
)

// schedule decides which calls of the operations a fault is aimed at it hits.
type schedule struct {
	first, last, rate int

	mu    sync.Mutex
	calls int
	draw  *rand.Rand
}

// newSchedule draws from a generator of its own, so that what one fault hits does not
// depend on which other faults there are beside it, only on its place among them.
func newSchedule(a aim, seed uint64, place int) *schedule {
	return &schedule{first: a.first, last: a.last, rate: a.rate, draw: rand.New(rand.NewPCG(seed, uint64(place)))}
}

// next counts a call. It tells the call's number, from 1, and whether the fault hits it.
func (s *schedule) next() (call int, hit bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.calls < s.first || s.last != 0 && s.calls > s.last {
		return s.calls, false
	}
	return s.calls, s.rate == 100 || s.draw.IntN(100) < s.rate
}
