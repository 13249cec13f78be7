package transport

import "sync"

// budget is what retries cost. A nil budget has no end.
type budget struct {
	mu         sync.Mutex
	left, full float64 // in retries
}

// paidBack is what a success at the first attempt pays, in retries.
const paidBack = 0.1

func newBudget(retries int) *budget {
	if retries < 0 {
		return nil
	}
	return &budget{left: float64(retries), full: float64(retries)}
}

// take pays for a retry, if there is enough left.
func (b *budget) take() bool {
	if b == nil {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}

// settle ends a call. Only success pays anything back: for the last retry all of it, since
// the retry was worth it.
func (b *budget) settle(attempts int, success bool) {
	if b == nil || !success {
		return
	}
	back := paidBack
	if attempts > 1 {
		back = 1
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.left = min(b.left+back, b.full)
}
