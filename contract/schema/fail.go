package schema

import (
	"fmt"
	"slices"
)

// failure is why a value does not fit a node. Its words are put together only when it
// becomes a finding, since most failures only end a branch.
type failure struct {
	keyword string
	// message says what is wrong, or names the kind of the value when want is there.
	message string
	want    string
	// count is the number of values that an enum has.
	count int
	at    source
}

func (f *failure) text() string {
	switch {
	case f.want != "":
		return fmt.Sprintf("%s, where %s is declared", f.message, f.want)
	case f.count > 0:
		return fmt.Sprintf("%s that is none of the %d declared", f.message, f.count)
	}
	return f.message
}

const (
	// noOwner is the owner of what must hold for the body to be valid.
	noOwner int32 = -1
	// noReport asks only for an answer.
	noReport int32 = -2
)

// fail kills the branch that owns the failing node. Without one, or when a discriminator has
// chosen the branch, the failure is a finding at the value at hand.
func (r *run) fail(owner int32, f failure) {
	for owner != noOwner {
		b := &r.branches[owner]
		if !b.chosen {
			r.kill(owner, f.keyword)
			return
		}
		owner = r.groups[b.group].owner
	}
	found := Finding{Keyword: f.keyword, Message: f.text(), Schema: f.at.pointer, File: f.at.file, Line: f.at.line, Column: f.at.column, Declared: f.at.schema}
	r.report(found)
}

// kill ends a branch, and remembers what it broke first.
func (r *run) kill(owner int32, keyword string) {
	if b := &r.branches[owner]; b.alive {
		b.alive, b.keyword, b.offset = false, keyword, r.tokens.Offset()
	}
}

// report adds a finding at the value at hand.
func (r *run) report(f Finding) {
	f.Pointer, f.Offset = r.pointer(), r.tokens.Offset()
	if r.v.options.ShowValues {
		f.Value = r.shown()
	}
	r.add(f)
}

// held is a finding that counts only if its branch does.
type held struct {
	finding Finding
	owner   int32
}

// maxHeld bounds the findings that wait for their branch.
const maxHeld = 1000

// hold reports a finding that is no failure, as soon as it is certain that its schema counts.
func (r *run) hold(owner int32, f Finding) {
	f.Pointer, f.Offset = r.pointer(), r.tokens.Offset()
	if owner == noOwner {
		r.add(f)
		return
	}
	if len(r.held) < maxHeld {
		r.held = append(r.held, held{f, owner})
		return
	}
	if !r.heldFull {
		r.heldFull = true
		f.Class, f.Message = Unchecked, fmt.Sprintf("more than %d remarks that depend on an alternative: the others are left out", maxHeld)
		r.add(f)
	}
}

// dropHeld forgets what waits for branches that are gone.
func (r *run) dropHeld(from int32) {
	if len(r.held) > 0 {
		r.held = slices.DeleteFunc(r.held, func(h held) bool { return h.owner >= from })
	}
}

// settle passes on what waits for the branches of a group, from the first one on.
func (r *run) settle(g *group) {
	if len(r.held) == 0 {
		return
	}
	kept := r.held[:0]
	for _, h := range r.held {
		switch {
		case h.owner < g.first || h.owner >= g.first+g.count:
			kept = append(kept, h)
		case g.rule == nil || !r.branches[h.owner].alive || g.rule.kind == not:
		case g.owner == noOwner:
			r.add(h.finding)
		default:
			kept = append(kept, held{h.finding, g.owner})
		}
	}
	r.held = kept
}
