package pattern

import "unicode/utf8"

// fixed is a shape that fixes the length of the text, and has ASCII only: a date, a code. Each of
// its classes has a bit, so that a byte takes two loads that wait for nothing.
type fixed struct {
	classes [256]uint8 // by byte: the bits of the classes that it is in
	wanted  []uint8    // by position: the bit of the class that must be there
}

const (
	maxFixed = 64 // bytes of a text
	maxBits  = 8  // of a byte
)

// newFixed reports false for a shape that is not fixed, or has too many classes.
func newFixed(s *shape) (*fixed, bool) {
	if !s.ends {
		return nil, false
	}
	result := &fixed{}
	known := map[asciiSet]uint8{}
	for _, step := range s.steps {
		if step.low != step.high || step.low > maxFixed-len(result.wanted) {
			return nil, false
		}
		if last := len(step.set) - 1; last >= 0 && step.set[last] >= utf8.RuneSelf {
			return nil, false
		}
		bit, ok := known[step.ascii]
		if !ok {
			if len(known) == maxBits {
				return nil, false
			}
			bit = 1 << len(known)
			known[step.ascii] = bit
			for c := range byte(utf8.RuneSelf) {
				if step.ascii.has(c) {
					result.classes[c] |= bit
				}
			}
		}
		for range step.low {
			result.wanted = append(result.wanted, bit)
		}
	}
	return result, true
}

func (f *fixed) Match(text []byte) bool {
	wanted := f.wanted
	if len(text) != len(wanted) {
		return false
	}
	text = text[:len(wanted)] // which says to the compiler that the index below is right
	for i, bit := range wanted {
		if f.classes[text[i]]&bit == 0 {
			return false
		}
	}
	return true
}
