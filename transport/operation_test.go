package transport

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
)

func TestOperationOfARequest(t *testing.T) {
	tests := []struct {
		name, method, path, want string
	}{
		{"variables", "GET", "/collections/c/r", "getRecord"},
		{"a name before a variable", "GET", "/collections/c/all", "listAll"},
		{"an escaped name is the name", "GET", "/collections/c/%61ll", "listAll"},
		{"an escaped slash is part of a value", "GET", "/collections/c/a%2Fb", "getRecord"},
		{"method", "PATCH", "/collections/c/r", "updateRecord"},
		{"name by method", "PATCH", "/collections/c/bulk", "updateRecords"},
		{"a name of another method is a value", "GET", "/collections/c/bulk", "getRecord"},
		{"no method is GET", "", "/status", "getStatus"},
		{"query", "GET", "/status?a=b", "getStatus"},
		{"too long", "GET", "/collections/c/r/x", ""},
		{"too short", "GET", "/collections", ""},
		{"other method", "PUT", "/status", ""},
		{"other case", "GET", "/STATUS", ""},
		{"the base URL itself", "GET", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := steps(status(200))
			r := request(t, t.Context(), "GET", test.path)
			r.Method = test.method
			_, err := newChain(t, Config{Base: server}).Do(r)
			require.NoError(t, err)
			o, ok := OperationOf(server.sent[0].Context())
			assert.Equal(t, test.want, o.ID)
			assert.Equal(t, test.want != "", ok)
			if ok {
				assert.Equal(t, o.Method+" "+o.Path, server.sent[0].Pattern)
			} else {
				assert.Empty(t, server.sent[0].Pattern)
			}
		})
	}
}

func TestBaseURLWithoutPath(t *testing.T) {
	credential, err := auth.Bearer("https://api.test/", auth.NewSecret("s3cret"))
	require.NoError(t, err)
	server := steps(status(200))
	doer, err := New(Config{Base: server}, credential, testOperations)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), "GET", "https://api.test/status", nil)
	require.NoError(t, err)
	_, err = doer.Do(r)
	require.NoError(t, err)
	o, _ := OperationOf(server.sent[0].Context())
	assert.Equal(t, "getStatus", o.ID)
}

func TestOtherOriginsAreRefused(t *testing.T) {
	for _, other := range []string{"https://elsewhere.test/v1/status", "http://api.test/v1/status", "https://api.test:8443/v1/status"} {
		t.Run(other, func(t *testing.T) {
			server := steps(status(200))
			r := request(t, t.Context(), "GET", "/status")
			var err error
			r.URL, err = url.Parse(other)
			require.NoError(t, err)
			r.Host = ""
			_, err = newChain(t, Config{Base: server}).Do(r)
			var at *auth.OriginError
			require.ErrorAs(t, err, &at)
			assert.Empty(t, server.sent)
		})
	}
}

func TestRequestWithoutURL(t *testing.T) {
	_, err := newChain(t, Config{Base: steps(status(200))}).Do(new(http.Request).WithContext(t.Context()))
	require.ErrorContains(t, err, "no URL")
}
