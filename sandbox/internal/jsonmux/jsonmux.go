// Package jsonmux is an [http.ServeMux] that leaves its own answers to the caller.
// ServeMux answers an unknown path, a wrong method and an unclean path in plain text
// or with a redirect; an API does so in its own words, or not at all.
package jsonmux

import (
	"fmt"
	"net/http"
	"path"
)

// A Refusal answers a request that reaches no operation, with status 404 or 405.
type Refusal func(w http.ResponseWriter, status int, message string)

// A Wrapper puts something in front of the handler of one pattern, such as a check
// of credentials that must come before any parameter is looked at.
type Wrapper func(pattern string, next http.Handler) http.Handler

// Mux routes requests to operations. It is made by New.
type Mux struct {
	mux    http.ServeMux
	refuse Refusal
	wrap   Wrapper
}

// New is a Mux without operations.
func New(refuse Refusal, wrap Wrapper) *Mux {
	return &Mux{refuse: refuse, wrap: wrap}
}

// HandleFunc adds an operation. The pattern is one of ServeMux.
func (m *Mux) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	m.mux.Handle(pattern, m.wrap(pattern, http.HandlerFunc(handler)))
}

func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// ServeMux would redirect an unclean path. A client that joined two slashes
	// should learn of it instead.
	where := r.URL.EscapedPath()
	if path.Clean(where) != where {
		m.notFound(w, where)
		return
	}
	fallback, pattern := m.mux.Handler(r)
	if pattern != "" {
		m.mux.ServeHTTP(w, r)
		return
	}
	answer := &withoutBody{header: http.Header{}}
	fallback.ServeHTTP(answer, r)
	if answer.status != http.StatusMethodNotAllowed {
		m.notFound(w, where)
		return
	}
	allowed := answer.header.Get("Allow")
	w.Header().Set("Allow", allowed)
	m.refuse(w, http.StatusMethodNotAllowed, fmt.Sprintf("%.20q is not allowed at %.200q, only %s", r.Method, where, allowed))
}

func (m *Mux) notFound(w http.ResponseWriter, where string) {
	m.refuse(w, http.StatusNotFound, fmt.Sprintf("there is no operation at %.200q", where))
}

// withoutBody keeps the status and the header of an answer.
type withoutBody struct {
	header http.Header
	status int
}

func (a *withoutBody) Header() http.Header            { return a.header }
func (a *withoutBody) WriteHeader(status int)         { a.status = status }
func (a *withoutBody) Write(body []byte) (int, error) { return len(body), nil }
