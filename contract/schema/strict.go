package schema

// undeclared reports a member that no schema mentions.
func (r *run) undeclared(owner int32) {
	if r.remarks < r.v.options.MaxFindings && !r.ignored() {
		r.hold(owner, Finding{Class: Undeclared, Keyword: "properties", Message: "a property that is not declared"})
	}
}

// ignored tells whether the place at hand is, or is below, one that strict mode is silent about.
func (r *run) ignored() bool {
	for _, steps := range r.v.ignore {
		if len(steps) > len(r.path) {
			continue
		}
		matches := true
		for i, want := range steps {
			if want != "*" && !r.isAt(r.path[i], want) {
				matches = false
				break
			}
		}
		if matches {
			return true
		}
	}
	return false
}

// declaredByAny looks whether one of several evals declares the member at hand. If only
// alternatives do, the end of the object decides, when it is known which have survived.
func (r *run) declaredByAny(from, to int) {
	asked := false
	ownersFrom := int32(len(r.owners))
	for i := from; i < to; i++ {
		e := &r.evals[i]
		if e.node == nil || e.node.object == nil || !r.live(e.owner) {
			continue
		}
		asked = asked || !e.node.object.free
		if e.declares {
			if e.owner == noOwner {
				r.owners = r.owners[:ownersFrom]
				return
			}
			r.owners = append(r.owners, e.owner)
		}
	}
	switch {
	case !asked || r.ignored():
		r.owners = r.owners[:ownersFrom]
	case int(ownersFrom) == len(r.owners):
		r.undeclared(noOwner)
	default:
		r.pend(pendingMember{eval: -1, branch: -1, ownersFrom: ownersFrom, ownersTo: int32(len(r.owners))})
	}
}

// endStrict decides about the members that only alternatives declare.
func (r *run) endStrict(mark int) {
	if !r.v.options.Strict {
		return
	}
	for _, p := range r.pending[mark:] {
		if p.eval < 0 && r.remarks < r.v.options.MaxFindings && !r.anyLive(p) {
			r.at(p)
			f := Finding{Class: Undeclared, Keyword: "properties", Message: "a property that only alternatives declare that do not fit", Pointer: r.pointer(), Offset: p.offset}
			r.pop()
			r.add(f)
		}
	}
}
