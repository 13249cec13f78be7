// Package spool keeps on disk what was read of a list so far, so that a reading that was
// interrupted, by Ctrl-C, kill -9 or the network, goes on where it stood.
//
// The calls you want are [Open], [Spool.Fill], which reads what is not there yet, and
// [Spool.All]. Beside the file FILE that is to be made lie
//
//	FILE.part       the objects, one a line
//	FILE.part.json  what was asked for, and where the reading stands
//
// The state is written every few seconds or thousand objects, after the lines that it counts are on disk. So there
// may be more lines than it says, of which the last may be torn, but never fewer: what was
// read since is read again, and is dropped by its id.
package spool

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"time"
)

// Spool is the objects of one list. It belongs to one process at a time.
type Spool struct {
	path  string
	file  *os.File
	w     *bufio.Writer
	state state
	known map[key]struct{}
	rows  int
	line  []byte

	resumed bool
	// when the state was written, and what it says
	savedAt       time.Time
	savedPosition int64
}

// Request is what is asked for, by name: "collection" and the like. It holds no secret.
type Request map[string]string

// Open opens the spool beside a target. It goes on with one that is there, provided it is of
// the same request; with restart it empties it.
func Open(target string, request Request, restart bool) (*Spool, error) {
	s := &Spool{path: target + ".part", known: map[key]struct{}{}}
	state, err := readState(s.statePath())
	switch {
	case restart:
		state = nil
	case err != nil:
		return nil, fmt.Errorf("%w; --restart discards it", err)
	case state == nil:
		// An empty one is what a kill at the very beginning leaves.
		if there, err := os.Lstat(s.path); err == nil && (there.Size() > 0 || !there.Mode().IsRegular()) {
			return nil, fmt.Errorf("%s is there without %s, which would say what it is: remove it, or discard it with --restart", s.path, s.statePath())
		}
	case !state.Request.equal(request):
		return nil, &OtherError{Path: s.path, Had: state.Request, Want: request}
	}
	// A file that is read-only is replaced, but what is to be gone on with has to be written.
	if err := s.lock(modeOf(target) | 0o600); err != nil {
		return nil, err
	}
	if err := s.begin(state, request); err != nil {
		leave := s.Close
		if state == nil {
			leave = s.Remove
		}
		return nil, errors.Join(err, leave())
	}
	return s, nil
}

// OtherError says that the spool is what another command left.
type OtherError struct {
	Path      string
	Had, Want Request
}

func (e *OtherError) Error() string {
	return fmt.Sprintf("%s is what an export of %s left, and this one is of %s: finish that one, or discard it with --restart", e.Path, e.Had, e.Want)
}

// lock opens the file of lines for this process alone.
func (s *Spool) lock(mode fs.FileMode) error {
	for {
		if there, err := os.Lstat(s.path); err == nil && !there.Mode().IsRegular() {
			return fmt.Errorf("%s is no file: remove it", s.path)
		}
		file, err := os.OpenFile(s.path, os.O_CREATE|os.O_RDWR, mode)
		if err != nil {
			return err
		}
		if err := lockFile(file); err != nil {
			_ = file.Close()
			return fmt.Errorf("%s: another export writes it: wait for that one, or choose another output", s.path)
		}
		// The process that had the lock may have finished, and moved the file away.
		have, err := file.Stat()
		there, thereErr := os.Lstat(s.path)
		if err == nil && thereErr == nil && os.SameFile(have, there) {
			s.file = file
			return nil
		}
		_ = file.Close()
	}
}

// begin goes on with what is there, or begins anew.
func (s *Spool) begin(had *state, request Request) error {
	if had == nil {
		s.state = state{Request: request, Begun: time.Now().UTC().Truncate(time.Second)}
	} else {
		s.state = *had
	}
	size, err := int64(0), error(nil)
	if had != nil {
		if size, err = s.scan(); err != nil {
			return err
		}
		s.resumed = s.rows > 0 || s.state.Complete
	}
	if s.rows < s.state.Rows {
		// The disk lost what it had promised. All of the list is read again.
		s.state.Position, s.state.Last, s.state.Complete = 0, "", false
	}
	if err := s.file.Truncate(size); err != nil {
		return err
	}
	if _, err := s.file.Seek(size, io.SeekStart); err != nil {
		return err
	}
	s.w = bufio.NewWriterSize(s.file, 256<<10)
	return s.save()
}

// scan reads the lines there are, and tells where the last whole one ends.
func (s *Spool) scan() (size int64, err error) {
	r := bufio.NewReaderSize(s.file, 256<<10)
	for {
		line, err := readLine(r, s.line[:0])
		if s.line = line; err != nil && err != io.EOF {
			return size, err
		}
		if err == io.EOF || !isObject(line) {
			return size, nil
		}
		s.known[keyOf(line)] = struct{}{}
		s.rows++
		size += int64(len(line))
	}
}

// Rows is how many objects there are.
func (s *Spool) Rows() int { return s.rows }

// Saved is how many of them are on disk for certain.
func (s *Spool) Saved() int { return s.state.Rows }

// Complete tells whether the list was read to its end.
func (s *Spool) Complete() bool { return s.state.Complete }

// Note is what [Spool.Finish] was told.
func (s *Spool) Note() string { return s.state.Note }

// Path is the file of the lines.
func (s *Spool) Path() string { return s.path }

// Resumed tells when the reading began that this one goes on with, if it does.
func (s *Spool) Resumed() (begun time.Time, ok bool) { return s.state.Begun, s.resumed }

// All yields the objects, each valid until the next.
func (s *Spool) All() iter.Seq2[json.RawMessage, error] {
	return func(yield func(json.RawMessage, error) bool) {
		if err := s.w.Flush(); err != nil {
			yield(nil, err)
			return
		}
		r := bufio.NewReaderSize(io.NewSectionReader(s.file, 0, 1<<62), 256<<10)
		var line []byte
		for range s.rows {
			var err error
			if line, err = readLine(r, line[:0]); err != nil {
				yield(nil, fmt.Errorf("read %s: %w", s.path, err))
				return
			}
			if !yield(line[:len(line)-1], nil) {
				return
			}
		}
	}
}

// readLine appends a line, however long, with its end. A line without one is EOF.
func readLine(r *bufio.Reader, line []byte) ([]byte, error) {
	for {
		piece, err := r.ReadSlice('\n')
		if line = append(line, piece...); err != bufio.ErrBufferFull {
			return line, err
		}
	}
}

// Close leaves the spool for another time.
func (s *Spool) Close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err
}

// Leave closes the spool, and removes it when it has nothing to go on with.
func (s *Spool) Leave() error {
	if s.rows == 0 && s.state.Position == 0 {
		return s.Remove()
	}
	return s.Close()
}

// Remove closes the spool and removes its files. The state goes last: a state without lines
// is a new beginning.
func (s *Spool) Remove() error {
	return errors.Join(s.letGo(func() error { return remove(s.path) }), remove(s.statePath()))
}

// Publish makes the lines themselves the file that was to be made, and removes the rest.
func (s *Spool) Publish(target string) error {
	err := errors.Join(s.w.Flush(), s.file.Sync())
	if _, statErr := os.Stat(target); err == nil && statErr == nil {
		err = s.file.Chmod(modeOf(target))
	}
	if err != nil {
		return errors.Join(err, s.Close())
	}
	if err := s.letGo(func() error { return move(s.path, target) }); err != nil {
		return err
	}
	return remove(s.statePath())
}

// letGo takes the lines away from their name, and closes them. Where there are locks the name
// goes first, or another process could make the file its own in between. Elsewhere a file that
// is open may have to stay where it is.
func (s *Spool) letGo(away func() error) error {
	if locks {
		return errors.Join(away(), s.Close())
	}
	return errors.Join(s.Close(), away())
}
