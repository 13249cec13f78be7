package schema

import "fmt"

// maxNamed is how many branches a message names.
const maxNamed = 10

// noneFits says what each branch of a group broke first.
func (r *run) noneFits(kind Kind, g *group) string {
	text := kindName(kind) + " that fits none of the schemas in " + g.rule.keyword
	if g.owner != noOwner {
		return text // nobody will read it
	}
	for i := range min(g.count, maxNamed) {
		b := &r.branches[g.first+i]
		separator := ", "
		if i == 0 {
			separator = ": "
		}
		text += fmt.Sprintf("%s%d breaks %s at byte %d", separator, i, b.keyword, b.offset)
	}
	if g.count > maxNamed {
		text += fmt.Sprintf(", and %d more", g.count-maxNamed)
	}
	return text
}

// manyObject reads an object for several evals.
func (r *run) manyObject(from, to, groups int) (uint64, error) {
	bits := len(r.bits)
	for i := from; i < to; i++ {
		e := &r.evals[i]
		if e.node != nil {
			e.bits = r.pushBits(e.node.object)
			r.containerEnums('{', e.node, e.owner)
		}
	}
	r.openOwn('{', from, to)
	pending := len(r.pending)
	count, sum := 0, uint64(0)
	for {
		kind, err := r.next()
		if err != nil {
			return 0, err
		}
		if kind == '}' {
			break
		}
		name := r.tokens.Text()
		if err := r.enter(name); err != nil {
			return 0, err
		}
		if _, err := r.tokens.Fresh(); err != nil {
			return 0, err
		}
		hash := uint64(0)
		if r.hashing > 0 {
			hash = hashBytes(name)
		}
		for i := from; i < to; i++ {
			e := r.evals[i]
			if e.node != nil && e.node.object != nil && len(e.node.object.names) > 0 && r.live(e.owner) {
				if err := r.nameFits(e.node.object, e.owner); err != nil {
					return 0, err
				}
			}
		}
		if kind, err = r.next(); err != nil {
			return 0, err
		}
		last := r.path[len(r.path)-1]
		name = r.stepNames[last.start:last.end]
		r.choose(kind, groups, name)
		for i := from; i < to; i++ {
			r.collect(i, name)
		}
		if r.v.options.Strict {
			r.declaredByAny(from, to)
		}
		r.collectUnevaluated('{', from, to, -1)
		inner, err := r.together(kind, to)
		if err != nil {
			return 0, err
		}
		r.pop()
		count++
		sum += mix(hash + mix(inner))
	}
	for i := from; i < to; i++ {
		if e := r.evals[i]; e.node != nil {
			r.endObject(e.node, e.owner, e.bits, count)
		}
	}
	r.closeAll('{', from, to, groups, pending)
	r.endStrict(pending)
	r.unpend(pending)
	r.bits = r.bits[:bits]
	return mix(sum + salt + '{'), nil
}

// collect pushes what one eval says of a member.
func (r *run) collect(i int, name []byte) {
	e := &r.evals[i]
	e.touched, e.declares = false, false
	if e.node == nil || e.node.object == nil || !r.live(e.owner) {
		return
	}
	o, owner := e.node.object, e.owner
	if at, known := o.index[string(name)]; known {
		r.mark(e.bits, at)
		p := &o.properties[at]
		e.touched = p.declared || o.covers || len(p.forbidden) > 0
		e.declares = p.declared || len(p.forbidden) > 0
		r.forbid(p, owner)
		r.push(p.node, owner)
		return
	}
	if o.patterned {
		declares := r.patterned(o, owner, name)
		r.evals[i].touched, r.evals[i].declares = declares || o.covers, declares
		return
	}
	e.touched, e.declares = o.covers, o.rest != nil || len(o.restForbidden) > 0
	r.forbidRest(o, owner)
	r.push(o.rest, owner)
}

// manyList reads an array for several evals.
func (r *run) manyList(from, to, groups int) (uint64, error) {
	bits, unique := len(r.bits), false
	for i := from; i < to; i++ {
		e := &r.evals[i]
		if e.node == nil {
			continue
		}
		r.containerEnums('[', e.node, e.owner)
		e.bits = len(r.bits)
		if a := e.node.array; a != nil {
			unique = unique || len(a.unique) > 0
			for range a.contains {
				r.bits = append(r.bits, 0)
			}
		}
	}
	r.openOwn('[', from, to)
	pending := len(r.pending)
	scope, mark := uint64(0), 0
	if unique {
		mark, scope = r.seen.begin()
		r.hashing++
	}
	count, sum := 0, salt+'['
	for {
		kind, err := r.next()
		if err != nil {
			return 0, err
		}
		if kind == ']' {
			break
		}
		r.path = append(r.path, step{index: int64(count)})
		for i := from; i < to; i++ {
			r.collectElement(i, count)
		}
		containing := len(r.branches)
		r.openContains(from, to)
		kept := len(r.pending)
		r.collectUnevaluated('[', from, to, containing)
		hash, err := r.elements(kind, to)
		if err != nil {
			return 0, err
		}
		r.countContains(from, to, containing, kept)
		if unique {
			r.manyUnique(from, to, scope, hash)
		}
		r.pop()
		count++
		sum = mix(sum + hash)
	}
	if unique {
		r.seen.end(mark)
		r.hashing--
	}
	for i := from; i < to; i++ {
		if e := r.evals[i]; e.node != nil {
			r.endList(e.node, e.owner, count)
			r.endContains(e)
		}
	}
	r.closeAll('[', from, to, groups, pending)
	r.unpend(pending)
	r.bits = r.bits[:bits]
	return sum, nil
}

func (r *run) collectElement(i, index int) {
	e := &r.evals[i]
	e.touched = false
	if e.node == nil || e.node.array == nil || !r.live(e.owner) {
		return
	}
	a := e.node.array
	e.touched = index < a.covered || a.coverAll
	r.push(a.node(index), e.owner)
}

// manyUnique compares an element with those before it once, for all who ask.
func (r *run) manyUnique(from, to int, scope, hash uint64) {
	if len(r.seen.order) < r.v.options.MaxNames && r.seen.add(scope, hash) {
		return
	}
	full := len(r.seen.order) >= r.v.options.MaxNames
	for i := from; i < to; i++ {
		e := r.evals[i]
		if e.node == nil || e.node.array == nil || len(e.node.array.unique) == 0 || !r.live(e.owner) {
			continue
		}
		if full {
			r.fullOfElements(e.node.array, e.owner)
			return
		}
		for _, at := range e.node.array.unique {
			r.fail(e.owner, failure{keyword: "uniqueItems", message: "an element that equals an earlier one", at: at})
		}
	}
}
