package answer

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever comes with a success is handed over; what is none is an error.
func TestBody(t *testing.T) {
	long := strings.Repeat(" ", 17<<20) // what was cut could say anything
	for _, test := range []struct {
		name   string
		status int
		body   io.Reader
		want   string
	}{
		{"nothing", 204, strings.NewReader(""), ""},
		{"long", 200, strings.NewReader(long), ""},
		{"not JSON", 200, strings.NewReader("done"), ""},
		{"refused", 409, strings.NewReader(`{"error":"not now"}`), "kinabase: updateRecord: 409 Conflict: not now"},
		{"a success that says no", 200, strings.NewReader(`{"error":"not now","success":false}`), "kinabase: updateRecord: 200 OK: not now"},
		{"broken off", 200, iotest.ErrReader(errors.New("reset")), "kinabase: updateRecord: 200 OK: reset"},
	} {
		t.Run(test.name, func(t *testing.T) {
			sent := &body{Reader: test.body}
			got, err := api.Body("updateRecord", &http.Response{StatusCode: test.status, Body: sent}, nil)
			assert.True(t, sent.closed)
			if test.want != "" {
				require.EqualError(t, err, test.want)
				return
			}
			require.NoError(t, err)
			assert.True(t, slices.Contains([]string{"", "done", long}, string(got)))
		})
	}
	_, err := api.Body("updateRecord", nil, errors.New("no connection"))
	assert.EqualError(t, err, "kinabase: updateRecord: no connection")
}
