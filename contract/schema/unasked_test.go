package schema

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// silent is an observer that does nothing. With one, every value is held against its rules.
type silent struct{}

func (silent) Visit(Visit) {}

// Values that are spared the rules fit them all: the findings are those of a run that spares none.
func TestUnaskedValuesFit(t *testing.T) {
	var validators []*Validator
	for _, schema := range []string{
		`{}`, `{"type":"integer"}`, `{"type":"number"}`, `{"type":"integer","format":"int64"}`, `{"type":"integer","format":"int32"}`,
		`{"type":"number","format":"int64"}`, `{"type":"number","format":"double"}`, `{"type":"number","format":"float"}`, `{"type":"integer","format":"double"}`,
		`{"type":"number","format":"decimal128"}`, `{"type":"integer","format":"int64","maximum":7}`, `{"type":"integer","enum":[1,2]}`,
		`{"type":"integer","not":{"enum":[1]}}`, `{"type":"string","nullable":true}`, `{"type":"string","format":"int64"}`, `{"format":"int64"}`,
		`{"allOf":[{"type":"number","format":"double"},{"type":"integer","format":"int64"}]}`,
	} {
		validators = append(validators, compiled(t, `{"type":"object","properties":{"a":`+schema+`}}`, Options{}))
	}
	number := rapid.StringMatching(`-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,3})?`)
	value := rapid.OneOf(number, rapid.SampledFrom([]string{
		"null", "true", `"x"`, "{}", "[1]", "1", "1.0", "1e999", "999999999999999999", "-99999999999999999", "9999999999999999999", "2147483648", "-0", "0.1",
	}))
	rapid.Check(t, func(t *rapid.T) {
		body := []byte(`{"a":` + value.Draw(t, "a") + `,"b":` + value.Draw(t, "b") + `}`)
		v := rapid.SampledFrom(validators).Draw(t, "schema")
		spared, err := v.ValidateBytes(t.Context(), body)
		require.NoError(t, err)
		all, err := v.ValidateBytes(t.Context(), body, silent{})
		require.NoError(t, err)
		require.Equal(t, all, spared, "%s", body)
	})
}
