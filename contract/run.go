package contract

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/internal/loopback"
	"github.com/kaikina/kaikina/internal/openapi"
)

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

	validators *validators
	// last is the exchange of the latest call, nil when there was none.
	last *exchange
	// stopped is why no more calls are made.
	stopped error
	// sent counts the requests that left.
	sent int
	// leftovers name what the run wrote and could not undo.
	leftovers []string
	// wrongIDs are ids of the target that the server does not know.
	wrongIDs []error
	// seen are the values that answers had first, which are somebody's data; ours are
	// those that requests had first.
	seen, ours map[string]bool
	// cleanups undo what the run wrote, latest first.
	cleanups []cleanup
	cleaning bool
}

// tally counts what happened to one operation.
type tally struct {
	calls, checks int
	successes     int
	statuses      map[int]int
	// note says why there is nothing to show, remark what could not be judged.
	note, remark string
}

func newRun(target Target, options []Option) (*run, error) {
	doc, err := openapi.Ours(string(target.API))
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
		writable: loopback.Host(base.Hostname()),
		next:     &http.Client{Timeout: time.Minute},
		progress: func(Call) {},
		started:  time.Now(),
		tallies:  map[string]*tally{},
		findings: map[string]*Finding{},
		seen:     map[string]bool{},
		ours:     map[string]bool{},
	}
	for _, id := range target.IDs {
		r.ours[id] = true
	}
	r.clientID, r.clientSecret = target.Credential.Client()
	for _, op := range doc.Operations {
		r.tallies[op.ID] = &tally{statuses: map[int]int{}}
	}
	for _, option := range options {
		if option != nil {
			option(r)
		}
	}
	r.validators = newValidators(doc.T, r.showValues)
	// A redirect would lead to an operation that nobody asked about, and past the checks.
	if client, ok := r.next.(*http.Client); ok {
		r.next = auth.RefuseRedirects(client)
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
	var missing []string
	for _, id := range operations {
		if !r.may(id) {
			missing = append(missing, id)
		}
	}
	for _, id := range operations {
		r.note(id, "changes data: not called on a target that is not on this machine; it wants --allow-writes %s", strings.Join(missing, ","))
	}
	return false
}

// wantsCredential tells whether the description asks for credentials.
func wantsCredential(op *openapi.Operation) bool {
	return op.Spec.Security == nil || len(*op.Spec.Security) > 0
}

// provesAccess tells whether success of an operation shows that the credential reaches
// data. What is public does not, nor does the request for a token, nor being told that one
// is authenticated.
func provesAccess(op *openapi.Operation) bool {
	return wantsCredential(op) && op.ID != "requestToken" && op.ID != "getStatus"
}

// wrongID keeps that something the target says there is cannot be read. A status that is
// a finding anyway speaks for itself.
func (r *run) wrongID(name string, x *exchange) {
	if x != nil && slices.Contains(unproven, x.status) {
		r.wrongIDs = append(r.wrongIDs, fmt.Errorf("the id %s=%s: %s answered %d", name, r.target.IDs[name], x.operation.ID, x.status))
	}
}

// isSafe tells whether an operation changes nothing. The two that ask for a token
// are no GETs, but store nothing that matters to anybody.
func isSafe(op *openapi.Operation) bool {
	return op.Method == http.MethodGet || op.ID == "createToken" || op.ID == "requestToken"
}

func (r *run) calls() int {
	n := 0
	for _, t := range r.tallies {
		n += t.calls
	}
	return n
}

// tally counts an exchange.
func (r *run) tally(x *exchange) {
	t := r.tallies[x.operation.ID]
	t.calls++
	t.statuses[x.status]++
}

// retryAfter is how long an answer with 429 asks to wait, or two seconds where it does not say.
func retryAfter(header http.Header, now time.Time) time.Duration {
	const unsaid = 2 * time.Second
	text := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		return max(time.Second, time.Duration(seconds)*time.Second)
	}
	if moment, err := http.ParseTime(text); err == nil {
		return max(time.Second, moment.Sub(now))
	}
	return unsaid
}

// observe counts an exchange and applies the checks that look at one alone.
func (r *run) observe(x *exchange, took time.Duration) {
	r.last = x
	r.tally(x)
	if x.succeeded() {
		r.tallies[x.operation.ID].successes++
	}
	for _, check := range exchangeChecks {
		if check.applies(x) {
			r.judge(check.CheckInfo, x, check.run(x))
		}
	}
	r.progress(Call{r.target.API, x.operation.ID, x.status, took})
}

// maxViolations is how many violations of one check are kept of one exchange.
const maxViolations = 100

// judge counts one application of a check, and reports what it found.
func (r *run) judge(check CheckInfo, x *exchange, violations []violation) {
	r.tallies[x.operation.ID].checks++
	for _, v := range violations[:min(len(violations), maxViolations)] {
		r.report(check, x, v)
	}
}

func (r *run) report(check CheckInfo, x *exchange, v violation) {
	v = v.redacted(r.target.Credential.Redact)
	key := fingerprint(Finding{Check: check.ID, Operation: x.operation.ID, Status: x.status, Pointer: v.pointer})
	if known := r.findings[key]; known != nil {
		known.Occurrences++
		return
	}
	f := Finding{
		Check:       check.ID,
		Operation:   x.operation.ID,
		Status:      x.status,
		Pointer:     v.pointer,
		Message:     v.message,
		Confidence:  cmp.Or(v.confidence, confidence(x)),
		Curl:        r.curl(x),
		Occurrences: 1,
		Fingerprint: key,
	}
	if r.showValues {
		f.Value = v.value
	}
	if line := cmp.Or(v.line, x.operation.Line); line > 0 {
		f.Declared = fmt.Sprintf("%s.yaml:%d", r.target.API, line)
	}
	r.findings[key] = &f
	r.order = append(r.order, key)
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

func (r *run) finish() *Report {
	report := &Report{
		API:      r.target.API,
		BaseURL:  r.target.Credential.BaseURL(),
		Writable: r.writable,
		Allowed:  append([]string{}, r.target.AllowWrites...),
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
			evidenced: t.successes > 0 && provesAccess(op),
		}
		line.Note = t.remark
		if line.Verdict == NeverEvidenced {
			line.Note = cmp.Or(t.note, "not reached: what leads to it did not answer with success")
			switch {
			case t.calls > 0:
				line.Note = "never answered with success"
			case r.stopped != nil:
				line.Note = "not reached: the run ended before"
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
