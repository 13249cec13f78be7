package scan

import "io"

// part says which part of a number the last byte read was. The odd ones out come first: a
// number cannot end there.
type part byte

const (
	minus       part = iota
	point            // the . of a fraction
	letter           // the e of an exponent
	sign             // of the exponent
	zero             // a 0 that the number begins with
	digits           // before the fraction
	fraction         // a digit of it
	exponent         // a digit of it
	numberEnded      // the byte is no part of the number
)

// readNumber reads the number that begins at s.start.
func (s *Scanner) readNumber() error {
	if end, integer := plainNumber(s.buf, s.start); end < len(s.buf) {
		s.integer, s.plain = integer, true
		return s.endNumber(end - s.start)
	}
	s.integer, s.plain = true, true
	last := minus
	if first := s.buf[s.start]; first != '-' {
		last = begun(first)
	}
	for at := 1; ; at++ {
		if s.start+at == len(s.buf) {
			if err := s.fill(); err != nil {
				if last >= zero && err == io.EOF {
					return s.endNumber(at)
				}
				return s.missing(s.start+at, err)
			}
		}
		next := last.then(s.buf[s.start+at])
		if next == numberEnded {
			if last < zero {
				return s.wrong(s.start+at, "has a number without a digit where one must be")
			}
			return s.endNumber(at)
		}
		if next == point || next == letter {
			s.integer = false
			s.plain = next == point
		}
		last = next
	}
}

// plainNumber is where the number at buf[i] ends, if it has no exponent. The end is len(buf) for
// all that is to be read with more care: numbers with an exponent, numbers that are wrong, and
// those that may go on behind the buffer.
func plainNumber(buf []byte, i int) (end int, integer bool) {
	if buf[i] == '-' {
		i++
	}
	start := i
	if i = pastDigits(buf, i); i == start || i == len(buf) {
		return len(buf), false
	}
	if buf[start] == '0' {
		i = start + 1
	}
	if integer = buf[i] != '.'; !integer {
		point := i
		if i = pastDigits(buf, i+1); i == point+1 || i == len(buf) {
			return len(buf), false
		}
	}
	if buf[i]|0x20 == 'e' {
		return len(buf), false
	}
	return i, integer
}

func pastDigits(buf []byte, i int) int {
	for i < len(buf) && isDigit(buf[i]) {
		i++
	}
	return i
}

// endNumber ends the number, which is length bytes long.
func (s *Scanner) endNumber(length int) error {
	s.end = s.start + length
	if length > s.Limits.Token {
		return s.tooLong(s.start)
	}
	return nil
}

// then is what c is in a number, behind the part p.
func (p part) then(c byte) part {
	switch {
	case isDigit(c):
		switch p {
		case minus:
			return begun(c)
		case digits:
			return digits
		case point, fraction:
			return fraction
		case letter, sign, exponent:
			return exponent
		}
	case c == '.':
		if p == zero || p == digits {
			return point
		}
	case c == 'e' || c == 'E':
		if p == zero || p == digits || p == fraction {
			return letter
		}
	case c == '-' || c == '+':
		if p == letter {
			return sign
		}
	}
	return numberEnded
}

// begun is what a number's first digit is.
func begun(c byte) part {
	if c == '0' {
		return zero
	}
	return digits
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// readLiteral reads true, false or null, whose first letter is at s.start.
func (s *Scanner) readLiteral(word string) error {
	if s.start+len(word) > len(s.buf) || string(s.buf[s.start:s.start+len(word)]) != word {
		for at := range len(word) {
			c, err := s.byteAt(at)
			if err != nil {
				return err
			}
			if c != word[at] {
				return s.wrong(s.start+at, "has a word that is not "+word)
			}
		}
	}
	s.end = s.start + len(word)
	return nil
}
