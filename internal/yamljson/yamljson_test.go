package yamljson_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/kaikina/kaikina/internal/yamljson"
)

func TestWrite(t *testing.T) {
	for source, want := range map[string]string{
		"b: 1\na: 2":                  `{"b":1,"a":2}`,
		"200: {x: null, y: ~}":        `{"200":{"x":null,"y":null}}`,
		"[1.50, true, no, '1', 0x10]": `[1.5,true,"no","1",16]`,
		"2026-03-02":                  `"2026-03-02"`,
		"2026-03-02T09:00:00Z":        `"2026-03-02T09:00:00Z"`,
		"\"<&>\\u2028\"":              "\"<&>\\u2028\"",
		"[]":                          `[]`,
	} {
		var node yaml.Node
		require.NoError(t, yaml.Unmarshal([]byte(source), &node), source)
		var b bytes.Buffer
		require.NoError(t, yamljson.Write(&b, node.Content[0]), source)
		assert.Equal(t, want, b.String(), source)
	}
}

func TestConvert(t *testing.T) {
	converted, err := yamljson.Convert([]byte("# a comment\nb: [1]\na: {}\n"))
	require.NoError(t, err)
	assert.Equal(t, "{\n  \"b\": [\n    1\n  ],\n  \"a\": {}\n}\n", string(converted))
}

func TestConvertRefuses(t *testing.T) {
	for name, refused := range map[string]struct{ source, says string }{
		"nothing":                {"", "there is no document"},
		"no YAML":                {"a: [", "did not find"},
		"a number without end":   {"a: 1\nb: .inf", "line 2"},
		"an anchor that is left": {"a: *nowhere", "unknown anchor"},
		"an alias":               {"a: &x [1]\nb: *x", "line 2: JSON has no aliases: write out what *x stands for"},
		"an alias of itself":     {"a: &x [*x]", "JSON has no aliases"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := yamljson.Convert([]byte(refused.source))
			assert.ErrorContains(t, err, refused.says)
		})
	}
}

// What generators read as JSON is what the descriptions say as YAML.
func TestTheDescriptionsMeanTheSame(t *testing.T) {
	for _, product := range []string{"kainexus", "kinabase"} {
		source, err := os.ReadFile("../../api/" + product + ".yaml")
		require.NoError(t, err)
		shipped, err := os.ReadFile("../../api/" + product + ".json")
		require.NoError(t, err)
		var want, got any
		require.NoError(t, yaml.Unmarshal(source, &want))
		require.NoError(t, json.Unmarshal(shipped, &got))
		// Numbers are compared as JSON has them.
		text, err := json.Marshal(want)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &want))
		assert.Equal(t, want, got, product)

		converted, err := yamljson.Convert(source)
		require.NoError(t, err)
		assert.Equal(t, string(converted), string(shipped), "api/%s.json is stale: run go generate ./...", product)
	}
}

// Whatever is converted is JSON, and stays as it is when it is converted once more.
func FuzzConvert(f *testing.F) {
	for _, seed := range []string{"a: 1", "[1.50, ~, 'x']", "2026-03-02", "&a [*a]", "? [a]\n: b", "0x10: .inf", "<<: {a: 1}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		converted, err := yamljson.Convert(source)
		if err != nil {
			return
		}
		require.True(t, json.Valid(converted), "%q", converted)
		again, err := yamljson.Convert(converted)
		require.NoError(t, err)
		assert.Equal(t, string(converted), string(again))
	})
}
