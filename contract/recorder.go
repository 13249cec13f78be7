package contract

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/internal/openapi"
)

// maxBody is the largest answer that is read, in bytes. A page of 20,000 KaiNexus
// items is about 48 MB.
const maxBody = 64 << 20

// authorized is what the generated clients send through: calls carry the credential.
func (r *run) authorized() *recorder {
	return &recorder{run: r, next: r.target.Credential.Doer(r.next)}
}

// anonymous sends without any credential.
func (r *run) anonymous() *recorder { return &recorder{run: r, next: r.next, anonymous: true} }

// recorder sends the requests of a generated client, applies the exchange checks to
// each answer, and keeps every call inside what the target permits. It sits outside
// the credential, so that it never sees one.
type recorder struct {
	run       *run
	next      auth.Doer
	anonymous bool
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
	for {
		response, err := c.send(op, request, sent)
		// While cleaning up, a server that is busy is asked again when it says.
		if err != nil || !r.cleaning || response.StatusCode != http.StatusTooManyRequests {
			return response, err
		}
		select {
		case <-request.Context().Done():
			return response, nil
		case <-time.After(retryAfter(response.Header, time.Now())):
		}
		if sent != nil {
			request.Body = io.NopCloser(bytes.NewReader(sent))
		}
	}
}

// send sends a request once, and looks at the answer.
func (c *recorder) send(op *openapi.Operation, request *http.Request, sent []byte) (*http.Response, error) {
	r := c.run
	r.sending(request, sent)
	r.sent++
	begun := time.Now()
	response, err := c.next.Do(request)
	if err != nil {
		r.failed(&exchange{operation: op, request: request, sent: sent, anonymous: c.anonymous}, err)
		return nil, err
	}
	body, err := readAll(response.Body)
	if err != nil && request.Context().Err() != nil {
		r.stopped = request.Context().Err()
		return nil, r.stopped
	}
	if err != nil {
		// What came of the body would only break more checks.
		x := &exchange{operation: op, request: request, sent: sent, anonymous: c.anonymous, status: response.StatusCode, header: response.Header}
		r.tally(x)
		r.judge(answered, x, []violation{{message: "the body does not arrive whole, or is larger than 64 MiB"}})
		return nil, err
	}
	x := newExchange(op, request, sent, response, body)
	x.anonymous, x.validators = c.anonymous, r.validators
	r.answeredWith(x.value)
	r.observe(x, time.Since(begun))
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
	if from == nil {
		return nil, nil
	}
	defer from.Close()
	body, err := io.ReadAll(io.LimitReader(from, maxBody+1))
	if err == nil && len(body) > maxBody {
		err = fmt.Errorf("a body of more than %d bytes", maxBody)
	}
	return body, err
}

// failed handles a call that got no answer. A server that is not there, and a
// credential that is not accepted, end the run; a connection lost later is a finding.
func (r *run) failed(x *exchange, err error) {
	if x.request.Context().Err() != nil {
		r.stopped = x.request.Context().Err()
		return
	}
	transport, ok := errors.AsType[*url.Error](err)
	switch {
	case !ok:
		r.stopped = err
	case r.calls() == 0:
		r.stopped = fmt.Errorf("%s %s: %w", x.request.Method, x.operation.Path, reason(transport.Err))
	default:
		r.tallies[x.operation.ID].calls++
		r.judge(answered, x, []violation{{message: "no answer"}})
	}
}

// reason is why a request got no answer. net/http quotes what it cannot parse, and a
// server can send back what it was sent, so only what this machine says itself is kept.
func reason(err error) error {
	if network, ok := errors.AsType[net.Error](err); ok {
		_, ofNet := errors.AsType[*net.OpError](err)
		_, ofDNS := errors.AsType[*net.DNSError](err)
		if ofNet || ofDNS || network.Timeout() {
			return err
		}
	}
	if certificate, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return certificate
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the connection was closed without an answer")
	}
	return errors.New("the answer is not HTTP, or the connection is not what the base URL says")
}
