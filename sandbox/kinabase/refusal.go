package kinabase

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kinabase/internal/stub"
)

// notFoundError is an error that answers 404.
type notFoundError struct{ text string }

func (e *notFoundError) Error() string { return e.text }

func (e *notFoundError) Is(target error) bool { return target == ErrNotFound }

func notFound(format string, args ...any) error {
	return &notFoundError{fmt.Sprintf(format, args...)}
}

// refuse answers with what is wrong.
func refuse(w http.ResponseWriter, err error) { answerError(w, statusOf(err), err.Error()) }

// statusOf is 404 for what is not there, 500 for what could not be stored, and 400 for
// all else.
//
// Choice(storage-failure): A change that the storage of the emulator refuses answers 500 with the usual error body, and did
// not happen.
func statusOf(err error) int {
	if missing := (*notFoundError)(nil); errors.As(err, &missing) {
		return http.StatusNotFound
	}
	if unstored := (*storageError)(nil); errors.As(err, &unstored) {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}

func answerError(w http.ResponseWriter, status int, message string) {
	jsonbody.Write(w, status, stub.Error{Error: message})
}

// name quotes what a caller called something, cut to a length fit for a message.
func name(s string) string { return fmt.Sprintf("%.100q", s) }
