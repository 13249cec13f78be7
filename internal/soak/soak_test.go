package main

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A short soak, with seeds that differ in what goes wrong; make soak makes a long one.
func TestSoak(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		var report bytes.Buffer
		require.NoError(t, soak(t.Context(), &report, 600, seed), &report)
		assert.Contains(t, report.String(), "written: 600 of 600 exactly once, 0 missing, 0 more than once")
	}
}

func TestVerdict(t *testing.T) {
	require.NoError(t, tally{1, 1}.verdict(io.Discard, "read"))
	assert.EqualError(t, tally{1, 0, 2}.verdict(io.Discard, "read"), "read: 1 missing, 1 more than once")
	assert.EqualError(t, tally{}.add(0), "record 0 is none of the 0")
}
