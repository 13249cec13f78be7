package format

// decimal128 is a number that IEEE 754's decimal128 holds exactly: 34 significant digits, and
// powers of ten from -6176 to 6144. A string may also name what is no number, as OpenAPI's
// format registry says.
func decimal128(text []byte) bool {
	switch string(text) {
	case "NaN", "INF", "-INF":
		return true
	}
	n, ok := parseNumber(text)
	return ok && (n.zero() || n.digits <= 34 && n.exponent >= -6176 && n.magnitude() <= 6144)
}
