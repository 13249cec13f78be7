package format

// number is a number of JSON as it is written, with any number of digits: coefficient times
// ten to the power of exponent, where the coefficient has no zeros at its ends. Nothing goes
// through float64, so 9007199254740993 stays what it is and 1e2 is the integer 100.
type number struct {
	negative    bool
	coefficient []byte // from its first to its last digit but zero; a point may be within
	digits      int    // of the coefficient; 0 if the number is zero
	exponent    int
}

// farExponent bounds exponents: no format reaches as far, and sums of it do not overflow.
const farExponent = 1 << 40

func (n number) zero() bool { return n.digits == 0 }

// magnitude is the power of ten of the first digit: 0 for 9, 1 for 10, -1 for 0.1.
func (n number) magnitude() int { return n.exponent + n.digits - 1 }

// parseNumber reads the grammar of RFC 8259, section 6, and nothing else.
func parseNumber(text []byte) (n number, ok bool) {
	if len(text) > 0 && text[0] == '-' {
		n.negative = true
		text = text[1:]
	}
	whole := digits(text)
	if whole == 0 || whole > 1 && text[0] == '0' {
		return n, false
	}
	mantissa, fraction := whole, 0
	if mantissa < len(text) && text[mantissa] == '.' {
		fraction = digits(text[mantissa+1:])
		if fraction == 0 {
			return n, false
		}
		mantissa += 1 + fraction
	}
	exponent := 0
	if rest := text[mantissa:]; len(rest) > 0 {
		if exponent, ok = parseExponent(rest); !ok {
			return n, false
		}
	}
	n.trim(text[:mantissa])
	trailing := 0 // places between the last digit but zero and the last digit
	for i := mantissa - 1; i >= 0 && (text[i] == '0' || text[i] == '.'); i-- {
		if text[i] == '0' {
			trailing++
		}
	}
	n.exponent = exponent - fraction + trailing
	return n, true
}

// trim finds the coefficient in a mantissa.
func (n *number) trim(mantissa []byte) {
	for len(mantissa) > 0 && (mantissa[0] == '0' || mantissa[0] == '.') {
		mantissa = mantissa[1:]
	}
	for last := len(mantissa) - 1; last >= 0 && (mantissa[last] == '0' || mantissa[last] == '.'); last-- {
		mantissa = mantissa[:last]
	}
	n.coefficient = mantissa
	n.digits = len(mantissa)
	for _, c := range mantissa {
		if c == '.' {
			n.digits--
		}
	}
}

func parseExponent(text []byte) (exponent int, ok bool) {
	if text[0]|0x20 != 'e' {
		return 0, false
	}
	text = text[1:]
	negative := len(text) > 0 && text[0] == '-'
	if negative || len(text) > 0 && text[0] == '+' {
		text = text[1:]
	}
	if len(text) == 0 || digits(text) < len(text) {
		return 0, false
	}
	for _, c := range text {
		exponent = min(exponent*10+int(c-'0'), farExponent)
	}
	if negative {
		return -exponent, true
	}
	return exponent, true
}

// integer gives the magnitude of a whole number, if it has 64 bits at most.
func (n number) integer() (magnitude uint64, ok bool) {
	if n.zero() {
		return 0, true
	}
	if n.exponent < 0 || n.magnitude() > 19 { // the largest is 1.8e19
		return 0, false
	}
	for _, c := range n.coefficient {
		if c == '.' {
			continue
		}
		if magnitude, ok = timesTen(magnitude, uint64(c-'0')); !ok {
			return 0, false
		}
	}
	for range n.exponent {
		if magnitude, ok = timesTen(magnitude, 0); !ok {
			return 0, false
		}
	}
	return magnitude, true
}

func timesTen(value, digit uint64) (uint64, bool) {
	const most = 1<<64 - 1
	if value > most/10 || value == most/10 && digit > most%10 {
		return 0, false
	}
	return value*10 + digit, true
}
