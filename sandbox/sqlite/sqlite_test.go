package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/sqlite"
)

func open(t *testing.T, path string) *sqlite.File {
	t.Helper()
	f, err := sqlite.Open(t.Context(), path)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, f.Close()) })
	return f
}

func load(t require.TestingT, s sandbox.Storage) map[string]string {
	held := map[string]string{}
	require.NoError(t, s.Load(func(key string, value []byte) error {
		held[key] = string(value)
		return nil
	}))
	return held
}

func set(key, value string) sandbox.Change { return sandbox.Change{Key: key, Value: []byte(value)} }

func TestWhatWasCommittedIsThereAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with space, % and ?.db")
	f := open(t, path)
	empty, err := f.Empty(t.Context())
	require.NoError(t, err)
	assert.True(t, empty)
	require.NoError(t, f.Storage("one").Commit([]sandbox.Change{set("a", "1"), set("b", ""), set("c", "\x00\xff")}))
	require.NoError(t, f.Storage("two").Commit([]sandbox.Change{set("a", "other")}))
	require.NoError(t, f.Storage("one").Commit([]sandbox.Change{set("a", "2"), {Key: "b"}, {Key: "never there"}}))
	require.NoError(t, f.Close())

	f = open(t, path)
	assert.Equal(t, map[string]string{"a": "2", "c": "\x00\xff"}, load(t, f.Storage("one")))
	assert.Equal(t, map[string]string{"a": "other"}, load(t, f.Storage("two")))
	empty, err = f.Empty(t.Context())
	require.NoError(t, err)
	assert.False(t, empty)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

// Any sequence of changes leaves what it leaves in a map.
func TestCommitIsLikeAMap(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "sandbox.db"))
	round := 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		s := f.Storage(fmt.Sprint(round))
		want := map[string]string{}
		for range rapid.IntRange(0, 5).Draw(t, "commits") {
			var changes []sandbox.Change
			for range rapid.IntRange(0, 5).Draw(t, "changes") {
				key, value := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key"), rapid.String().Draw(t, "value")
				if rapid.Bool().Draw(t, "remove") {
					changes = append(changes, sandbox.Change{Key: key})
					delete(want, key)
				} else {
					changes = append(changes, set(key, value))
					want[key] = value
				}
			}
			require.NoError(t, s.Commit(changes))
		}
		require.True(t, maps.Equal(want, load(t, s)))
	})
}

func TestCommitFromManySides(t *testing.T) {
	f := open(t, filepath.Join(t.TempDir(), "sandbox.db"))
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for n := range 10 {
				assert.NoError(t, f.Storage(fmt.Sprint(i)).Commit([]sandbox.Change{set(fmt.Sprint(n), "x")}))
			}
		})
	}
	group.Wait()
	for i := range 8 {
		assert.Len(t, load(t, f.Storage(fmt.Sprint(i))), 10)
	}
}

func TestLoadStopsAtAnError(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "sandbox.db")).Storage("one")
	require.NoError(t, s.Commit([]sandbox.Change{set("a", "1"), set("b", "2")}))
	calls := 0
	err := s.Load(func(string, []byte) error { calls++; return assert.AnError })
	require.ErrorIs(t, err, assert.AnError)
	assert.Equal(t, 1, calls)
	require.NoError(t, s.Commit([]sandbox.Change{set("c", "3")}), "the file is free again")
}

// Where a new file cannot be made, none is left behind.
func TestAFileThatCannotBeMade(t *testing.T) {
	folder := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := sqlite.Open(ctx, filepath.Join(folder, "sandbox.db"))
	require.ErrorIs(t, err, context.Canceled)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestFilesThatAreRefused(t *testing.T) {
	database := func(t *testing.T, statement string) string {
		path := filepath.Join(t.TempDir(), "other.db")
		db, err := sql.Open("sqlite", path)
		require.NoError(t, err)
		_, err = db.Exec(statement)
		require.NoError(t, err)
		require.NoError(t, db.Close())
		return path
	}
	tests := map[string]struct {
		path func(t *testing.T) string
		want string
	}{
		"no directory": {func(t *testing.T) string { return filepath.Join(t.TempDir(), "none", "a.db") }, "no such file or directory"},
		"a directory":  {func(t *testing.T) string { return t.TempDir() }, "is a directory"},
		"another kind": {func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "notes.txt")
			require.NoError(t, os.WriteFile(path, []byte("Not a database at all, but long enough to be looked at as one: it has to fill the header."), 0o600))
			return path
		}, "not a file of a sandbox"},
		"another database": {func(t *testing.T) string { return database(t, "CREATE TABLE mine (a)") }, "a database, but not one of a sandbox"},
		"another program":  {func(t *testing.T) string { return database(t, "PRAGMA application_id = 7") }, "a database, but not one of a sandbox"},
		"a later format": {func(t *testing.T) string {
			return database(t, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = 2", 0x6b61696b))
		}, "its format is 2"},
		"in use": {func(t *testing.T) string {
			path := filepath.Join(t.TempDir(), "sandbox.db")
			open(t, path)
			return path
		}, "in use by another process"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			path := test.path(t)
			before, _ := os.ReadFile(path)
			_, err := sqlite.Open(t.Context(), path)
			require.ErrorContains(t, err, test.want)
			assert.ErrorContains(t, err, "sandbox file "+path)
			after, _ := os.ReadFile(path)
			assert.True(t, bytes.Equal(before, after), "a file that is refused stays as it is")
		})
	}
}
