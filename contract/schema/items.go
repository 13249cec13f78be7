package schema

import (
	"context"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Item is one element of an array, validated.
type Item struct {
	Index int
	// Raw is the element as it came. It is valid until the next one is asked for, or the loop
	// is left.
	Raw []byte
	// Findings are those made since the element before, most of them about this one. Where
	// the array itself is part of an alternative, what that has against an element is known
	// only when the alternative has failed.
	Findings []Finding
}

// InvalidError holds what was found after the last element and makes the body invalid, such as
// a property that it lacks, with the remarks that were made there.
type InvalidError struct {
	Findings []Finding
	// GivenUp says that there may be more elements: [Options.MaxFindings] of findings were made,
	// the last of which may have come with an element.
	GivenUp bool
}

func (e *InvalidError) Error() string {
	text := "schema: the body does not fit"
	if e.GivenUp {
		text = "schema: the body is given up midway, since it breaks its schema as often as MaxFindings allows"
	}
	switch len(e.Findings) {
	case 0:
		return text
	case 1:
		return fmt.Sprintf("%s: %s", text, e.Findings[0])
	}
	return fmt.Sprintf("%s, for %d reasons: first, %s", text, len(e.Findings), e.Findings[0])
}

// Items validates a body and yields the elements of the array at a JSON pointer on the way,
// each as soon as it has ended. A step * of the pointer stands for any one step. The last pair
// has the error, if there is one: an *[InvalidError], or a failure to read. A pointer at which
// the body has no array yields no element, and is no error.
//
// The body is read once. What is in memory is one element, of at most [Options.MaxToken] bytes.
func Items(ctx context.Context, body io.Reader, pointer string, v *Validator) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if pointer != "" && pointer[0] != '/' {
			yield(Item{}, fmt.Errorf("schema: %q is not a JSON pointer: it begins with a slash, or is empty for the body", pointer))
			return
		}
		r := v.runs.get(v)
		defer v.runs.put(r)
		r.begin(ctx, body)
		r.emit = &emitter{yield: yield}
		if pointer != "" {
			r.emit.steps = stepsOf(pointer)
		}
		err := r.whole()
		if r.emit.done {
			return
		}
		if rest := r.findings[r.emit.reported:]; err == nil && (r.stopped || !Valid(rest)) {
			err = &InvalidError{Findings: rest, GivenUp: r.stopped}
		}
		if err != nil {
			yield(Item{}, err)
		}
	}
}

// emitter gives elements away.
type emitter struct {
	yield func(Item, error) bool
	steps []string
	// reported is how many findings have been given away.
	reported int
	done     bool
}

var pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")

// stepsOf takes a pointer apart that is not empty.
func stepsOf(pointer string) []string {
	steps := strings.Split(pointer[1:], "/")
	for i, step := range steps {
		steps[i] = pointerUnescaper.Replace(step)
	}
	return steps
}

// matches tells whether the value at hand is an element of the array.
func (e *emitter) matches(r *run) bool {
	if len(r.path) != len(e.steps)+1 || r.path[len(e.steps)].index < 0 {
		return false
	}
	for i, want := range e.steps {
		if want != "*" && !r.isAt(r.path[i], want) {
			return false
		}
	}
	return true
}

// isAt tells whether a step is to a member, or an element, of a name.
func (r *run) isAt(s step, name string) bool {
	if s.index >= 0 {
		var digits [20]byte
		return string(strconv.AppendInt(digits[:0], s.index, 10)) == name
	}
	if s.known != nil {
		return s.known.name == name
	}
	return string(r.stepNames[s.start:s.end]) == name
}

// element reads an element of an array against one node.
func (r *run) element(kind Kind, n *node, owner int32) (uint64, error) {
	if r.emit == nil || !r.emit.matches(r) {
		return r.value(kind, n, owner)
	}
	r.tokens.Mark()
	hash, err := r.value(kind, n, owner)
	if err != nil {
		return 0, err
	}
	return hash, r.give()
}

// elements reads an element against the evals from a mark on.
func (r *run) elements(kind Kind, from int) (uint64, error) {
	if r.emit == nil || !r.emit.matches(r) {
		return r.together(kind, from)
	}
	r.tokens.Mark()
	hash, err := r.together(kind, from)
	if err != nil {
		return 0, err
	}
	return hash, r.give()
}

// give yields the element that has just ended.
func (r *run) give() error {
	e := r.emit
	raw, err := r.tokens.Marked()
	if err != nil {
		return err
	}
	item := Item{Index: int(r.path[len(r.path)-1].index), Raw: raw, Findings: slices.Clip(r.findings[e.reported:])}
	e.reported = len(r.findings)
	if !e.yield(item, nil) {
		e.done = true
		return errStopped
	}
	return nil
}
