package sandbox_test

import (
	"errors"
	"fmt"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// full is a storage that has no room.
type full struct{}

func (full) Load(func(string, []byte) error) error { return nil }
func (full) Commit([]sandbox.Change) error         { return errors.New("state.db: disk full") }

func ExampleReportFailures() {
	storage := sandbox.ReportFailures(full{}, func(err error) { fmt.Println("storage:", err) })
	_, err := kinabase.New(kinabase.WithStorage(storage))
	fmt.Println(err)
	// Output:
	// storage: state.db: disk full
	// kinabase: the change could not be stored, so nothing was changed: state.db: disk full
}
