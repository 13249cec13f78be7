package kinabase

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kinabase/internal/stub"
)

// notFoundError is an error that answers 404. Every other one answers 400.
type notFoundError struct{ text string }

func (e *notFoundError) Error() string { return e.text }

func notFound(format string, args ...any) error {
	return &notFoundError{fmt.Sprintf(format, args...)}
}

// refuse answers with what is wrong.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if missing := (*notFoundError)(nil); errors.As(err, &missing) {
		status = http.StatusNotFound
	}
	answerError(w, status, err.Error())
}

func answerError(w http.ResponseWriter, status int, message string) {
	jsonbody.Write(w, status, stub.Error{Error: message})
}

// name quotes what a caller called something, cut to a length fit for a message.
func name(s string) string { return fmt.Sprintf("%.100q", s) }
