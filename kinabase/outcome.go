package kinabase

import "fmt"

// State says what became of a record of a bulk call.
type State string

// What becomes of a record.
const (
	// StateDone is that of a record that is as it should be.
	StateDone State = "done"
	// StateRefused is that of a record that Kinabase, or a check before, did not accept.
	StateRefused State = "refused"
	// StateUnknown is that of a record that may be as it should be, or not.
	StateUnknown State = "unknown"
	// StateNotSent is that of a record that was not sent: others were in the way.
	StateNotSent State = "not sent"
)

// Outcome is what became of a record of a bulk call.
type Outcome struct {
	Index int // of the record in what was given, from 0
	State State
	ID    string // of the record, where it is known
	Input Input  // the record, or just its ID from DeleteAll
}

// String leaves out the record.
func (o Outcome) String() string { return fmt.Sprintf("record %d: %s", o.Index, o.State) }

// Format keeps the record out of what is printed.
func (o Outcome) Format(to fmt.State, verb rune) { formatText(to, verb, o.String()) }

// RecordError says why the record of a bulk call is not done.
type RecordError struct {
	Index int // of the record in what was given, from 0
	State State
	Err   error
}

// Error gives index, state and cause.
func (e *RecordError) Error() string {
	return fmt.Sprintf("record %d: %s: %v", e.Index, e.State, e.Err)
}

// Unwrap returns the cause.
func (e *RecordError) Unwrap() error { return e.Err }

// Format prints the text of Error for every verb.
func (e *RecordError) Format(to fmt.State, verb rune) { formatText(to, verb, e.Error()) }
