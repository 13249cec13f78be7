package transport

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// ReadOnly lets only listed operations leave the process: those of the description that
// read, and those that it was made with. It counts what left and what did not. One ReadOnly
// is for the clients of one API.
//
// Requests for tokens are not calls: the credential sends them, through a client of its own.
type ReadOnly struct {
	allow []string

	mu     sync.Mutex
	counts map[call]*OperationCount
}

type call struct{ operation, method string }

// NewReadOnly allows operations that change something, by their ids, besides all GET and
// HEAD operations of the description, which need not be named.
func NewReadOnly(allow ...string) *ReadOnly {
	return &ReadOnly{allow: slices.Clone(allow), counts: map[call]*OperationCount{}}
}

// ReadOnlyError says that a request was not sent because it is not on the list of a
// [ReadOnly].
type ReadOnlyError struct {
	Operation string // empty when the request is for none of the description's
	Method    string
}

func (e *ReadOnlyError) Error() string {
	if e.Operation == "" {
		return fmt.Sprintf("transport: read-only: a %s that is no operation of the description was not sent; leave ReadOnly out to send it", e.Method)
	}
	return fmt.Sprintf("transport: read-only: %s (%s) was not sent; NewReadOnly(%q) allows it", e.Operation, e.Method, e.Operation)
}

// Attestation tells what left the process through a [ReadOnly], and what it refused.
type Attestation struct {
	// Allowed are the ids given to [NewReadOnly], sorted.
	Allowed []string `json:"allowed"`
	// Operations have been tried at least once. They are sorted by id and method.
	Operations []OperationCount `json:"operations"`
}

// OperationCount counts requests of one operation. A call is more than one request when it
// is sent again or redirected.
type OperationCount struct {
	Operation string `json:"operation"` // empty for requests that are for none
	Method    string `json:"method"`
	Sent      int64  `json:"sent"`
	Refused   int64  `json:"refused"`
}

// Attest returns the counts up to now.
func (o *ReadOnly) Attest() Attestation {
	o.mu.Lock()
	defer o.mu.Unlock()
	told := Attestation{Allowed: slices.Clone(o.allow), Operations: []OperationCount{}}
	slices.Sort(told.Allowed)
	if told.Allowed == nil {
		told.Allowed = []string{}
	}
	for _, count := range o.counts {
		told.Operations = append(told.Operations, *count)
	}
	slices.SortFunc(told.Operations, func(a, b OperationCount) int {
		return cmp.Or(strings.Compare(a.Operation, b.Operation), strings.Compare(a.Method, b.Method))
	})
	return told
}

// check refuses an allowed operation that there is not.
func (o *ReadOnly) check(t *table) error {
	if o == nil {
		return nil
	}
	for _, id := range o.allow {
		if !slices.ContainsFunc(t.routes, func(r route) bool { return r.operation.ID == id }) {
			return fmt.Errorf("ReadOnly allows %q, which is no operation of the description", id)
		}
	}
	return nil
}

func (o *ReadOnly) layer(t *table) Middleware {
	if o == nil {
		return nil
	}
	return func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			if err := o.admit(t, r); err != nil {
				closeBody(r)
				return nil, err
			}
			return next.Do(r)
		})
	}
}

// redirects asks about the requests that redirects lead to.
func (o *ReadOnly) redirects(t *table) func(*http.Request) error {
	if o == nil {
		return nil
	}
	return func(r *http.Request) error { return o.admit(t, r) }
}

// admit looks at the request as it is about to be sent: a middleware may have changed it.
func (o *ReadOnly) admit(t *table, r *http.Request) error {
	method := cmp.Or(r.Method, http.MethodGet)
	operation := t.of(r)
	if operation == nil {
		o.count(call{"", knownMethod(method)}, false)
		return &ReadOnlyError{Method: knownMethod(method)}
	}
	reads := (method == http.MethodGet || method == http.MethodHead) && !overridden(r.Header)
	admitted := reads || slices.Contains(o.allow, operation.ID) && !overridden(r.Header)
	o.count(call{operation.ID, method}, admitted)
	if !admitted {
		return &ReadOnlyError{Operation: operation.ID, Method: method}
	}
	return nil
}

// overridden tells whether a header asks the server to take the request for one of another
// method.
func overridden(h http.Header) bool {
	for name := range h {
		switch http.CanonicalHeaderKey(name) {
		case "X-Http-Method-Override", "X-Http-Method", "X-Method-Override":
			return true
		}
	}
	return false
}

// knownMethod keeps texts of the caller's out of errors and counts.
func knownMethod(method string) string {
	switch method {
	case "":
		return http.MethodGet
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions, http.MethodTrace, http.MethodConnect:
		return method
	}
	return "request"
}

func (o *ReadOnly) count(of call, sent bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	count := o.counts[of]
	if count == nil {
		count = &OperationCount{Operation: of.operation, Method: of.method}
		if o.counts == nil { // of a zero ReadOnly, which allows nothing but reading
			o.counts = map[call]*OperationCount{}
		}
		o.counts[of] = count
	}
	if sent {
		count.Sent++
	} else {
		count.Refused++
	}
}
