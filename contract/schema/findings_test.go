package schema_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/contract/schema"
)

func integers(t *testing.T, options schema.Options) *schema.Validator {
	t.Helper()
	s := openapi3.NewArraySchema().WithItems(openapi3.NewIntegerSchema())
	v, err := schema.Compile(openapi3.NewSchemaRef("", s), options)
	require.NoError(t, err)
	return v
}

func TestFindingsComeWhileTheBodyIsRead(t *testing.T) {
	read, write := io.Pipe()
	found := make(chan int64)
	go func() {
		defer close(found)
		for f, err := range integers(t, schema.Options{}).Findings(t.Context(), read) {
			assert.NoError(t, err)
			found <- f.Offset
		}
	}()
	_, err := io.WriteString(write, `["a", `)
	require.NoError(t, err)
	assert.EqualValues(t, 1, <-found, "the body has not ended")
	_, err = io.WriteString(write, `"b"]`)
	require.NoError(t, err)
	assert.EqualValues(t, 6, <-found)
	require.NoError(t, write.Close())
	_, more := <-found
	assert.False(t, more)
}

func TestFindingsAreAsManyAsTheCallerWants(t *testing.T) {
	body := "[" + strings.Repeat(`"a",`, 500) + `1]`
	v := integers(t, schema.Options{MaxFindings: 3})
	count := func(most int) (n int) {
		for _, err := range v.Findings(t.Context(), strings.NewReader(body)) {
			require.NoError(t, err)
			if n++; n == most {
				break
			}
		}
		return n
	}
	assert.Equal(t, 500, count(1000))
	assert.Equal(t, 7, count(7))
	findings, err := v.ValidateBytes(t.Context(), []byte(body))
	require.NoError(t, err)
	assert.Len(t, findings, 3, "nothing of the iterator is left")
}

func TestFindingsEndWithTheError(t *testing.T) {
	broken := errors.New("the line is broken")
	body := io.MultiReader(strings.NewReader(`["a",`), &failing{broken})
	var classes []schema.Class
	var last error
	for f, err := range integers(t, schema.Options{}).Findings(t.Context(), body) {
		if last = err; err == nil {
			classes = append(classes, f.Class)
		}
	}
	assert.Equal(t, []schema.Class{schema.Invalid}, classes)
	require.ErrorIs(t, last, broken)
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// Only scalars are values: a bracket says nothing.
func TestValuesAreScalars(t *testing.T) {
	findings, err := integers(t, schema.Options{ShowValues: true}).ValidateBytes(t.Context(), []byte(`["a", {}, [], true]`))
	require.NoError(t, err)
	var values []string
	for _, f := range findings {
		values = append(values, f.Value)
	}
	assert.Equal(t, []string{`"a"`, "", "", "true"}, values)
}
