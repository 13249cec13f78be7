// Package sandboxtest is what tests of both emulators share: a storage that can be looked
// into and told to fail, and a clock that stands still.
package sandboxtest

import (
	"maps"
	"sync"

	"github.com/kaikina/kaikina/sandbox"
)

// Memory is a storage. It panics when two of its methods run at the same time, which an
// emulator has promised not to let happen.
type Memory struct {
	Entries map[string]string
	Commits int   // how many there were
	Err     error // unless nil, what both methods fail with

	running sync.Mutex
}

// NewMemory is a Memory that is empty.
func NewMemory() *Memory { return &Memory{Entries: map[string]string{}} }

// Copy is a Memory with the same entries.
func (m *Memory) Copy() *Memory { return &Memory{Entries: maps.Clone(m.Entries)} }

func (m *Memory) enter() {
	if !m.running.TryLock() {
		panic("sandboxtest: two calls of a storage at the same time")
	}
}

// Load implements [sandbox.Storage].
func (m *Memory) Load(each func(key string, value []byte) error) error {
	m.enter()
	defer m.running.Unlock()
	if m.Err != nil {
		return m.Err
	}
	for key, value := range m.Entries {
		if err := each(key, []byte(value)); err != nil {
			return err
		}
	}
	return nil
}

// Commit implements [sandbox.Storage].
func (m *Memory) Commit(changes []sandbox.Change) error {
	m.enter()
	defer m.running.Unlock()
	if m.Err != nil {
		return m.Err
	}
	m.Commits++
	for _, change := range changes {
		if change.Value == nil {
			delete(m.Entries, change.Key)
		} else {
			m.Entries[change.Key] = string(change.Value)
		}
	}
	return nil
}
