package answer

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/transport"
)

var api = &API{
	Name: "kinabase",
	Problem: func(body []byte) (code, message string, refused bool) {
		var problem struct {
			Code    string `json:"code"`
			Message string `json:"error"`
			Success *bool  `json:"success"`
		}
		if json.Unmarshal(body, &problem) != nil {
			return "", "", false
		}
		return problem.Code, problem.Message, problem.Success != nil && !*problem.Success
	},
	Redact: func(text string) string { return strings.ReplaceAll(text, "s3cret", "...") },
}

// body remembers whether it was closed.
type body struct {
	io.Reader
	closed bool
}

func (b *body) Close() error { b.closed = true; return nil }

func answered(status int, mediaType, text string) (*http.Response, *body) {
	b := &body{Reader: strings.NewReader(text)}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {mediaType}}, Body: b}, b
}

func TestJSON(t *testing.T) {
	for _, mediaType := range []string{"application/json", "application/json; charset=utf-8", "application/problem+json"} {
		response, b := answered(200, mediaType, `{"id":1}`)
		var got struct {
			ID int `json:"id"`
		}
		require.NoError(t, api.JSON("getRecord", response, nil, &got))
		assert.Equal(t, 1, got.ID)
		assert.True(t, b.closed)
	}
}

// Whatever is not the answer that was declared is an error that knows its status.
func TestJSONRefuses(t *testing.T) {
	for _, test := range []struct {
		name            string
		status          int
		mediaType, text string
		want            transport.Error
		cause           string
	}{
		{"refused", 404, "application/json", `{"error":"no such record, s3cret","code":"GONE s3cret"}`, transport.Error{Status: 404, Code: "GONE ...", Message: "no such record, ..."}, ""},
		{"html", 503, "application/json", "<html>", transport.Error{Status: 503}, ""},
		{"undeclared success", 204, "", "", transport.Error{Status: 204}, ""},
		{"created", 201, "application/json", `{"id":1}`, transport.Error{Status: 201}, ""},
		{"redirect", 302, "", "", transport.Error{Status: 302}, ""},
		{"says no", 200, "application/json", `{"success":false,"code":"ACCESS_DENIED"}`, transport.Error{Status: 200, Code: "ACCESS_DENIED"}, ""},
		{"another type", 200, "text/html", `{"id":1}`, transport.Error{Status: 200}, `the answer is "text/html", not application/json`},
		{"no type", 200, "", `{"id":1}`, transport.Error{Status: 200}, "the answer does not say that it is application/json"},
		{"no JSON", 200, "application/json", "<html>", transport.Error{Status: 200}, "the body: is not JSON (at byte 0)"},
		{"another shape", 200, "application/json", `{"id":"s3cret"}`, transport.Error{Status: 200}, "/id: is a string, which cannot be used here (at byte 6)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			response, b := answered(test.status, test.mediaType, test.text)
			var into struct {
				ID int `json:"id"`
			}
			err := api.JSON("getRecord", response, nil, &into)
			var got *transport.Error
			require.ErrorAs(t, err, &got)
			if test.cause == "" {
				assert.NoError(t, got.Err)
			} else {
				assert.EqualError(t, got.Err, test.cause)
			}
			assert.Equal(t, []any{"kinabase", "getRecord", test.want.Status, test.want.Code, test.want.Message}, []any{got.API, got.Operation, got.Status, got.Code, got.Message})
			assert.True(t, b.closed)
		})
	}
}

func TestABodyThatBreaksOff(t *testing.T) {
	reset := errors.New("reset")
	for _, status := range []int{200, 500} {
		response, _ := answered(status, "application/json", "")
		response.Body = io.NopCloser(iotest.ErrReader(reset))
		err := api.JSON("getRecord", response, nil, new(any))
		require.ErrorIs(t, err, reset)
		var got *transport.Error
		require.ErrorAs(t, err, &got)
		assert.Equal(t, status, got.Status)
	}
}

func TestNoAnswer(t *testing.T) {
	reset := errors.New("reset")
	err := api.JSON("getRecord", nil, reset, nil)
	require.ErrorIs(t, err, reset)
	var got *transport.Error
	require.ErrorAs(t, err, &got)
	assert.Zero(t, got.Status)
	assert.Same(t, got, api.Failed("listRecords", nil, err), "what failed once keeps its name")
}

func TestDone(t *testing.T) {
	for _, status := range []int{200, 202, 204} {
		response, b := answered(status, "", "")
		require.NoError(t, api.Done("deleteRecord", response, nil))
		assert.True(t, b.closed)
	}
	response, _ := answered(200, "application/json", `{"success":false,"code":"ACCESS_DENIED"}`)
	require.Error(t, api.Done("deleteRecord", response, nil))
	response, _ = answered(404, "application/json", `{"error":"gone"}`)
	require.Error(t, api.Done("deleteRecord", response, nil))
	response, _ = answered(304, "", "")
	require.Error(t, api.Done("deleteRecord", response, nil))
}

func TestOpen(t *testing.T) {
	response, b := answered(200, "application/json", "[]")
	got, err := api.Open("listAllRecords", response, nil, "application/json")
	require.NoError(t, err)
	assert.Same(t, response, got)
	assert.False(t, b.closed, "its reader closes it")
}

// A server may repeat the credential in whatever it is asked to tell.
func TestNothingThatIsRepeatedIsTold(t *testing.T) {
	for name, ask := range map[string]func() error{
		"request id": func() error {
			response, _ := answered(404, "application/json", `{}`)
			response.Header.Set("X-Request-Id", strings.Repeat("x", 97)+"s3cret")
			return api.Done("deleteRecord", response, nil)
		},
		"request id of an answer of no use": func() error {
			response, _ := answered(200, "application/json", `[]`)
			response.Header.Set("Request-Id", "s3cret")
			return api.JSON("getRecord", response, nil, new(struct{}))
		},
		"media type": func() error {
			response, _ := answered(200, "text/"+strings.Repeat("x", 92)+"s3cret", "")
			return api.JSON("getRecord", response, nil, new(any))
		},
		"name of a member": func() error {
			response, _ := answered(200, "application/json", `{"a s3cret":"x"}`)
			return api.JSON("getRecord", response, nil, new(map[string]int))
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := ask()
			failed, ok := errors.AsType[*transport.Error](err)
			require.True(t, ok)
			told := fmt.Sprintf("%v %#v %+v %s", err, failed.Err, failed.Err, failed.RequestID)
			assert.NotContains(t, told, "s3c")
			assert.Contains(t, told, "...")
		})
	}
}
