//go:build unix

package spool

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whoever reads a pipe to which nobody writes waits for ever, and not even Ctrl-C ends it.
func TestAStateThatIsAPipe(t *testing.T) {
	target := target(t)
	require.NoError(t, syscall.Mkfifo(target+".part.json", 0o600))
	_, err := Open(target, Request{"collection": "orders"}, false)
	assert.EqualError(t, err, target+".part.json is no file; --restart discards it")
	s, err := Open(target, Request{"collection": "orders"}, true)
	require.NoError(t, err)
	require.NoError(t, s.Remove())
	assert.Empty(t, files(t, target))
}
