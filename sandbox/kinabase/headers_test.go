package kinabase

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHeadersAreNotLookedAt(t *testing.T) {
	c := start(t)
	for _, contentType := range []string{"", "text/plain", "application/x-www-form-urlencoded", "a b; c"} {
		for _, accept := range []string{"", "text/html"} {
			request := c.request("POST", "/collections/machines", `{"data":{}}`)
			request.Header.Set("Content-Type", contentType)
			request.Header.Set("Accept", accept)
			got := c.check(request)
			assert.Equal(t, http.StatusOK, got.status, string(got.body))
			assert.Equal(t, "application/json", got.header.Get("Content-Type"))
		}
	}
	request := c.request("POST", "/token", map[string]string{"appId": sandboxApp.ID, "secret": sandboxApp.Secret})
	request.Header.Del("Content-Type")
	assert.Equal(t, http.StatusOK, c.check(request).status)
}

func TestStrictHeaders(t *testing.T) {
	sandbox, err := New(WithStrictHeaders())
	require.NoError(t, err)
	for _, test := range []struct {
		name        string
		contentType string
		accept      []string
		problem     string
	}{
		{"both", "application/json", []string{"application/json"}, ""},
		{"parameters", "application/json; charset=utf-8", []string{"application/json;charset=utf-8;q=0.9"}, ""},
		{"other case", "Application/JSON", []string{"APPLICATION/json"}, ""},
		{"among others", "application/json", []string{"text/html, application/json;q=0.1"}, ""},
		{"on a second line", "application/json", []string{"text/html", "application/json"}, ""},
		{"anything", "application/json", []string{"*/*"}, ""},
		{"any application", "application/json", []string{"text/html, application/*;q=0.5"}, ""},
		{"anything but JSON", "application/json", []string{"*/*, application/json;q=0"}, "the header Accept must be application/json"},
		{"anything but applications", "application/json", []string{"application/*;q=0.0, */*"}, "the header Accept must be application/json"},
		{"nothing but JSON", "application/json", []string{"*/*;q=0, application/json"}, ""},
		{"another", "application/json", []string{"text/html"}, "the header Accept must be application/json"},
		{"a relative", "application/json", []string{"application/problem+json"}, "the header Accept must be application/json"},
		{"garbage", "application/json", []string{",;,"}, "the header Accept must be application/json"},
		{"no Accept", "application/json", nil, "the header Accept must be application/json"},
		{"no Content-Type", "", []string{"application/json"}, "the header Content-Type must be application/json"},
		{"another Content-Type", "text/json", []string{"application/json"}, "the header Content-Type must be application/json"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, call := range []struct{ method, path, body string }{
				{"GET", "/collections", ""}, {"GET", "/status", ""}, {"POST", "/collections/machines", `{"data":{}}`},
				{"POST", "/token", `{"appId":"` + sandboxApp.ID + `","secret":"` + sandboxApp.Secret + `"}`},
			} {
				request, response := direct{sandbox, sandbox.freshToken()}.prepare(call.method, call.path, []byte(call.body))
				request.Header.Set("Content-Type", test.contentType)
				request.Header["Accept"] = test.accept
				sandbox.ServeHTTP(response, request)
				if test.problem == "" {
					assert.Equal(t, http.StatusOK, response.Code, response.Body)
					continue
				}
				assert.Equal(t, http.StatusBadRequest, response.Code)
				assert.JSONEq(t, `{"error":"`+test.problem+`"}`, response.Body.String())
			}
		})
	}
}
