package format

// uuid is the text form of RFC 9562, section 4: 32 hexadecimal digits of either case in
// groups of 8, 4, 4, 4 and 12. Version and variant may be any, Nil and Max included.
func uuid(text []byte) bool {
	if len(text) != 36 {
		return false
	}
	for i, c := range text {
		switch i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !isHex(c) {
				return false
			}
		}
	}
	return true
}
