package schema

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"
)

// Tee returns a body with the same bytes, which are validated while they are read: before a
// read returns, all that can be said of its bytes has been found. Whoever decodes them so
// never has a complete value that was not validated, and the body is read once. What is in
// memory is what [Validator.Validate] needs.
//
// found is called during Read, on the goroutine that reads, with one finding at a time. Its
// offset is never behind the end of the value that it is about. After [Options.MaxFindings]
// there is a last one, of class [Unchecked], since the rest of the body passes unseen.
//
// A body that breaks off is no finding: the read that comes to its end fails with
// [io.ErrUnexpectedEOF], so that it can be asked for again. Nor is an error of the body, which
// is passed on.
//
// It must be closed, which closes the body. Another goroutine may do so, to end a read that
// waits.
func Tee(body io.ReadCloser, v *Validator, found func(Finding)) io.ReadCloser {
	t := &tee{body: body, found: found}
	t.resume, t.stop = iter.Pull(t.validate(v))
	return t
}

// tee lets the validator run whenever there is something to read, and stand still in the
// middle of its work in between.
type tee struct {
	body   io.ReadCloser
	found  func(Finding)
	resume func() (struct{}, bool)
	stop   func()

	// running is held while the validator runs, of which the fields below are a part: it
	// cannot be ended meanwhile.
	running sync.Mutex

	// What was read last and how that ended, for the validator.
	chunk []byte
	err   error

	fresh []Finding // those that nobody was told of yet
	told  int       // how many findings of the run were taken over
	cut   bool      // the body ended too early
	over  bool      // the validator has ended
}

func (t *tee) Read(p []byte) (int, error) {
	n, err := t.body.Read(p)
	if n == 0 && err == nil {
		return n, err
	}
	fresh, err := t.pass(p[:max(n, 0)], err)
	for _, f := range fresh {
		t.found(f)
	}
	return n, err
}

// pass lets the validator run over what was read. It gives what that has found, and how the
// read ends.
func (t *tee) pass(chunk []byte, err error) ([]Finding, error) {
	t.running.Lock()
	defer t.running.Unlock()
	if t.over {
		return nil, err
	}
	t.chunk, t.err, t.fresh = chunk, err, nil
	_, more := t.resume()
	t.chunk, t.over = nil, !more
	if t.cut && err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return t.fresh, err
}

func (t *tee) Close() error {
	err := t.body.Close()
	t.running.Lock()
	defer t.running.Unlock()
	t.over = true
	t.stop()
	return err
}

// validate is the validation of the body, which pauses for each piece of it.
func (t *tee) validate(v *Validator) iter.Seq[struct{}] {
	return func(pause func(struct{}) bool) {
		r := v.runs.get(v)
		defer v.runs.put(r)
		r.begin(context.Background(), &pieces{t, r, pause})
		err := r.body()
		if t.cut = errors.Is(err, io.ErrUnexpectedEOF); t.cut {
			t.take(r)
			return
		}
		_ = r.conclude(err) // a failure to read is what the reader is told anyway
		t.take(r)
		if r.stopped && !v.options.FirstOnly {
			t.fresh = append(t.fresh, Finding{
				Class: Unchecked, Pointer: r.pointer(), Keyword: "limit", Offset: r.tokens.Offset(),
				Message: fmt.Sprintf("there are %d findings: the body is not validated from here on", v.options.MaxFindings),
			})
		}
	}
}

// take takes over what has been found since it was called last.
func (t *tee) take(r *run) {
	t.fresh = append(t.fresh, r.findings[t.told:]...)
	t.told = len(r.findings)
}

// pieces is the body as the validator reads it.
type pieces struct {
	tee   *tee
	run   *run
	pause func(struct{}) bool
}

func (s *pieces) Read(p []byte) (int, error) {
	t := s.tee
	if len(t.chunk) == 0 && t.err == nil {
		t.take(s.run)
		if !s.pause(struct{}{}) {
			return 0, errStopped
		}
	}
	n := copy(p, t.chunk)
	if t.chunk = t.chunk[n:]; len(t.chunk) > 0 {
		return n, nil
	}
	return n, t.err
}
