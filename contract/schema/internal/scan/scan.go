// Package scan reads JSON token by token from a stream. [Scanner.Next] reads one, and
// [Scanner.Skip] what is left of the value that was begun:
//
//	s := scan.New(body)
//	for {
//		kind, err := s.Next()
//		if err != nil || kind == 0 {
//			return err
//		}
//		...
//	}
//
// The bytes of the body are looked at where the reader put them: a token is a part of the one
// buffer, valid until the next call. That buffer slides along the body and grows only for a
// token, or a marked value, that is longer than it is. So nothing is allocated for a token, and
// what is in memory has a bound: [Limits].
//
// Strings are most of a body, and eight bytes of them are compared at a time. No step looks
// twice at a byte because a read ended in the middle of a token, so the time is linear in the
// body however it is cut.
//
// What is JSON, and what is not, is decided as jsontext of encoding/json/v2 does: the same bodies
// are read, with the same tokens, and the same are refused. Tests compare the two. jsontext
// itself also keeps account of pointers and serves options that are of no use here, and a list
// takes it half as long again: BenchmarkTokens measures both by turns.
//
// The roads not taken: an index of all quotes and braces of a block, as parsers with vector
// instructions have it, costs more in Go than it saves; and eight bytes at a time lose against
// one at a time in white space, where the processor guesses the end of a run.
//
// A [Defect] is where a body is JSON by its grammar but its meaning is doubtful: a name that
// comes twice, or text that is no Unicode. Who sets [Scanner.Defect] is told and may go on; for
// all others it is an error, as it is for jsontext.
package scan

import "io"

// Kind is the kind of a token, by its first byte: n t f " 0 { } [ ]. All numbers are '0', and
// the end of the body is 0.
type Kind byte

// Scanner reads the tokens of one body. It takes a stream of any number of values, with or
// without white space between them; a caller that wants one looks for the end after it.
//
// A Scanner is made by [New], and not safe for concurrent use. The exported fields are set
// before the first token is read; [Scanner.Reset] keeps them.
type Scanner struct {
	Limits Limits

	// Defect is told what is wrong with the token being read, which Raw, Text, Offset and Name
	// already describe. When it returns an error, that is the error of the call. When it is nil,
	// each defect is a *SyntaxError.
	Defect func(Defect) error

	// OwnNames leaves it to the caller to find names that come twice: Next compares none, and
	// the caller asks Fresh for those that it does not itself keep account of. Skip still
	// compares all that it passes.
	OwnNames bool

	r    io.Reader
	buf  []byte // what was read and is still wanted
	base int64  // offset of buf[0] in the body
	// buf[start:end] is the token just read. While one is being read, end is behind the one before.
	start, end int
	mark       int   // buf from here on is kept for Marked; -1 without a mark
	rdErr      error // what the reader ended with
	err        error // what Next returns from now on

	next    state
	stack   []state // what comes after each value that is open
	kind    Kind
	name    bool // the token is a member's name
	integer bool // the number has neither fraction nor exponent
	plain   bool // the number has no exponent

	// Of a string, all false unless readString finds otherwise.
	escaped  bool // it holds escape sequences
	wide     bool // it holds bytes beyond ASCII
	broken   bool // it holds bytes that are not UTF-8
	textDone bool // text is up to date

	text []byte // the string unescaped, if that has been asked for
	seen names
}

// New makes a scanner of a body, with [DefaultLimits].
func New(r io.Reader) *Scanner {
	s := &Scanner{Limits: DefaultLimits}
	s.Reset(r)
	return s
}

// largestKept is the size in bytes of the largest buffer that outlives a body. An unusual body
// must not cost memory for as long as its scanner lives.
const largestKept = 1 << 20

// Reset starts over with another body. It keeps the fields that are exported, and the memory.
func (s *Scanner) Reset(r io.Reader) {
	buf, text, stack, seen := s.buf[:0], s.text[:0], s.stack[:0], s.seen
	if cap(buf) > largestKept {
		buf = nil
	}
	if cap(text) > largestKept {
		text = nil
	}
	seen.reset()
	*s = Scanner{
		Limits: s.Limits, Defect: s.Defect, OwnNames: s.OwnNames,
		r: r, buf: buf, text: text, stack: stack, seen: seen, mark: -1,
	}
}

// Raw is the token just read as it stands in the body, a string in its quotes. It is valid
// until the next call of Next, Take or Skip.
func (s *Scanner) Raw() []byte { return s.buf[s.start:s.end:s.end] }

// Text is the string just read, without its quotes and escape sequences. What is not Unicode
// in it is replaced by U+FFFD. It is valid until the next call of Next, Take or Skip, and must
// not be asked for when the token is no string.
func (s *Scanner) Text() []byte {
	if !s.escaped && !s.broken {
		return s.buf[s.start+1 : s.end-1 : s.end-1]
	}
	if !s.textDone {
		s.text = unescape(s.text[:0], s.buf[s.start+1:s.end-1])
		s.textDone = true
	}
	return s.text
}

// Runes is the length of the string just read in Unicode code points, which is how JSON Schema
// counts.
func (s *Scanner) Runes() int {
	if !s.escaped && !s.wide {
		return s.end - s.start - 2
	}
	// Text is UTF-8 for sure, so each byte counts that does not continue a code point.
	// utf8.RuneCount would copy a long text.
	runes := 0
	for _, c := range s.Text() {
		if c&0xC0 != 0x80 {
			runes++
		}
	}
	return runes
}

// Integer says whether the number just read is written without fraction and exponent.
func (s *Scanner) Integer() bool { return s.integer }

// Plain says whether the number just read is written without exponent.
func (s *Scanner) Plain() bool { return s.plain }

// Name says whether the token just read is the name of a member.
func (s *Scanner) Name() bool { return s.name }

// Offset is how many bytes of the body come before the token just read.
func (s *Scanner) Offset() int64 { return s.base + int64(s.start) }

// End is how many bytes of the body come before the end of the token just read.
func (s *Scanner) End() int64 { return s.base + int64(s.end) }

// Depth is how many objects and arrays are open after the token just read.
func (s *Scanner) Depth() int { return len(s.stack) }
