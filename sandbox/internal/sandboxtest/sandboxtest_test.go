package sandboxtest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
)

func TestMemory(t *testing.T) {
	m := sandboxtest.NewMemory()
	require.NoError(t, m.Commit([]sandbox.Change{{Key: "a", Value: []byte("1")}, {Key: "b", Value: []byte{}}}))
	require.NoError(t, m.Commit([]sandbox.Change{{Key: "a"}}))
	other := m.Copy()
	require.NoError(t, other.Commit([]sandbox.Change{{Key: "b"}}))
	assert.Equal(t, map[string]string{"b": ""}, m.Entries)
	assert.Equal(t, 2, m.Commits)

	require.NoError(t, m.Load(func(key string, value []byte) error {
		assert.Equal(t, "b", key)
		assert.Empty(t, value)
		assert.Panics(t, func() { _ = m.Commit(nil) }, "two calls at a time")
		return nil
	}))
	m.Err = errors.New("disk full")
	require.ErrorIs(t, m.Commit(nil), m.Err)
	require.ErrorIs(t, m.Load(nil), m.Err)
}

func TestClock(t *testing.T) {
	c := sandboxtest.NewClock()
	before := c.Now()
	assert.Equal(t, before, c.Now())
	c.Advance(time.Hour)
	assert.Equal(t, before.Add(time.Hour), c.Now())
}
