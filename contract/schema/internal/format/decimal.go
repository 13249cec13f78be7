package format

// fixedDecimal is OpenAPI's format registry's decimal, of any precision and range: a number
// of JSON, or a string that reads like one. The registry defines no grammar; this is the one
// that both kinds share.
func fixedDecimal(text []byte) bool {
	_, ok := parseNumber(text)
	return ok
}
