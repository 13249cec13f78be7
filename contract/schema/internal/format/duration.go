package format

import "strings"

// duration is duration of RFC 3339, appendix A: P3Y6M4DT12H30M5S, or weeks alone. Units
// follow each other without a gap (P1Y2D and PT1H2S are none), numbers have no fraction and
// no sign, and letters are capital.
func duration(text []byte) bool {
	if len(text) == 0 || text[0] != 'P' {
		return false
	}
	text = text[1:]
	if n := digits(text); n > 0 && len(text) == n+1 && text[n] == 'W' {
		return true
	}
	rest, found := units(text, "YMD")
	if len(rest) == 0 {
		return found
	}
	if rest[0] != 'T' {
		return false
	}
	rest, found = units(rest[1:], "HMS")
	return found && len(rest) == 0
}

// units reads numbers that are each followed by the next of the units, of which any may be
// the first and the last.
func units(text []byte, order string) (rest []byte, found bool) {
	for order != "" {
		n := digits(text)
		if n == 0 || n == len(text) {
			break
		}
		at := strings.IndexByte(order, text[n])
		if at < 0 || found && at > 0 {
			break
		}
		text, order, found = text[n+1:], order[at+1:], true
	}
	return text, found
}
