package contract

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/internal/openapi"
)

// maxBody is the largest answer that is read, in bytes. A page of 20,000 KaiNexus
// items is about 48 MB.
const maxBody = 256 << 20

// run carries one verification. Its calls are made one after another.
type run struct {
	target Target
	doc    *openapi.Document
	base   *url.URL
	// clientID and clientSecret are what a token can be asked for with, if anything.
	clientID     string
	clientSecret auth.Secret
	writable     bool
	next         auth.Doer
	showValues   bool
	progress     func(Call)

	started  time.Time
	tallies  map[string]*tally
	findings map[string]*Finding
	order    []string
	blocked  int

	// last is the exchange of the latest call, nil when there was none.
	last *exchange
	// stopped is why no more calls are made.
	stopped error
	// cleanups undo what the run wrote, latest first; nil where that is done.
	cleanups []func(context.Context)
	cleaning bool
}

// tally counts what happened to one operation.
type tally struct {
	calls, checks int
	successes     int
	statuses      map[int]int
	note          string
}

func newRun(ctx context.Context, target Target, options []Option) (*run, error) {
	doc, err := Document(ctx, target.API)
	if err != nil {
		return nil, err
	}
	base, err := target.validate(doc)
	if err != nil {
		return nil, err
	}
	r := &run{
		target:   target,
		doc:      doc,
		base:     base,
		writable: isLoopback(base.Hostname()),
		next:     &http.Client{Timeout: time.Minute},
		progress: func(Call) {},
		started:  time.Now(),
		tallies:  map[string]*tally{},
		findings: map[string]*Finding{},
	}
	r.clientID, r.clientSecret = target.Credential.Client()
	for _, op := range doc.Operations {
		r.tallies[op.ID] = &tally{statuses: map[int]int{}}
	}
	for _, option := range options {
		option(r)
	}
	if client, ok := r.next.(*http.Client); ok {
		r.next = auth.GuardRedirects(client)
	}
	return r, nil
}

// may tells whether every one of the operations may be called on this target.
func (r *run) may(operations ...string) bool {
	for _, id := range operations {
		op := r.doc.Operation(id)
		if !r.writable && !isSafe(op) && !slices.Contains(r.target.AllowWrites, id) {
			return false
		}
	}
	return true
}

// ready tells whether all of the operations may be called, and notes why not.
func (r *run) ready(operations ...string) bool {
	if r.may(operations...) {
		return true
	}
	for _, id := range operations {
		r.note(id, "changes data: not called on a target that is not on this machine, unless --allow-writes %s", strings.Join(operations, ","))
	}
	return false
}

// isSafe tells whether an operation changes nothing. The two that ask for a token
// are no GETs, but store nothing that matters to anybody.
func isSafe(op *openapi.Operation) bool {
	return op.Method == http.MethodGet || op.ID == "createToken" || op.ID == "requestToken"
}

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
	begun := time.Now()
	response, err := c.next.Do(request)
	if err != nil {
		r.failed(op, request, sent, err)
		return nil, err
	}
	body, err := readAll(response.Body)
	x := newExchange(op, request, sent, response, body)
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

func (r *run) calls() int {
	n := 0
	for _, t := range r.tallies {
		n += t.calls
	}
	return n
}

// observe counts an exchange and applies the checks that look at one alone.
func (r *run) observe(x *exchange, took time.Duration) {
	r.last = x
	t := r.tallies[x.operation.ID]
	t.calls++
	t.statuses[x.status]++
	if x.succeeded() {
		t.successes++
	}
	for _, check := range exchangeChecks {
		if check.applies(x) {
			r.judge(check.CheckInfo, x, check.run(x))
		}
	}
	r.progress(Call{r.target.API, x.operation.ID, x.status, took})
}

// judge counts one application of a check, and reports what it found.
func (r *run) judge(check CheckInfo, x *exchange, violations []violation) {
	r.tallies[x.operation.ID].checks++
	for _, v := range violations {
		r.report(check, x, v)
	}
}

func (r *run) report(check CheckInfo, x *exchange, v violation) {
	f := Finding{
		Check:       check.ID,
		Operation:   x.operation.ID,
		Status:      x.status,
		Pointer:     v.pointer,
		Message:     v.message,
		Confidence:  cmp.Or(v.confidence, confidence(x)),
		Curl:        r.curl(x),
		Occurrences: 1,
	}
	if r.showValues {
		f.Value = v.value
	}
	if line := cmp.Or(v.line, x.operation.Line); line > 0 {
		f.Declared = fmt.Sprintf("%s.yaml:%d", r.target.API, line)
	}
	f.Fingerprint = fingerprint(f)
	if known := r.findings[f.Fingerprint]; known != nil {
		known.Occurrences++
		return
	}
	r.findings[f.Fingerprint] = &f
	r.order = append(r.order, f.Fingerprint)
}

// confidence is how far the description of the answer can be trusted: its own mark,
// else the operation's.
func confidence(x *exchange) string {
	if x.declared != nil {
		if level, _ := x.declared.Extensions["x-confidence"].(string); level != "" {
			return level
		}
	}
	level, _ := x.operation.Spec.Extensions["x-confidence"].(string)
	return level
}

// note says why an operation has nothing to show.
func (r *run) note(operation, format string, args ...any) {
	if t := r.tallies[operation]; t.note == "" {
		t.note = fmt.Sprintf(format, args...)
	}
}

// call makes one call through a generated client. The exchange is nil when there was
// none: the run has stopped, the target does not permit the call, or nobody answered.
func call[R any](r *run, operation string, send func() (R, error)) (R, *exchange) {
	var none R
	if r.stopped != nil && !r.cleaning {
		return none, nil
	}
	r.last = nil
	result, err := send()
	x := r.last
	if x == nil {
		if errors.Is(err, errNotPermitted) {
			r.note(operation, "changes data: kept from leaving the process")
		}
		return none, nil
	}
	r.judge(clientDecodes, x, undecoded(err))
	return result, x
}

// undecoded tells what the generated client could not make sense of. The decoder's own
// words may quote the answer.
func undecoded(err error) []violation {
	if err == nil {
		return nil
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		kind, _, _ := strings.Cut(mismatch.Value, " ")
		v := violation{message: fmt.Sprintf("the generated client cannot decode a JSON %s into a Go %s", kind, mismatch.Type)}
		if mismatch.Field != "" {
			v.pointer = "/" + strings.ReplaceAll(mismatch.Field, ".", "/")
		}
		return []violation{v}
	}
	return []violation{{message: "the generated client cannot decode the body"}}
}

// good makes a call that should succeed. The exchange is nil unless it did.
func good[R any](r *run, operation string, send func() (R, error)) (R, *exchange) {
	result, x := call(r, operation, send)
	if x == nil {
		return result, nil
	}
	r.judge(statusExpected, x, checkExpected(x))
	if !x.succeeded() {
		return result, nil
	}
	return result, x
}

// refused makes a call that should be refused for want of good credentials.
func refused[R any](r *run, operation string, send func() (R, error)) {
	if _, x := call(r, operation, send); x != nil {
		r.judge(authRequired, x, checkRefused(x))
	}
}

// lingering is ctx for a call that creates something: it ends five seconds later, so that
// an interruption does not tear the creation from the answer that says what to undo.
func lingering(ctx context.Context) context.Context {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(5*time.Second, cancel) })
	return longer
}

// afterwards registers what undoes a write. It is called even when the run is cut
// short, unless done was called before.
func (r *run) afterwards(undo func(context.Context)) (done func()) {
	at := len(r.cleanups)
	r.cleanups = append(r.cleanups, undo)
	return func() { r.cleanups[at] = nil }
}

// cleanUp undoes the run's writes, within ten seconds even when ctx has ended.
func (r *run) cleanUp(ctx context.Context) {
	r.cleaning = true
	defer func() { r.cleaning = false }()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	for _, undo := range slices.Backward(r.cleanups) {
		if undo != nil {
			undo(ctx)
		}
	}
	r.cleanups = nil
}

func (r *run) finish() *Report {
	report := &Report{
		API:      r.target.API,
		BaseURL:  r.target.Credential.BaseURL(),
		Writable: r.writable,
		Started:  r.started.UTC(),
		Duration: time.Since(r.started),
		Findings: []Finding{},
	}
	perOperation := map[string][]Finding{}
	for _, key := range r.order {
		f := *r.findings[key]
		report.Findings = append(report.Findings, f)
		perOperation[f.Operation] = append(perOperation[f.Operation], f)
	}
	for _, op := range r.doc.Operations {
		t := r.tallies[op.ID]
		line := OperationReport{
			ID:        op.ID,
			Method:    op.Method,
			Path:      op.Path,
			Calls:     t.calls,
			Checks:    t.checks,
			Findings:  len(perOperation[op.ID]),
			Statuses:  append([]int{}, slices.Sorted(maps.Keys(t.statuses))...),
			Verdict:   verdict(t, perOperation[op.ID]),
			evidenced: t.successes > 0,
		}
		if line.Verdict == NeverEvidenced {
			line.Note = t.note
			if t.calls > 0 {
				line.Note = "never answered with success"
			}
		}
		report.Operations = append(report.Operations, line)
		report.Totals.Operations++
		if t.calls > 0 {
			report.Totals.Called++
		}
		report.Totals.Calls += t.calls
		report.Totals.Checks += t.checks
	}
	report.Totals.Findings = len(report.Findings)
	report.Totals.Blocked = r.blocked
	return report
}

func verdict(t *tally, findings []Finding) Verdict {
	declarations := []string{statusDeclared.ID, contentTypeDeclared.ID}
	switch {
	case slices.ContainsFunc(findings, func(f Finding) bool { return !slices.Contains(declarations, f.Check) }):
		return Violates
	case len(findings) > 0:
		return Undeclared
	case t.successes == 0:
		return NeverEvidenced
	}
	return Conforms
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
