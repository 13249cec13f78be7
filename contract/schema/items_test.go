package schema

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const listSchema = `{"Root":{"type":"object","required":["total"],"properties":{"total":{"type":"integer"},"records":{"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}}}}}}}}`

func TestItems(t *testing.T) {
	v, err := Compile(load(t, listSchema), Options{})
	require.NoError(t, err)
	body := `{"x":[0], "records": [ {"id": 1, "tags":["a"]}, {"id":"two"} , 3], "total": 3}`
	var raw, found []string
	for item, err := range Items(t.Context(), strings.NewReader(body), "/records", v) {
		require.NoError(t, err)
		assert.Equal(t, len(raw), item.Index)
		raw = append(raw, string(item.Raw))
		found = append(found, brief(item.Findings))
	}
	assert.Equal(t, []string{`{"id": 1, "tags":["a"]}`, `{"id":"two"}`, `3`}, raw)
	assert.Equal(t, []string{"", "/records/1/id type", "/records/2 type"}, found)
}

func TestItemsEndWithWhatTheBodyLacks(t *testing.T) {
	v, err := Compile(load(t, listSchema), Options{})
	require.NoError(t, err)
	var last error
	count := 0
	for _, err := range Items(t.Context(), strings.NewReader(`{"records":[{}]}`), "/records", v) {
		if last = err; err == nil {
			count++
		}
	}
	assert.Equal(t, 1, count)
	invalid, ok := errors.AsType[*InvalidError](last)
	require.True(t, ok, "%v", last)
	assert.Equal(t, "/total required", brief(invalid.Findings))
	assert.ErrorContains(t, last, "/total")
}

// What is no more than a remark ends no list with an error.
func TestItemsEndWithRemarks(t *testing.T) {
	v, err := Compile(load(t, listSchema), Options{Strict: true})
	require.NoError(t, err)
	count := 0
	for _, err := range Items(t.Context(), strings.NewReader(`{"records":[{}],"total":1.0,"more":1}`), "/records", v) {
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 1, count)
}

func TestItemsOfLongElements(t *testing.T) {
	v, err := CompileMedia(&openapi3.MediaType{}, Options{})
	require.NoError(t, err)
	long := `{"text":"` + strings.Repeat("x", 300<<10) + `"}`
	count := 0
	for item, err := range Items(t.Context(), strings.NewReader("[["+long+","+long+"],["+long+"]]"), "/*", v) {
		require.NoError(t, err)
		assert.Equal(t, long, string(item.Raw))
		count++
	}
	assert.Equal(t, 3, count)
}

func TestItemsStop(t *testing.T) {
	v, err := CompileMedia(&openapi3.MediaType{}, Options{})
	require.NoError(t, err)
	for item, err := range Items(t.Context(), strings.NewReader("[1,2,3"), "", v) {
		require.NoError(t, err)
		if item.Index == 1 {
			break
		}
	}
	for _, err := range Items(t.Context(), strings.NewReader("[]"), "a", v) {
		assert.ErrorContains(t, err, "JSON pointer")
	}
}

type recorder struct{ visits []Visit }

func (r *recorder) Visit(v Visit) { r.visits = append(r.visits, v) }

func TestObserver(t *testing.T) {
	v, err := Compile(load(t, `{"Root":{"type":"object","properties":{"s":{"type":"string","maxLength":9,"enum":["a","bé"]},"u":{"oneOf":[{"type":"string"},{"type":"array"}]}}}}`), Options{})
	require.NoError(t, err)
	var seen recorder
	findings, err := v.ValidateBytes(t.Context(), []byte(`{"s":"bé","u":[1,2]}`), &seen)
	require.NoError(t, err)
	require.Empty(t, findings)
	nodes := v.Nodes()
	var told []string
	for _, visit := range seen.visits {
		told = append(told, fmt.Sprintf("%s %c length %d enum %d branch %d %v", strings.TrimPrefix(nodes[visit.Node].Schemas[0], "#/components/schemas/Root"), visit.Kind, visit.Length, visit.Enum, visit.Branch, visit.Tentative))
	}
	assert.Equal(t, []string{
		`/properties/s " length 2 enum 1 branch -1 false`,
		`/properties/u [ length 2 enum -1 branch -1 false`,
		`/properties/u/oneOf/1 [ length 2 enum -1 branch -1 true`,
		`/properties/u [ length -1 enum -1 branch 1 false`,
		` { length 2 enum -1 branch -1 false`,
	}, told)
}
