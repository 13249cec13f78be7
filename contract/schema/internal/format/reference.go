package format

import (
	"bytes"
	"unicode/utf8"
)

// This is the grammar of RFC 3986 (URI) and of RFC 3987 (IRI), which is the same with more
// characters. The four formats differ in two things.
type grammar struct {
	absolute      bool // a scheme is required
	international bool
}

// What the parts of a reference are made of, besides what is escaped and, in an IRI, what is
// beyond ASCII.
var (
	schemeText   = charset("+-.")
	userText     = charset("-._~!$&'()*+,;=:")
	nameText     = charset("-._~!$&'()*+,;=")
	pathText     = charset("-._~!$&'()*+,;=:@/")
	queryText    = charset("-._~!$&'()*+,;=:@/?")
	fragmentText = queryText
)

func (g grammar) reference(text []byte) bool {
	rest, ok := g.scheme(text)
	if !ok {
		return false
	}
	rest, fragment, _ := bytes.Cut(rest, []byte("#"))
	rest, query, _ := bytes.Cut(rest, []byte("?"))
	if !g.made(fragment, &fragmentText) || !g.madeOrPrivate(query) {
		return false
	}
	if !bytes.HasPrefix(rest, []byte("//")) {
		return g.made(rest, &pathText)
	}
	authority, path := rest[2:], []byte(nil)
	if slash := bytes.IndexByte(authority, '/'); slash >= 0 {
		authority, path = authority[:slash], authority[slash:]
	}
	return g.authority(authority) && g.made(path, &pathText)
}

// scheme reads up to the first colon. Without a scheme, there is none before the first slash.
func (g grammar) scheme(text []byte) (rest []byte, ok bool) {
	end := bytes.IndexAny(text, ":/?#")
	if end < 0 || text[end] != ':' {
		return text, !g.absolute
	}
	if end == 0 || !isLetter(text[0]) {
		return nil, false
	}
	for _, c := range text[:end] {
		if !schemeText[c] {
			return nil, false
		}
	}
	return text[end+1:], true
}

func (g grammar) authority(text []byte) bool {
	if at := bytes.IndexByte(text, '@'); at >= 0 {
		if !g.made(text[:at], &userText) {
			return false
		}
		text = text[at+1:]
	}
	if len(text) > 0 && text[0] == '[' {
		end := bytes.IndexByte(text, ']')
		return end > 0 && ipLiteral(text[1:end]) && port(text[end+1:])
	}
	name := text
	if colon := bytes.IndexByte(text, ':'); colon >= 0 {
		name = text[:colon]
		if !port(text[colon:]) {
			return false
		}
	}
	return g.made(name, &nameText)
}

// port may be empty after its colon, and has no largest number.
func port(text []byte) bool {
	return len(text) == 0 || text[0] == ':' && digits(text[1:]) == len(text)-1
}

// ipLiteral is an IPv6 address without a zone, or IPvFuture.
func ipLiteral(text []byte) bool {
	if len(text) == 0 || text[0]|0x20 != 'v' {
		return ipv6(text)
	}
	version, address, _ := bytes.Cut(text[1:], []byte("."))
	for _, c := range version {
		if !isHex(c) {
			return false
		}
	}
	for _, c := range address {
		if !userText[c] {
			return false
		}
	}
	return len(version) > 0 && len(address) > 0
}

// made tells whether a part is made of these characters.
func (g grammar) made(part []byte, of *[256]bool) bool {
	return g.scan(part, of, false)
}

func (g grammar) madeOrPrivate(query []byte) bool {
	return g.scan(query, &queryText, true)
}

func (g grammar) scan(part []byte, of *[256]bool, private bool) bool {
	for i := 0; i < len(part); {
		c := part[i]
		switch {
		case of[c]:
			i++
		case c == '%' && escaped(part[i:]):
			i += 3
		case c >= utf8.RuneSelf && g.international:
			r, size := utf8.DecodeRune(part[i:])
			if size == 1 || !isUCS(r) && !(private && isPrivate(r)) {
				return false
			}
			i += size
		default:
			return false
		}
	}
	return true
}

// isUCS is ucschar of RFC 3987, section 2.2: no controls, private use or noncharacters.
func isUCS(r rune) bool {
	if r < 0x10000 {
		return 0xa0 <= r && r <= 0xd7ff || 0xf900 <= r && r <= 0xfdcf || 0xfdf0 <= r && r <= 0xffef
	}
	return r < 0xf0000 && r&0xffff <= 0xfffd && (r < 0xe0000 || r >= 0xe1000)
}

// isPrivate is iprivate of RFC 3987, section 2.2, which only a query may have.
func isPrivate(r rune) bool {
	return 0xe000 <= r && r <= 0xf8ff || r >= 0xf0000 && r&0xffff <= 0xfffd
}
