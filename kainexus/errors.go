package kainexus

import (
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

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

// problem finds a refusal in a body: {"success": false, "errorCode": "ACCESS_DENIED"}. The
// status that goes with it is not documented, so it may be 200. Whether a message comes along
// is not known; one under the obvious name is taken. Nor is it known that code and message are
// texts: a refusal is one in whatever form they come.
func problem(body []byte) (code, message string, refused bool) {
	var said struct {
		Success   jsontext.Value `json:"success"`
		ErrorCode jsontext.Value `json:"errorCode"`
		Message   jsontext.Value `json:"message"`
	}
	if json.Unmarshal(body, &said) != nil {
		return "", "", false
	}
	code = codeOf(said.ErrorCode)
	if code == "" && said.Success.Kind() != 'f' {
		return "", "", false
	}
	text(said.Message, &message)
	return code, message, true
}

// codeOf is a code as text. None, null, "" and 0 are no code.
func codeOf(value jsontext.Value) (code string) {
	if value.Kind() == '0' && string(value) != "0" {
		return string(value)
	}
	text(value, &code)
	return code
}

// positive refuses an id that no record has.
func positive(operation, what string, id int64) error {
	if id <= 0 {
		return fmt.Errorf("kainexus: %s: the id of the %s is %d; it must be more than 0", operation, what, id)
	}
	return nil
}
