package otel

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
)

// spanName is method and route, as in "GET /collections/{collectionId}", or the method alone
// for a request that is for no operation.
func spanName(r *http.Request) string {
	name := method(r)
	if name == other {
		name = "HTTP"
	}
	if route := template(r); route != "" {
		name += " " + route
	}
	return name
}

// template is the route of a pattern, which may begin with a method.
func template(r *http.Request) string {
	if _, route, ok := strings.Cut(r.Pattern, " "); ok {
		return route
	}
	return r.Pattern
}

// other is what the conventions put in the place of a method that is not a known one.
const other = "_OTHER"

func method(r *http.Request) string {
	switch r.Method {
	case "":
		return http.MethodGet
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return r.Method
	}
	return other
}

// requestAttributes are of the span and of the duration.
func requestAttributes(r *http.Request) []attribute.KeyValue {
	known := make([]attribute.KeyValue, 0, 8)
	known = append(known, attribute.String("http.request.method", method(r)))
	if r.URL != nil {
		known = append(known, attribute.String("server.address", r.URL.Hostname()))
		if port := port(r.URL); port != 0 {
			known = append(known, attribute.Int("server.port", port))
		}
		known = append(known, attribute.String("url.scheme", r.URL.Scheme))
	}
	if route := template(r); route != "" {
		known = append(known, attribute.String("url.template", route))
	}
	return known
}

// spanOnly would make too many series of the duration.
func spanOnly(r *http.Request) []attribute.KeyValue {
	if n, err := strconv.Atoi(r.Header.Get("Kaikina-Attempt")); err == nil && n > 1 {
		return []attribute.KeyValue{attribute.Int("http.request.resend_count", n-1)}
	}
	return nil
}

func port(u *url.URL) int {
	if n, err := strconv.Atoi(u.Port()); err == nil {
		return n
	}
	switch u.Scheme {
	case "https":
		return 443
	case "http":
		return 80
	}
	return 0
}
