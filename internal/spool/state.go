package spool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

// state is what FILE.part.json holds.
type state struct {
	Request Request   `json:"request"`
	Begun   time.Time `json:"begun"`
	// Position is how many elements of the list were read, kept or not. Last is what the
	// last of them is known by.
	Position int64  `json:"position"`
	Last     string `json:"last,omitempty"`
	// Rows is how many lines there are at least.
	Rows     int    `json:"rows"`
	Complete bool   `json:"complete"`
	Note     string `json:"note,omitempty"`
}

func (s *Spool) statePath() string { return s.path + ".json" }

// readState is nil where there is none.
func readState(path string) (*state, error) {
	there, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !there.Mode().IsRegular() { // to read a pipe is to wait
		return nil, fmt.Errorf("%s is no file", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var s state
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil || s.Request == nil || s.Position < 0 || s.Rows < 0 {
		return nil, fmt.Errorf("%s does not tell where an export stands", path)
	}
	return &s, nil
}

// The state is written when so much time has passed, or so many elements came: a kill makes
// what came since be read again.
const (
	saveEvery    = 2 * time.Second
	saveElements = 5_000
)

// save writes the state, after the lines that it counts.
func (s *Spool) save() error {
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", s.path, bare(err))
	}
	if err := s.file.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", s.path, bare(err))
	}
	s.state.Rows = s.rows
	text, err := json.MarshalIndent(s.state, "", "  ")
	if err != nil {
		return err
	}
	s.savedAt, s.savedPosition = time.Now(), s.state.Position
	return replace(s.statePath(), s.statePath()+".new", func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
}

// bare takes the path out of an error that will be told with it.
func bare(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}

func (r Request) equal(other Request) bool { return maps.Equal(r, other) }

// String lists the request by name.
func (r Request) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(r)) {
		parts = append(parts, name+"="+r[name])
	}
	return strings.Join(parts, " ")
}
