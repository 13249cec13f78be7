package format

import "bytes"

// mediaRange is media-range of RFC 9110, section 12.5.1: */*, text/* or text/html, and
// parameters. Without a weight: q is a parameter like any.
func mediaRange(text []byte) bool {
	n := tokenLength(text)
	if n == 0 || n == len(text) || text[n] != '/' {
		return false
	}
	kind, rest := text[:n], text[n+1:]
	n = tokenLength(rest)
	if n == 0 || string(kind) == "*" && string(rest[:n]) != "*" {
		return false
	}
	return parameters(rest[n:])
}

// parameters is section 5.6.6. A semicolon with nothing after it is allowed.
func parameters(text []byte) bool {
	for len(text) > 0 {
		text = bytes.TrimLeft(text, " \t")
		if len(text) == 0 || text[0] != ';' {
			return false
		}
		text = bytes.TrimLeft(text[1:], " \t")
		n := tokenLength(text)
		if n == 0 {
			continue
		}
		if n == len(text) || text[n] != '=' {
			return false
		}
		text = text[n+1:]
		n = tokenLength(text)
		if n == 0 {
			n = quotedLength(text)
		}
		if n == 0 {
			return false
		}
		text = text[n:]
	}
	return true
}

// tokenText is tchar of section 5.6.2.
var tokenText = charset("!#$%&'*+-.^_`|~")

func tokenLength(text []byte) int {
	for i, c := range text {
		if !tokenText[c] {
			return i
		}
	}
	return len(text)
}

// quotedLength measures quoted-string of section 5.6.4, with its quotes.
func quotedLength(text []byte) int {
	if len(text) == 0 || text[0] != '"' {
		return 0
	}
	for i := 1; i < len(text); i++ {
		if text[i] == '"' {
			return i + 1
		}
		if text[i] == '\\' {
			i++
		}
		if i == len(text) || text[i] < ' ' && text[i] != '\t' || text[i] == 0x7f {
			return 0
		}
	}
	return 0
}
