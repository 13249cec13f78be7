package format

// double is a number in the range of an IEEE 754 binary64, as float is one of its.
func double(text []byte) bool { return inRange(text, overflow64) }
