package format

// byteText is base64 of RFC 4648, section 4, with its padding and without line breaks. The
// bits that padding leaves over may be set, which decoders take.
func byteText(text []byte) bool {
	if len(text)%4 != 0 {
		return false
	}
	for range 2 {
		if n := len(text); n > 0 && text[n-1] == '=' {
			text = text[:n-1]
		}
	}
	return len(text)%4 != 1 && base64Text(text, '+', '/')
}

func base64Text(text []byte, char62, char63 byte) bool {
	for _, c := range text {
		if !isLetter(c) && !isDigit(c) && c != char62 && c != char63 {
			return false
		}
	}
	return true
}
