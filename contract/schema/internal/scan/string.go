package scan

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// special marks, of eight bytes of a string, those that end a plain run: quotes, backslashes and
// control characters. The mark is the highest bit of the byte. Only the lowest mark is sure to be
// right, because the subtractions borrow from the bytes above.
func special(x uint64) uint64 {
	// With the second bit turned over, a quote is the one byte that comes next to the control
	// characters, and a single subtraction finds both.
	low := (x ^ 0x02*eachByte) - 0x21*eachByte
	backslash := (x ^ '\\'*eachByte) - eachByte
	return (low | backslash) &^ x & highBits
}

// plainRun is where the run of plain bytes that begins at buf[i] ends: at a special byte or at
// the end of buf. Whether one is beyond ASCII is to be seen by the high bits of seen.
func plainRun(buf []byte, i int) (end int, seen uint64) {
	for i+8 <= len(buf) {
		x := binary.LittleEndian.Uint64(buf[i:])
		if found := special(x); found != 0 {
			return i + bits.TrailingZeros64(found)/8, seen | x&(found&-found-1)
		}
		seen |= x
		i += 8
	}
	for i < len(buf) && buf[i] >= ' ' && buf[i] != '"' && buf[i] != '\\' {
		seen |= uint64(buf[i])
		i++
	}
	return i, seen
}

// readString reads the string that begins at s.start. The first run of plain bytes has been read.
func (s *Scanner) readString(i int, seen uint64) error {
	var pairs surrogates
	for {
		at := i - s.start // fill moves the rest
		switch {
		case i == len(s.buf):
			if err := s.fill(); err != nil {
				return s.missing(s.start+at, err)
			}
		case s.buf[i] == '"':
			s.end = i + 1
			s.wide = seen&highBits != 0
			return s.endString(pairs.lone())
		case s.buf[i] == '\\':
			s.escaped = true
			end := pastSequences(s.buf, i, s.start, &pairs)
			if end == i {
				if err := s.wholeSequence(at); err != nil {
					return err
				}
			}
			at += end - i
		default:
			return s.wrong(i, "has a control character in a string")
		}
		var more uint64
		i, more = plainRun(s.buf, s.start+at)
		seen |= more
	}
}

// endString judges a string that has been read to its last quote.
func (s *Scanner) endString(lone bool) error {
	if s.end-s.start > s.Limits.Token {
		return s.tooLong(s.start)
	}
	if s.wide && !utf8.Valid(s.buf[s.start:s.end]) {
		s.broken = true
		if err := s.defect(InvalidUTF8); err != nil {
			return err
		}
	}
	if lone {
		if err := s.defect(LoneSurrogate); err != nil {
			return err
		}
	}
	if s.name && !s.OwnNames {
		_, err := s.Fresh()
		return err
	}
	return nil
}

// surrogates follows the escape sequences of a string to find halves of pairs that are alone.
type surrogates struct {
	pending int // where a first half ended that waits for its second; 0 for none
	single  bool
}

// add follows the sequence of a half of a pair, a distance behind the string's beginning.
func (p *surrogates) add(at int, unit rune) {
	second := unit >= 0xDC00
	if second && p.pending == at {
		p.pending = 0
		return
	}
	p.single = p.single || second || p.pending != 0
	p.pending = 0
	if !second {
		p.pending = at + len(`\uD800`)
	}
}

// lone says whether a half was alone, once the string has ended.
func (p *surrogates) lone() bool { return p.single || p.pending != 0 }

// pastSequences is where the run of whole and right escape sequences ends that begins at buf[i], in
// a string that begins at start. One often follows another, as in text that is kept in ASCII.
func pastSequences(buf []byte, i, start int, pairs *surrogates) int {
	for i < len(buf) && buf[i] == '\\' {
		unit, length := sequence(buf[i:])
		if length == 0 {
			break
		}
		if utf16.IsSurrogate(unit) {
			pairs.add(i-start, unit)
		}
		i += length
	}
	return i
}

// sequence is the length of the escape sequence that b begins with, and the UTF-16 unit of one
// that begins with \u. The length is 0 if b does not begin with a whole and right one.
func sequence(b []byte) (unit rune, length int) {
	switch {
	case len(b) < 2 || b[0] != '\\':
		return 0, 0
	case short[b[1]] != 0:
		return 0, 2
	case b[1] != 'u' || len(b) < 6:
		return 0, 0
	}
	unit = hex[b[2]]<<12 | hex[b[3]]<<8 | hex[b[4]]<<4 | hex[b[5]]
	if unit < 0 {
		return 0, 0
	}
	return unit, 6
}

// wholeSequence reads on until the escape sequence that begins a distance behind s.start is
// whole. The error is that it cannot be.
func (s *Scanner) wholeSequence(at int) error {
	for n := 1; n < 6; n++ {
		c, err := s.byteAt(at + n)
		switch {
		case err != nil:
			return err
		case n == 1 && short[c] != 0:
			return nil
		case n == 1 && c != 'u':
			return s.wrong(s.start+at, "has an unknown escape sequence")
		case n > 1 && hex[c] < 0:
			return s.wrong(s.start+at, "has an escape sequence without four digits")
		}
	}
	return nil
}

// byteAt is the byte a distance behind s.start, and reads on as needed.
func (s *Scanner) byteAt(distance int) (byte, error) {
	for s.start+distance >= len(s.buf) {
		if err := s.fill(); err != nil {
			return 0, s.missing(len(s.buf), err)
		}
	}
	return s.buf[s.start+distance], nil
}

// short is what a letter behind a backslash stands for; 0 for letters that may not be there.
var short = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// hex is the value of each hexadecimal digit, and negative for other bytes.
var hex = func() (values [256]rune) {
	for c := range values {
		values[c] = -1
	}
	for value, c := range "0123456789abcdef" {
		values[c] = rune(value)
	}
	for value, c := range "ABCDEF" {
		values[c] = rune(10 + value)
	}
	return values
}()

// unescape appends what stands between the quotes of a string that has been checked, without
// escape sequences. Each byte that is not UTF-8, and each half of a surrogate pair that is alone,
// becomes U+FFFD.
func unescape(to, from []byte) []byte {
	for i := 0; i < len(from); {
		start := i
		for i < len(from) && from[i] != '\\' && from[i] < utf8.RuneSelf {
			i++
		}
		to = append(to, from[start:i]...)
		switch {
		case i == len(from):
		case from[i] != '\\':
			r, size := utf8.DecodeRune(from[i:])
			to = utf8.AppendRune(to, r)
			i += size
		case from[i+1] != 'u':
			to = append(to, short[from[i+1]])
			i += 2
		default:
			r, _ := sequence(from[i:])
			i += 6
			if utf16.IsSurrogate(r) {
				second, _ := sequence(from[i:])
				if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
					i += 6
				}
			}
			to = utf8.AppendRune(to, r)
		}
	}
	return to
}
