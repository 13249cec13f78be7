package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The page names every choice of the emulators and every open question of the
// descriptions, each with the choice that settles it.
func TestThePageIsComplete(t *testing.T) {
	root := filepath.Join("..", "..")
	want, err := render(root)
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join(root, page))
	require.NoError(t, err)
	assert.Equal(t, want, string(got), "run go generate ./...")
}

func TestCollect(t *testing.T) {
	tests := map[string]struct {
		source, problem string
		want            []choice
	}{
		"none": {source: "package p\n\n// Choices are elsewhere. Choice is a word.\n"},
		"one": {
			source: "package p\n\n// f does it.\n//\n// Choice(by-hand): It is done\n// by hand.\nfunc f() {}\n",
			want:   []choice{{id: "by-hand", text: "It is done by hand."}},
		},
		"with operations, inside of a function": {
			source: "package p\n\nfunc f() {\n\t// Choice(b) [getItem putItem]: It is.\n\t_ = 1 // more\n}\n",
			want:   []choice{{id: "b", text: "It is.", operations: []string{"getItem", "putItem"}}},
		},
		"two in a comment, and a paragraph": {
			source: "package p\n\n// Choice(z): Last.\n// Choice(a): First.\n//\n// Said for readers of the source.\nvar x int\n",
			want:   []choice{{id: "a", text: "First."}, {id: "z", text: "Last."}},
		},
		"an id twice":       {source: "package p\n\n// Choice(a): One.\nvar x int\n\n// Choice(a): Two.\nvar y int\n", problem: "is also at"},
		"an id in capitals": {source: "package p\n\n// Choice(ById): One.\nvar x int\n", problem: "small letters"},
		"no sentence":       {source: "package p\n\n// Choice(a): one\nvar x int\n", problem: "not made of sentences"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(folder, "p.go"), []byte(test.source), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(folder, "p_test.go"), []byte("package p\n\n// Choice(of-a-test): It does not count.\nvar z int\n"), 0o600))
			got, err := collect(folder)
			if test.problem != "" {
				require.ErrorContains(t, err, test.problem)
				assert.ErrorContains(t, err, "p.go:")
				return
			}
			require.NoError(t, err)
			for i := range got {
				got[i].at = ""
			}
			assert.Equal(t, test.want, got)
		})
	}
}
