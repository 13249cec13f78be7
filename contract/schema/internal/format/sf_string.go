package format

// sfString is sf-string of RFC 8941, section 3.3.3, with its quotes: printable ASCII, where a
// backslash stands before quotes and backslashes and nowhere else.
func sfString(text []byte) bool {
	last := len(text) - 1
	if last < 1 || text[0] != '"' || text[last] != '"' {
		return false
	}
	for i := 1; i < last; i++ {
		switch c := text[i]; {
		case c == '\\':
			if i++; i == last || text[i] != '"' && text[i] != '\\' {
				return false
			}
		case c == '"' || c < ' ' || c > '~':
			return false
		}
	}
	return true
}
