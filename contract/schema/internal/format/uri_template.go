package format

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// uriTemplate is URI-Template of RFC 6570, section 2, of any level. The operators that the
// standard keeps for later are well-formed, as is an apostrophe (erratum 6937).
func uriTemplate(text []byte) bool {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == '{':
			length := bytes.IndexByte(text[i:], '}')
			if length < 0 || !expression(text[i+1:i+length]) {
				return false
			}
			i += length + 1
		case c == '%':
			if !escaped(text[i:]) {
				return false
			}
			i += 3
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(text[i:])
			if size == 1 || !isUCS(r) && !isPrivate(r) {
				return false
			}
			i += size
		case c <= ' ' || c == 0x7f || strings.IndexByte("\"<>\\^`|}", c) >= 0:
			return false
		default:
			i++
		}
	}
	return true
}

// expression is what braces hold: an operator, and variables.
func expression(text []byte) bool {
	if len(text) > 0 && strings.IndexByte("+#./;?&=,!@|", text[0]) >= 0 {
		text = text[1:]
	}
	for {
		variable, rest, more := bytes.Cut(text, []byte(","))
		if !templateVariable(variable) {
			return false
		}
		if !more {
			return true
		}
		text = rest
	}
}

// templateVariable is a name, and a star or a length from 1 to 9999.
func templateVariable(text []byte) bool {
	name, length, found := bytes.Cut(text, []byte(":"))
	if found {
		if n := digits(length); n == 0 || n > 4 || n < len(length) || length[0] == '0' {
			return false
		}
	} else {
		name = bytes.TrimSuffix(name, []byte("*"))
	}
	dot := true // the last character was one, or there was none
	for i := 0; i < len(name); {
		switch c := name[i]; {
		case isLetter(c) || isDigit(c) || c == '_':
			i, dot = i+1, false
		case escaped(name[i:]):
			i, dot = i+3, false
		case c == '.' && !dot:
			i, dot = i+1, true
		default:
			return false
		}
	}
	return !dot
}
