package contract

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/kaikina/kaikina/contract/schema"
)

// Finding is one way in which the server does not do what the description says.
type Finding struct {
	// Check is the id of the check that failed.
	Check string `json:"check"`
	// Operation is the operationId.
	Operation string `json:"operation"`
	// Status is the HTTP status of the answer, 0 when there was none.
	Status int `json:"status"`
	// Pointer is the place in the body, as a JSON pointer; empty for the whole of it.
	Pointer string `json:"pointer"`
	// Message says what was expected there. It quotes no value of the answer.
	Message string `json:"message"`
	// Value is what was there instead, and only filled in on request.
	Value string `json:"value,omitempty"`
	// Confidence is how far the description itself can be trusted here: documented,
	// superseded, observed or inferred. A finding against something inferred may only
	// show that we guessed wrong.
	Confidence string `json:"confidence,omitempty"`
	// Declared is the line of the description that was not kept, as file:line.
	Declared string `json:"declared,omitempty"`
	// Curl repeats the call. Credentials in it are shell variables.
	Curl string `json:"curl"`
	// Occurrences counts how often the same thing was found.
	Occurrences int `json:"occurrences"`
	// Fingerprint stays the same from run to run: it is made of check, operation,
	// status and pointer, where the index of an array element does not matter.
	Fingerprint string `json:"fingerprint"`
}

func fingerprint(f Finding) string {
	parts := strings.Split(f.Pointer, "/")
	for i, part := range parts {
		if _, err := strconv.ParseUint(part, 10, 32); err == nil {
			parts[i] = "*"
		}
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Check, f.Operation, strconv.Itoa(f.Status), strings.Join(parts, "/")}, "\n")))
	return hex.EncodeToString(sum[:6])
}

// violation is a finding before it is known which exchange it belongs to.
type violation struct {
	pointer    string
	message    string
	value      string
	confidence string
	line       int
}

// redacted is the violation without the credential, which a server may have repeated.
func (v violation) redacted(redact func(string) string) violation {
	safe := schema.Finding{Pointer: v.pointer, Value: v.value}.Redacted(redact)
	v.pointer, v.value = safe.Pointer, safe.Value
	return v
}
