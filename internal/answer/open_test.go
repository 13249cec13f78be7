package answer

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An answer may be of several types, and one of JSON where there should be none may say why.
func TestOpenOfSeveralTypes(t *testing.T) {
	api := &API{
		Name:    "kainexus",
		Problem: func(body []byte) (string, string, bool) { return "DENIED", "", strings.Contains(string(body), "no") },
		Redact:  func(text string) string { return text },
	}
	for _, test := range []struct{ kind, body, want string }{
		{"text/a", "x", ""},
		{"text/b; charset=utf-8", "x", ""},
		{"text/c", "no", `kainexus: get: 200 OK: the answer is "text/c", not text/a`},
		{"application/json", "no", "kainexus: get: 200 OK: DENIED"},
		{"application/json", "yes", `kainexus: get: 200 OK: the answer is "application/json", not text/a`},
	} {
		response := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {test.kind}}, Body: io.NopCloser(strings.NewReader(test.body))}
		opened, err := api.Open("get", response, nil, "text/a", "text/b")
		if test.want == "" {
			require.NoError(t, err)
			assert.Same(t, response, opened)
			continue
		}
		assert.EqualError(t, err, test.want)
	}
}
