package sandbox_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
	"github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

func TestReportFailures(t *testing.T) {
	memory := sandboxtest.NewMemory()
	var reported []error
	storage := sandbox.ReportFailures(memory, func(err error) { reported = append(reported, err) })
	require.NoError(t, storage.Commit([]sandbox.Change{{Key: "a", Value: []byte("1")}}))
	require.NoError(t, storage.Load(func(key string, value []byte) error {
		assert.Equal(t, "a1", key+string(value))
		return nil
	}))
	assert.Equal(t, map[string]string{"a": "1"}, memory.Entries)
	assert.Empty(t, reported)

	memory.Err = errors.New("/srv/secret.db: disk full")
	require.ErrorIs(t, storage.Load(nil), memory.Err)
	assert.Empty(t, reported, "whoever makes an emulator has it already")
	require.ErrorIs(t, storage.Commit(nil), memory.Err)
	assert.Equal(t, []error{memory.Err}, reported)
}

// What a storage says is for whoever runs the emulators, and not for whoever calls them.
func TestFailuresOfEmulatorsAreReported(t *testing.T) {
	memories := []*sandboxtest.Memory{sandboxtest.NewMemory(), sandboxtest.NewMemory()}
	reported := 0
	report := func(err error) {
		assert.ErrorContains(t, err, "/srv/secret.db")
		reported++
	}
	first, err := kainexus.New(kainexus.WithStorage(sandbox.ReportFailures(memories[0], report)))
	require.NoError(t, err)
	second, err := kinabase.New(kinabase.WithStorage(sandbox.ReportFailures(memories[1], report)))
	require.NoError(t, err)
	for _, memory := range memories {
		memory.Err = errors.New("/srv/secret.db: disk full")
	}
	assert.ErrorIs(t, first.Admin().DeleteRole(5), memories[0].Err)
	assert.ErrorIs(t, second.RevokeTokens(), memories[1].Err)
	assert.Equal(t, 2, reported)
}
