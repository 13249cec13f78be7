package pattern

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDepth is how deep groups nest; package regexp has the same bound. The parser calls
// itself, so there has to be one.
const maxDepth = 1000

// parser reads the grammar of ECMA-262, section 22.2.1, from left to right.
type parser struct {
	source string
	at     int // bytes read
	depth  int // open groups
	groups int // groups that capture
	names  map[string]bool
	// syntaxOnly leaves classes empty: whoever only asks whether an expression is well-formed
	// need not pay for its properties of Unicode.
	syntaxOnly bool
	// refused is the first construct that is well-formed, and has no linear match.
	refused *Error
	// References may come before their groups, and so are looked up at the end.
	references []reference
}

type reference struct {
	offset, end int
	number      int    // of \1
	name        string // of \k<name>
}

func (p *parser) problem(offset, end int, problem string) *Error {
	return &Error{Pattern: p.source, Offset: offset, Construct: p.source[offset:end], Problem: problem}
}

// refuse remembers a construct that only a backtracking matcher has.
func (p *parser) refuse(offset int, problem string) {
	if p.refused == nil {
		p.refused = p.problem(offset, p.at, problem)
	}
}

func (p *parser) parse() (*node, error) {
	if !utf8.ValidString(p.source) {
		return nil, p.problem(0, len(p.source), "not UTF-8")
	}
	tree, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	if p.at < len(p.source) { // only a parenthesis ends alternatives early
		return nil, p.problem(p.at, p.at+1, "closes no group; write \\) for the character")
	}
	for _, r := range p.references {
		if r.number > p.groups || r.name != "" && !p.names[r.name] {
			return nil, p.problem(r.offset, r.end, "refers to a group that is not there")
		}
	}
	return tree, nil
}

// take reads the text if it comes next.
func (p *parser) take(text string) bool {
	if strings.HasPrefix(p.source[p.at:], text) {
		p.at += len(text)
		return true
	}
	return false
}

func (p *parser) next() rune {
	r, size := utf8.DecodeRuneInString(p.source[p.at:])
	p.at += size
	return r
}

func (p *parser) more() bool { return p.at < len(p.source) }

// alternatives reads up to the end, or to the parenthesis that closes the group.
func (p *parser) alternatives() (*node, error) {
	var all []*node
	for {
		sequence, err := p.sequence()
		if err != nil {
			return nil, err
		}
		all = append(all, sequence)
		if !p.take("|") {
			break
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return &node{op: opAlternate, parts: all}, nil
}

func (p *parser) sequence() (*node, error) {
	var all []*node
	for p.more() && p.source[p.at] != '|' && p.source[p.at] != ')' {
		part, err := p.term()
		if err != nil {
			return nil, err
		}
		all = append(all, part)
	}
	switch len(all) {
	case 0:
		return &node{op: opEmpty}, nil
	case 1:
		return all[0], nil
	}
	return &node{op: opConcat, parts: all}, nil
}

// term reads an assertion, or an atom and how often it repeats.
func (p *parser) term() (*node, error) {
	start := p.at
	atom, assertion, err := p.atom()
	if err != nil {
		return nil, err
	}
	quantifierStart := p.at
	low, high, found, err := p.quantifier()
	if err != nil || !found {
		return atom, err
	}
	if assertion {
		return nil, p.problem(start, p.at, "an assertion cannot repeat")
	}
	end := p.at
	if _, _, again, err := p.quantifier(); again || err != nil {
		return nil, p.problem(quantifierStart, p.at, "a repeat of a repeat; put the first into a group")
	}
	return &node{op: opRepeat, low: low, high: high, parts: []*node{atom}, offset: start, end: end}, nil
}

func (p *parser) atom() (atom *node, assertion bool, err error) {
	start := p.at
	switch r := p.next(); r {
	case '^':
		return &node{op: opBegin}, true, nil
	case '$':
		return &node{op: opEnd}, true, nil
	case '.':
		return &node{op: opSet, set: lineEnds.not()}, false, nil
	case '(':
		return p.group(start)
	case '[':
		class, err := p.class(start)
		return &node{op: opSet, set: class}, false, err
	case '\\':
		return p.atomEscape(start)
	case '*', '+', '?':
		return nil, false, p.problem(start, p.at, "nothing to repeat; write a backslash before it for the character")
	case '{':
		p.at = start
		if _, _, found, err := p.quantifier(); found || err != nil {
			return nil, false, p.problem(start, p.at, "nothing to repeat; write \\{ for the character")
		}
		p.at = start + 1
		return one('{'), false, nil
	default:
		return one(r), false, nil
	}
}

func one(r rune) *node { return &node{op: opSet, set: set{r, r}} }

// quantifier reads a repeat if one comes next. What only looks like one, as in a{ or a{,5},
// is text.
func (p *parser) quantifier() (low, high int, found bool, err error) {
	start := p.at
	switch {
	case p.take("*"):
		low, high = 0, unlimited
	case p.take("+"):
		low, high = 1, unlimited
	case p.take("?"):
		low, high = 0, 1
	case p.take("{"):
		var ok bool
		if low, ok = p.count(); ok {
			high = low
			if p.take(",") {
				if high, ok = p.count(); !ok {
					high = unlimited
				}
			}
		}
		if low < 0 || !p.take("}") {
			p.at = start
			return 0, 0, false, nil
		}
		if high != unlimited && high < low {
			return 0, 0, false, p.problem(start, p.at, "the counts are out of order")
		}
	default:
		return 0, 0, false, nil
	}
	p.take("?") // a lazy repeat changes what is captured, not whether it matches
	return low, high, true, nil
}

// count reads digits. A number that no text can reach stays such a number.
func (p *parser) count() (int, bool) {
	start := p.at
	for p.more() && '0' <= p.source[p.at] && p.source[p.at] <= '9' {
		p.at++
	}
	if p.at == start {
		return -1, false
	}
	n, err := strconv.ParseInt(p.source[start:p.at], 10, 64)
	if err != nil || n > 1<<31-1 {
		n = 1<<31 - 1
	}
	return int(n), true
}

// group reads what follows an opening parenthesis.
func (p *parser) group(start int) (*node, bool, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, false, p.problem(start, p.at, "groups nest more than 1000 deep")
	}
	defer func() { p.depth-- }()
	look, behind := "", false
	switch {
	case p.take("?:"):
	case p.take("?="), p.take("?!"):
		look = "lookahead"
	case p.take("?<="), p.take("?<!"):
		look, behind = "lookbehind", true
	case p.take("?<"):
		if err := p.groupName(start); err != nil {
			return nil, false, err
		}
		p.groups++
	case p.take("?P<"):
		return nil, false, p.problem(start, p.at, "names of groups are written (?<name>...)")
	case p.take("?"):
		if p.more() {
			p.next()
		}
		return nil, false, p.problem(start, p.at, "no such group; flags cannot be set within an expression")
	default:
		p.groups++
	}
	tree, err := p.alternatives()
	if err != nil {
		return nil, false, err
	}
	if !p.take(")") {
		return nil, false, p.problem(start, p.at, "the group is not closed")
	}
	if look != "" {
		p.refuse(start, look+" cannot be matched in linear time")
	}
	// A lookahead may repeat without the u flag; to no effect, but people write it.
	return tree, behind, nil
}

func (p *parser) groupName(start int) error {
	length := strings.IndexByte(p.source[p.at:], '>')
	if length < 0 {
		return p.problem(start, p.at, "the name is not closed")
	}
	name := p.source[p.at : p.at+length]
	p.at += length + 1
	if !validName(name) {
		return p.problem(start, p.at, "the name is not an identifier")
	}
	if p.names[name] {
		return p.problem(start, p.at, "a second group of this name")
	}
	if p.names == nil {
		p.names = map[string]bool{}
	}
	p.names[name] = true
	return nil
}

func validName(name string) bool {
	for i, r := range name {
		start := r == '$' || r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)
		if !start && (i == 0 || !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Join_Control)) {
			return false
		}
	}
	return name != ""
}
