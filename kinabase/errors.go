package kinabase

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/internal/paging"
	"github.com/kaikina/kaikina/transport"
)

// Error says that a call failed: Kinabase refused it, or answered what nobody can use, or no
// answer came.
type Error = transport.Error

// IncompleteError is what an iterator ends with when some elements may have been left out.
type IncompleteError = paging.IncompleteError

// ShapeError is the cause of an [Error] when an answer is not what it should be.
type ShapeError = jsonstream.ShapeError

// IsNotFound tells whether there is no such record or collection.
func IsNotFound(err error) bool { return transport.IsNotFound(err) }

// IsRateLimited tells whether too much was sent in too short a time.
func IsRateLimited(err error) bool { return transport.IsRateLimited(err) }

// IsUnauthorized tells whether the credential was not accepted, when a token was asked for
// or used.
func IsUnauthorized(err error) bool { return transport.IsUnauthorized(err) }

// IsAccessDenied tells whether the credential does not allow the call. Not documented:
// Kinabase may answer 404 instead.
func IsAccessDenied(err error) bool { return transport.IsAccessDenied(err) }

// statusOf is the status of a failed call, or 0.
func statusOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status
	}
	return 0
}

// failed names the call in an error that is not of the way to the server.
func failed(operation string, err error) error {
	return fmt.Errorf("kinabase: %s: %w", operation, err)
}

// formatText prints a text for every verb, in quotes for %q.
func formatText(to fmt.State, verb rune, text string) {
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(to, text)
}
