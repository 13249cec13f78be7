package scan

import (
	"errors"
	"io"
)

// bufferSize is how much is read at once: enough to make calls of the reader cheap, and little
// enough to stay in the nearest caches.
const bufferSize = 32 << 10

// maxEmptyReads is how often a reader may return nothing before it is given up.
const maxEmptyReads = 100

var errBadCount = errors.New("the reader returned an impossible count")

// fill reads on, at least one byte, and keeps what is there from the token's start or the mark
// on. It moves that to the front of the buffer when it needs the room: the caller's positions
// keep their distance to s.start and to nothing else. The error is io.EOF at the end.
func (s *Scanner) fill() error {
	if s.rdErr != nil {
		return s.rdErr
	}
	if err := s.room(); err != nil {
		return err
	}
	free := s.buf[len(s.buf):cap(s.buf)]
	if left := s.left(); int64(len(free)) > left {
		free = free[:left]
	}
	for range maxEmptyReads {
		n, err := s.r.Read(free)
		if n < 0 || n > len(free) {
			s.rdErr = errBadCount
			return s.rdErr
		}
		s.rdErr = err
		if n == 0 && err == nil {
			continue
		}
		s.buf = s.buf[:len(s.buf)+n]
		if s.Limits.Body > 0 && s.base+int64(len(s.buf)) > s.Limits.Body {
			s.buf = s.buf[:len(s.buf)-1]
			s.rdErr = &LimitError{Offset: s.Limits.Body, What: "bytes", Limit: s.Limits.Body}
			n--
		}
		if n > 0 {
			return nil
		}
		return s.rdErr
	}
	s.rdErr = io.ErrNoProgress
	return s.rdErr
}

// left is how many bytes may still be read: to the end of what is allowed, and one to see
// whether there is more.
func (s *Scanner) left() int64 {
	if s.Limits.Body <= 0 {
		return int64(cap(s.buf))
	}
	return max(s.Limits.Body-s.base-int64(len(s.buf)), 0) + 1
}

// room makes room in the buffer. It moves what is kept only when that is at most half of the
// buffer, and otherwise doubles it: each byte is so copied a bounded number of times.
func (s *Scanner) room() error {
	if s.buf == nil {
		s.buf = make([]byte, 0, bufferSize)
	}
	if len(s.buf) < cap(s.buf) {
		return nil
	}
	from := s.start
	if s.mark >= 0 {
		from = min(from, s.mark)
	}
	kept := s.buf[from:]
	if len(kept) > s.Limits.Token {
		return s.tooLong(from)
	}
	if len(kept) <= cap(s.buf)/2 {
		s.buf = s.buf[:copy(s.buf[:cap(s.buf)], kept)]
	} else {
		larger := make([]byte, len(kept), 2*cap(s.buf))
		copy(larger, kept)
		s.buf = larger
	}
	s.base += int64(from)
	s.start -= from
	s.end -= from
	if s.mark >= 0 {
		s.mark -= from
	}
	return nil
}

// tooLong is the error for a token or a marked value at buf[i].
func (s *Scanner) tooLong(i int) error {
	return &LimitError{Offset: s.base + int64(i), What: "bytes in one piece", Limit: int64(s.Limits.Token)}
}

// Mark keeps the body from the start of the token just read on, until Marked.
func (s *Scanner) Mark() { s.mark = s.start }

// Marked is the body from the token at Mark to the end of the one just read, and forgets the
// mark. It is valid until the next call of Next, Take or Skip. It is nil without a mark.
func (s *Scanner) Marked() ([]byte, error) {
	if s.mark < 0 {
		return nil, nil
	}
	from := s.mark
	s.mark = -1
	if s.end-from > s.Limits.Token {
		return nil, s.tooLong(from)
	}
	return s.buf[from:s.end:s.end], nil
}
