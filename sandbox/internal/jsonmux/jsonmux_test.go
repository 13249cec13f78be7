package jsonmux

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMux(t *testing.T) {
	refuse := func(w http.ResponseWriter, status int, message string) {
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, message)
	}
	wrap := func(pattern string, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Pattern", pattern)
			next.ServeHTTP(w, r)
		})
	}
	mux := New(refuse, wrap)
	answer := func(w http.ResponseWriter, r *http.Request) { _, _ = fmt.Fprint(w, r.PathValue("id")) }
	mux.HandleFunc("GET /things/{id}", answer)
	mux.HandleFunc("POST /things/{id}", answer)
	mux.HandleFunc("GET /things/all", answer)

	for _, test := range []struct {
		name, method, path string
		status             int
		body, pattern      string
	}{
		{"operation", "GET", "/things/17", 200, "17", "GET /things/{id}"},
		{"literal segment", "GET", "/things/all", 200, "", "GET /things/all"},
		{"escaped slash", "GET", "/things/a%2Fb", 200, "a/b", "GET /things/{id}"},
		{"escaped dots", "GET", "/things/%2E%2E", 200, "..", "GET /things/{id}"},
		{"unknown", "GET", "/nothing", 404, `there is no operation at "/nothing"`, ""},
		{"empty segment", "GET", "/things/", 404, `there is no operation at "/things/"`, ""},
		{"unclean", "GET", "//things/17", 404, `there is no operation at "//things/17"`, ""},
		{"dots", "GET", "/things/../things/17", 404, `there is no operation at "/things/../things/17"`, ""},
		{"wrong method", "DELETE", "/things/17", 405, `"DELETE" is not allowed at "/things/17", only GET, HEAD, POST`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			response := httptest.NewRecorder()
			mux.ServeHTTP(response, httptest.NewRequest(test.method, test.path, nil))
			assert.Equal(t, test.status, response.Code)
			assert.Equal(t, test.body, response.Body.String())
			assert.Equal(t, test.pattern, response.Header().Get("X-Pattern"))
			assert.Empty(t, response.Header().Get("Location"))
			if test.status == http.StatusMethodNotAllowed {
				assert.Equal(t, "GET, HEAD, POST", response.Header().Get("Allow"))
			}
		})
	}
}
