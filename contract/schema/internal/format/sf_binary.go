package format

// sfBinary is sf-binary of RFC 8941, section 3.3.5: base64 between colons. Padding may be
// missing, as parsers are told to accept.
func sfBinary(text []byte) bool {
	last := len(text) - 1
	if last < 1 || text[0] != ':' || text[last] != ':' {
		return false
	}
	text = text[1:last]
	return byteText(text) || len(text)%4 != 1 && base64Text(text, '+', '/')
}
