//go:build unix && !aix && !solaris

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

// The lock has to last until the lines have lost their name. Who got it before would write into
// what has become the file that is complete, and could not name it.
func TestNobodyTakesLinesThatAreOnTheirWay(t *testing.T) {
	target := target(t)
	s := open(t, target)
	require.NoError(t, s.letGo(func() error {
		_, err := Open(target, Request{"collection": "orders"}, true)
		assert.ErrorContains(t, err, "another export writes it")
		return move(s.path, target)
	}))
	assert.FileExists(t, target)
}
