// Package stored is how emulators write to their storage, and what they say when it fails.
package stored

import (
	"fmt"

	"github.com/kaikina/kaikina/sandbox"
)

// Refusal is what a caller of an emulator is told when a change could not be stored. Why
// not is no caller's business: the reason may name a file of the machine.
const Refusal = "the change could not be stored, so nothing was changed"

// A Failure is that of a storage. Its text has the reason, for whoever made the emulator.
type Failure struct{ cause error }

func (f *Failure) Error() string { return fmt.Sprintf("%s: %v", Refusal, f.cause) }

func (f *Failure) Unwrap() error { return f.cause }

// Commit stores changes, if there are any and there is a storage. Its error is a
// [*Failure].
func Commit(storage sandbox.Storage, changes []sandbox.Change) error {
	if storage == nil || len(changes) == 0 {
		return nil
	}
	if err := storage.Commit(changes); err != nil {
		return &Failure{err}
	}
	return nil
}
