package kainexus

import (
	"errors"
	"io"
	"sync"
)

// turns reads one file several times, from where it stood. Somebody may still be reading for
// an attempt that failed when the next begins, so only the latest turn reads on.
type turns struct {
	start int64

	mu     sync.Mutex
	from   io.ReadSeeker
	latest *turn
}

type turn struct {
	of    *turns
	begun bool
}

func (t *turns) next() io.Reader {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.latest = &turn{of: t}
	return t.latest
}

// end gives the file back to its owner.
func (t *turns) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.latest = nil
}

var errTurn = errors.New("the workbook is being sent again, or not any more")

func (t *turn) Read(p []byte) (int, error) {
	t.of.mu.Lock()
	defer t.of.mu.Unlock()
	if t.of.latest != t {
		return 0, errTurn
	}
	if !t.begun {
		if _, err := t.of.from.Seek(t.of.start, io.SeekStart); err != nil {
			return 0, err
		}
		t.begun = true
	}
	return t.of.from.Read(p)
}
