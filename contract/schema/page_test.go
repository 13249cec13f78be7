package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testNamed = regexp.MustCompile("`(Test[A-Za-z0-9]+(?:/[^`]+)?)`")

// Every row of docs/schema-semantics.md names tests that there are, and every disagreement with
// another implementation has a row.
func TestSemanticsPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/schema-semantics.md")
	require.NoError(t, err)
	page := string(text)
	sources := testSources(t)
	differing := map[string]bool{}
	known := vectorNames(t, differing)
	rows := 0
	for line := range strings.Lines(page) {
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|---") || strings.HasPrefix(line, "| case ") {
			continue
		}
		rows++
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		names := testNamed.FindAllStringSubmatch(cells[len(cells)-1], -1)
		assert.NotEmpty(t, names, "the row names no test: %s", cells[0])
		for _, name := range names {
			test, part, _ := strings.Cut(name[1], "/")
			if test == "TestVectors" {
				assert.True(t, known[part], "%s: there is no such vector", name[1])
				continue
			}
			body, there := sources[test]
			assert.True(t, there && strings.Contains(body, part), "%s: there is no such case", name[1])
		}
	}
	assert.Greater(t, rows, 30)
	for name := range differing {
		assert.Contains(t, page, "`TestVectors/"+name+"`", "a disagreement without a row")
	}
	for _, match := range regexp.MustCompile(`(?m)^\t\t\{"([^"]+)", `).FindAllStringSubmatch(sources["TestDisagreesWithKinOpenAPI"], -1) {
		assert.Contains(t, page, "`TestDisagreesWithKinOpenAPI/"+match[1]+"`", "a disagreement without a row")
	}
}

// testSources gives the text of each test of the package.
func testSources(t *testing.T) map[string]string {
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	sources := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, part := range strings.Split(string(text), "\nfunc ")[1:] {
			name, _, _ := strings.Cut(part, "(")
			sources[name] = part
		}
	}
	return sources
}

// vectorNames gives the vectors as "file/about", and adds those on which others differ.
func vectorNames(t *testing.T, differing map[string]bool) map[string]bool {
	files, err := filepath.Glob("testdata/vectors/*.json")
	require.NoError(t, err)
	names := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var vectors []vector
		require.NoError(t, json.Unmarshal(text, &vectors))
		for _, v := range vectors {
			name := strings.TrimSuffix(filepath.Base(file), ".json") + "/" + v.About
			assert.False(t, names[name], "two vectors are called %s", name)
			names[name] = true
			for _, c := range v.Cases {
				if c.Differs != "" {
					differing[name] = true
				}
			}
		}
	}
	return names
}

// suiteFiles are the files of the official suite of draft 2020-12 that apply.
var suiteFiles = []string{"additionalProperties", "allOf", "anchor", "anyOf", "boolean_schema", "const", "contains", "content", "default", "defs",
	"dependentRequired", "dependentSchemas", "dynamicRef", "enum", "exclusiveMaximum", "exclusiveMinimum", "format", "if-then-else",
	"infinite-loop-detection", "items", "maxContains", "maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems",
	"minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties", "prefixItems", "properties",
	"propertyNames", "ref", "required", "type", "unevaluatedItems", "unevaluatedProperties", "uniqueItems", "unknownKeyword", "id", "bignum",
	"ecmascript-regex", "float-overflow", "non-bmp-regex"}

func TestVectorsHaveAllKeywords(t *testing.T) {
	for _, name := range suiteFiles {
		assert.FileExists(t, filepath.Join("testdata", "vectors", name+".json"))
	}
}
