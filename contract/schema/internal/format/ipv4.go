package format

// ipv4 is dotted-quad of RFC 2673, section 3.2, as RFC 3986 has it: four numbers up to 255
// without leading zeros, which some programs would read as octal.
func ipv4(text []byte) bool {
	for part := range 4 {
		n := digits(text)
		if n == 0 || n > 3 || n > 1 && text[0] == '0' {
			return false
		}
		value := 0
		for _, c := range text[:n] {
			value = value*10 + int(c-'0')
		}
		if value > 255 {
			return false
		}
		text = text[n:]
		if part < 3 {
			if len(text) == 0 || text[0] != '.' {
				return false
			}
			text = text[1:]
		}
	}
	return len(text) == 0
}
