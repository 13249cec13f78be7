package kinabase

import (
	"sync"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/stored"
)

// store is everything that an emulator keeps: in memory, and in a Storage if it was
// given one.
//
// A change is planned while the memory is only read, then committed, then made in the
// memory. Reading waits for neither a plan nor a commit.
type store struct {
	storage sandbox.Storage // nil keeps nothing

	// writing is held by the one call that plans and makes a change. Its holder reads
	// the memory without mu.
	writing sync.Mutex

	mu          sync.RWMutex
	apps        []*app        // in the order of their registration
	collections []*collection // in the order of their creation
}

// change is what a call is about to do.
type change struct {
	store  *store
	stored []sandbox.Change
	made   []func()
}

// change carries out a plan, all of it or nothing.
func (s *store) change(plan func(*change) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	ch := &change{store: s}
	if err := plan(ch); err != nil {
		return err
	}
	if err := stored.Commit(s.storage, ch.stored); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, make := range ch.made {
		make()
	}
	return nil
}

// put plans that a key has a value, which must be JSON.
func (ch *change) put(key string, value any) {
	if ch.store.storage != nil {
		ch.stored = append(ch.stored, sandbox.Change{Key: key, Value: encode(value)})
	}
}

// drop plans that a key goes.
func (ch *change) drop(key string) {
	ch.stored = append(ch.stored, sandbox.Change{Key: key})
}

// then plans a change of the memory.
func (ch *change) then(make func()) { ch.made = append(ch.made, make) }
