// Package admin serves over HTTP what administrators of a product do on its screens, and its
// API cannot. An emulator brings a table of [Route]; all else is the same for all of them:
//
//   - No credential is needed, but pages of other origins are refused with 403.
//   - A POST and a PATCH carry application/json, or answer 415, and an object without keys
//     that the call does not know. What a PATCH leaves out, or has null, stays.
//   - A list is an object with one key, which says what it lists.
//   - What is refused answers {"error": "..."}. What a path names and is not there is 404.
//   - No answer is to be kept on the way, since some hold a secret.
package admin

import (
	"errors"
	"net/http"
	"strings"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/internal/jsonmux"
	"github.com/kaikina/kaikina/sandbox/internal/origin"
	"github.com/kaikina/kaikina/sandbox/internal/stored"
)

// Route is something that can be done to an A. It is made by On.
type Route[A any] struct {
	// Method and Path are of the request. The path is below the prefix of all routes.
	Method, Path string

	status int
	do     Do[A]
}

// On is a route for a request such as "GET /roles/{id}", where {id} is what the path names.
// It answers with a status when all went well; 204 has no body.
func On[A any](request string, status int, do Do[A]) Route[A] {
	method, path, _ := strings.Cut(request, " ")
	return Route[A]{method, path, status, do}
}

// Do carries out a call. Its error says how it is refused: see [sandbox.AdminError].
type Do[A any] func(a A, c *Call) (answer any, err error)

// New serves routes below a prefix, such as /sandbox/kinabase.
func New[A any](prefix string, a A, routes []Route[A]) http.Handler {
	mux := jsonmux.New(refuse, sameOrigin)
	for _, route := range routes {
		mux.HandleFunc(route.Method+" "+prefix+route.Path, route.handler(a))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

func (route Route[A]) handler(a A) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		call, err := readCall(w, r)
		var answer any
		if err == nil {
			answer, err = route.do(a, call)
		}
		switch {
		case err != nil:
			refuseError(w, err)
		case route.status == http.StatusNoContent:
			w.WriteHeader(route.status)
		default:
			jsonbody.Write(w, route.status, answer)
		}
	}
}

// sameOrigin refuses what a web page of another origin asks a browser to send.
func sameOrigin(_ string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from := r.Header.Values("Origin"); len(from) > 1 || len(from) == 1 && !strings.EqualFold(from[0], origin.Of(r)) {
			refuse(w, http.StatusForbidden, "web pages of another origin may not do this")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuse(w http.ResponseWriter, status int, message string) {
	jsonbody.Write(w, status, map[string]string{"error": message})
}

func refuseError(w http.ResponseWriter, err error) {
	var known *sandbox.AdminError
	var failure *stored.Failure
	switch {
	case errors.As(err, &known):
		refuse(w, known.Status, known.Message)
	case errors.As(err, &failure):
		refuse(w, http.StatusInternalServerError, stored.Refusal)
	default:
		refuse(w, http.StatusInternalServerError, err.Error())
	}
}
