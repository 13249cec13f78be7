package kainexus

import (
	"fmt"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// WriteOperation is what the server did with a record: CREATE, UPDATE, or DELETE, which is
// inferred. An item that is deleted by its status counts as an UPDATE.
type WriteOperation = kainexusapi.WriteOperation

// What a server does with records.
const (
	Created WriteOperation = kainexusapi.WriteOperationCreate
	Updated WriteOperation = kainexusapi.WriteOperationUpdate
	Deleted WriteOperation = kainexusapi.WriteOperationDelete
)

// State is how far a record got that was to be written.
type State int

// The states of a record.
const (
	// NotSent is a record that never left: the put ended before its turn, or in it, before
	// anything was sent.
	NotSent State = iota
	// Written is a record that the server says it has written.
	Written
	// Refused is a record that the server did not take, or that was among others of which it
	// did not take some. If it was sent again after a failure, the refusal is the last answer.
	Refused
	// Unknown is a record that may have been written, and may not.
	Unknown
)

// String is the state in words.
func (s State) String() string {
	switch s {
	case NotSent:
		return "not sent"
	case Written:
		return "written"
	case Refused:
		return "refused"
	case Unknown:
		return "unknown"
	}
	return fmt.Sprintf("State(%d)", int(s))
}

// Outcome is what became of one record that was put.
type Outcome struct {
	Index     int // the record's place in what was put, from 0
	State     State
	ID        int64          // of the record, new if it was created; 0 if it is not known
	Operation WriteOperation // what was done, if it is Written
	Err       error          // why it is not Written, unless its turn never came: an *Error, or what is wrong with the record

	again bool
}

// Again tells whether the record can be put again without doing anything twice: it was not
// sent; or it was refused for a reason that lies outside of it, such as a login that failed or
// other records of its batch; or its state is not known and writing it twice has the effect of
// once. Somebody who goes on after a put that failed sends these:
//
//	for _, outcome := range outcomes {
//		if outcome.Again() {
//			rest = append(rest, items[outcome.Index])
//		}
//	}
func (o Outcome) Again() bool { return o.again }

// PutError says that not all records of a put are Written. The outcomes, which come with it,
// say which.
type PutError struct {
	Operation                       string // operationId, such as "putItems"
	Written, Refused, Unknown, Left int    // how many records; Left were not sent
	// Err is the first failure: an [*Error], the cause of a context that ended, or what is
	// wrong with a record.
	Err error
}

// Error gives the counts and the first failure.
func (e *PutError) Error() string {
	return fmt.Sprintf("kainexus: %s: %d written, %d refused, %d unknown, %d not sent: %v", e.Operation, e.Written, e.Refused, e.Unknown, e.Left, e.Err)
}

// Unwrap returns the first failure.
func (e *PutError) Unwrap() error { return e.Err }

// putError is nil if all is written.
func putError(operation string, outcomes []Outcome, first error) error {
	e := &PutError{Operation: operation, Err: first}
	for _, o := range outcomes {
		switch o.State {
		case Written:
			e.Written++
		case Refused:
			e.Refused++
		case Unknown:
			e.Unknown++
		case NotSent:
			e.Left++
		}
	}
	if e.Written == len(outcomes) {
		return nil
	}
	return e
}
