// Package answer turns what a generated client returns, a response or an error, into what
// its caller wants, or into a *[transport.Error]. No status passes for success that the
// description does not declare as one.
package answer

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/transport"
)

// API reads the answers of one API.
type API struct {
	Name string // "kainexus" or "kinabase"
	// Problem finds the vendor's code and message in a body that is JSON. It is asked about
	// every refusal, and about every body that [API.JSON] reads: true means that the body
	// says no, whatever the status.
	Problem func(body []byte) (code, message string, refused bool)
	// Redact takes the credential out of a text that a server sent.
	Redact func(string) string
	// Options are how models are read.
	Options json.Options
	// Validation is what answers of success are held against; nil for nothing.
	Validation *Validation
}

// problemLimit is how much of a refusal is read.
const problemLimit = 64 << 10

// JSON reads the body of a 200 into a value.
func (a *API) JSON(operation string, response *http.Response, err error, into any) error {
	response, err = a.open(operation, response, err, "application/json")
	if err != nil {
		return err
	}
	body, err := a.whole(operation, response)
	if err != nil {
		return err
	}
	if err := jsonstream.Unmarshal(body, into, a.Options); err != nil {
		return a.Failed(operation, response, err)
	}
	return nil
}

// Done is for a call whose answer does not matter: any 2xx is success, since a vendor who
// deletes may say so with 200 or 204.
func (a *API) Done(operation string, response *http.Response, err error) error {
	_, err = a.Body(operation, response, err)
	return err
}

// Body is for a call whose answer may tell something, but need not: it is what came with any
// 2xx, whatever that is. The transport bounds it.
func (a *API) Body(operation string, response *http.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, a.Failed(operation, nil, err)
	}
	if response.StatusCode/100 != 2 {
		defer response.Body.Close()
		return nil, a.refused(operation, response)
	}
	return a.whole(operation, response)
}

// whole reads a body to its end. That it says no counts before that it is not as described.
func (a *API) whole(operation string, response *http.Response) ([]byte, error) {
	checked := a.check(operation, response, true)
	defer checked.Close()
	body, err := io.ReadAll(checked)
	if err != nil {
		return nil, a.Failed(operation, response, err)
	}
	if code, message, refused := a.Problem(body); refused {
		return nil, a.Refusal(operation, response, code, message)
	}
	if checked.err != nil {
		return nil, a.Failed(operation, response, checked.err)
	}
	return body, nil
}

// Open checks that an answer is a 200 of one of some media types, and leaves its body to be read
// and closed. An answer of JSON where there should be none may be a refusal in disguise. With a
// validator, the body ends with an error where it is not as described.
func (a *API) Open(operation string, response *http.Response, err error, mediaTypes ...string) (*http.Response, error) {
	response, err = a.open(operation, response, err, mediaTypes...)
	if err == nil && a.Validation != nil {
		response.Body = a.check(operation, response, false)
	}
	return response, err
}

func (a *API) open(operation string, response *http.Response, err error, mediaTypes ...string) (*http.Response, error) {
	if err != nil {
		return nil, a.Failed(operation, nil, err)
	}
	if response.StatusCode != http.StatusOK {
		defer response.Body.Close()
		return nil, a.refused(operation, response)
	}
	got := response.Header.Get("Content-Type")
	if slices.ContainsFunc(mediaTypes, func(want string) bool { return is(got, want) }) {
		return response, nil
	}
	defer response.Body.Close()
	if is(got, "application/json") {
		body, err := io.ReadAll(io.LimitReader(response.Body, problemLimit))
		if err != nil {
			return nil, a.Failed(operation, response, err)
		}
		if code, message, refused := a.Problem(body); refused {
			return nil, a.Refusal(operation, response, code, message)
		}
	}
	return nil, a.Failed(operation, response, &TypeError{Want: mediaTypes[0], Got: shorten(a.Redact(got))})
}

// is compares media types; structured suffixes of JSON are JSON.
func is(got, want string) bool {
	if got == want {
		return true
	}
	t, _, err := mime.ParseMediaType(got)
	return err == nil && (t == want || want == "application/json" && strings.HasSuffix(t, "+json"))
}

// TypeError says that an answer is of another media type than it should be.
type TypeError struct{ Want, Got string }

func (e *TypeError) Error() string {
	if e.Got == "" {
		return fmt.Sprintf("the answer does not say that it is %s", e.Want)
	}
	return fmt.Sprintf("the answer is %q, not %s", e.Got, e.Want)
}

func (a *API) refused(operation string, response *http.Response) error {
	body, err := io.ReadAll(io.LimitReader(response.Body, problemLimit))
	if err != nil {
		return a.Failed(operation, response, err)
	}
	code, message, _ := a.Problem(body)
	return a.Refusal(operation, response, code, message)
}

// Refusal is the error of a call that the server refused in words that were read already.
func (a *API) Refusal(operation string, response *http.Response, code, message string) error {
	e := a.errorOf(operation, response, nil)
	e.Code, e.Message = a.Redact(code), a.Redact(message)
	return e
}

// Failed is the error of a call that got no answer, or one, whose header is in response, that
// nobody can use.
func (a *API) Failed(operation string, response *http.Response, err error) error {
	if e, ok := errors.AsType[*transport.Error](err); ok {
		return e
	}
	if shape, ok := err.(*jsonstream.ShapeError); ok {
		err = a.redacted(shape)
	}
	return a.errorOf(operation, response, err)
}

// errorOf takes the credential out of what the header tells before any of it is cut off.
func (a *API) errorOf(operation string, response *http.Response, err error) *transport.Error {
	if response != nil {
		safe := *response
		safe.Header = http.Header{}
		for name, values := range response.Header {
			for _, value := range values {
				safe.Header.Add(name, a.Redact(value))
			}
		}
		response = &safe
	}
	return transport.ErrorOf(a.Name, operation, response, err)
}

// redacted is a place in a body, in which a server may have repeated the credential as a name.
func (a *API) redacted(shape *jsonstream.ShapeError) *jsonstream.ShapeError {
	safe := *shape
	safe.Pointer = ""
	for name := range shape.Pointer.Tokens() {
		safe.Pointer = safe.Pointer.AppendToken(a.Redact(name))
	}
	return &safe
}

func shorten(text string) string {
	if len(text) > 100 {
		text = strings.ToValidUTF8(text[:100], "") + "..."
	}
	return text
}
