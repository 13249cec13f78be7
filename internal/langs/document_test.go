package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDifferences(t *testing.T) {
	for name, test := range map[string]struct {
		want, got string
		found     []string
	}{
		"the same in another order": {`{"a": 1, "b": [null, true]}`, `{"b": [null, true], "a": 1}`, nil},
		"a number written longer":   {`1000.5`, `1000.50`, nil},
		"a number with an exponent": {`1000`, `1e3`, nil},
		"ids beyond a double":       {`9007199254740993`, `9007199254740992`, []string{`"" is 9007199254740992, want 9007199254740993`}},
		"a number as text":          {`{"id": 1}`, `{"id": "1"}`, []string{`"/id" is "1", want 1`}},
		"null and absent":           {`{"a": null}`, `{}`, []string{`"/a" is missing, want null`}},
		"null and nothing":          {`[null]`, `[]`, []string{`"" is [], want [null]`}},
		"null and false":            {`[null]`, `[false]`, []string{`"/0" is false, want null`}},
		"more than was wanted":      {`{}`, `{"a/b": {"~": 1}}`, []string{`"/a~1b" is {"~":1}, want nothing there`}},
		"an array for an object":    {`{"a": {"b": 1}}`, `{"a": []}`, []string{`"/a" is [], want {"b":1}`}},
		"two at once":               {`[{"a": 1}, "x"]`, `[{"a": 2}, "y"]`, []string{`"/0/a" is 2, want 1`, `"/1" is "y", want "x"`}},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := decode([]byte(test.want))
			require.NoError(t, err)
			got, err := decode([]byte(test.got))
			require.NoError(t, err)
			assert.Equal(t, test.found, differences(want, got))
		})
	}
}

// What canonical writes says the same as what it was given, and writes itself again.
func TestCanonical(t *testing.T) {
	leaf := rapid.OneOf(
		rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.String().AsAny(),
		rapid.Int64().AsAny(), rapid.Float64Range(-1e9, 1e9).AsAny(),
	)
	value := rapid.OneOf(leaf, rapid.MapOfN(rapid.String(), leaf, 0, 4).AsAny(), rapid.SliceOfN(leaf, 0, 4).AsAny())
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.Marshal(value.Draw(t, "value"))
		require.NoError(t, err)
		document, err := decode(text)
		require.NoError(t, err)
		first, err := canonical(document)
		require.NoError(t, err)
		again, err := decode(first)
		require.NoError(t, err)
		assert.Empty(t, differences(document, again))
		second, err := canonical(again)
		require.NoError(t, err)
		assert.Equal(t, string(first), string(second))
	})
}
