package spool

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var errNetwork = errors.New("the network is down")

// server is a list that can be changed, and that breaks off.
type server struct {
	elements []string
	// breaks is after how many elements a reading fails; 0 for never.
	breaks int
	// asked are the positions that readings began at.
	asked []int64
}

func (s *server) list() List {
	return List{From: func(ctx context.Context, position int64) iter.Seq2[json.RawMessage, error] {
		s.asked = append(s.asked, position)
		return func(yield func(json.RawMessage, error) bool) {
			for i, element := range s.elements[min(position, int64(len(s.elements))):] {
				if s.breaks > 0 && i == s.breaks {
					yield(nil, errNetwork)
					return
				}
				if !yield(json.RawMessage(element), nil) {
					return
				}
			}
		}
	}}
}

func elements(ids ...int) (list []string) {
	for _, id := range ids {
		list = append(list, fmt.Sprintf(`{"id":%d}`, id))
	}
	return list
}

func target(t testing.TB) string { return filepath.Join(t.TempDir(), "orders.csv") }

func open(t testing.TB, target string) *Spool {
	t.Helper()
	s, err := Open(target, Request{"collection": "orders"}, false)
	require.NoError(t, err)
	return s
}

func lines(t testing.TB, s *Spool) (all []string) {
	t.Helper()
	for raw, err := range s.All() {
		require.NoError(t, err)
		all = append(all, string(raw))
	}
	return all
}

func TestAReadingGoesOn(t *testing.T) {
	target := target(t)
	server := &server{elements: elements(1, 2, 3, 4, 5), breaks: 2}
	s := open(t, target)
	_, resumed := s.Resumed()
	assert.False(t, resumed)
	assert.ErrorIs(t, s.Fill(t.Context(), server.list()), errNetwork)
	assert.False(t, s.Complete())
	require.NoError(t, s.Close())

	s = open(t, target)
	begun, resumed := s.Resumed()
	assert.True(t, resumed)
	assert.WithinDuration(t, time.Now(), begun, time.Minute)
	assert.Equal(t, 2, s.Rows())
	server.breaks = 0
	require.NoError(t, s.Fill(t.Context(), server.list()))
	assert.Equal(t, elements(1, 2, 3, 4, 5), lines(t, s))
	assert.Equal(t, []int64{0, 1}, server.asked, "it goes on with the element that it read last")
	require.NoError(t, s.Close())

	s = open(t, target)
	assert.True(t, s.Complete())
	require.NoError(t, s.Fill(t.Context(), server.list()))
	assert.Len(t, server.asked, 2, "what is complete is not read again")
	assert.Equal(t, elements(1, 2, 3, 4, 5), lines(t, s))
	require.NoError(t, s.Remove())
	assert.Empty(t, files(t, target))
}

func files(t testing.TB, target string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(target))
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestAListThatChangedIsReadAgain(t *testing.T) {
	for _, c := range []struct {
		name        string
		after, want []string
		asked       []int64
	}{
		{"one before was deleted", elements(2, 3, 4, 5), elements(1, 2, 3, 4, 5), []int64{0, 2, 0}},
		{"one before was added", elements(9, 1, 2, 3, 4), elements(1, 2, 3, 9, 4), []int64{0, 2, 0}},
		{"all but one were deleted", elements(5), elements(1, 2, 3, 5), []int64{0, 2, 0}},
		{"one behind was deleted", elements(1, 2, 3, 5), elements(1, 2, 3, 5), []int64{0, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := target(t)
			server := &server{elements: elements(1, 2, 3, 4, 5), breaks: 3}
			s := open(t, target)
			assert.ErrorIs(t, s.Fill(t.Context(), server.list()), errNetwork)
			require.NoError(t, s.Close())
			server.elements, server.breaks = c.after, 0
			s = open(t, target)
			require.NoError(t, s.Fill(t.Context(), server.list()))
			assert.Equal(t, c.want, lines(t, s))
			assert.Equal(t, c.asked, server.asked)
		})
	}
}

// Whatever breaks when, and whatever a kill leaves of the files, in the end all elements are
// there once, and nothing else.
func TestNothingIsLostOrTwice(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		target := filepath.Join(t.TempDir(), "orders.csv")
		count := rapid.IntRange(0, 30).Draw(rt, "count")
		var ids []int
		for i := range count {
			ids = append(ids, i)
		}
		server := &server{elements: elements(ids...)}
		for range rapid.IntRange(0, 4).Draw(rt, "interruptions") {
			server.breaks = rapid.IntRange(1, 10).Draw(rt, "breaks")
			s := open(t, target)
			err := s.Fill(t.Context(), server.list())
			require.True(rt, err == nil || errors.Is(err, errNetwork))
			require.NoError(rt, s.Close())
			damage(rt, target+".part")
		}
		server.breaks = 0
		s := open(t, target)
		require.NoError(rt, s.Fill(t.Context(), server.list()))
		require.ElementsMatch(rt, server.elements, lines(t, s))
		require.NoError(rt, s.Remove())
	})
}

// damage does to the lines what a kill or a power cut does.
func damage(t *rapid.T, path string) {
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	switch rapid.IntRange(0, 3).Draw(t, "damage") {
	case 0:
		content = append(content, `{"id":1,"to`...)
	case 1:
		content = content[:rapid.IntRange(0, len(content)).Draw(t, "left")]
	case 2:
		content = append(content, make([]byte, 10)...)
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
}

// A kill comes between two writes of the state: the lines since are there, and not counted.
func TestAKillLeavesMoreThanTheStateSays(t *testing.T) {
	target := target(t)
	server := &server{elements: elements(1, 2, 3, 4, 5), breaks: 2}
	s := open(t, target)
	assert.ErrorIs(t, s.Fill(t.Context(), server.list()), errNetwork)
	require.NoError(t, s.Close())
	file, err := os.OpenFile(target+".part", os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = io.WriteString(file, "{\"id\":3}\n{\"id\":4}\n{\"i")
	require.NoError(t, err)
	require.NoError(t, file.Close())

	s = open(t, target)
	assert.Equal(t, 4, s.Rows())
	server.breaks = 0
	require.NoError(t, s.Fill(t.Context(), server.list()))
	assert.Equal(t, elements(1, 2, 3, 4, 5), lines(t, s))
	assert.Equal(t, []int64{0, 1}, server.asked)
}

func TestTheStateIsWrittenWhileReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := target(t)
		s := open(t, target)
		slow := List{From: func(context.Context, int64) iter.Seq2[json.RawMessage, error] {
			return func(yield func(json.RawMessage, error) bool) {
				for i, element := range elements(1, 2, 3, 4) {
					had, err := readState(s.statePath())
					require.NoError(t, err)
					assert.Equal(t, map[int]int64{0: 0, 1: 0, 2: 2, 3: 2}[i], had.Position)
					assert.Equal(t, int(had.Position), had.Rows)
					content, err := os.ReadFile(s.path)
					require.NoError(t, err)
					assert.Equal(t, had.Rows, strings.Count(string(content), "\n"), "what the state counts is on disk")
					time.Sleep(saveEvery * 2 / 3)
					if !yield(json.RawMessage(element), nil) {
						return
					}
				}
			}
		}}
		require.NoError(t, s.Fill(t.Context(), slow))
		require.NoError(t, s.Close())
	})
}

func TestOnlyWhatIsWantedIsKept(t *testing.T) {
	target := target(t)
	server := &server{elements: elements(1, 2, 3, 4, 5), breaks: 4}
	odd := server.list()
	odd.Keep = func(raw json.RawMessage) bool { return strings.ContainsAny(string(raw), "135") }
	var counted []int
	odd.Progress = func(rows int) { counted = append(counted, rows) }
	s := open(t, target)
	assert.ErrorIs(t, s.Fill(t.Context(), odd), errNetwork)
	require.NoError(t, s.Close())
	server.breaks = 0
	s = open(t, target)
	require.NoError(t, s.Fill(t.Context(), odd))
	assert.Equal(t, elements(1, 3, 5), lines(t, s))
	assert.Equal(t, []int64{0, 3}, server.asked, "the position counts what was dropped too")
	assert.Equal(t, []int{1, 1, 2, 2, 3}, counted)
}

func TestRefusals(t *testing.T) {
	request := Request{"collection": "orders"}
	leave := func(t *testing.T, target string) {
		s := open(t, target)
		require.NoError(t, s.Fill(t.Context(), (&server{elements: elements(1)}).list()))
		require.NoError(t, s.Close())
	}
	for _, c := range []struct {
		name    string
		prepare func(t *testing.T, target string)
		want    string
		restart bool // helps
	}{
		{"of another request", func(t *testing.T, target string) {
			s, err := Open(target, Request{"collection": "people", "since": "2026-01-01"}, false)
			require.NoError(t, err)
			require.NoError(t, s.Close())
		}, "is what an export of collection=people since=2026-01-01 left, and this one is of collection=orders: finish that one, or discard it with --restart", true},
		{"somebody else's file", func(t *testing.T, target string) {
			require.NoError(t, os.WriteFile(target+".part", []byte("x"), 0o600))
		}, "orders.csv.part is there without", true},
		{"a state that says nothing", func(t *testing.T, target string) {
			leave(t, target)
			require.NoError(t, os.WriteFile(target+".part.json", []byte("{"), 0o600))
		}, "does not tell where an export stands; --restart discards it", true},
		{"a folder", func(t *testing.T, target string) {
			require.NoError(t, os.Mkdir(target+".part", 0o700))
		}, "orders.csv.part is there without", false},
		{"a link", func(t *testing.T, target string) {
			leave(t, target)
			require.NoError(t, os.Remove(target+".part"))
			require.NoError(t, os.Symlink("/dev/null", target+".part"))
		}, "orders.csv.part is no file: remove it", false},
		{"no folder", func(t *testing.T, target string) {
			require.NoError(t, os.Remove(filepath.Dir(target)))
		}, "no such file or directory", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			target := target(t)
			c.prepare(t, target)
			_, err := Open(target, request, false)
			require.ErrorContains(t, err, c.want)
			s, err := Open(target, request, true)
			if !c.restart {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			assert.Zero(t, s.Rows())
			assert.False(t, s.Complete())
			require.NoError(t, s.Fill(t.Context(), (&server{elements: elements(7)}).list()))
			assert.Equal(t, elements(7), lines(t, s))
		})
	}
	t.Run("two at a time", func(t *testing.T) {
		target := target(t)
		first := open(t, target)
		_, err := Open(target, request, false)
		assert.ErrorContains(t, err, "another export writes it")
		_, err = Open(target, request, true)
		assert.ErrorContains(t, err, "another export writes it")
		require.NoError(t, first.Fill(t.Context(), (&server{elements: elements(1)}).list()))
		require.NoError(t, first.Close())
		assert.Equal(t, 1, open(t, target).Rows())
	})
	t.Run("what is no object", func(t *testing.T) {
		s := open(t, target(t))
		err := s.Fill(t.Context(), (&server{elements: []string{`{}`, `[]`}}).list())
		assert.EqualError(t, err, "element 2 of the list: this is no JSON object")
	})
}

func TestAnInterruptEndsFill(t *testing.T) {
	target := target(t)
	ctx, cancel := context.WithCancel(t.Context())
	list := (&server{elements: elements(1, 2, 3)}).list()
	list.Progress = func(rows int) {
		if rows == 2 {
			cancel()
		}
	}
	s := open(t, target)
	assert.ErrorIs(t, s.Fill(ctx, list), context.Canceled)
	require.NoError(t, s.Close())
	assert.Equal(t, 2, open(t, target).Rows())
}

func TestNothingIsLeftOfNothing(t *testing.T) {
	target := target(t)
	s := open(t, target)
	failing := List{From: func(context.Context, int64) iter.Seq2[json.RawMessage, error] {
		return func(yield func(json.RawMessage, error) bool) { yield(nil, errNetwork) }
	}}
	assert.ErrorIs(t, s.Fill(t.Context(), failing), errNetwork)
	require.NoError(t, s.Leave())
	assert.Empty(t, files(t, target))

	s = open(t, target)
	assert.ErrorIs(t, s.Fill(t.Context(), (&server{elements: elements(1, 2), breaks: 1}).list()), errNetwork)
	assert.Equal(t, 1, s.Saved())
	require.NoError(t, s.Leave())
	assert.Equal(t, []string{"orders.csv.part", "orders.csv.part.json"}, files(t, target))
}

func TestDistinct(t *testing.T) {
	list := (&server{elements: elements(1, 2, 1, 3, 3), breaks: 5}).list()
	list.Keep = func(raw json.RawMessage) bool { return string(raw) != `{"id":2}` }
	var all []string
	for raw, err := range Distinct(t.Context(), list) {
		require.NoError(t, err)
		all = append(all, string(raw))
	}
	assert.Equal(t, elements(1, 3), all)
}

func TestANoteStays(t *testing.T) {
	target := target(t)
	s := open(t, target)
	require.NoError(t, s.Finish("some are missing"))
	require.NoError(t, s.Close())
	s = open(t, target)
	assert.True(t, s.Complete())
	assert.Equal(t, "some are missing", s.Note())
}

func TestAFullDisk(t *testing.T) {
	target := target(t)
	s := open(t, target)
	require.NoError(t, s.file.Close()) // the file takes nothing any more
	err := s.Fill(t.Context(), (&server{elements: elements(1)}).list())
	assert.ErrorContains(t, err, "write "+target+".part: ")
	assert.Equal(t, 1, s.Rows())
	assert.Zero(t, s.Saved())
}

func TestPublish(t *testing.T) {
	target := target(t)
	require.NoError(t, os.WriteFile(target, []byte("old"), 0o640))
	s := open(t, target)
	require.NoError(t, s.Fill(t.Context(), (&server{elements: elements(1, 2)}).list()))
	require.NoError(t, s.Publish(target))
	content, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Equal(t, "{\"id\":1}\n{\"id\":2}\n", string(content))
	assert.Equal(t, []string{"orders.csv"}, files(t, target))
	there, err := os.Stat(target)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o640), there.Mode().Perm())
}

// The lines take the mode of the file that they will replace, but whoever began has to be able to
// go on.
func TestAReadingIntoAFileThatIsReadOnlyGoesOn(t *testing.T) {
	target := target(t)
	require.NoError(t, os.WriteFile(target, []byte("old"), 0o400))
	s := open(t, target)
	there, err := os.Stat(s.Path())
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o600), there.Mode().Perm())
	require.NoError(t, s.Fill(t.Context(), (&server{elements: elements(1)}).list()))
	require.NoError(t, s.Publish(target))
	there, err = os.Stat(target)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o400), there.Mode().Perm())
}

func TestReplace(t *testing.T) {
	target := target(t)
	require.NoError(t, Replace(target, func(w io.Writer) error {
		assert.Equal(t, []string{"orders.csv.part.new"}, files(t, target))
		_, err := io.WriteString(w, "new")
		return err
	}))
	full := errors.New("no space left on device")
	assert.ErrorIs(t, Replace(target, func(w io.Writer) error { return full }), full)
	content, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Equal(t, "new", string(content), "a file stays until the next one is complete")
	assert.Equal(t, []string{"orders.csv"}, files(t, target))

	t.Run("a link is not followed", func(t *testing.T) {
		victim := filepath.Join(t.TempDir(), "victim")
		require.NoError(t, os.WriteFile(victim, []byte("mine"), 0o600))
		require.NoError(t, os.Symlink(victim, target+".part.new"))
		require.NoError(t, Replace(target, func(w io.Writer) error { _, err := io.WriteString(w, "x"); return err }))
		content, err := os.ReadFile(victim)
		require.NoError(t, err)
		assert.Equal(t, "mine", string(content))
	})
	t.Run("a folder in the way", func(t *testing.T) {
		folder := filepath.Join(t.TempDir(), "folder")
		require.NoError(t, os.Mkdir(folder, 0o700))
		assert.Error(t, Replace(folder, func(io.Writer) error { return nil }))
		assert.Equal(t, []string{"folder"}, files(t, folder))
	})
}

func TestKeys(t *testing.T) {
	same := func(a, b string) bool { return keyOf([]byte(a)) == keyOf([]byte(b)) }
	assert.True(t, same(`{"id":1,"a":1}`, `{"b":2, "id": 1}`))
	assert.False(t, same(`{"id":1}`, `{"id":"1"}`))
	assert.False(t, same(`{"data":{"id":1},"id":2}`, `{"data":{"id":1},"id":3}`))
	assert.True(t, same(`{"id":null,"a":1}`, `{"id":null,"a":1}`))
	assert.False(t, same(`{"id":null,"a":1}`, `{"id":null,"a":2}`))
	assert.False(t, same(`{"a":1}`, `{"a":2}`))
	assert.False(t, same(`{"id":"","a":1}`, `{"id":"","a":2}`), "an empty id tells nothing apart")
	assert.True(t, same(`{"a": 1, "b":[1, 2]}`, `{"a":1,"b":[1,2]}`), "as the server sent it, and as it is kept")
}

// What has no id is known by all of it, however the server spaces it out.
func TestAReadingOfWhatHasNoIDGoesOn(t *testing.T) {
	target := target(t)
	server := &server{elements: []string{`{ "name": "a" }`, `{ "name": "b" }`, `{ "name": "c" }`}, breaks: 2}
	s := open(t, target)
	assert.ErrorIs(t, s.Fill(t.Context(), server.list()), errNetwork)
	require.NoError(t, s.Close())
	server.breaks = 0
	s = open(t, target)
	require.NoError(t, s.Fill(t.Context(), server.list()))
	assert.Equal(t, []string{`{"name":"a"}`, `{"name":"b"}`, `{"name":"c"}`}, lines(t, s))
	assert.Equal(t, []int64{0, 1}, server.asked)
}
