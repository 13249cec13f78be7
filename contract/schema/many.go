package schema

import "github.com/kaikina/kaikina/contract/schema/internal/scan"

// eval is one node that the value at hand is held against, among others.
type eval struct {
	node *node
	// owner is the branch that a failure kills, or noOwner.
	owner int32
	// parent is the eval of the same value that brought this one in, or -1.
	parent int32
	// bits is where the properties that were seen are, or the counts of contains.
	bits int
	// own is the group of the branches that this eval itself has opened, for contains and
	// unevaluated members.
	own int32
	// touched says that the node has looked at the member or element at hand, and declares
	// that it has a schema for it.
	touched, declares bool
}

// branch is one alternative of a group, as long as nothing in it has failed.
type branch struct {
	group int32
	alive bool
	// chosen says that no other branch is in question, by a discriminator or by the type, so that
	// its failures are those of its owner, and do not kill it. broken tells of them.
	chosen, broken bool
	// contains says that it is one element held against contains.
	contains bool
	// child is the branch that was opened last under it, and sibling the one before it under
	// the same branch, or -1: who kills a branch kills those under it.
	child, sibling int32
	// keyword and offset are of its first failure.
	keyword string
	offset  int64
}

// group is a set of alternatives that is open: its value has not ended.
type group struct {
	rule *groupRule // nil for branches that contains or unevaluated members have opened
	// index is the place of the rule in its node.
	index        int
	eval         int32
	owner        int32
	first, count int32
	held         int  // where in run.held the remarks of its branches begin
	decided      bool // which branch is in question
}

// live tells whether failures of an owner still matter.
func (r *run) live(owner int32) bool { return owner < 0 || r.branches[owner].alive }

func (r *run) pushBranch(b branch) int32 {
	at := int32(len(r.branches))
	b.child, b.sibling = -1, -1
	if parent := r.groups[b.group].owner; parent >= 0 {
		b.sibling = r.branches[parent].child
		r.branches[parent].child = at
	}
	r.branches = append(r.branches, b)
	return at
}

// popBranches takes branches away down to a mark. Each is the last of its parent's by then.
func (r *run) popBranches(mark int) {
	for i := len(r.branches) - 1; i >= mark; i-- {
		if parent := r.groups[r.branches[i].group].owner; parent >= 0 {
			r.branches[parent].child = r.branches[i].sibling
		}
	}
	r.branches = r.branches[:mark]
}

// together reads a value for the evals from a mark on, which it pops. Those of branches that
// have died are dropped first, and one that is left goes on alone.
func (r *run) together(kind Kind, from int) (uint64, error) {
	kept := from
	for i := from; i < len(r.evals); i++ {
		if r.live(r.evals[i].owner) {
			r.evals[kept] = r.evals[i]
			kept++
		}
	}
	r.evals = r.evals[:kept]
	switch kept - from {
	case 0:
		return r.value(kind, nil, noOwner)
	case 1:
		only := r.evals[from]
		r.evals = r.evals[:from]
		return r.value(kind, only.node, only.owner)
	}
	return r.many(kind, from)
}

// many reads a value for several evals at once, which it pops. Groups of alternatives are
// opened as the value begins, and resolved as it ends.
func (r *run) many(kind Kind, from int) (hash uint64, err error) {
	groups, branches, held := len(r.groups), len(r.branches), len(r.held)
	if err := r.open(kind, from); err != nil {
		return 0, err
	}
	to := len(r.evals)
	switch kind {
	case '{':
		hash, err = r.manyObject(from, to, groups)
	case '[':
		hash, err = r.manyList(from, to, groups)
	default:
		for i := from; i < to; i++ {
			if e := r.evals[i]; e.node != nil && r.live(e.owner) {
				r.scalar(kind, e.node, e.owner)
			}
		}
		r.closeAll(kind, from, to, groups, len(r.pending))
		if r.hashing > 0 {
			hash = r.hashScalar(kind)
		}
	}
	r.dropHeld(held, int32(branches))
	if err != nil {
		return 0, err
	}
	r.popBranches(branches)
	r.evals, r.groups = r.evals[:from], r.groups[:groups]
	return hash, nil
}

// open looks at the types, and adds the alternatives of each node to the evals. Alternatives
// that share a schema below them double with each level, so that their number has a limit.
func (r *run) open(kind Kind, from int) error {
	for i := from; i < len(r.evals); i++ {
		e := r.evals[i]
		if e.node == nil || !r.live(e.owner) {
			continue
		}
		if !r.admits(kind, e.node, e.owner) {
			r.evals[i].node = nil
			continue
		}
		for _, n := range e.node.also {
			r.evals = append(r.evals, eval{node: n, owner: e.owner, parent: int32(i)})
		}
		for j, g := range e.node.groups {
			r.openGroup(kind, i, j, g)
		}
		if limit := r.v.options.MaxAlternatives; len(r.evals)+len(r.branches) > limit {
			return &scan.LimitError{Offset: r.tokens.Offset(), What: "alternatives to hold against it at once", Limit: int64(limit)}
		}
	}
	if len(r.evals)-from > manyEvals {
		return r.in.ctx.Err()
	}
	return nil
}

// manyEvals is from how many evals of one value on the context is looked at for each value, and
// not only for each piece of the body that is read.
const manyEvals = 1000

func (r *run) openGroup(kind Kind, at, index int, g *groupRule) {
	owner := r.evals[at].owner
	if g.kind == dependent && kind != '{' || g.kind == constant && kind != '{' && kind != '[' {
		return
	}
	decided := false
	if (g.kind == anyOf || g.kind == oneOf) && g.discriminator == nil {
		only, n := g.candidates(kind)
		decided = n == 1
		if decided && len(r.observers) == 0 {
			// The others cannot hold a value of this type, so this one must. A branch would
			// only be needed to tell of it.
			if only != nil {
				r.evals = append(r.evals, eval{node: only, owner: owner, parent: int32(at)})
			}
			return
		}
	}
	number := int32(len(r.groups))
	r.groups = append(r.groups, group{rule: g, index: index, eval: int32(at), owner: owner, first: int32(len(r.branches)), count: int32(len(g.nodes)), held: len(r.held), decided: decided})
	for _, n := range g.nodes {
		b := branch{group: number, alive: n.admissible(kind)}
		b.chosen = decided && b.alive
		if !b.alive {
			b.keyword, b.offset = "type", r.tokens.Offset()
		}
		branch := r.pushBranch(b)
		if b.alive && n != nil {
			r.evals = append(r.evals, eval{node: n, owner: branch, parent: int32(at)})
		}
	}
}

// candidates gives the last node that can hold a value of this kind, and how many can.
func (g *groupRule) candidates(kind Kind) (only *node, count int) {
	for _, n := range g.nodes {
		if n.admissible(kind) {
			only = n
			count++
		}
	}
	return only, count
}

// admissible tells whether a node may fit some value of a kind.
func (n *node) admissible(kind Kind) bool {
	return n == nil || n.types&typesOf(kind) != 0 && len(n.never) == 0
}

// closeAll resolves the groups of the evals of a value, and the members pending since a mark.
// A node comes before those that it brings in, so the reverse order is from the inside out. The
// groups were opened in the order of their evals; those without a rule came last.
func (r *run) closeAll(kind Kind, from, to, groups, pending int) {
	j := len(r.groups) - 1
	for j >= groups && r.groups[j].rule == nil {
		j--
	}
	for i := to - 1; i >= from; i-- {
		for ; j >= groups && int(r.groups[j].eval) == i; j-- {
			r.close(kind, j)
		}
		r.settleUnevaluated(kind, i, pending)
	}
}

// close resolves a group: its owner fails unless the right number of branches is alive.
func (r *run) close(kind Kind, number int) {
	g := &r.groups[number]
	alive := 0
	for i := g.first; i < g.first+g.count; i++ {
		if b := &r.branches[i]; b.alive {
			alive++
			if len(r.observers) > 0 && !b.broken && g.rule.kind != not {
				r.visit(r.evals[g.eval].node, g.owner, Visit{Kind: kind, Length: -1, Enum: -1, Group: g.index, Branch: int(i - g.first)})
			}
		}
	}
	if r.live(g.owner) {
		if f, failed := r.verdict(kind, g, alive); failed {
			f.at = g.rule.at
			r.fail(g.owner, f)
		}
	}
	r.disown(&r.groups[number])
	r.settle(&r.groups[number])
}

// disown kills the branches that live but do not apply, so that what they have looked at
// does not count: then without if, else with it, a dependent schema without its property.
func (r *run) disown(g *group) {
	switch g.rule.kind {
	case ifThenElse:
		if r.branches[g.first].alive {
			r.kill(g.first+2, "if")
		} else {
			r.kill(g.first+1, "if")
		}
	case dependent:
		if e := &r.evals[g.eval]; !r.has(e.bits, g.rule.trigger) {
			r.kill(g.first, "dependentSchemas")
		}
	}
}

func (r *run) verdict(kind Kind, g *group, alive int) (failure, bool) {
	f := failure{keyword: g.rule.keyword}
	first := &r.branches[g.first]
	switch g.rule.kind {
	case anyOf, oneOf:
		switch {
		case g.decided:
			return f, false // the branch in question has reported its failures itself
		case g.rule.discriminator != nil && kind == '{':
			f.keyword, f.message = "discriminator", "an object without the property that its discriminator names"
		case alive == 0:
			f.message = r.noneFits(kind, g)
		case alive > 1 && g.rule.kind == oneOf:
			f.message = kindName(kind) + " that fits more than one of the schemas in oneOf"
		}
	case not:
		if alive > 0 {
			f.message = kindName(kind) + " that fits the schema in not"
		}
	case ifThenElse:
		chosen := 1
		f.keyword = "then"
		if !first.alive {
			chosen, f.keyword = 2, "else"
		}
		if !r.branches[g.first+int32(chosen)].alive {
			f.message = kindName(kind) + " that does not fit the schema in " + f.keyword
		}
	case dependent:
		e := &r.evals[g.eval]
		if alive == 0 && r.has(e.bits, g.rule.trigger) {
			f.message = "object that does not fit the schema that one of its properties asks for"
		}
	case constant:
		if alive == 0 {
			f.message = kindName(kind) + " that equals none of the values declared"
		}
	}
	return f, f.message != ""
}

// choose lets a discriminator decide for a branch of each group that it belongs to.
func (r *run) choose(kind Kind, groups int, name []byte) {
	for j := groups; j < len(r.groups); j++ {
		g := &r.groups[j]
		if g.rule == nil || g.decided || g.rule.discriminator == nil || g.rule.discriminator.property != string(name) || !r.live(g.owner) {
			continue
		}
		d := g.rule.discriminator
		g.decided = true
		index, known := int32(0), false
		if kind == '"' {
			index, known = d.branches[string(r.tokens.Text())]
		}
		for i := range g.count {
			if !known || i != index {
				r.kill(g.first+i, "discriminator")
			}
		}
		if !known {
			r.fail(g.owner, failure{keyword: "discriminator", message: "a discriminator that stands for none of the schemas", at: d.at})
			continue
		}
		chosen := &r.branches[g.first+index]
		if !chosen.alive {
			r.fail(g.owner, failure{keyword: chosen.keyword, message: "an object that breaks " + chosen.keyword + " of the schema that its discriminator chooses, earlier", at: d.at})
			continue
		}
		chosen.chosen = true
	}
}
