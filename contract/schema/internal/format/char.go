package format

import "unicode/utf8"

// char is one character, by OpenAPI's format registry, which does not say which kind is
// counted: here it is a code point.
func char(text []byte) bool {
	_, size := utf8.DecodeRune(text)
	return size > 0 && size == len(text)
}
