package format

// ipv6 is an address in the text form of RFC 4291, section 2.2, with no zone and no length
// of a prefix. As there, :: stands for one group of zeros or more.
func ipv6(text []byte) bool {
	groups, shortened := 0, false
	if len(text) >= 2 && text[0] == ':' && text[1] == ':' {
		shortened = true
		text = text[2:]
	}
	for len(text) > 0 {
		n := 0
		for n < len(text) && isHex(text[n]) {
			n++
		}
		if n < len(text) && text[n] == '.' { // the last two groups may be an IPv4 address
			groups += 2
			return ipv4(text) && fits(groups, shortened)
		}
		if n == 0 || n > 4 || groups == 8 {
			return false
		}
		groups++
		if n == len(text) {
			break
		}
		if text[n] != ':' || n+1 == len(text) {
			return false
		}
		text = text[n+1:]
		if text[0] == ':' {
			if shortened {
				return false
			}
			shortened = true
			text = text[1:]
		}
	}
	return fits(groups, shortened)
}

func fits(groups int, shortened bool) bool {
	if shortened {
		return groups < 8
	}
	return groups == 8
}
