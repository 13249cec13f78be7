package schema

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/kaikina/kaikina/contract/schema/internal/scan"
)

// Validate reads one JSON value to the end of the body, and gives what is wrong with it and what
// is to be remarked, which [Valid] tells apart, in the order in which it is found. A body that is not JSON is a finding too; an error is a
// body that could not be read to its end, or a context that ended before.
//
// What is in memory does not depend on the length of the body: one token, the names on the way
// to it, what [Options.MaxNames] and [Options.MaxAlternatives] allow, and a few words for each
// level. Observers are told each value that a schema was held against.
func (v *Validator) Validate(ctx context.Context, body io.Reader, observers ...Observer) ([]Finding, error) {
	r := v.runs.get(v)
	defer v.runs.put(r)
	if len(observers) > 0 {
		r.observers = append(r.observers, observers...)
	}
	r.begin(ctx, body)
	err := r.whole()
	return r.findings, err
}

// ValidateBytes validates a body that is in memory.
func (v *Validator) ValidateBytes(ctx context.Context, body []byte, observers ...Observer) ([]Finding, error) {
	return v.Validate(ctx, bytes.NewReader(body), observers...)
}

// runs keeps the memory of earlier calls for later ones.
type runs struct{ pool sync.Pool }

func (p *runs) get(v *Validator) *run {
	if r, ok := p.pool.Get().(*run); ok {
		return r
	}
	r := &run{v: v, predicted: make([]int32, v.predictions), tokens: scan.New(nil)}
	o := v.options
	r.tokens.Limits = scan.Limits{Depth: o.MaxDepth, Token: o.MaxToken, Names: o.MaxNames * bytesPerName, Body: o.MaxBytes}
	r.tokens.OwnNames = true
	r.tokens.Defect = r.defect
	return r
}

func (p *runs) put(r *run) {
	r.release()
	p.pool.Put(r)
}

// run is the validation of one body. Its slices are stacks: whoever pushes pops.
type run struct {
	v         *Validator
	tokens    *scan.Scanner
	in        input
	observers []Observer
	findings  []Finding
	// found takes the findings instead, and tells whether more are wanted.
	found func(Finding) bool
	// remarks and refusals count the findings: a remark leaves a body valid.
	remarks, refusals int
	// stopped says that no more findings are wanted.
	stopped bool

	path      []step
	stepNames []byte
	pointed   []byte // the pointer made last

	evals    []eval
	branches []branch
	groups   []group
	pending  []pendingMember
	owners   []int32
	bits     []uint64

	pendingNames []byte
	held         []held

	seen elements
	// Each limit is reported once.
	uniqueFull, pendingFull, strictFull, heldFull bool

	hashing   int
	predicted []int32
	digits    []byte
	emit      *emitter
}

// step is one step of the pointer to the value at hand: a member that a node knows, another
// one, whose name is in stepNames from start to end, or the element at an index.
type step struct {
	known      *property
	start, end int32
	index      int64 // -1 for a member
}

// errStopped ends a run that has what it wants.
var errStopped = errors.New("no more findings are wanted")

func (r *run) begin(ctx context.Context, body io.Reader) {
	r.in = input{ctx, body}
	r.tokens.Reset(&r.in)
	r.findings, r.remarks, r.refusals, r.stopped = nil, 0, 0, false
	r.uniqueFull, r.pendingFull, r.strictFull, r.heldFull = false, false, false, false
	r.hashing = 0
}

// release lets go of what belongs to the caller, and of memory that an unusual body took.
func (r *run) release() {
	r.seen.reset()
	r.in = input{}
	r.tokens.Reset(nil)
	r.findings, r.found, r.emit = nil, nil, nil
	clear(r.observers)
	r.observers = r.observers[:0]
	clear(r.held[:cap(r.held)]) // findings may have values of the body
	r.held = r.held[:0]
	r.path, r.pending = emptied(r.path, mostKept), emptied(r.pending, mostKept)
	r.evals, r.branches, r.groups = emptied(r.evals, mostKept), emptied(r.branches, mostKept), emptied(r.groups, mostKept)
	r.owners, r.bits = emptied(r.owners, mostKept), emptied(r.bits, mostKept)
	r.stepNames, r.pendingNames = emptied(r.stepNames, mostBytesKept), emptied(r.pendingNames, mostBytesKept)
}

// What each stack may keep for the next body.
const (
	mostKept      = 1 << 13
	mostBytesKept = 1 << 19
)

// emptied is a stack with nothing on it, and a new one where the old one has grown large.
func emptied[E any](stack []E, most int) []E {
	if cap(stack) > most {
		return nil
	}
	return stack[:0]
}

// whole validates the body.
func (r *run) whole() error { return r.conclude(r.body()) }

// conclude makes a finding of what the validation ended with, if that is the body's fault.
func (r *run) conclude(err error) error {
	if err == nil || err == errStopped {
		return nil
	}
	if syntax, ok := errors.AsType[*scan.SyntaxError](err); ok {
		r.add(Finding{Class: Malformed, Pointer: r.pointer(), Keyword: "json", Message: "the body " + syntax.Problem, Offset: syntax.Offset})
		return nil
	}
	if limit, ok := errors.AsType[*scan.LimitError](err); ok {
		message := fmt.Sprintf("the body has more than %d %s: it is not validated from here on", limit.Limit, limit.What)
		r.add(Finding{Class: Unchecked, Pointer: r.pointer(), Keyword: "limit", Message: message, Offset: limit.Offset})
		return nil
	}
	return fmt.Errorf("schema: read the body: %w", err)
}

func (r *run) body() error {
	kind, err := r.next()
	if err != nil {
		return err
	}
	if kind == 0 {
		return &scan.SyntaxError{Offset: r.tokens.Offset(), Problem: "is empty"}
	}
	if _, err := r.value(kind, r.v.root, noOwner); err != nil {
		return err
	}
	kind, err = r.tokens.Next()
	if _, malformed := errors.AsType[*scan.SyntaxError](err); malformed || err == nil && kind != 0 {
		r.add(Finding{Class: Malformed, Keyword: "trailing", Message: "the body goes on after its JSON value", Offset: r.tokens.Offset()})
		return nil
	}
	return err
}

// next reads a token.
func (r *run) next() (Kind, error) {
	if r.stopped {
		return 0, errStopped
	}
	return r.tokens.Next()
}

// bytesPerName is what a name of usual length takes in the scanner.
const bytesPerName = 128

// defect makes a finding of what the scanner doubts.
func (r *run) defect(d scan.Defect) error {
	f := Finding{Class: Malformed, Pointer: r.pointer(), Offset: d.Offset}
	switch d.Kind {
	case scan.RepeatedName:
		f.Keyword, f.Message = "duplicate", "a name that its object already has: readers differ in which of the values they take"
	case scan.UncheckedName:
		f.Class, f.Keyword, f.Message = Unchecked, "duplicate", "from here on, names of this object are not compared: more are remembered than MaxNames allows"
	case scan.InvalidUTF8:
		f.Keyword, f.Message = "unicode", "a string that is not UTF-8"
	case scan.LoneSurrogate:
		f.Keyword, f.Message = "unicode", "a string with half of a surrogate pair"
	}
	r.add(f)
	return nil
}

// add keeps a finding. The run stops at the last refusal that there is room for; remarks
// beyond theirs are left out, since what comes behind them may be a refusal.
func (r *run) add(f Finding) {
	most := r.v.options.MaxFindings
	switch {
	case r.stopped:
		return
	case r.found != nil:
		r.stopped = !r.found(f)
		return
	case f.Class.remark():
		if r.remarks == most {
			return
		}
		r.remarks++
	default:
		r.refusals++
		r.stopped = r.refusals == most
	}
	r.findings = append(r.findings, f)
}

// maxPointer is how many bytes of a pointer a finding quotes.
const maxPointer = 8 << 10

// pointer writes the pointer to the value at hand. A finding outlives the run, so one that is
// longer than any that people make is cut.
func (r *run) pointer() string {
	b := r.pointed[:0]
	defer func() { r.pointed = b }()
	for _, s := range r.path {
		if len(b) > maxPointer {
			break
		}
		b = append(b, '/')
		if s.index >= 0 {
			b = strconv.AppendInt(b, s.index, 10)
			continue
		}
		name := r.stepNames[s.start:min(s.end, s.start+maxPointer)]
		if s.known != nil {
			name = []byte(s.known.name)
		}
		for _, c := range name {
			switch c {
			case '~':
				b = append(b, "~0"...)
			case '/':
				b = append(b, "~1"...)
			default:
				b = append(b, c)
			}
		}
	}
	if len(b) <= maxPointer {
		return string(b)
	}
	cut := maxPointer
	for !utf8.RuneStart(b[cut]) {
		cut--
	}
	return string(b[:cut]) + "…"
}

// enter steps to the member whose name was just read.
func (r *run) enter(name []byte) error {
	if limit := r.v.options.MaxToken; len(r.stepNames)+len(name) > limit {
		return &scan.LimitError{Offset: r.tokens.Offset(), What: "bytes of names on the way to one value", Limit: int64(limit)}
	}
	r.pushMember(name)
	return nil
}

func (r *run) pushMember(name []byte) {
	start := len(r.stepNames)
	r.stepNames = append(r.stepNames, name...)
	r.path = append(r.path, step{start: int32(start), end: int32(len(r.stepNames)), index: -1})
}

// pushKnown spares copying the name.
func (r *run) pushKnown(p *property) {
	r.path = append(r.path, step{known: p, index: -1})
}

func (r *run) pop() {
	last := len(r.path) - 1
	if s := &r.path[last]; s.index < 0 && s.known == nil {
		r.stepNames = r.stepNames[:s.start]
	}
	r.path = r.path[:last]
}

// input is the body with its context, which a slow body must not outlive.
type input struct {
	ctx  context.Context
	body io.Reader
}

func (i *input) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.body.Read(p)
}

// Kind is what a value is, by the first character of its text: n, t, f, ", 0 for any number,
// { or [.
type Kind = scan.Kind
