package format

// uri is URI of RFC 3986, section 3: with a scheme, and nothing beyond ASCII. A host of
// digits and dots that is no address is a name, as the standard reads it.
func uri(text []byte) bool { return grammar{absolute: true}.reference(text) }
