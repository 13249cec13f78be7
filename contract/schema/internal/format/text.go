package format

// What several formats need of ASCII.

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// digits counts the digits at the beginning.
func digits(text []byte) int {
	for i, c := range text {
		if !isDigit(c) {
			return i
		}
	}
	return len(text)
}

// twoDigits reads the first two bytes, which are digits or the result is negative.
func twoDigits(text []byte) int {
	if !isDigit(text[0]) || !isDigit(text[1]) {
		return -1
	}
	return int(text[0]-'0')*10 + int(text[1]-'0')
}

// escaped tells whether the text begins with a percent sign and two hexadecimal digits.
func escaped(text []byte) bool {
	return len(text) >= 3 && text[0] == '%' && isHex(text[1]) && isHex(text[2])
}

// anyText is the check of formats that say what a text is for and not what it may be:
// binary (any octets), password (hide it), commonmark and html (any text is some).
func anyText([]byte) bool { return true }
