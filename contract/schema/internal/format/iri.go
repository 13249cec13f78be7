package format

// iri is IRI of RFC 3987, section 2.2. Its host is not checked as an idn-hostname.
func iri(text []byte) bool { return grammar{absolute: true, international: true}.reference(text) }
