package schema

import (
	"fmt"
	"slices"
	"strings"
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
	// offset is where a member began that is judged only now, 0 for the value at hand.
	offset int64
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

// fail kills the branch that owns the failing node. For a branch that is chosen, its owner
// fails. Without any, the failure is a finding at the value at hand.
func (r *run) fail(owner int32, f failure) {
	for owner != noOwner {
		b := &r.branches[owner]
		if !b.chosen {
			r.kill(owner, f.keyword)
			return
		}
		b.broken = true
		owner = r.groups[b.group].owner
	}
	r.report(f.at.finding(Invalid, f.keyword, f.text()), f.offset)
}

// kill ends a branch with those under it, and remembers what it broke first.
func (r *run) kill(owner int32, keyword string) {
	b := &r.branches[owner]
	if !b.alive {
		return
	}
	b.alive, b.keyword, b.offset = false, keyword, r.tokens.Offset()
	for under := b.child; under >= 0; under = r.branches[under].sibling {
		r.kill(under, keyword)
	}
}

// report adds a finding at the value at hand, which began at an offset when that is not 0.
func (r *run) report(f Finding, offset int64) {
	f.Pointer, f.Offset = r.pointer(), offset
	if offset == 0 {
		f.Offset = r.tokens.Offset()
	}
	if r.v.options.ShowValues {
		f.Value = r.shown()
	}
	r.add(f)
}

// maxShown is how many bytes of a value a finding quotes.
const maxShown = 1 << 10

// shown is the scalar just read, and nothing for a name or the end of an object.
func (r *run) shown() string {
	raw := r.tokens.Raw()
	if len(raw) == 0 || r.tokens.Name() || strings.IndexByte("{}[]", raw[0]) >= 0 {
		return ""
	}
	if len(raw) > maxShown {
		raw = raw[:maxShown]
	}
	return strings.ToValidUTF8(string(raw), "")
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
	if r.stopped || r.remarks == r.v.options.MaxFindings {
		return // before the pointer is made
	}
	full := owner != noOwner && len(r.held) == maxHeld
	if full && r.heldFull {
		return
	}
	f.Pointer, f.Offset = r.pointer(), r.tokens.Offset()
	switch {
	case full:
		r.heldFull = true
		f.Message = fmt.Sprintf("more than %d remarks that depend on an alternative: the others are left out", maxHeld)
		r.add(f)
	case owner == noOwner:
		r.add(f)
	default:
		r.held = append(r.held, held{f, owner})
	}
}

// dropHeld forgets what waits, since a mark, for branches that are gone.
func (r *run) dropHeld(mark int, from int32) {
	if len(r.held) > mark {
		kept := slices.DeleteFunc(r.held[mark:], func(h held) bool { return h.owner >= from })
		r.held = r.held[:mark+len(kept)]
	}
}

// settle passes on what waits for the branches of a group, from the first one on.
func (r *run) settle(g *group) {
	kept := r.held[:g.held]
	for _, h := range r.held[g.held:] {
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
