package format

// dateTimeLocal is date-time of RFC 3339, section 5.6, without the offset.
func dateTimeLocal(text []byte) bool { return dateAnd(timeLocal, text) }
