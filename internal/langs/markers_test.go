package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseMarker(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want marker
	}{
		"works":               {"// works(item): Item", marker{construct: "item", name: "Item"}},
		"indented, of Python": {"    # works(item): Item  ", marker{construct: "item", name: "Item"}},
		"in a block":          {"/* works(item): Item */", marker{construct: "item", name: "Item"}},
		"of Rust":             {"/// works(item): models.Item", marker{construct: "item", name: "models.Item"}},
		"a workaround":        {"// workaround(item): Item: it hurts.", marker{construct: "item", name: "Item", workaround: "it hurts."}},
		"with a colon":        {"// workaround(item): Item: like so: it hurts.", marker{construct: "item", name: "Item", workaround: "like so: it hurts."}},
		"over two lines":      {"# workaround(item): Item: it hurts\n# a lot.\n# Another thing.", marker{construct: "item", name: "Item", workaround: "it hurts a lot."}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseMarker(strings.Split(test.text, "\n"))
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func TestParseMarkerRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"// works(coffee): Item":                            `there is no construct "coffee"`,
		"// works(item):":                                   "is no name of a type",
		"// works(item): the Item":                          "is no name of a type",
		"// works(item): Item: it hurts.":                   "is it a workaround?",
		"// workaround(item): Item":                         "wants a sentence",
		"// workaround(item): Item: it hurts\nmore()":       "wants a sentence",
		"// workaround(item): Item: a\n// works(record): B": "wants a sentence",
		"// works(item): InlineResponse200":                 "the generator made up",
		"// works(item): inline_object_1":                   "the generator made up",
		"// works(item): Object1":                           "the generator made up",
		"// works(item): models.Body":                       "the generator made up",
		"// works(item): Response200":                       "the generator made up",
		"// works(item): TokenRequestAnyOf":                 "the generator made up",
		"// works(item): TokenRequestOneOf1":                "the generator made up",
	} {
		_, err := parseMarker(strings.Split(text, "\n"))
		assert.ErrorContains(t, err, says, text)
	}
}

// programWith is a program of one file.
func programWith(t *testing.T, text string) program {
	t.Helper()
	p := program{"py", "one", t.TempDir()}
	require.NoError(t, os.WriteFile(filepath.Join(p.folder, "main.py"), []byte(text), 0o644))
	return p
}

func TestReadMarkers(t *testing.T) {
	p := programWith(t, fullyMarked())
	require.NoError(t, os.MkdirAll(filepath.Join(p.folder, "generated"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(p.folder, "generated", "x.py"), []byte("# works(item): Other\n"), 0o644))
	markers, err := readMarkers(p)
	require.NoError(t, err)
	require.Len(t, markers, len(constructs))
	for i, m := range markers {
		assert.Equal(t, constructs[i].id, m.construct)
	}
	assert.Equal(t, "langs/py/one/main.py:1", markers[0].at)
}

func TestReadMarkersWantsEachOnce(t *testing.T) {
	text := strings.Replace(fullyMarked(), "# works(bulk): Name\n", "", 1) + "# works(item): Name\n"
	_, err := readMarkers(programWith(t, text))
	assert.ErrorContains(t, err, "py/one: there is no marker works(bulk) or workaround(bulk)")
	assert.ErrorContains(t, err, "item has a marker at langs/py/one/main.py:5 as well")
}

func TestCheckNames(t *testing.T) {
	p := programWith(t, "# works(item): models.Item\n#[attribute]\nmodels.get(Item)\n# Record\nItems\n#[Attribute(Named)]\n")
	require.NoError(t, os.MkdirAll(filepath.Join(p.folder, "generated", "node_modules"), 0o755))
	for name, text := range map[string]string{
		"client.ts":              "export class Item {} // of models\nclass Record {}",
		"node_modules/record.ts": "class Library {}",
		"README.md":              "Manual",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(p.folder, "generated", name), []byte(text), 0o644))
	}
	for name, says := range map[string]string{
		"models.Item": "",
		"Item":        "",
		"Ite":         "Ite is not in the generated client",
		"Manual":      "Manual is not in the generated client",
		"Library":     "Library is not in the generated client",
		"Record":      "the program does not use Record",
		"Named":       "Named is not in the generated client",
	} {
		err := checkNames(".", p, []marker{{construct: "item", name: name, at: "here"}})
		if says == "" {
			assert.NoError(t, err, name)
		} else {
			assert.ErrorContains(t, err, "here: "+says, name)
		}
	}
}

// A marker is read in full, or refused.
func FuzzParseMarker(f *testing.F) {
	f.Add("// works(item): Item")
	f.Add("# workaround(item): models.Item: it hurts\n# a lot.")
	f.Add("/* works(item): x: */")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		if !markerLine.MatchString(lines[0]) {
			return
		}
		m, err := parseMarker(lines)
		if err != nil {
			return
		}
		assert.Regexp(t, identifier, m.name)
		assert.Equal(t, strings.Contains(markerLine.FindString(lines[0]), "workaround("+m.construct), m.workaround != "")
		assert.True(t, m.workaround == "" || strings.HasSuffix(m.workaround, "."), m.workaround)
	})
}
