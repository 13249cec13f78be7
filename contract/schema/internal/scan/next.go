package scan

import "io"

// state says what may come next.
type state byte

const (
	anyValue     state = iota // a value, or the end of the body
	firstMember               // a name or }
	afterName                 // : and a value
	afterMember               // , and a name, or }
	firstElement              // a value or ]
	afterElement              // , and a value, or ]
)

// Next reads a token. Commas and colons are checked and passed over. The kind is 0 at the end of
// the body. After an error, which is a *[SyntaxError], a *[LimitError], the reader's or Defect's
// own, each further call returns the same.
func (s *Scanner) Next() (Kind, error) {
	if s.err != nil {
		return 0, s.err
	}
	buf, i := s.buf, s.end
	if i == len(buf) || buf[i] <= ' ' {
		if i = pastSpace(buf, i); i == len(buf) {
			var err error
			if i, err = s.readSpace(); err != nil {
				return s.atEnd(err)
			}
			buf = s.buf
		}
	}

	// What stands before the value or the name, and what comes after it.
	var after state
	delimiter := false
	switch c := buf[i]; s.next {
	case firstMember:
		if c == '}' {
			return s.close(i)
		}
		after = afterName
	case afterName:
		if c != ':' {
			return s.fail(s.wrong(i, "has no colon after a name"))
		}
		after, delimiter = afterMember, true
	case afterMember:
		if c == '}' {
			return s.close(i)
		}
		if c != ',' {
			return s.fail(s.wrong(i, "has neither a comma nor a brace after a member"))
		}
		after, delimiter = afterName, true
	case firstElement:
		if c == ']' {
			return s.close(i)
		}
		after = afterElement
	case afterElement:
		if c == ']' {
			return s.close(i)
		}
		if c != ',' {
			return s.fail(s.wrong(i, "has neither a comma nor a bracket after an element"))
		}
		after, delimiter = afterElement, true
	}
	if delimiter {
		if i++; i == len(buf) || buf[i] <= ' ' {
			if i = pastSpace(buf, i); i == len(buf) {
				var err error
				if i, err = s.readSpace(); err != nil {
					return s.fail(s.missing(i, err))
				}
				buf = s.buf
			}
		}
	}

	s.start, s.end, s.name = i, i, false
	c := buf[i]
	if after == afterName {
		if c != '"' {
			return s.fail(s.wrong(i, "has a member without a name"))
		}
		s.name = true
	}
	var err error
	switch c {
	case '"':
		s.kind = '"'
		s.escaped, s.wide, s.broken, s.textDone = false, false, false, false
		end, seen := plainRun(buf, i+1)
		if seen&highBits != 0 || end == len(buf) || buf[end] != '"' {
			err = s.readString(end, seen)
			break
		}
		// Most strings are plain to their end.
		s.end = end + 1
		switch {
		case s.end-i > s.Limits.Token:
			err = s.tooLong(i)
		case s.name && !s.OwnNames:
			_, err = s.Fresh()
		}
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		s.kind = '0'
		err = s.readNumber()
	case '{':
		return s.open('{', after, firstMember)
	case '[':
		return s.open('[', after, firstElement)
	case 't':
		s.kind = 't'
		err = s.readLiteral("true")
	case 'f':
		s.kind = 'f'
		err = s.readLiteral("false")
	case 'n':
		s.kind = 'n'
		err = s.readLiteral("null")
	default:
		err = s.wrong(i, "has no value where one should begin")
	}
	if err != nil {
		return s.fail(err)
	}
	s.next = after
	return s.kind, nil
}

// Take reads the next token when that is the name of a member and stands in the body exactly as
// quoted does: in its quotes, without escape sequences. Otherwise, or when the body would first
// have to be read on, it does nothing. A caller that can guess the next name spares itself the
// work to find out which it is; the reading itself is hardly faster.
//
// It compares the name with no other, and so does nothing without OwnNames.
func (s *Scanner) Take(quoted string) bool {
	if !s.OwnNames || s.err != nil {
		return false
	}
	buf, i := s.buf, pastSpace(s.buf, s.end)
	switch {
	case s.next == afterMember && i < len(buf) && buf[i] == ',':
		i = pastSpace(buf, i+1)
	case s.next != firstMember:
		return false
	}
	if len(buf)-i < len(quoted) || string(buf[i:i+len(quoted)]) != quoted {
		return false
	}
	s.start, s.end = i, i+len(quoted)
	s.kind, s.name, s.next = '"', true, afterName
	s.escaped, s.wide, s.broken = false, true, false
	return true
}

// Skip reads what is left of the value just begun: after the beginning of an object or an
// array all of it, after the name of a member its value, and nothing after any other token. It
// finds all that Next would.
func (s *Scanner) Skip() error {
	depth := len(s.stack)
	switch {
	case s.err != nil:
		return s.err
	case s.kind == '{' || s.kind == '[':
		depth--
	case !s.name:
		return nil
	}
	for {
		if _, err := s.Next(); err != nil {
			return err
		}
		if s.name && s.OwnNames {
			if _, err := s.Fresh(); err != nil {
				_, err = s.fail(err)
				return err
			}
		}
		if len(s.stack) == depth {
			return nil
		}
	}
}

// open begins an object or an array.
func (s *Scanner) open(kind Kind, after, inside state) (Kind, error) {
	if len(s.stack) >= s.Limits.Depth {
		return s.fail(&LimitError{Offset: s.Offset(), What: "levels of nesting", Limit: int64(s.Limits.Depth)})
	}
	s.stack = append(s.stack, after)
	s.next, s.kind, s.end = inside, kind, s.start+1
	return kind, nil
}

// close ends the innermost object or array at buf[i].
func (s *Scanner) close(i int) (Kind, error) {
	last := len(s.stack) - 1
	if s.next == firstMember || s.next == afterMember {
		s.seen.leave(last + 1)
	}
	s.start, s.end, s.name = i, i+1, false
	s.next, s.kind = s.stack[last], Kind(s.buf[i])
	s.stack = s.stack[:last]
	return s.kind, nil
}

// atEnd is for a body that ends, or cannot be read on, before the next token.
func (s *Scanner) atEnd(err error) (Kind, error) {
	if err == io.EOF && s.next == anyValue {
		return 0, nil
	}
	return s.fail(s.missing(s.start, err))
}

// fail makes err what every later call returns. No token is left.
func (s *Scanner) fail(err error) (Kind, error) {
	s.err, s.end = err, s.start
	s.kind, s.name = 0, false
	return 0, err
}

// readSpace reads on, behind white space that reaches the end of the buffer, and returns where
// something else begins. The error is that of fill.
func (s *Scanner) readSpace() (int, error) {
	for {
		s.start, s.end = len(s.buf), len(s.buf)
		if err := s.fill(); err != nil {
			return s.start, err
		}
		if i := pastSpace(s.buf, s.start); i < len(s.buf) {
			return i, nil
		}
	}
}

// pastSpace is where white space ends that may begin at buf[i]. It goes byte by byte: the
// processor guesses the end of a run well and goes on before it is sure, which it cannot where the
// end is computed of eight bytes.
func pastSpace(buf []byte, i int) int {
	for i < len(buf) && isSpace[buf[i]] {
		i++
	}
	return i
}

var isSpace = [256]bool{' ': true, '\n': true, '\r': true, '\t': true}
