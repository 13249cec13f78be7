package format

// doubleInt is an integer that a double holds without loss, as are those around it: up to
// 2^53-1 on either side of zero, by OpenAPI's format registry.
func doubleInt(text []byte) bool {
	n, ok := parseNumber(text)
	if !ok {
		return false
	}
	magnitude, ok := n.integer()
	return ok && magnitude <= 1<<53-1
}
