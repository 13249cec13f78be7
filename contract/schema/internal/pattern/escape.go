package pattern

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// atomEscape reads what follows a backslash outside of classes.
func (p *parser) atomEscape(start int) (*node, bool, error) {
	switch {
	case p.take("b"):
		return &node{op: opWord}, true, nil
	case p.take("B"):
		return &node{op: opNotWord}, true, nil
	case p.take("k"):
		length := strings.IndexByte(p.source[p.at:], '>')
		if !p.take("<") || length < 0 {
			return nil, false, p.problem(start, p.at, "a reference is written \\k<name>")
		}
		name := p.source[p.at : p.at+length-1]
		p.at += length
		if !validName(name) {
			return nil, false, p.problem(start, p.at, "the name is not an identifier")
		}
		return p.backreference(reference{offset: start, end: p.at, name: name}), false, nil
	case p.more() && '1' <= p.source[p.at] && p.source[p.at] <= '9':
		number, _ := p.count()
		return p.backreference(reference{offset: start, end: p.at, number: number}), false, nil
	}
	class, r, err := p.escape(start)
	if err != nil {
		return nil, false, err
	}
	if class != nil {
		return &node{op: opSet, set: class}, false, nil
	}
	if surrogate(r) {
		p.refuseSurrogate(start)
	}
	return one(r), false, nil
}

func (p *parser) backreference(r reference) *node {
	p.references = append(p.references, r)
	p.refuse(r.offset, "a backreference cannot be matched in linear time")
	return &node{op: opEmpty}
}

func surrogate(r rune) bool { return 0xd800 <= r && r <= 0xdfff }

// refuseSurrogate stops expressions that were meant for UTF-16. Taken literally they would
// never match, for no text has half of a pair.
func (p *parser) refuseSurrogate(start int) {
	p.refuse(start, "half of a surrogate pair is no character; write the code point, as in \\u{1F600}")
}

// escape reads what follows a backslash and means the same in a class: a class, which is
// then not nil, or one code point.
func (p *parser) escape(start int) (class set, r rune, err error) {
	if !p.more() {
		return nil, 0, p.problem(start, p.at, "nothing follows the backslash")
	}
	switch c := p.next(); c {
	case 'd':
		return digits, 0, nil
	case 'D':
		return digits.not(), 0, nil
	case 'w':
		return word, 0, nil
	case 'W':
		return word.not(), 0, nil
	case 's':
		return space, 0, nil
	case 'S':
		return space.not(), 0, nil
	case 'p', 'P':
		class, err := p.property(start)
		if c == 'P' && err == nil {
			class = class.not()
		}
		return class, 0, err
	case 't':
		return nil, '\t', nil
	case 'n':
		return nil, '\n', nil
	case 'v':
		return nil, '\v', nil
	case 'f':
		return nil, '\f', nil
	case 'r':
		return nil, '\r', nil
	case '0':
		if p.more() && '0' <= p.source[p.at] && p.source[p.at] <= '9' {
			return nil, 0, p.problem(start, p.at+1, "octal is not ECMAScript; write \\xHH")
		}
		return nil, 0, nil
	case 'c':
		if p.more() {
			if letter := p.source[p.at] | 0x20; 'a' <= letter && letter <= 'z' {
				p.at++
				return nil, rune(letter & 0x1f), nil
			}
		}
		return nil, 0, p.problem(start, p.at, "a control character is written \\cA to \\cZ")
	case 'x':
		if r, ok := p.hex(2); ok {
			return nil, r, nil
		}
		return nil, 0, p.problem(start, p.at, "wants two hexadecimal digits")
	case 'u':
		r, err := p.unicodeEscape(start)
		return nil, r, err
	default:
		if c < utf8.RuneSelf && c >= ' ' && !word.has(c) || c == '_' {
			return nil, c, nil
		}
		return nil, 0, p.problem(start, p.at, "ECMAScript knows no such escape")
	}
}

// hex reads exactly so many digits.
func (p *parser) hex(digits int) (rune, bool) {
	if len(p.source)-p.at < digits {
		return 0, false
	}
	n, err := strconv.ParseUint(p.source[p.at:p.at+digits], 16, 32)
	if err != nil {
		return 0, false
	}
	p.at += digits
	return rune(n), true
}

// unicodeEscape reads what follows \u: four digits, two times four that make a surrogate
// pair, or digits in braces.
func (p *parser) unicodeEscape(start int) (rune, error) {
	if p.take("{") {
		length := strings.IndexByte(p.source[p.at:], '}')
		if length > 0 {
			digits := p.source[p.at : p.at+length]
			n, err := strconv.ParseUint(digits, 16, 64)
			if err == nil && n <= unicode.MaxRune {
				p.at += length + 1
				return rune(n), nil
			}
		}
		return 0, p.problem(start, p.at, "wants hexadecimal digits of a code point, and a brace")
	}
	high, ok := p.hex(4)
	if !ok {
		return 0, p.problem(start, p.at, "wants four hexadecimal digits")
	}
	if high < 0xd800 || high > 0xdbff {
		return high, nil
	}
	before := p.at
	if p.take(`\u`) {
		if low, ok := p.hex(4); ok && 0xdc00 <= low && low <= 0xdfff {
			return (high-0xd800)<<10 + (low - 0xdc00) + 0x10000, nil
		}
	}
	p.at = before
	return high, nil
}
