package transport

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/kaikina/kaikina/auth"
)

func TestErrorText(t *testing.T) {
	refused := &failure{text: "dial tcp 127.0.0.1:1: connect: connection refused", cause: syscall.ECONNREFUSED}
	tests := []struct {
		name string
		err  Error
		want string
	}{
		{"answer", Error{API: "kinabase", Operation: "getRecord", Status: 404, Message: "Record not found", RequestID: "7f2c", Attempts: 3},
			"kinabase: getRecord: 404 Not Found: Record not found (request id 7f2c, 3 attempts)"},
		{"one attempt", Error{API: "kinabase", Operation: "getRecord", Status: 404, Message: "Record not found", Attempts: 1},
			"kinabase: getRecord: 404 Not Found: Record not found"},
		{"code", Error{API: "kainexus", Operation: "getItem", Status: 200, Code: "ACCESS_DENIED"},
			"kainexus: getItem: 200 OK: ACCESS_DENIED"},
		{"retry after", Error{API: "kinabase", Operation: "ingestRecords", Status: 429, RetryAfter: 90 * time.Second},
			"kinabase: ingestRecords: 429 Too Many Requests (retry after 1m30s)"},
		{"no answer", Error{API: "kinabase", Operation: "getRecord", Attempts: 4, Err: &AttemptsError{4, refused}},
			"kinabase: getRecord: no answer after 4 attempts: transport: dial tcp 127.0.0.1:1: connect: connection refused"},
		{"no answer to one attempt", Error{API: "kinabase", Operation: "getRecord", Attempts: 1, Err: &AttemptsError{1, refused}},
			"kinabase: getRecord: transport: dial tcp 127.0.0.1:1: connect: connection refused"},
		{"not sent", Error{API: "kinabase", Operation: "deleteRecord", Err: &PathError{"recordId", problemEmpty}},
			"kinabase: deleteRecord: transport: path parameter recordId is empty, and the request would be for another path"},
		{"unknown status", Error{API: "kinabase", Status: 799}, "kinabase: 799"},
		{"control characters", Error{API: "kinabase", Status: 400, Message: "a\r\nb\x1b[31m\u202e", RequestID: "x\ny", Code: "z\t"},
			`kinabase: 400 Bad Request: z\t: a\r\nb\x1b[31m\u202e (request id x\ny)`},
		{"long message", Error{API: "kinabase", Status: 400, Message: strings.Repeat("é", 400)},
			"kinabase: 400 Bad Request: " + strings.Repeat("é", 300) + "..."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := &test.err
			assert.Equal(t, test.want, err.Error())
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
				assert.Equal(t, test.want, fmt.Sprintf(verb, err), verb)
			}
			assert.Equal(t, fmt.Sprintf("%q", test.want), fmt.Sprintf("%q", err))
		})
	}
}

func TestPredicates(t *testing.T) {
	all := map[string]func(error) bool{
		"not found": IsNotFound, "rate limited": IsRateLimited, "unauthorized": IsUnauthorized, "access denied": IsAccessDenied,
	}
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"nil", nil, ""},
		{"other", errors.New("404"), ""},
		{"404", &Error{Status: 404}, "not found"},
		{"wrapped 429", fmt.Errorf("x: %w", &Error{Status: 429}), "rate limited"},
		{"401", &Error{Status: 401}, "unauthorized"},
		{"403", &Error{Status: 403}, "access denied"},
		{"code", &Error{Status: 200, Code: "ACCESS_DENIED"}, "access denied"},
		{"other code", &Error{Status: 200, Code: "access_denied"}, ""},
		{"500", &Error{Status: 500}, ""},
		{"token refused", &Error{Err: &AttemptsError{1, &auth.TokenError{Status: 401}}}, "unauthorized"},
		{"token rate limited", &auth.TokenError{Status: 429}, "rate limited"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for name, is := range all {
				assert.Equal(t, name == test.want, is(test.err), name)
			}
		})
	}
}

func TestErrorUnwraps(t *testing.T) {
	cause := errors.New("cause")
	assert.ErrorIs(t, &Error{Err: &AttemptsError{2, cause}}, cause)
}
