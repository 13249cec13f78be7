package format

// sfDecimal is sf-decimal of RFC 8941, section 3.3.2, as a number of JSON: at most 12 digits
// before the point and 3 after it. The point may be missing, because JSON does not tell 1
// from 1.0; so may any form of the same value be, as 1e3 is.
func sfDecimal(text []byte) bool {
	n, ok := parseNumber(text)
	return ok && (n.zero() || n.exponent >= -3 && n.magnitude() < 12)
}
