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

// compiled makes a validator of a schema of OpenAPI 3.0 that stands alone.
func compiled(t testing.TB, schema string, options Options) *Validator {
	v, err := Compile(load(t, `{"Root":`+schema+`}`), options)
	require.NoError(t, err)
	return v
}

func findingsOf(t testing.TB, v *Validator, body string) []Finding {
	findings, err := v.ValidateBytes(t.Context(), []byte(body))
	require.NoError(t, err)
	return findings
}

// However many remarks come first, what breaks the schema behind them is found.
func TestRemarksDoNotHideRefusals(t *testing.T) {
	for name, c := range map[string]struct{ schema, remark, refused, want string }{
		"undeclared":           {`{"properties":{"a":{"type":"string"}}}`, `{"x":1}`, `{"a":1}`, "/a type"},
		"inexact":              {`{"type":"integer"}`, `1.0`, `"x"`, " type"},
		"below an alternative": {`{"anyOf":[{"type":"object","properties":{"a":{"type":"string"}}},{"maxProperties":0,"type":"object"}]}`, `{"x":1}`, `{"a":1}`, " anyOf"},
	} {
		t.Run(name, func(t *testing.T) {
			body := "[" + strings.Repeat(c.remark+",", 2000) + c.refused + "]"
			v := compiled(t, `{"type":"array","items":`+c.schema+`}`, Options{Strict: true})
			findings := findingsOf(t, v, body)
			require.Len(t, findings, 101, "100 remarks and the refusal")
			assert.Equal(t, "/2000"+c.want, brief(findings[100:]))
			v = compiled(t, `{"type":"array","items":`+c.schema+`}`, Options{Strict: true, FirstOnly: true})
			assert.False(t, Valid(findingsOf(t, v, body)))
		})
	}
}

// Remarks for which there is no room do not make a body invalid.
func TestManyRemarksInAnAlternative(t *testing.T) {
	v := compiled(t, `{"anyOf":[{"type":"array","items":{"type":"integer"}},{"type":"array","maxItems":1}]}`, Options{MaxFindings: 5000})
	findings := findingsOf(t, v, "["+strings.Repeat("1.0,", 3000)+"1]")
	assert.True(t, Valid(findings))
	require.Len(t, findings, maxHeld+1)
	assert.Contains(t, findings[0].Message, "left out")
}

func TestIgnoreUnescapesItsPointers(t *testing.T) {
	v := compiled(t, `{"properties":{"a":{}}}`, Options{Strict: true, Ignore: []string{"/a~1b", "/~0~01"}})
	assert.Equal(t, "/a~0b properties (undeclared)", brief(findingsOf(t, v, `{"a/b":1,"~~1":1,"a~b":2}`)))
}

// A property that has no place in a body is not asked for either, by whichever schema.
func TestRequiredAndExcludedInDifferentParts(t *testing.T) {
	schema := `{"allOf":[{"properties":{"a":{"writeOnly":true},"b":{"readOnly":true}}},{"required":["a","b"]}]}`
	assert.Equal(t, "/b required", brief(findingsOf(t, compiled(t, schema, Options{}), `{}`)))
	assert.Equal(t, "/a required", brief(findingsOf(t, compiled(t, schema, Options{Direction: Request}), `{}`)))
}

func TestValuesAreOfScalarsOnly(t *testing.T) {
	v := compiled(t, `{"required":["a"],"properties":{"b":{"type":"string"},"c":{"type":"integer"}},"additionalProperties":false}`, Options{ShowValues: true})
	long := `"` + strings.Repeat("ä", 2000) + `"`
	findings := findingsOf(t, v, `{"b":{},"c":`+long+`,"d":"secret"}`)
	require.Equal(t, "/b type; /c type; /d additionalProperties; /a required", brief(findings))
	assert.Empty(t, findings[0].Value)
	assert.Equal(t, long[:maxShown-1], findings[1].Value, "cut, and not in the middle of a letter")
	assert.Empty(t, findings[2].Value)
	assert.Empty(t, findings[3].Value)
}

// A member that was pending is found where it stands, and not at the end of its object.
func TestOffsetOfUnevaluatedMembers(t *testing.T) {
	v, err := Compile(loadVersion(t, "3.1.0", `{"Root":{"anyOf":[{"properties":{"a":true},"required":["b"]},{"properties":{"c":true}}],"unevaluatedProperties":false}}`), Options{Dialect: OpenAPI31})
	require.NoError(t, err)
	body := `{"c":1, "a":1, "d":1}`
	findings := findingsOf(t, v, body)
	require.Equal(t, "/d false; /a unevaluatedProperties", brief(findings))
	assert.Equal(t, int64(strings.Index(body, `"a":`)+4), findings[1].Offset)
	assert.Empty(t, findings[1].Value)
}

// An iteration that is given up says so: its elements are not all there are.
func TestItemsGivenUp(t *testing.T) {
	v := compiled(t, `{"type":"array","items":{"type":"object","properties":{"a":{"type":"string"}}}}`, Options{MaxFindings: 2})
	for name, c := range map[string]struct {
		body  string
		items int
		rest  string
	}{
		"between elements": {`[1,2,3]`, 2, ""},
		"in an element":    {`[1,{"a":1,"b":2},3]`, 1, "/1/a type"},
	} {
		t.Run(name, func(t *testing.T) {
			items, last := 0, error(nil)
			for _, err := range Items(t.Context(), strings.NewReader(c.body), "", v) {
				if last = err; err == nil {
					items++
				}
			}
			assert.Equal(t, c.items, items)
			invalid, ok := errors.AsType[*InvalidError](last)
			require.True(t, ok, "%v", last)
			assert.True(t, invalid.GivenUp)
			assert.Equal(t, c.rest, brief(invalid.Findings))
			assert.ErrorContains(t, last, "MaxFindings")
		})
	}
}

// What a caller appends to the findings of an element is the caller's.
func TestItemsFindingsAreNotSharedWithLaterOnes(t *testing.T) {
	v := compiled(t, `{"type":"array","items":{"type":"string"}}`, Options{})
	var all [][]Finding
	for item, err := range Items(t.Context(), strings.NewReader(`[1,2,3,4,5]`), "", v) {
		require.NoError(t, err)
		all = append(all, append(item.Findings, Finding{Keyword: "mine"}))
	}
	for i, findings := range all {
		assert.Equal(t, fmt.Sprintf("/%d type;  mine", i), brief(findings))
	}
}

func TestItemsBelowNamesWithSlashes(t *testing.T) {
	count := 0
	for _, err := range Items(t.Context(), strings.NewReader(`{"a/b":{"~1":[1,2]}}`), "/a~1b/~01", compiled(t, `{}`, Options{})) {
		require.NoError(t, err)
		count++
	}
	assert.Equal(t, 2, count)
}

// The hash of a value depends on the process in each of its parts: no text of these is seeded.
func TestHashesOfConstantsAreSalted(t *testing.T) {
	v := compiled(t, `{"type":"array","items":{},"uniqueItems":true}`, Options{})
	hashes := func() []uint64 {
		r := v.runs.get(v)
		r.begin(t.Context(), strings.NewReader(`[null,true,[],{},[null],[[]]]`))
		require.NoError(t, r.body())
		var list []uint64
		for _, e := range r.seen.order[:6:6] {
			list = append(list, e.hash)
		}
		return list
	}
	before := hashes()
	defer func(old uint64) { salt = old }(salt)
	salt ^= 1 << 40
	for i, hash := range hashes() {
		assert.NotEqual(t, before[i], hash, i)
	}
}

func TestNoneFitsNamesOnlyTheFirstBranches(t *testing.T) {
	branch := `{"type":"string","maxLength":1}`
	v := compiled(t, `{"oneOf":[`+strings.Repeat(branch+",", 999)+branch+`]}`, Options{})
	findings := findingsOf(t, v, `"xx"`)
	require.Len(t, findings, 1)
	assert.Less(t, len(findings[0].Message), 1000)
	assert.Contains(t, findings[0].Message, "990 more")
}

func TestLimitsThatAreTooLarge(t *testing.T) {
	for _, o := range []Options{{MaxDepth: 10_001}, {MaxToken: 1 << 40}, {MaxNames: 1 << 40}, {MaxAlternatives: -1}} {
		_, err := CompileMedia(&openapi3.MediaType{}, o)
		assert.ErrorContains(t, err, "up to", "%+v", o)
	}
}

func TestCompileRefusesASchemaThatIsNotThere(t *testing.T) {
	ref := load(t, `{"Root":{"allOf":[{}]}}`)
	ref.Value.AllOf[0] = nil
	_, err := Compile(ref, Options{})
	assert.ErrorContains(t, err, "#/components/schemas/Root/allOf/0: there is no schema")
}

// What only an alternative asks for that has failed needs no room.
func TestADeadAlternativeIsNotUnchecked(t *testing.T) {
	body := "[" + strings.Repeat("1,", 40) + "1]"
	for _, schema := range []string{
		`{"anyOf":[{"type":"array","uniqueItems":true,"items":{"type":"string"}},{"type":"array","items":{"type":"integer"}}]}`,
		`{"anyOf":[{"type":"array","items":{"type":"array","uniqueItems":true}},{"type":"array","items":{"type":"integer"}}]}`,
	} {
		assert.Empty(t, findingsOf(t, compiled(t, schema, Options{MaxNames: 1}), body), schema)
	}
}

func TestADeadAlternativeIsNotDivided(t *testing.T) {
	body := "1" + strings.Repeat("0", maxDivided+1) + "1"
	divided := `{"multipleOf":3}`
	f := findingsOf(t, compiled(t, divided, Options{ShowValues: true}), body)
	require.Len(t, f, 1)
	assert.Equal(t, Unchecked, f[0].Class)
	assert.Equal(t, body[:maxShown], f[0].Value)
	assert.NotNil(t, f[0].Declared)
	assert.Empty(t, findingsOf(t, compiled(t, `{"anyOf":[{"enum":[1],"multipleOf":3},{"type":"number"}]}`, Options{}), body))
}

// A finding says why a property is forbidden, whether or not there are alternatives.
func TestForbiddenPropertiesAreToldAlike(t *testing.T) {
	for _, beside := range []string{``, `,"anyOf":[{"required":["a"]},{"required":["b"]}]`} {
		f := findingsOf(t, compiled(t, `{"properties":{"a":{"type":"string","writeOnly":true},"b":{}},"additionalProperties":false`+beside+`}`, Options{}), `{"a":"x","c":1}`)
		require.Len(t, f, 2, beside)
		assert.Equal(t, "/a: a property that is writeOnly (writeOnly)", f[0].String())
		assert.Equal(t, "/c: a property that the schema forbids (additionalProperties)", f[1].String())
	}
}
