package contract

import (
	"context"
	"errors"
)

// TestingT is the part of *testing.T that Run uses.
type TestingT interface {
	Helper()
	Context() context.Context
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
}

// Run verifies the target inside a test. Each finding fails the test, and so does a
// target that cannot be called, or where nothing was tested.
func Run(t TestingT, target Target, options ...Option) *Report {
	t.Helper()
	report, err := Verify(t.Context(), target, options...)
	if report != nil {
		for _, f := range report.Findings {
			t.Errorf("%s: %s answered %d: %s: %s\n\t%s", f.Check, f.Operation, f.Status, pointerOrBody(f.Pointer), f.Message, f.Curl)
		}
	}
	switch {
	case errors.Is(err, ErrNothingTested):
		for _, op := range report.Operations {
			t.Logf("%s: statuses %v %s", op.ID, op.Statuses, op.Note)
		}
		t.Errorf("%v", err)
	case err != nil:
		t.Errorf("%v", err)
	}
	return report
}

func pointerOrBody(pointer string) string {
	if pointer == "" {
		return "the answer"
	}
	return pointer
}
