package format

// The integers of OpenAPI and of its format registry, by their ranges. What counts is the
// value, exactly: 1.0 and 1e2 are integers, 1.5 is none, and -0 is 0.

func int8Range(text []byte) bool  { return signed(text, 8) }
func int16Range(text []byte) bool { return signed(text, 16) }
func int32Range(text []byte) bool { return signed(text, 32) }
func int64Range(text []byte) bool { return signed(text, 64) }

func uint8Range(text []byte) bool  { return unsigned(text, 8) }
func uint16Range(text []byte) bool { return unsigned(text, 16) }
func uint32Range(text []byte) bool { return unsigned(text, 32) }
func uint64Range(text []byte) bool { return unsigned(text, 64) }

func signed(text []byte, bits int) bool {
	n, ok := parseNumber(text)
	if !ok {
		return false
	}
	magnitude, ok := n.integer()
	limit := uint64(1) << (bits - 1)
	return ok && (magnitude < limit || n.negative && magnitude == limit)
}

func unsigned(text []byte, bits int) bool {
	n, ok := parseNumber(text)
	if !ok {
		return false
	}
	magnitude, ok := n.integer()
	return ok && magnitude>>(bits-1)>>1 == 0 && (!n.negative || magnitude == 0)
}
