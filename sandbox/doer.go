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
)

// Doer calls a handler as a client would, without a socket. It is what a generated client
// takes for its HTTP client, and the Transport of an [http.Client] at the same time. It is
// made by [NewDoer], and safe for concurrent use.
//
// The host of a request does not matter: everything goes to the one handler. Answers are
// as the handler sends them, and arrive while it does: a long one takes no more memory
// than what was read last. As with any client, the body of an answer has to be closed.
// Redirects are answers like others, unless an http.Client follows them.
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
	received, err := receive(r, ctx)
	if err != nil {
		cancel(nil)
		closeBody(r)
		return nil, err
	}
	answer := &answer{request: r, header: http.Header{}, length: -1, ready: make(chan *http.Response, 1), cancel: cancel}
	failed := make(chan error, 1)
	go func() {
		defer closeBody(r)
		if err := answer.by(d.handler, received); err != nil {
			failed <- err
		}
	}()
	select {
	case response := <-answer.ready:
		return response, nil
	case err := <-failed:
		cancel(nil)
		return nil, err
	case <-ctx.Done():
		cancel(nil)
		return nil, context.Cause(ctx)
	}
}

// receive is the request as a server would see it.
func receive(r *http.Request, ctx context.Context) (*http.Request, error) {
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
	if received.Header == nil {
		received.Header = http.Header{}
	}
	if received.Body == nil {
		received.Body = http.NoBody
	}
	return received, nil
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

// by runs the handler to its end. It returns an error when no response was delivered.
func (a *answer) by(handler http.Handler, received *http.Request) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = a.abort(reason)
		}
	}()
	handler.ServeHTTP(a, received)
	a.WriteHeader(http.StatusOK)
	if a.pipe == nil {
		a.deliverWhole()
		return nil
	}
	if a.length > a.written {
		err = io.ErrUnexpectedEOF
	}
	_ = a.pipe.CloseWithError(cmp.Or(context.Cause(received.Context()), err))
	return nil
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

// abort is the end of a handler that panicked. The client sees what it would see of a
// connection that breaks.
func (a *answer) abort(reason any) error {
	if a.pipe != nil {
		_ = a.pipe.CloseWithError(io.ErrUnexpectedEOF)
	}
	if a.delivered {
		return nil
	}
	if reason == http.ErrAbortHandler {
		return fmt.Errorf("sandbox: the connection broke before an answer came: %w", io.EOF)
	}
	return fmt.Errorf("sandbox: the handler panicked: %v", reason)
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
