package sandbox

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Doer calls a handler as a client would, without a socket. It is what a generated client
// takes for its HTTP client, and the Transport of an [http.Client] at the same time. It is
// made by [NewDoer], and safe for concurrent use.
//
// The host of a request does not matter: everything goes to the one handler. A credential
// fetches tokens through a client of its own, though: give it this one too, with
// auth.TokenClient, or it looks for the host.
//
// Answers are as the handler sends them, and arrive while it does: a long one takes no more
// memory than what was read last. Nothing asks for compressed answers, and nothing unpacks
// them. As with any client, the body of an answer has to be closed. Redirects are answers
// like others, unless an http.Client follows them.
type Doer struct{ handler http.Handler }

// NewDoer makes a Doer that calls handler, which may be an emulator, or an emulator with
// faults around it.
func NewDoer(handler http.Handler) *Doer { return &Doer{handler} }

// RoundTrip implements [http.RoundTripper] by Do.
func (d *Doer) RoundTrip(r *http.Request) (*http.Response, error) { return d.Do(r) }

// Do lets the handler answer a request. It fails when the handler aborts before it has
// answered, and when the context of the request ends, as does reading the body then.
func (d *Doer) Do(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	received, err := receive(r, ctx, cancel)
	if err != nil {
		cancel(nil)
		closeBody(r)
		return nil, err
	}
	answer := &answer{request: r, header: http.Header{}, length: -1, ready: make(chan *http.Response, 1), cancel: cancel}
	failed := make(chan error, 1)
	go func() {
		defer closeBody(r)
		answer.by(d.handler, received, failed)
	}()
	select {
	case response := <-answer.ready:
		// A request that is not what it declares fails, whatever was answered to it.
		if err := context.Cause(ctx); err != nil && r.Context().Err() == nil {
			_ = response.Body.Close()
			return nil, err
		}
		return response, nil
	case err := <-failed:
		cancel(nil)
		return nil, err
	case <-ctx.Done():
		cancel(nil)
		return nil, context.Cause(ctx)
	}
}

// receive is the request as a server would see it, unless net/http would not send it. The
// context is that of the call, which cancel ends.
func receive(r *http.Request, ctx context.Context, cancel context.CancelCauseFunc) (*http.Request, error) {
	if r.URL == nil {
		return nil, errors.New("sandbox: the request has no URL")
	}
	target := r.URL.RequestURI()
	where, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, fmt.Errorf("sandbox: the request is for no path: %w", err)
	}
	// Over a socket these two would be lost, and found again in the Host header and in
	// the kind of the socket.
	where.Scheme, where.Host = r.URL.Scheme, r.URL.Host
	received := r.Clone(ctx)
	received.URL, received.RequestURI = where, target
	received.RemoteAddr = "127.0.0.1:0"
	if received.Host == "" {
		received.Host = r.URL.Host
	}
	if received.Method == "" {
		received.Method = http.MethodGet
	}
	if received.Header, err = receiveHeader(r.Header); err != nil {
		return nil, err
	}
	if password, ok := r.URL.User.Password(); r.URL.User != nil && received.Header.Get("Authorization") == "" && (ok || r.URL.User.Username() != "") {
		received.SetBasicAuth(r.URL.User.Username(), password)
	}
	switch {
	case received.Body == nil || received.Body == http.NoBody:
		received.Body, received.ContentLength = http.NoBody, 0
	case received.ContentLength == 0:
		received.ContentLength = -1 // as of any body whose length nobody tells
	case received.ContentLength > 0:
		received.Body = &measured{ReadCloser: received.Body, declared: received.ContentLength, left: received.ContentLength, fail: cancel}
	}
	return received, nil
}

// receiveHeader is a header as it arrives. What could not be sent is refused, by its name:
// its value may be a secret.
func receiveHeader(sent http.Header) (http.Header, error) {
	received := make(http.Header, len(sent))
	for name, values := range sent {
		if !httpguts.ValidHeaderFieldName(name) {
			return nil, fmt.Errorf("sandbox: %q cannot be the name of a header", name)
		}
		for _, value := range values {
			if !httpguts.ValidHeaderFieldValue(value) {
				return nil, fmt.Errorf("sandbox: the value of the header %s has a character that cannot be sent, such as a line break", name)
			}
			received.Add(name, strings.Trim(value, " \t"))
		}
	}
	return received, nil
}

// measured is the body of a request that declares how long it is.
type measured struct {
	io.ReadCloser
	declared, left int64
	fail           context.CancelCauseFunc
}

func (m *measured) Read(p []byte) (int, error) {
	n, err := m.ReadCloser.Read(p)
	m.left -= int64(n)
	if m.left < 0 || err == io.EOF && m.left > 0 {
		err = fmt.Errorf("sandbox: the request declares a body of %d bytes, and has another", m.declared)
		m.fail(err)
		return max(0, n+int(min(0, m.left))), err
	}
	return n, err
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// held is how much of an answer is kept back. What is shorter is delivered when the
// handler has ended, with its length, as net/http does.
const held = 4 << 10

// answer is the ResponseWriter of one call. Only the handler's goroutine uses it, until it
// sends a response to ready.
type answer struct {
	request *http.Request
	ready   chan *http.Response
	cancel  context.CancelCauseFunc

	header  http.Header
	status  int         // 0 until it is decided
	sent    http.Header // as it was when the status was decided
	length  int64       // as declared in sent, or -1
	written int64
	held    []byte
	pipe    *io.PipeWriter // nil unless the body is being streamed
	// delivered says that a response was sent to ready.
	delivered bool
}

// by runs the handler to its end. It sends an error to failed when no response was delivered.
func (a *answer) by(handler http.Handler, received *http.Request, failed chan<- error) {
	ended := false
	defer func() {
		// Without a reason the goroutine ends, as it does when a test fails in the handler.
		if reason := recover(); !ended {
			a.abort(reason, failed)
		}
	}()
	handler.ServeHTTP(a, received)
	ended = true
	a.WriteHeader(http.StatusOK)
	if a.pipe == nil {
		a.deliverWhole()
		return
	}
	var short error
	if a.length > a.written {
		short = io.ErrUnexpectedEOF
	}
	_ = a.pipe.CloseWithError(cmp.Or(context.Cause(received.Context()), short))
}

// deliverWhole delivers an answer that was held back to its end, or has no body.
func (a *answer) deliverWhole() {
	body := io.Reader(bytes.NewReader(a.held))
	switch {
	case !a.hasBody():
		body = http.NoBody
		if a.request.Method != http.MethodHead {
			a.length = 0
		}
	case a.length < 0:
		a.length = a.written
	case a.length > a.written:
		body = io.MultiReader(body, cutOff{})
	}
	a.deliver(io.NopCloser(body), a.cancel)
}

// cutOff is where a body ends too early.
type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// abort is the end of a handler that panicked, or whose goroutine ended. The client sees
// what it would see of a connection that breaks.
func (a *answer) abort(reason any, failed chan<- error) {
	switch {
	case a.pipe != nil:
		_ = a.pipe.CloseWithError(io.ErrUnexpectedEOF)
	case a.delivered:
	case reason == nil || reason == http.ErrAbortHandler:
		failed <- fmt.Errorf("sandbox: the connection broke before an answer came: %w", io.EOF)
	default:
		failed <- fmt.Errorf("sandbox: the handler panicked: %v", reason)
	}
}

// hasBody tells whether an answer of this status to this method has a body at all.
func (a *answer) hasBody() bool {
	return a.request.Method != http.MethodHead && a.status != http.StatusNoContent && a.status != http.StatusNotModified
}

func (a *answer) Header() http.Header { return a.header }

func (a *answer) WriteHeader(status int) {
	if a.status != 0 || status < 200 { // only the last status counts as the answer
		return
	}
	a.status, a.sent = status, a.header.Clone()
	if n, err := strconv.ParseInt(a.sent.Get("Content-Length"), 10, 64); err == nil && n >= 0 {
		a.length = n
	}
}

func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if a.request.Method == http.MethodHead {
		return len(p), nil // nobody will see it
	}
	if !a.hasBody() {
		return 0, http.ErrBodyNotAllowed
	}
	if a.length >= 0 && a.written+int64(len(p)) > a.length {
		return 0, http.ErrContentLength
	}
	a.written += int64(len(p))
	if a.pipe == nil && len(a.held)+len(p) <= held {
		a.held = append(a.held, p...)
		return len(p), nil
	}
	a.Flush()
	return a.pipe.Write(p)
}

// Flush implements [http.Flusher].
func (a *answer) Flush() {
	a.WriteHeader(http.StatusOK)
	if !a.hasBody() {
		a.deliverWhole()
		return
	}
	if a.pipe == nil {
		reader, writer := io.Pipe()
		a.pipe = writer
		stop := context.AfterFunc(a.request.Context(), func() { _ = writer.CloseWithError(context.Cause(a.request.Context())) })
		a.deliver(reader, func(cause error) { stop(); a.cancel(cause) })
	}
	if len(a.held) > 0 {
		_, _ = a.pipe.Write(a.held) // a client that has gone shows at the next Write
		a.held = nil
	}
}

func (a *answer) deliver(body io.ReadCloser, closed context.CancelCauseFunc) {
	if a.delivered {
		return
	}
	a.delivered = true
	response := &http.Response{
		Status:     fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)),
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.sent, ContentLength: a.length, Request: a.request,
		Body: &closing{body, closed},
	}
	a.ready <- response
}

// closing is the body of a response. When it is closed the handler's context ends.
type closing struct {
	io.ReadCloser
	closed context.CancelCauseFunc
}

func (c *closing) Close() error {
	err := c.ReadCloser.Close()
	c.closed(nil)
	return err
}
