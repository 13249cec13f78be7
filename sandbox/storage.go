// Package sandbox holds what the emulators of both products, sandbox/kainexus and
// sandbox/kinabase, have in common.
package sandbox

// A Storage keeps the state of one emulator beyond the life of its process. An emulator
// that has none keeps its state in memory.
//
// The emulator reads everything once, when it is made, and holds it in memory from then
// on; it never calls two methods at the same time.
type Storage interface {
	// Load calls each for everything that is stored, in no particular order, and stops at
	// its first error. The value is the emulator's to keep.
	Load(each func(key string, value []byte) error) error

	// Commit makes all of the changes, or none and returns an error. When it returns nil,
	// the changes survive the end of the process, however sudden.
	Commit(changes []Change) error
}

// A Change is what becomes of one key. A nil Value takes the key away.
type Change struct {
	Key   string
	Value []byte
}
