package schema

// pendingMember is a member or an element for which it is open whether any schema that
// survives has looked at it. That is decided when its object or array ends.
type pendingMember struct {
	// eval is the one whose unevaluatedProperties or unevaluatedItems asks, or -1 for strict mode.
	eval int32
	// owners are the branches that have looked: a part of run.owners. One that survives is enough.
	ownersFrom, ownersTo int32
	// branch holds the member against the schema of the keyword, or is -1 when that fits nothing.
	branch int32
	// step is where it is, with a name of its own in run.pendingNames.
	start, end int32
	index      int64
	offset     int64
}

// ownersPerName is for how many branches that have looked at a pending member there is room,
// taken over all of them.
const ownersPerName = 16

// pend keeps the member at hand for later. Without room for it, it forgets the owners of the
// member too, and says once what is not decided.
func (r *run) pend(p pendingMember) (kept bool) {
	last, most := r.path[len(r.path)-1], r.v.options.MaxNames
	name := r.stepNames[last.start:last.end] // empty for an element
	if len(r.pending) >= most || len(r.owners) > most*ownersPerName || len(r.pendingNames)+len(name) > most*bytesPerName {
		r.owners = r.owners[:p.ownersFrom]
		r.fullOfPending(p.eval < 0)
		return false
	}
	p.index, p.offset = last.index, r.tokens.Offset()
	if last.index < 0 {
		p.start = int32(len(r.pendingNames))
		r.pendingNames = append(r.pendingNames, name...)
		p.end = int32(len(r.pendingNames))
	}
	r.pending = append(r.pending, p)
	return true
}

// fullOfPending says what is not decided from here on: a verdict, or only a remark of strict mode.
func (r *run) fullOfPending(strict bool) {
	f := Finding{Class: Unchecked, Keyword: "unevaluated", Message: "from here on, it is not decided which members are evaluated: more are remembered than MaxNames allows"}
	told := &r.pendingFull
	if strict {
		f = Finding{Class: Undeclared, Keyword: "properties", Message: "from here on, it is not decided which properties are declared: more are remembered than MaxNames allows"}
		told = &r.strictFull
	}
	if !*told {
		*told = true
		r.report(f, 0)
	}
}

// unpend forgets what was kept since a mark.
func (r *run) unpend(mark int) {
	if len(r.pending) == mark {
		return
	}
	p := r.pending[mark]
	r.owners = r.owners[:p.ownersFrom]
	if p.index < 0 {
		r.pendingNames = r.pendingNames[:p.start]
	}
	r.pending = r.pending[:mark]
}

// at steps to a member that was kept.
func (r *run) at(p pendingMember) {
	if p.index >= 0 {
		r.path = append(r.path, step{index: p.index})
		return
	}
	r.pushMember(r.pendingNames[p.start:p.end])
}

func (r *run) anyLive(p pendingMember) bool {
	for _, owner := range r.owners[p.ownersFrom:p.ownersTo] {
		if r.live(owner) {
			return true
		}
	}
	return false
}

func (n *node) unevaluated(kind Kind) *unevaluatedRule {
	switch {
	case n == nil:
	case kind == '{' && n.object != nil:
		return n.object.unevaluated
	case kind == '[' && n.array != nil:
		return n.array.unevaluated
	}
	return nil
}

// openOwn gives each eval that needs branches of its own a group for them.
func (r *run) openOwn(kind Kind, from, to int) {
	for i := from; i < to; i++ {
		e := &r.evals[i]
		contains := kind == '[' && e.node != nil && e.node.array != nil && len(e.node.array.contains) > 0
		if contains || e.node.unevaluated(kind) != nil {
			e.own = int32(len(r.groups))
			r.groups = append(r.groups, group{eval: int32(i), owner: e.owner, first: -1})
		}
	}
}

// under tells whether an eval was brought in by another, or is it.
func (r *run) under(i, ancestor int32) bool {
	for i >= 0 && i != ancestor {
		i = r.evals[i].parent
	}
	return i == ancestor
}

// collectUnevaluated looks at the member or element at hand for those who ask whether their
// neighbours did. Branches from containing on are those of contains.
func (r *run) collectUnevaluated(kind Kind, from, to, containing int) {
	for i := from; i < to; i++ {
		e := r.evals[i]
		rule := e.node.unevaluated(kind)
		if rule == nil || !r.live(e.owner) {
			continue
		}
		ownersFrom := int32(len(r.owners))
		certain := false
		for j := from; j < to; j++ {
			other := &r.evals[j]
			// What asks itself looks at all members, or fails.
			touched := other.touched || j != i && other.node.unevaluated(kind) != nil
			if touched && !r.ofConstant(other.owner) && r.under(int32(j), int32(i)) {
				certain = certain || other.owner == e.owner
				r.owners = append(r.owners, other.owner)
			}
		}
		for b := containing; b >= 0 && b < len(r.branches); b++ {
			if r.under(r.groups[r.branches[b].group].eval, int32(i)) && r.branches[b].contains {
				r.owners = append(r.owners, int32(b))
			}
		}
		if certain || int(ownersFrom) == len(r.owners) {
			r.owners = r.owners[:ownersFrom]
			if !certain {
				r.push(rule.node, e.owner)
			}
			continue
		}
		p := pendingMember{eval: int32(i), ownersFrom: ownersFrom, ownersTo: int32(len(r.owners)), branch: int32(len(r.branches))}
		if r.pend(p) {
			r.pushBranch(branch{group: e.own, alive: true})
			r.push(rule.node, p.branch)
		}
	}
}

// ofConstant tells whether a branch stands for a value of an enum, which compares and does not
// evaluate.
func (r *run) ofConstant(owner int32) bool {
	if owner < 0 {
		return false
	}
	rule := r.groups[r.branches[owner].group].rule
	return rule != nil && rule.kind == constant
}

// settleUnevaluated decides about the members that an eval has asked for, of those kept since
// a mark.
func (r *run) settleUnevaluated(kind Kind, i, mark int) {
	rule := r.evals[i].node.unevaluated(kind)
	if rule == nil {
		return
	}
	owner := r.evals[i].owner
	for _, p := range r.pending[mark:] {
		if int(p.eval) == i && !r.anyLive(p) && !r.branches[p.branch].alive && r.live(owner) {
			keyword := "unevaluatedProperties"
			if kind == '[' {
				keyword = "unevaluatedItems"
			}
			r.at(p)
			r.fail(owner, failure{keyword: keyword, message: "a value that no other schema looks at, and that does not fit " + keyword, at: rule.at, offset: p.offset})
			r.pop()
		}
	}
}

// openContains holds the element at hand against every contains.
func (r *run) openContains(from, to int) {
	for i := from; i < to; i++ {
		e := r.evals[i]
		if e.node == nil || e.node.array == nil || !r.live(e.owner) {
			continue
		}
		for _, rule := range e.node.array.contains {
			r.push(rule.node, r.pushBranch(branch{group: e.own, alive: true, contains: true}))
		}
	}
}

// countContains counts the elements that fit, and pops their branches unless somebody still
// asks for them.
func (r *run) countContains(from, to, containing, pending int) {
	b := containing
	for i := from; i < to && b < len(r.branches); i++ {
		e := r.evals[i]
		if r.branches[b].group != e.own || e.node == nil || e.node.array == nil {
			continue
		}
		for j := range e.node.array.contains {
			if b < len(r.branches) && r.branches[b].contains && r.branches[b].group == e.own {
				if r.branches[b].alive {
					r.bits[e.bits+j]++
				}
				b++
			}
		}
	}
	if len(r.pending) == pending {
		r.popBranches(containing)
	}
}

func (r *run) endContains(e eval) {
	if e.node.array == nil || !r.live(e.owner) {
		return
	}
	for j, rule := range e.node.array.contains {
		count := int(r.bits[e.bits+j])
		switch {
		case count < rule.least:
			r.fail(e.owner, failure{keyword: "contains", message: "an array with fewer elements that fit contains than it asks for", at: rule.leastAt})
		case rule.most >= 0 && count > rule.most:
			r.fail(e.owner, failure{keyword: "maxContains", message: "an array with more elements that fit contains than maxContains allows", at: rule.mostAt})
		}
	}
}
