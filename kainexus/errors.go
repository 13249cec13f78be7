package kainexus

import (
	"fmt"

	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/internal/paging"
	"github.com/kaikina/kaikina/transport"
)

// Error is the error of a call that failed; match it with errors.As. Its Code is the vendor's
// errorCode, of which only ACCESS_DENIED is on record: the answer for a record that does not
// exist, was deleted or is not to be seen by the credential.
type Error = transport.Error

// IsNotFound tells whether a call failed with 404. KaiNexus is not known to answer that for
// records: see [IsAccessDenied].
func IsNotFound(err error) bool { return transport.IsNotFound(err) }

// IsAccessDenied tells whether a call failed with 403 or the code ACCESS_DENIED, which stands
// for a record that does not exist, too.
func IsAccessDenied(err error) bool { return transport.IsAccessDenied(err) }

// IsUnauthorized tells whether the credential was refused.
func IsUnauthorized(err error) bool { return transport.IsUnauthorized(err) }

// IsRateLimited tells whether the server had too many calls, and still did after the client's
// retries.
func IsRateLimited(err error) bool { return transport.IsRateLimited(err) }

// IncompleteError is the last thing that an iterator yields when there may be more than came:
// the server counted more than it sent, or the list shrank while it was read.
type IncompleteError = paging.IncompleteError

// ShapeError is the cause of an [Error] when an answer is not what it should be.
type ShapeError = jsonstream.ShapeError

// positive refuses an id that no record has.
func positive(operation, what string, id int64) error {
	if id <= 0 {
		return fmt.Errorf("kainexus: %s: the id of the %s is %d; it must be more than 0", operation, what, id)
	}
	return nil
}
