package format

// sfBoolean is sf-boolean of RFC 8941, section 3.3.6.
func sfBoolean(text []byte) bool { return string(text) == "?0" || string(text) == "?1" }
