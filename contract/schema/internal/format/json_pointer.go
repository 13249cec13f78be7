package format

// jsonPointer is json-pointer of RFC 6901, section 3: empty, or tokens that each follow a
// slash, with ~0 and ~1 for tilde and slash. As a string, so %25 is three characters, and
// the form with # is none.
func jsonPointer(text []byte) bool {
	if len(text) > 0 && text[0] != '/' {
		return false
	}
	for i, c := range text {
		if c == '~' && (i+1 == len(text) || text[i+1] != '0' && text[i+1] != '1') {
			return false
		}
	}
	return true
}
