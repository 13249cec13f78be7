package format

import (
	"encoding/json"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// peers.json says on which vectors other validators give another verdict, for the formats
// that they check. docs/schema-formats.md says why.
type peerDifferences map[string]map[string][]string

func readPeers(t *testing.T) (differences peerDifferences) {
	text, err := os.ReadFile("testdata/peers.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &differences))
	return differences
}

// comparePeers holds a format's vectors against the two validators. One that checks the
// format disagrees on the vectors that the file names, and on no others; one that does not
// finds every text valid.
func comparePeers(t *testing.T, test vectors) {
	if Applies(test.format)&Strings == 0 {
		return
	}
	differences := readPeers(t)
	for name, verdict := range map[string]func(string) bool{
		"kin-openapi": func(text string) bool {
			return openapi3.NewStringSchema().WithFormat(test.format).VisitJSON(text) == nil
		},
		"jsonschema": jsonschemaVerdict(t, test.format),
	} {
		expected, checks := differences[name][test.format]
		var found []string
		for i, text := range append(append([]string{}, test.yes...), test.no...) {
			switch ours, theirs := i < len(test.yes), verdict(text); {
			case len(text) > 1000:
			case !checks:
				assert.True(t, theirs, "%s checks the format: %q", name, text)
			case ours != theirs:
				found = append(found, strconv.QuoteToASCII(text))
			}
		}
		assert.ElementsMatch(t, expected, found, "%s differs", name)
	}
}

func jsonschemaVerdict(t *testing.T, format string) func(string) bool {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", map[string]any{"format": format}))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	return func(text string) bool { return schema.Validate(text) == nil }
}

// The page has a row for each format.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile("../../../../docs/schema-formats.md")
	require.NoError(t, err)
	table, _, _ := strings.Cut(string(page), "## Patterns")
	for name, format := range formats {
		row := regexp.MustCompile("(?m)^\\|[^|]*`" + name + "`[^|]*\\| (\\w+) ").FindStringSubmatch(table)
		if assert.NotNil(t, row, name) {
			assert.Equal(t, map[Kinds]string{Strings: "string", Numbers: "number", Strings | Numbers: "both"}[format.kinds], row[1], name)
		}
	}
}
