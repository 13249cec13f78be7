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

// ReportFailures is a Storage that hands every error of storage's Commit to report, before
// the emulator has it. Whoever runs an emulator for others learns of failures that way: its
// answers only say that there was one, since the error may name a file of the machine.
// Errors of Load are those of making the emulator, and not reported. Neither argument may be
// nil.
func ReportFailures(storage Storage, report func(error)) Storage {
	return reporting{storage, report}
}

type reporting struct {
	Storage
	report func(error)
}

func (r reporting) Commit(changes []Change) error {
	err := r.Storage.Commit(changes)
	if err != nil {
		r.report(err)
	}
	return err
}
