package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/internal/openapi"
)

// maxBody is the largest answer that is read, in bytes. A page of 20,000 KaiNexus
// items is about 48 MB.
const maxBody = 256 << 20

// authorized is what the generated clients send through: calls carry the credential.
func (r *run) authorized() *recorder { return &recorder{r, r.target.Credential.Doer(r.next)} }

// anonymous sends without any credential.
func (r *run) anonymous() *recorder { return &recorder{r, r.next} }

// recorder sends the requests of a generated client, applies the exchange checks to
// each answer, and keeps every call inside what the target permits. It sits outside
// the credential, so that it never sees one.
type recorder struct {
	run  *run
	next auth.Doer
}

var errNotPermitted = errors.New("not permitted on this target")

func (c *recorder) Do(request *http.Request) (*http.Response, error) {
	r := c.run
	op := r.doc.Match(request.Method, strings.TrimPrefix(request.URL.EscapedPath(), strings.TrimSuffix(r.base.EscapedPath(), "/")))
	if op == nil {
		return nil, fmt.Errorf("contract: %s %s is no operation of %s", request.Method, request.URL.Path, r.target.API)
	}
	if !r.may(op.ID) {
		r.blocked++
		return nil, fmt.Errorf("contract: %s: %w", op.ID, errNotPermitted)
	}
	sent, err := replayable(request)
	if err != nil {
		return nil, err
	}
	r.sending(request, sent)
	begun := time.Now()
	response, err := c.next.Do(request)
	if err != nil {
		r.failed(op, request, sent, err)
		return nil, err
	}
	body, err := readAll(response.Body)
	x := newExchange(op, request, sent, response, body)
	r.answeredWith(x.value)
	r.observe(x, time.Since(begun))
	if err != nil {
		r.report(answered, x, violation{message: "the body does not arrive whole, or is larger than 256 MiB"})
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// replayable reads the request's body, and puts it back so that it can be sent again.
func replayable(request *http.Request) ([]byte, error) {
	if request.Body == nil {
		return nil, nil
	}
	sent, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(sent)), nil }
	request.ContentLength = int64(len(sent))
	request.Body, err = request.GetBody()
	return sent, err
}

func readAll(from io.ReadCloser) ([]byte, error) {
	defer from.Close()
	body, err := io.ReadAll(io.LimitReader(from, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = fmt.Errorf("a body of more than %d bytes", maxBody)
	}
	return body, err
}

// failed handles a call that got no answer. A server that is not there, and a
// credential that is not accepted, end the run; a connection lost later is a finding.
func (r *run) failed(op *openapi.Operation, request *http.Request, sent []byte, err error) {
	if request.Context().Err() != nil {
		r.stopped = err
		return
	}
	if _, ok := errors.AsType[*url.Error](err); !ok || r.calls() == 0 {
		r.stopped = err
		return
	}
	r.tallies[op.ID].calls++
	x := &exchange{operation: op, request: request, sent: sent}
	r.report(answered, x, violation{message: "no answer"})
}
