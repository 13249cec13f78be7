package stored_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
	"github.com/kaikina/kaikina/sandbox/internal/stored"
)

func TestCommit(t *testing.T) {
	changes := []sandbox.Change{{Key: "a", Value: []byte("1")}}
	require.NoError(t, stored.Commit(nil, changes))

	memory := sandboxtest.NewMemory()
	require.NoError(t, stored.Commit(memory, nil))
	assert.Zero(t, memory.Commits)
	require.NoError(t, stored.Commit(memory, changes))
	assert.Equal(t, map[string]string{"a": "1"}, memory.Entries)

	memory.Err = errors.New("disk full")
	err := stored.Commit(memory, changes)
	var failure *stored.Failure
	require.ErrorAs(t, err, &failure)
	require.ErrorIs(t, err, memory.Err)
	assert.EqualError(t, err, "the change could not be stored, so nothing was changed: disk full")
	assert.NoError(t, stored.Commit(memory, nil), "what has nothing to store cannot fail")
}
