package format

// sfInteger is sf-integer of RFC 8941, section 3.3.1, as a number of JSON: at most 15 digits.
func sfInteger(text []byte) bool {
	n, ok := parseNumber(text)
	return ok && (n.zero() || n.exponent >= 0 && n.magnitude() < 15)
}
