package format

// iriReference is IRI-reference of RFC 3987, section 2.2.
func iriReference(text []byte) bool { return grammar{international: true}.reference(text) }
