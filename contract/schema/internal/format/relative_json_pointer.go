package format

// relativeJSONPointer is relative-json-pointer of draft-bhutton-relative-json-pointer-00,
// section 3: how many levels up, how far among the elements there, and a JSON pointer or #.
func relativeJSONPointer(text []byte) bool {
	text, ok := index(text)
	if ok && len(text) > 0 && (text[0] == '+' || text[0] == '-') {
		text, ok = index(text[1:])
	}
	return ok && (string(text) == "#" || jsonPointer(text))
}

// index reads a number without leading zeros.
func index(text []byte) (rest []byte, ok bool) {
	n := digits(text)
	return text[n:], n == 1 || n > 1 && text[0] != '0'
}
