package kinabase

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/internal/stored"
	"github.com/kaikina/kaikina/sandbox/kinabase/internal/stub"
)

// statusError is an error that answers another status than 400.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

func notFound(format string, args ...any) error {
	return &statusError{http.StatusNotFound, fmt.Sprintf(format, args...)}
}

// refuse answers with what is wrong.
func refuse(w http.ResponseWriter, err error) {
	if failure := (*stored.Failure)(nil); errors.As(err, &failure) {
		// Choice(storage-failure): A change that the storage of the emulator refuses answers 500 with the usual error body,
		// which does not say why, and did not happen.
		answerError(w, http.StatusInternalServerError, stored.Refusal)
		return
	}
	answerError(w, statusOf(err), err.Error())
}

// statusOf is 400 unless the error is one of another status.
func statusOf(err error) int {
	if known := (*statusError)(nil); errors.As(err, &known) {
		return known.status
	}
	return http.StatusBadRequest
}

func answerError(w http.ResponseWriter, status int, message string) {
	jsonbody.Write(w, status, stub.Error{Error: message})
}

// name quotes what a caller called something, cut to a length fit for a message.
func name(s string) string { return fmt.Sprintf("%.100q", s) }
