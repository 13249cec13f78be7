package table

import (
	"strconv"
	"strings"
)

// numberSet is what all numbers of a column have in common.
type numberSet struct{ notInt64, notDouble bool }

func (s *numberSet) add(text string) {
	if _, ok := asInt64(text); !ok {
		s.notInt64 = true
	}
	if _, ok := asDouble(text); !ok {
		s.notDouble = true
	}
}

// asInt64 reads a number that is an integer and written as one. Minus zero is not: int64 has
// none.
func asInt64(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && text != "-0"
}

// asDouble reads a number that a double keeps: written in as few digits as tell it from other
// doubles, it is the same number again.
func asDouble(text string) (float64, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false
	}
	had, ok := parseDecimal(text)
	kept, _ := parseDecimal(strconv.FormatFloat(f, 'e', -1, 64))
	return f, ok && had == kept
}

// asSpreadsheet reads a number that spreadsheet programs keep: they cut after 15 digits, have
// no minus zero, and reach less far than doubles do.
func asSpreadsheet(text string) (float64, bool) {
	f, ok := asDouble(text)
	d, _ := parseDecimal(text)
	inReach := d.digits == "" || -307 < d.exponent && d.exponent <= 307
	return f, ok && len(d.digits) <= 15 && inReach && (d.digits != "" || !d.negative)
}

// decimal is a number, of which there is one way to write it: 0.digits times ten to the
// exponent, with digits that neither start nor end with a zero.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// parseDecimal reads a number of JSON. It is false when the exponent is beyond reason.
func parseDecimal(text string) (d decimal, ok bool) {
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa, exponent := text, ""
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		mantissa, exponent = text[:at], strings.TrimPrefix(text[at+1:], "+")
	}
	if exponent != "" {
		n, err := strconv.Atoi(exponent)
		if err != nil || n < -1e9 || n > 1e9 {
			return d, false
		}
		d.exponent = n
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := whole + fraction
	significant := strings.TrimLeft(digits, "0")
	d.exponent += len(whole) - (len(digits) - len(significant))
	d.digits = strings.TrimRight(significant, "0")
	if d.digits == "" {
		d.exponent = 0
	}
	return d, true
}
