package fault

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/kaikina/kaikina/internal/openapi"
)

// aimed is a fault that is in use.
type aimed struct {
	targets  map[string]bool
	schedule *schedule
	effect   effect
}

// wrapper is a sandbox with faults around it.
type wrapper struct {
	sandbox  http.Handler
	doc      *openapi.Document
	basePath string
	faults   []aimed
}

// hit is a fault that hits a call, and the number of the call in the count of that fault.
type hit struct {
	effect effect
	call   int
}

func (w *wrapper) ServeHTTP(to http.ResponseWriter, request *http.Request) {
	hits, changesAnswers := w.hits(request)
	if len(hits) == 0 {
		w.sandbox.ServeHTTP(to, request)
		return
	}
	x := &exchange{sandbox: w.sandbox, to: to, request: request.Clone(request.Context())}
	x.keepBody()
	for _, h := range hits {
		if h.effect.before != nil {
			x.call = h.call
			h.effect.before(x)
		}
	}
	if x.answer == nil {
		if !changesAnswers {
			w.sandbox.ServeHTTP(to, x.request)
			return
		}
		x.answer = x.ask(x.request)
	}
	for _, h := range hits {
		if h.effect.after != nil {
			x.call = h.call
			h.effect.after(x)
		}
	}
	x.answer.send(x)
}

// hits are the faults that hit a request, in the order they were given. Each of those
// aimed at its operation counts it.
func (w *wrapper) hits(request *http.Request) (hits []hit, changesAnswers bool) {
	op := w.doc.Match(request.Method, strings.TrimPrefix(request.URL.EscapedPath(), w.basePath))
	if op == nil {
		return nil, false
	}
	for _, f := range w.faults {
		if !f.targets[op.ID] {
			continue
		}
		if call, isHit := f.schedule.next(); isHit {
			hits = append(hits, hit{f.effect, call})
			changesAnswers = changesAnswers || f.effect.after != nil
		}
	}
	return hits, changesAnswers
}

// exchange is a request and what becomes of it.
type exchange struct {
	sandbox http.Handler
	to      http.ResponseWriter
	request *http.Request
	// body is the request's, of which request.Body reads a copy.
	body []byte
	// call is the number of the call, of those that the running fault is aimed at.
	call int
	// answer is nil until there is one.
	answer *answer
}

// answer is what is about to be sent.
type answer struct {
	status int
	header http.Header
	body   []byte
	// flushed says that the sandbox sends it piece by piece.
	flushed bool
	// send is how it is sent.
	send func(*exchange)
}

// maxBody is how much of a request's body is kept. The sandboxes refuse less.
const maxBody = 32 << 20

// keepBody reads the request's body before anything waits: a server notices that its
// client has gone only when it has read all that the client sent.
func (x *exchange) keepBody() {
	if x.request.Body == nil {
		return
	}
	rest := x.request.Body
	kept, err := io.ReadAll(io.LimitReader(rest, maxBody))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if len(kept) == maxBody {
		x.request.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(kept), rest), rest}
		return
	}
	x.setBody(kept)
}

func (x *exchange) setBody(body []byte) {
	x.body = body
	x.request.Body = io.NopCloser(bytes.NewReader(body))
	x.request.ContentLength = int64(len(body))
}

// ask has the sandbox answer a request, and keeps the answer.
func (x *exchange) ask(request *http.Request) *answer {
	kept := &recording{answer: answer{status: http.StatusOK, header: http.Header{}, send: sendWhole}}
	x.sandbox.ServeHTTP(kept, request)
	kept.answer.body = kept.body.Bytes()
	return &kept.answer
}

// askFor has the sandbox answer another request of the same caller.
func (x *exchange) askFor(method, path string, query url.Values) *answer {
	request := x.request.Clone(x.request.Context())
	request.Method, request.Body, request.ContentLength = method, http.NoBody, 0
	request.URL.Path, request.URL.RawPath, request.URL.RawQuery = path, "", query.Encode()
	request.RequestURI = request.URL.RequestURI()
	return x.ask(request)
}

// refuse answers in the sandbox's place.
func (x *exchange) refuse(status int, contentType, body string) {
	if x.answer == nil {
		x.answer = &answer{status: status, header: http.Header{}, send: sendWhole}
	}
	x.answer.status, x.answer.body = status, []byte(body)
	x.answer.header.Set("Content-Type", contentType)
}

// wait lets time pass. A caller who does not wait is not answered, and what follows does
// not happen.
func (x *exchange) wait(d time.Duration) {
	if !sleep(x.request.Context(), d) {
		panic(http.ErrAbortHandler)
	}
}

func sleep(ctx context.Context, d time.Duration) (done bool) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// sendHead sends the status and the header. A length is -1 where none is to be declared.
func (x *exchange) sendHead(length int) {
	header := x.to.Header()
	clear(header)
	for name, values := range x.answer.header {
		header[name] = values
	}
	if _, ok := header["Content-Type"]; !ok {
		header["Content-Type"] = nil // or net/http would guess one
	}
	header.Del("Content-Length")
	if length >= 0 {
		header.Set("Content-Length", strconv.Itoa(length))
	}
	x.to.WriteHeader(x.answer.status)
}

func (x *exchange) flush() { _ = http.NewResponseController(x.to).Flush() }

// sendWhole sends an answer as it is.
func sendWhole(x *exchange) {
	_, hadLength := x.answer.header["Content-Length"]
	switch {
	case x.answer.flushed:
		x.sendHead(-1)
		x.flush()
	case hadLength:
		x.sendHead(len(x.answer.body))
	default:
		x.sendHead(-1)
	}
	_, _ = x.to.Write(x.answer.body)
}

// recording keeps an answer instead of sending it.
type recording struct {
	answer answer
	body   bytes.Buffer
	begun  bool
}

func (r *recording) Header() http.Header { return r.answer.header }

func (r *recording) WriteHeader(status int) {
	// Those below 200 are only announcements.
	if !r.begun && status >= http.StatusOK {
		r.begun, r.answer.status = true, status
	}
}

func (r *recording) Write(b []byte) (int, error) {
	r.begun = true
	return r.body.Write(b)
}

func (r *recording) Flush() { r.answer.flushed = true }
