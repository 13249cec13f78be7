// Package fault breaks a sandbox in known ways, so that clients and checks can be
// tested against a server that does not keep its word. [Wrap] puts faults around a
// sandbox; [Catalogue] lists them.
package fault

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/kaikina/kaikina/internal/openapi"
)

// Fault is one way of not keeping one's word.
type Fault struct {
	ID  string `json:"id"`
	Doc string `json:"doc"`
	// Operation is the operationId whose answers are broken unless another is named;
	// empty when one has to be named.
	Operation string `json:"operation,omitempty"`

	// start makes the function that breaks answers, with a memory of its own.
	start func() distortion
}

// distortion changes an answer before it is sent.
type distortion func(*answer)

// answer is what the sandbox was about to send.
type answer struct {
	request *http.Request
	status  int
	header  http.Header
	body    []byte
	// cut says that the connection breaks off in the middle of the body.
	cut bool
}

// Catalogue lists the faults there are, by id.
func Catalogue() []Fault {
	list := slices.Clone(catalogue)
	slices.SortFunc(list, func(a, b Fault) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// Wrap breaks the answers of a sandbox. Each fault is the id of one in the catalogue,
// with @ and an operationId where it should hit another operation than its own.
// The product is "kainexus" or "kinabase", and the base path is where the sandbox's
// operations start: "" or "/api/v1".
func Wrap(sandbox http.Handler, product, basePath string, faults ...string) (http.Handler, error) {
	doc, err := openapi.Ours(product)
	if err != nil {
		return nil, fmt.Errorf("fault: %w", err)
	}
	w := &wrapper{sandbox: sandbox, doc: doc, basePath: strings.TrimSuffix(basePath, "/"), distortions: map[string][]distortion{}}
	for _, name := range faults {
		fault, operation, err := find(name)
		if err != nil {
			return nil, err
		}
		if operation == "" {
			return nil, fmt.Errorf("fault: %s does not say what to break: name an operation, as in %s@%s", name, name, doc.Operations[0].ID)
		}
		if doc.Operation(operation) == nil {
			return nil, fmt.Errorf("fault: %s: %s has no operation %q", fault.ID, product, operation)
		}
		w.distortions[operation] = append(w.distortions[operation], fault.start())
	}
	return w, nil
}

// Applies tells whether a fault, named as Wrap wants it, is for an operation of the product.
func Applies(product, name string) (bool, error) {
	doc, err := openapi.Ours(product)
	if err != nil {
		return false, fmt.Errorf("fault: %w", err)
	}
	_, operation, err := find(name)
	return err == nil && doc.Operation(operation) != nil, err
}

// find reads ID or ID@OPERATION. The operation is the fault's own where none is named.
func find(name string) (f Fault, operation string, err error) {
	id, operation, _ := strings.Cut(name, "@")
	at := slices.IndexFunc(catalogue, func(f Fault) bool { return f.ID == id })
	if at < 0 {
		return Fault{}, "", fmt.Errorf("fault: there is no fault %q; there are %s", id, strings.Join(names(), ", "))
	}
	return catalogue[at], cmp.Or(operation, catalogue[at].Operation), nil
}

func names() []string {
	var list []string
	for _, f := range Catalogue() {
		list = append(list, f.ID)
	}
	return list
}

type wrapper struct {
	sandbox     http.Handler
	doc         *openapi.Document
	basePath    string
	distortions map[string][]distortion
}

func (w *wrapper) ServeHTTP(to http.ResponseWriter, request *http.Request) {
	op := w.doc.Match(request.Method, strings.TrimPrefix(request.URL.EscapedPath(), w.basePath))
	if op == nil || len(w.distortions[op.ID]) == 0 {
		w.sandbox.ServeHTTP(to, request)
		return
	}
	kept := &recording{header: http.Header{}, status: http.StatusOK}
	w.sandbox.ServeHTTP(kept, request)
	a := &answer{request: request, status: kept.status, header: kept.header, body: kept.body.Bytes()}
	for _, distort := range w.distortions[op.ID] {
		distort(a)
	}
	maps.Copy(to.Header(), a.header)
	if a.cut {
		to.Header().Set("Content-Length", fmt.Sprint(len(a.body)))
		to.WriteHeader(a.status)
		_, _ = to.Write(a.body[:len(a.body)/2])
		panic(http.ErrAbortHandler)
	}
	to.Header().Del("Content-Length")
	to.WriteHeader(a.status)
	_, _ = to.Write(a.body)
}

// recording keeps an answer instead of sending it.
type recording struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recording) Header() http.Header         { return r.header }
func (r *recording) WriteHeader(status int)      { r.status = status }
func (r *recording) Write(b []byte) (int, error) { return r.body.Write(b) }

// edit changes the JSON of a successful answer. Other answers stay as they are.
func edit(change func(*answer, any) any) distortion {
	return func(a *answer) {
		if a.status != http.StatusOK {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(a.body))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) != nil {
			return
		}
		if body, err := json.Marshal(change(a, value)); err == nil {
			a.body = body
		}
	}
}

// editObject is edit for answers that are objects.
func editObject(change func(*answer, map[string]any)) func() distortion {
	return func() distortion {
		return edit(func(a *answer, value any) any {
			if object, ok := value.(map[string]any); ok {
				change(a, object)
			}
			return value
		})
	}
}
