package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Operation is a call that a description of an API declares.
type Operation struct {
	ID     string // operationId, such as "getRecord"
	Method string // such as "GET"
	Path   string // template below the base URL, such as "/collections/{collectionId}/{recordId}"
}

type operationKey struct{}

// OperationOf is the operation that a request is for, as [New] found it by method and path.
// It is false for a request that is for none.
func OperationOf(ctx context.Context) (Operation, bool) {
	o, ok := ctx.Value(operationKey{}).(*Operation)
	if !ok {
		return Operation{}, false
	}
	return *o, true
}

// table finds the operation of a request.
type table struct {
	basePath string // escaped, without trailing slash
	routes   []route
}

type route struct {
	operation Operation
	segments  []string // a variable keeps its braces
	pattern   string   // such as "GET /collections/{collectionId}"
}

func newTable(baseURL string, operations []Operation) (*table, error) {
	base, err := url.Parse(baseURL)
	if err != nil { // its error quotes the URL
		return nil, errors.New("the credential's base URL is not a URL")
	}
	t := &table{basePath: strings.TrimRight(base.EscapedPath(), "/")}
	for _, o := range operations {
		if o.ID == "" || o.Method == "" || !strings.HasPrefix(o.Path, "/") {
			return nil, fmt.Errorf("operation %q needs an id, a method, and a path that starts with a slash", o.ID)
		}
		t.routes = append(t.routes, route{o, strings.Split(o.Path[1:], "/"), o.Method + " " + o.Path})
	}
	slices.SortStableFunc(t.routes, func(a, b route) int { return compareSegments(a.segments, b.segments) })
	return t, nil
}

// compareSegments puts what names a segment before what leaves it open, as OpenAPI does:
// /collections/{collectionId}/all is found before /collections/{collectionId}/{recordId}.
func compareSegments(a, b []string) int {
	return slices.CompareFunc(a, b, func(x, y string) int {
		switch {
		case variable(x) == variable(y):
			return 0
		case variable(x):
			return 1
		}
		return -1
	})
}

func variable(segment string) bool { return strings.HasPrefix(segment, "{") }

// layer finds the operation of each request, refuses paths that lead elsewhere than they
// say, and sets what every request has.
func (t *table) layer(userAgent string) Middleware {
	return func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			named, err := t.name(r)
			if err != nil {
				closeBody(r)
				return nil, err
			}
			named.Header = withDefaults(r.Header, userAgent)
			return next.Do(named)
		})
	}
}

// name is a copy of a request that knows its operation, if it is for one.
func (t *table) name(r *http.Request) (*http.Request, error) {
	if r.URL == nil {
		return nil, errors.New("transport: the request has no URL")
	}
	rest, ok := t.below(r.URL)
	if !ok {
		return nil, &PathError{Name: "path", Problem: "is not below the base URL"}
	}
	found := t.find(r.Method, rest)
	if err := checkPath(rest, found); err != nil {
		return nil, err
	}
	if found == nil {
		return r.WithContext(r.Context()), nil
	}
	named := r.WithContext(context.WithValue(r.Context(), operationKey{}, &found.operation))
	named.Pattern = found.pattern
	return named, nil
}

// of finds the operation of a request as it is now, whatever it was when it came in. It is
// nil for a request that is for none.
func (t *table) of(r *http.Request) *Operation {
	rest, ok := t.below(r.URL)
	if !ok || checkPath(rest, nil) != nil {
		return nil
	}
	if found := t.find(r.Method, rest); found != nil {
		return &found.operation
	}
	return nil
}

// below is what comes after the base URL's path. It is escaped, and empty or starts with a slash.
func (t *table) below(u *url.URL) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(u.EscapedPath(), t.basePath)
	return rest, ok && (rest == "" || rest[0] == '/')
}

func (t *table) find(method, rest string) *route {
	if method == "" {
		method = http.MethodGet
	}
	for i := range t.routes {
		if r := &t.routes[i]; r.operation.Method == method && r.match(rest) {
			return r
		}
	}
	return nil
}

func (r *route) match(rest string) bool {
	for _, want := range r.segments {
		if rest == "" {
			return false
		}
		var got string
		got, rest = firstSegment(rest)
		if !variable(want) && unescaped(got) != want {
			return false
		}
	}
	return rest == ""
}

// firstSegment splits "/a/b" into "a" and "/b".
func firstSegment(path string) (segment, rest string) {
	path = path[1:]
	if i := strings.IndexByte(path, '/'); i >= 0 {
		return path[:i], path[i:]
	}
	return path, ""
}

// unescaped is a segment as the server reads it.
func unescaped(segment string) string {
	if plain, err := url.PathUnescape(segment); err == nil {
		return plain
	}
	return segment
}
