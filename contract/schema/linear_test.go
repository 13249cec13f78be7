package schema

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slope is the exponent of the time that something takes: 1 when twice the size takes twice
// the time, 2 when it takes four times as long. It is the line through the logarithms of five
// sizes, each the last one doubled. Sizes are measured in turns, and of each the fastest time
// counts, since what else the machine does only adds to it; there are more turns as long as
// the result is more than half way to quadratic.
func slope(least int, run func(size int)) float64 {
	const sizes, fewest, most = 5, 5, 60
	var fastest [sizes]time.Duration
	result := 0.0
	for turn := 0; turn < fewest || turn < most && result >= halfway; turn++ {
		for i := range sizes {
			begin := time.Now()
			run(least << i)
			if took := time.Since(begin); turn == 0 || took < fastest[i] {
				fastest[i] = took
			}
		}
		result = steepness(fastest[:])
	}
	return result
}

// steepness is that of the line with the least squares through the logarithms of the times.
func steepness(times []time.Duration) float64 {
	var n, sumX, sumY, sumXY, sumXX float64
	for i, took := range times {
		x, y := float64(i), math.Log2(float64(took))
		n, sumX, sumY, sumXY, sumXX = n+1, sumX+x, sumY+y, sumXY+x*y, sumXX+x*x
	}
	return (n*sumXY - sumX*sumY) / (n*sumXX - sumX*sumX)
}

// halfway is between linear time and quadratic time.
const halfway = 1.5

func TestSlope(t *testing.T) {
	work := func(steps int) {
		total := 1
		for i := range steps {
			total *= i | 1
		}
		require.NotZero(t, total)
	}
	assert.Less(t, slope(100_000, work), halfway)
	assert.Greater(t, slope(100, func(size int) { work(size * size) }), halfway)
}

func TestTimeIsLinear(t *testing.T) {
	list := `{"type":"array","items":%s}`
	for _, c := range []struct {
		name, schema, part string
		options            Options
	}{
		{"elements", hostileSchema, `["a",1,{"a":2}],`, open30},
		{"members", hostileSchema, `{"b":1,"a":{"a":1}},`, open30},
		{"long text", hostileSchema, `"` + strings.Repeat("a", 200) + `",`, open30},
		{"unique elements", `{"type":"array","items":{},"uniqueItems":true}`, `"%d",`, Options{MaxNames: 1 << 20}},
		{"alternatives", fmt.Sprintf(list, `{"anyOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"a":{"type":"integer"}}}]}`), `{"a":1,"b":2},`, open30},
		{"remarks that wait", `{"anyOf":[` + fmt.Sprintf(list, `{"anyOf":[{"type":"integer","minimum":0},{"type":"integer","maximum":9}]}`) + `,{"type":"array","maxItems":1}]}`, `1.0,`, Options{MaxFindings: 1 << 20}},
		{"members that wait", `{"type":"array","anyOf":[{"items":{"anyOf":[{"properties":{"a":true}},{"required":["b"]}],"unevaluatedProperties":false}},{"maxItems":1}],"unevaluatedItems":false}`, `{"a":1},`, Options{Dialect: OpenAPI31, MaxNames: 1 << 20}},
		{"contains", `{"contains":{"type":"integer","minimum":5},"items":{}}`, `1,7,`, open31},
		{"strict", fmt.Sprintf(list, `{"anyOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}`), `{"a":1,"b":2},`, Options{Strict: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			version := []string{"3.0.3", "3.1.0"}[c.options.Dialect]
			v, err := Compile(loadVersion(t, version, `{"Root":`+c.schema+`}`), c.options)
			require.NoError(t, err)
			part := func(b []byte, i int) []byte {
				if strings.Contains(c.part, "%") {
					return fmt.Appendf(b, c.part, i)
				}
				return append(b, c.part...)
			}
			tail := strings.TrimSuffix(string(part(nil, -1)), ",") + "]"
			assert.Less(t, slope(1000, func(size int) {
				findings, err := v.Validate(t.Context(), &generated{head: "[", part: part, count: size, tail: tail})
				if err != nil || !Valid(findings) {
					t.Fatal(findings[0], err)
				}
			}), halfway)
		})
	}
}

func TestCompileTimeIsLinear(t *testing.T) {
	ref := func(s *openapi3.Schema) *openapi3.SchemaRef { return &openapi3.SchemaRef{Value: s} }
	object := func(i int) *openapi3.Schema {
		name := fmt.Sprint("k", i)
		return &openapi3.Schema{Required: []string{name}, Properties: openapi3.Schemas{name: ref(openapi3.NewIntegerSchema())}}
	}
	for name, add := range map[string]func(s *openapi3.Schema, i int){
		"properties": func(s *openapi3.Schema, i int) {
			s.Required = append(s.Required, fmt.Sprint("k", i))
			s.Properties[fmt.Sprint("k", i)] = ref(openapi3.NewStringSchema().WithPattern(`^\d+-[a-f]*$`))
		},
		"allOf":             func(s *openapi3.Schema, i int) { s.AllOf = append(s.AllOf, ref(object(i))) },
		"oneOf":             func(s *openapi3.Schema, i int) { s.OneOf = append(s.OneOf, ref(object(i))) },
		"enum":              func(s *openapi3.Schema, i int) { s.Enum = append(s.Enum, i) },
		"enum of objects":   func(s *openapi3.Schema, i int) { s.Enum = append(s.Enum, map[string]any{"a": i}) },
		"prefixItems":       func(s *openapi3.Schema, i int) { s.PrefixItems = append(s.PrefixItems, ref(object(i))) },
		"patternProperties": func(s *openapi3.Schema, i int) { s.PatternProperties[fmt.Sprint("^k", i)] = ref(object(i)) },
		"dependentSchemas":  func(s *openapi3.Schema, i int) { s.DependentSchemas[fmt.Sprint("k", i)] = ref(object(i)) },
	} {
		t.Run(name, func(t *testing.T) {
			const least = 100
			var sizes [5]*openapi3.SchemaRef
			for i := range sizes {
				s := &openapi3.Schema{Properties: openapi3.Schemas{}, PatternProperties: openapi3.Schemas{}, DependentSchemas: openapi3.Schemas{}}
				for j := range least << i {
					add(s, j)
				}
				sizes[i] = ref(s)
			}
			assert.Less(t, slope(least, func(size int) {
				for i := range sizes {
					if least<<i == size {
						_, err := Compile(sizes[i], Options{Dialect: OpenAPI31})
						require.NoError(t, err)
					}
				}
			}), halfway)
		})
	}
}
