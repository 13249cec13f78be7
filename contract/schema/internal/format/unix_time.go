package format

// unixTime is seconds since 1970, by OpenAPI's format registry: whole or with a fraction, and
// negative before. Any number is one.
func unixTime(text []byte) bool {
	_, ok := parseNumber(text)
	return ok
}
