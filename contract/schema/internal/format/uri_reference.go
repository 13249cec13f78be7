package format

// uriReference is URI-reference of RFC 3986, section 4.1. The empty text is one.
func uriReference(text []byte) bool { return grammar{}.reference(text) }
