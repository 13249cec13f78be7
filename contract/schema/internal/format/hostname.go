package format

import "bytes"

// hostname is a name of RFC 1123, section 2.1: labels of letters, digits and inner hyphens,
// 63 bytes each and 253 in all, with no dot at the end. JSON Schema adds the A-labels of
// RFC 5891, section 4.4: what begins with xn-- has to decode to a label of idn-hostname.
func hostname(text []byte) bool {
	return ldhName(text) && (!hasALabel(text) || idna2008(string(text)))
}

const maxName = 253

func ldhName(text []byte) bool {
	if len(text) > maxName {
		return false
	}
	length := 0
	for i, c := range text {
		switch {
		case isLetter(c) || isDigit(c):
			length++
		case c == '-' && length > 0:
			length++
		case c == '.' && length > 0 && text[i-1] != '-':
			length = 0
		default:
			return false
		}
		if length > 63 {
			return false
		}
	}
	return length > 0 && text[len(text)-1] != '-'
}

func hasALabel(text []byte) bool {
	for {
		if len(text) >= 4 && bytes.EqualFold(text[:4], []byte("xn--")) {
			return true
		}
		dot := bytes.IndexByte(text, '.')
		if dot < 0 {
			return false
		}
		text = text[dot+1:]
	}
}
