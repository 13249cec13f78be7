package transport

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/kaikina/kaikina/auth"
)

// Error says that a call failed: the server refused it, or answered what nobody can use, or
// no answer came. Neither its text nor any of its formats holds a credential, a query or a
// body.
type Error struct {
	API       string // "kainexus" or "kinabase"
	Operation string // operationId, such as "getRecord"; empty when it is none of the description's
	Status    int    // HTTP status; 0 when no answer came
	Code      string // the vendor's code, such as ACCESS_DENIED, if there is one
	Message   string // the vendor's words, if there are any; shortened in the text
	RequestID string // what the server calls the request, if it says so

	// RetryAfter is how long the server asks to wait; 0 when it does not.
	RetryAfter time.Duration
	// Attempts is how often the request was sent; 0 when it was not.
	Attempts int
	// Err is the cause, where the status does not say it all.
	Err error
}

// Error gives operation, status, code and message, such as
//
//	kinabase: getRecord: 404 Not Found: Record not found (request id 7f2c, 3 attempts)
//	kinabase: getRecord: no answer after 4 attempts: transport: dial tcp: connection refused
func (e *Error) Error() string {
	const longest = 300 // runes of the vendor's words
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	add(e.API)
	add(e.Operation)
	if e.Status != 0 {
		add(strings.TrimSpace(strconv.Itoa(e.Status) + " " + http.StatusText(e.Status)))
	} else if e.Attempts > 1 {
		add(fmt.Sprintf("no answer after %d attempts", e.Attempts))
	}
	add(printable(e.Code, 100))
	add(printable(e.Message, longest))
	add(causeText(e.Err))
	return strings.Join(parts, ": ") + e.details()
}

// causeText leaves out the number of attempts, which the error says itself.
func causeText(err error) string {
	if failed, ok := err.(*AttemptsError); ok {
		err = failed.Err
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

func (e *Error) details() string {
	var list []string
	if e.RequestID != "" {
		list = append(list, "request id "+printable(e.RequestID, 100))
	}
	if e.Status != 0 && e.Attempts > 1 {
		list = append(list, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if e.RetryAfter > 0 {
		list = append(list, fmt.Sprintf("retry after %v", e.RetryAfter.Round(time.Second)))
	}
	if len(list) == 0 {
		return ""
	}
	return " (" + strings.Join(list, ", ") + ")"
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Format prints the text of Error for every verb, in quotes for %q, so that %#v and %d show
// no field.
func (e *Error) Format(to fmt.State, verb rune) { formatError(to, verb, e) }

// printable is text with escapes for what a terminal or a log would not show as it is, cut
// at a number of runes.
func printable(text string, longest int) string {
	var b strings.Builder
	written := 0
	for _, r := range text {
		if written++; written > longest {
			b.WriteString("...")
			break
		}
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

// IsNotFound tells whether a call failed with 404.
func IsNotFound(err error) bool { return statusOf(err) == http.StatusNotFound }

// IsRateLimited tells whether a call failed with 429, the call for its token included.
func IsRateLimited(err error) bool { return statusOf(err) == http.StatusTooManyRequests }

// IsUnauthorized tells whether the credential was refused with 401, by the API or by the
// endpoint that gives its tokens.
func IsUnauthorized(err error) bool { return statusOf(err) == http.StatusUnauthorized }

// IsAccessDenied tells whether a call failed with 403 or the code ACCESS_DENIED, which
// KaiNexus gives for what is deleted, too.
func IsAccessDenied(err error) bool {
	failed, ok := errors.AsType[*Error](err)
	return statusOf(err) == http.StatusForbidden || ok && failed.Code == "ACCESS_DENIED"
}

func statusOf(err error) int {
	if failed, ok := errors.AsType[*Error](err); ok && failed.Status != 0 {
		return failed.Status
	}
	if token, ok := errors.AsType[*auth.TokenError](err); ok {
		return token.Status
	}
	return 0
}

// ErrorOf is the Error of a call that got an answer, or none, and failed with err.
func ErrorOf(api, operation string, response *http.Response, err error) *Error {
	e := &Error{API: api, Operation: operation, Attempts: AttemptsOf(response, err), Err: err}
	if response != nil {
		e.Status = response.StatusCode
		e.RequestID = RequestID(response.Header)
		e.RetryAfter = RetryAfter(response)
	}
	return e
}
