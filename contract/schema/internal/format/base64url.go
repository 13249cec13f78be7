package format

// base64URL is base64url of RFC 4648, section 5. Padding is optional, as section 3.2 lets
// users of the encoding decide and most leave it out.
func base64URL(text []byte) bool {
	n := len(text)
	if n > 0 && n%4 == 0 {
		for range 2 {
			if text[len(text)-1] == '=' {
				text = text[:len(text)-1]
			}
		}
	}
	return len(text)%4 != 1 && base64Text(text, '-', '_')
}
