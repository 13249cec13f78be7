package kainexus

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/internal/stored"
	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// reasonHeader tells a developer what the body, which only has a code, cannot.
//
// Choice(reason-header): The header Sandbox-Reason of a refusal says in words what was
// wrong. The vendor sends no such header.
const reasonHeader = "Sandbox-Reason"

// The codes of errors. Only accessDenied is known from the vendor.
//
// Choice(error-codes) [getItem]: A call that is refused answers 400, or 403 ACCESS_DENIED for a
// record, list or Widget that does not exist, was deleted or is not to be seen, and for
// what the Roles of the Service Account do not permit. Codes other than ACCESS_DENIED are
// made up. An unknown path answers 404, a wrong method 405, with the usual body.
const (
	accessDenied     = "ACCESS_DENIED"
	moduleDisabled   = "API_MODULE_DISABLED"
	unauthorized     = "UNAUTHORIZED"
	invalidParameter = "INVALID_PARAMETER"
	invalidBody      = "INVALID_BODY"
	missingData      = "REQUIRED_DATA_MISSING"
	unknownReference = "UNKNOWN_REFERENCE"
	notAllowed       = "NOT_ALLOWED"
	invalidWorkbook  = "INVALID_WORKBOOK"
	unknownPath      = "NOT_FOUND"
	wrongMethod      = "METHOD_NOT_ALLOWED"
	rateLimited      = "RATE_LIMITED"
	internalError    = "INTERNAL_ERROR"
)

// moduleReason is why nothing works.
const moduleReason = "the API Module of the organization is off"

// refusal is why a call is not carried out.
type refusal struct {
	status int
	code   string
	reason string
}

func (r *refusal) Error() string { return r.reason }

// denied refuses a record that does not exist or is not to be seen: which of the two,
// the vendor does not tell.
func denied(format string, args ...any) error {
	return &refusal{http.StatusForbidden, accessDenied, fmt.Sprintf(format, args...)}
}

func bad(code, format string, args ...any) error {
	return &refusal{http.StatusBadRequest, code, fmt.Sprintf(format, args...)}
}

// refuse answers with what is wrong.
func refuse(w http.ResponseWriter, err error) {
	var known *refusal
	if !errors.As(err, &known) {
		known = &refusal{http.StatusInternalServerError, internalError, err.Error()}
		if failure := (*stored.Failure)(nil); errors.As(err, &failure) {
			known.reason = stored.Refusal
		}
	}
	w.Header().Set(reasonHeader, fmt.Sprintf("%+.300q", known.reason))
	jsonbody.Write(w, known.status, stub.Error{Success: false, ErrorCode: known.code})
}

// refuseRoute answers a request that reaches no operation.
func refuseRoute(w http.ResponseWriter, status int, message string) {
	code := unknownPath
	if status == http.StatusMethodNotAllowed {
		code = wrongMethod
	}
	refuse(w, &refusal{status, code, message})
}

// refuseParameter answers a parameter that the generated binding could not read.
func refuseParameter(w http.ResponseWriter, _ *http.Request, err error) {
	refuse(w, bad(invalidParameter, "%s", err))
}

// name quotes what a caller called something, cut to a length fit for a message.
func name(s string) string { return fmt.Sprintf("%.100q", s) }

// refuseRate answers a call too many.
//
// Choice(rate-limit): No call is answered 429 unless WithRateLimit or --rate says so. Then all calls
// count, whoever makes them, and the answer says in the header Retry-After how many seconds
// to wait.
func refuseRate(w http.ResponseWriter, reason string) {
	refuse(w, &refusal{http.StatusTooManyRequests, rateLimited, reason})
}
