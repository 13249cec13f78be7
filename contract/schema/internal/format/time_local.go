package format

// timeLocal is partial-time of RFC 3339, section 5.6: a time without an offset. With no
// offset to tell where UTC's day ends, any minute may have a leap second.
func timeLocal(text []byte) bool {
	_, _, _, rest, ok := partialTime(text)
	return ok && len(rest) == 0
}
