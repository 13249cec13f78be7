package format

// sfToken is sf-token of RFC 8941, section 3.3.4: it begins with a letter or a star, and may
// have colons and slashes.
func sfToken(text []byte) bool {
	if len(text) == 0 || !isLetter(text[0]) && text[0] != '*' {
		return false
	}
	for _, c := range text {
		if !tokenText[c] && c != ':' && c != '/' {
			return false
		}
	}
	return true
}
