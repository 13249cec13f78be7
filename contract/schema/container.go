package schema

import "github.com/kaikina/kaikina/contract/schema/internal/scan"

// list reads an array against one node.
func (r *run) list(n *node, owner int32) (uint64, error) {
	var a *arrayRules
	if n != nil {
		a = n.array
		r.containerEnums('[', n, owner)
	}
	unique := a != nil && len(a.unique) > 0
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
		var child *node
		if a != nil && r.live(owner) {
			child = a.node(count)
		}
		r.path = append(r.path, step{index: int64(count)})
		hash, err := r.element(kind, child, owner)
		if err != nil {
			return 0, err
		}
		if unique {
			r.unique(a, owner, scope, hash)
		}
		r.pop()
		count++
		if r.hashing > 0 {
			sum = mix(sum + hash)
		}
	}
	if unique {
		r.seen.end(mark)
		r.hashing--
	}
	r.endList(n, owner, count)
	return sum, nil
}

// node gives what holds for the element at an index.
func (a *arrayRules) node(index int) *node {
	if index < len(a.prefix) {
		return a.prefix[index]
	}
	return a.items
}

// unique compares an element with those before it.
func (r *run) unique(a *arrayRules, owner int32, scope, hash uint64) {
	switch {
	case len(r.seen.order) >= r.v.options.MaxNames:
		r.fullOfElements(a, owner)
	case !r.seen.add(scope, hash):
		for _, at := range a.unique {
			r.fail(owner, failure{keyword: "uniqueItems", message: "an element that equals an earlier one", at: at})
		}
	}
}

// fullOfElements says once what is not compared.
func (r *run) fullOfElements(a *arrayRules, owner int32) {
	if !r.uniqueFull && r.live(owner) {
		r.uniqueFull = true
		r.report(a.unique[0].finding(Unchecked, "uniqueItems", "from here on, elements are not compared: more are remembered than MaxNames allows"), 0)
	}
}

func (r *run) endList(n *node, owner int32, count int) {
	if n == nil {
		return
	}
	if n.array != nil {
		r.counts(n.array.counts, owner, count, "elements")
	}
	if len(r.observers) > 0 {
		r.visit(n, owner, Visit{Kind: '[', Length: count, Enum: -1, Group: -1, Branch: -1})
	}
}

func (r *run) counts(rules []countRule, owner int32, count int, what string) {
	for i := range rules {
		rule := &rules[i]
		least := rule.keyword == "minItems" || rule.keyword == "minProperties"
		switch {
		case least && count < rule.limit:
			r.fail(owner, failure{keyword: rule.keyword, message: "fewer " + what + " than " + rule.keyword + " allows", at: rule.at})
		case !least && count > rule.limit:
			r.fail(owner, failure{keyword: rule.keyword, message: "more " + what + " than " + rule.keyword + " allows", at: rule.at})
		}
	}
}

// object reads an object against one node.
func (r *run) object(n *node, owner int32) (uint64, error) {
	var o *objectRules
	cursor := int32(0)
	if n != nil {
		r.containerEnums('{', n, owner)
		if o = n.object; o != nil {
			cursor = o.predict
		}
	}
	bits := r.pushBits(o)
	named := o != nil && len(o.properties) > 0
	count, sum := 0, uint64(0)
	for {
		guess := int32(-1)
		if named {
			guess = r.guess(o, cursor)
		}
		if guess < 0 {
			kind, err := r.next()
			if err != nil {
				return 0, err
			}
			if kind == '}' {
				break
			}
		}
		var hash uint64
		if r.hashing > 0 {
			hash = hashBytes(r.tokens.Text())
		}
		from := len(r.evals)
		var child *node
		i := guess
		if i < 0 && named {
			i = r.find(o, cursor)
		}
		if i >= 0 {
			p := &o.properties[i]
			r.pushKnown(p)
			cursor = o.predict + 1 + i
			if r.mark(bits, i) {
				_ = r.defect(scan.Defect{Kind: scan.RepeatedName, Offset: r.tokens.Offset()})
			}
			if r.live(owner) {
				child = r.property(p, owner)
			}
		} else {
			name := r.tokens.Text()
			if err := r.enter(name); err != nil {
				return 0, err
			}
			if _, err := r.tokens.Fresh(); err != nil {
				return 0, err
			}
			if o != nil && r.live(owner) {
				child = r.other(o, owner, name)
			}
		}
		if o != nil && len(o.names) > 0 {
			if err := r.nameFits(o, owner); err != nil {
				return 0, err
			}
		}
		kind, err := r.next()
		if err != nil {
			return 0, err
		}
		inner := uint64(0)
		if len(r.evals) > from || !r.unasked(kind, child) {
			if inner, err = r.member(kind, child, owner, from); err != nil {
				return 0, err
			}
		}
		r.pop()
		count++
		if r.hashing > 0 {
			sum += mix(hash + mix(inner))
		}
	}
	r.endObject(n, owner, bits, count)
	r.bits = r.bits[:bits]
	return mix(sum + salt + '{'), nil
}

// member reads the value of a member, for one node or for those pushed from a mark on.
func (r *run) member(kind Kind, child *node, owner int32, from int) (uint64, error) {
	if len(r.evals) == from {
		return r.value(kind, child, owner)
	}
	if child != nil {
		r.evals = append(r.evals, eval{node: child, owner: owner, parent: -1})
	}
	return r.together(kind, from)
}

// guess reads the name that followed the member before in an earlier object, if it is there
// again: objects of one kind tend to have their members in one order.
func (r *run) guess(o *objectRules, cursor int32) int32 {
	if r.stopped {
		return -1
	}
	guess := r.predicted[cursor]
	if quoted := o.properties[guess].quoted; quoted == "" || !r.tokens.Take(quoted) {
		return -1
	}
	return guess
}

// find looks a name up.
func (r *run) find(o *objectRules, cursor int32) int32 {
	if i, known := o.index[string(r.tokens.Text())]; known {
		r.predicted[cursor] = i
		return i
	}
	return -1
}

func (r *run) pushBits(o *objectRules) int {
	bits := len(r.bits)
	if o != nil {
		for range (len(o.properties) + 63) / 64 {
			r.bits = append(r.bits, 0)
		}
	}
	return bits
}

// mark notes that a property is there, and tells whether it was before.
func (r *run) mark(bits int, i int32) (before bool) {
	word, bit := &r.bits[bits+int(i>>6)], uint64(1)<<(i&63)
	before = *word&bit != 0
	*word |= bit
	return before
}

func (r *run) has(bits int, i int32) bool {
	return r.bits[bits+int(i>>6)]&(1<<(i&63)) != 0
}

// property gives the node of a property that some keyword mentions.
func (r *run) property(p *property, owner int32) *node {
	if !p.declared || len(p.forbidden) > 0 {
		r.refuse(p, owner)
	}
	return p.node
}

// refuse reports a property that is forbidden, or known only because another keyword names it.
func (r *run) refuse(p *property, owner int32) {
	r.forbid(p, owner)
	if r.v.options.Strict && !p.declared && len(p.forbidden) == 0 {
		r.undeclared(owner)
	}
}

func (r *run) forbid(p *property, owner int32) {
	for _, f := range p.forbidden {
		message := "a property that the schema forbids"
		if f.keyword != "additionalProperties" {
			message = "a property that is " + f.keyword
		}
		r.fail(owner, failure{keyword: f.keyword, message: message, at: f.at})
	}
}

// other gives the node of any other property, or pushes several.
func (r *run) other(o *objectRules, owner int32, name []byte) *node {
	if o.patterned {
		if !r.patterned(o, owner, name) && r.v.options.Strict && !o.free {
			r.undeclared(owner)
		}
		return nil
	}
	r.forbidRest(o, owner)
	if r.v.options.Strict && o.rest == nil && !o.free && len(o.restForbidden) == 0 {
		r.undeclared(owner)
	}
	return o.rest
}

func (r *run) forbidRest(o *objectRules, owner int32) {
	for _, at := range o.restForbidden {
		r.fail(owner, failure{keyword: "additionalProperties", message: "a property that the schema forbids", at: at})
	}
}

// patterned pushes what each part says of a name that no keyword mentions, and tells whether
// any says something.
func (r *run) patterned(o *objectRules, owner int32, name []byte) (declared bool) {
	for i := range o.parts {
		part := &o.parts[i]
		matched := false
		for _, pattern := range part.patterns {
			if !pattern.match(name) {
				continue
			}
			matched, declared = true, true
			r.push(pattern.node, owner)
		}
		if matched {
			continue
		}
		if part.forbid {
			declared = true
			r.fail(owner, failure{keyword: "additionalProperties", message: "a property that the schema forbids", at: part.at})
		}
		if part.rest != nil {
			declared = true
			r.push(part.rest, owner)
		}
	}
	return declared
}

func (r *run) push(n *node, owner int32) {
	if n != nil {
		r.evals = append(r.evals, eval{node: n, owner: owner, parent: -1})
	}
}

// nameFits holds the name just read against propertyNames, as the string that it is.
func (r *run) nameFits(o *objectRules, owner int32) error {
	for _, n := range o.names {
		if _, err := r.value('"', n, owner); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) endObject(n *node, owner int32, bits, count int) {
	if n == nil {
		return
	}
	if o := n.object; o != nil && r.live(owner) {
		r.counts(o.counts, owner, count, "properties")
		for i := range o.required {
			if rule := &o.required[i]; !r.has(bits, rule.property) {
				r.missing(o, rule.property, owner, failure{keyword: "required", at: rule.at})
			}
		}
		for i := range o.dependent {
			rule := &o.dependent[i]
			for _, wanted := range rule.wanted {
				if r.has(bits, rule.trigger) && !r.has(bits, wanted) {
					r.missing(o, wanted, owner, failure{keyword: "dependentRequired", at: rule.at})
				}
			}
		}
	}
	if len(r.observers) > 0 {
		r.visit(n, owner, Visit{Kind: '{', Length: count, Enum: -1, Group: -1, Branch: -1})
	}
}

// missing reports an absent property where it would be.
func (r *run) missing(o *objectRules, i int32, owner int32, f failure) {
	f.message = "a required property is missing"
	r.pushKnown(&o.properties[i])
	r.fail(owner, f)
	r.pop()
}
