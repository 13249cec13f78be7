package format

import (
	"bytes"
	"unicode/utf8"
)

// email is Mailbox of RFC 5321, section 4.1.2: a local part of dotted atoms or in quotes, and
// a domain or an address in brackets. A domain of one label is valid. Comments, names and
// angle brackets are RFC 5322's, for headers, and not allowed. The local part is 64 bytes
// long, the domain 255 (section 4.5.3.1).
func email(text []byte) bool {
	return mailbox(text, false, ldhName)
}

// mailbox checks an address whose domain is not in brackets by domain.
func mailbox(text []byte, international bool, domain func([]byte) bool) bool {
	at := bytes.LastIndexByte(text, '@') // no domain has one
	if at < 1 || at > 64 {
		return false
	}
	local, rest := text[:at], text[at+1:]
	if len(rest) > 1 && rest[0] == '[' && rest[len(rest)-1] == ']' {
		if !addressLiteral(rest[1 : len(rest)-1]) {
			return false
		}
	} else if !domain(rest) {
		return false
	}
	if local[0] == '"' {
		return quoted(local, international)
	}
	return atoms(local, international)
}

// atoms is Dot-string.
func atoms(text []byte, international bool) bool {
	length := 0
	for _, c := range text {
		switch {
		case c == '.' && length > 0:
			length = 0
		case atomText[c] || c >= utf8.RuneSelf && international:
			length++
		default:
			return false
		}
	}
	return length > 0
}

// atomText is atext of RFC 5322, section 3.2.3.
var atomText = charset("!#$%&'*+-/=?^_`{|}~")

// charset is letters, digits and the characters given.
func charset(more string) (set [256]bool) {
	for c := range set {
		set[c] = isLetter(byte(c)) || isDigit(byte(c))
	}
	for i := range len(more) {
		set[more[i]] = true
	}
	return set
}

// quoted is Quoted-string. It may be empty.
func quoted(text []byte, international bool) bool {
	last := len(text) - 1
	if last < 1 || text[last] != '"' {
		return false
	}
	for i := 1; i < last; i++ {
		c := text[i]
		if c == '\\' {
			if i++; i == last || text[i] < ' ' || text[i] > '~' {
				return false
			}
			continue
		}
		if c == '"' || c < ' ' || c == 0x7f || c >= utf8.RuneSelf && !international {
			return false
		}
	}
	return true
}

// addressLiteral is what may be in brackets. Of the tags that the standard leaves room for,
// only IPv6 was ever registered.
func addressLiteral(text []byte) bool {
	if len(text) > 5 && bytes.EqualFold(text[:5], []byte("IPv6:")) {
		return ipv6(text[5:])
	}
	return ipv4(text)
}
