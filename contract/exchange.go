package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/kaikina/kaikina/internal/openapi"
)

// exchange is one request with its answer, read whole.
type exchange struct {
	operation *openapi.Operation
	request   *http.Request
	// sent is the request's body, as it left.
	sent []byte
	// anonymous says that the call carried no credential.
	anonymous bool
	status    int
	header    http.Header
	body      []byte

	// declared is what the description says of the status, nil when nothing.
	declared *openapi3.Response
	// media is what it says of the content type, nil when nothing.
	media *openapi3.MediaType
	// validators are the run's.
	validators *validators

	// value is the body as JSON, valid when valueErr is nil.
	value    any
	valueErr error
}

func newExchange(op *openapi.Operation, request *http.Request, sent []byte, response *http.Response, body []byte) *exchange {
	x := &exchange{operation: op, request: request, sent: sent, status: response.StatusCode, header: response.Header, body: body}
	_, x.declared = op.Response(x.status)
	if x.declared != nil {
		x.media = mediaType(x.declared.Content, x.contentType())
	}
	x.value, x.valueErr = decodeJSON(body)
	return x
}

func (x *exchange) contentType() string { return x.header.Get("Content-Type") }

func (x *exchange) succeeded() bool { return x.status >= 200 && x.status <= 299 }

// isJSON tells whether the answer claims to be JSON.
func (x *exchange) isJSON() bool {
	name, _, err := mime.ParseMediaType(x.contentType())
	return err == nil && (name == "application/json" || strings.HasSuffix(name, "+json"))
}

// mediaType finds the declared content that a Content-Type falls under: the type
// itself, else a range such as application/*.
func mediaType(content openapi3.Content, contentType string) *openapi3.MediaType {
	name, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil
	}
	family, _, _ := strings.Cut(name, "/")
	for _, want := range []string{name, family + "/*", "*/*"} {
		for declared, media := range content {
			if base, _, err := mime.ParseMediaType(declared); err == nil && base == want {
				return media
			}
		}
	}
	return nil
}

var errTrailing = errors.New("more than one JSON value")

// decodeJSON reads exactly one JSON value, and keeps its numbers as they are written.
func decodeJSON(body []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errTrailing
	}
	return value, nil
}

// member reads one property of a JSON object; absent properties and other values
// than objects give nil.
func member(value any, name string) any {
	object, _ := value.(map[string]any)
	return object[name]
}

// integer reads a JSON integer.
func integer(value any) (int64, bool) {
	number, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := number.Int64()
	return n, err == nil
}

// ids lists the elements' ids as text, "" where an element has none.
func ids(elements []any) []string {
	list := make([]string, len(elements))
	for i, element := range elements {
		switch id := member(element, "id").(type) {
		case string:
			list[i] = id
		case json.Number:
			list[i] = id.String()
		}
	}
	return list
}
