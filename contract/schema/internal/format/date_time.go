package format

// dateTime is date-time of RFC 3339, section 5.6. The separator is T or t; the space that
// the standard's note lets applications agree on is none.
func dateTime(text []byte) bool { return dateAnd(timeOfDay, text) }

func dateAnd(time func([]byte) bool, text []byte) bool {
	const length = len("2006-01-02")
	return len(text) > length && text[length]|0x20 == 't' && date(text[:length]) && time(text[length+1:])
}
