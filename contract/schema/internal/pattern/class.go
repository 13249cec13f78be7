package pattern

// class reads what follows an opening bracket, up to the one that closes it.
func (p *parser) class(start int) (set, error) {
	negated := p.take("^")
	var pairs []rune
	for !p.take("]") {
		memberStart := p.at
		first, err := p.member(start)
		if err != nil {
			return nil, err
		}
		last := first
		dash := p.take("-")
		if dash && p.more() && p.source[p.at] == ']' { // the dash before the bracket is a member
			p.at--
			dash = false
		}
		if dash {
			if last, err = p.member(start); err != nil {
				return nil, err
			}
		}
		switch {
		case first.class != nil || last.class != nil: // \w is no end of a range, so a dash beside it is a member
			pairs = append(pairs, first.pairs()...)
			pairs = append(pairs, last.pairs()...)
			if dash {
				pairs = append(pairs, '-', '-')
			}
			continue
		case first.r > last.r:
			return nil, p.problem(memberStart, p.at, "the range is out of order")
		case !negated && (surrogate(first.r) || surrogate(last.r)):
			p.refuseSurrogate(memberStart)
		}
		pairs = append(pairs, first.r, last.r)
	}
	if p.syntaxOnly {
		return set{}, nil
	}
	result := newSet(pairs)
	if negated {
		result = result.not()
	}
	return result, nil
}

// member is a part of a class: a class such as \w if that is not nil, or one code point.
type member struct {
	class set
	r     rune
}

func (m member) pairs() set {
	if m.class != nil {
		return m.class
	}
	return set{m.r, m.r}
}

func (p *parser) member(classStart int) (m member, err error) {
	start := p.at
	if !p.more() {
		return m, p.problem(classStart, p.at, "the class is not closed")
	}
	if m.r = p.next(); m.r != '\\' {
		return m, nil
	}
	if p.take("b") {
		m.r = '\b'
		return m, nil
	}
	m.class, m.r, err = p.escape(start)
	return m, err
}
