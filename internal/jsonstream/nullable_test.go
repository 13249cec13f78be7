package jsonstream

import (
	"testing"

	v2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maybe is what a generated nullable value is made of.
type maybe map[bool]thing

// UnmarshalJSON must not be come to.
func (m *maybe) UnmarshalJSON([]byte) error { panic("read by its own method") }

func TestNullable(t *testing.T) {
	reading := v2.WithUnmarshalers(v2.JoinUnmarshalers(Model[thing](), Nullable[maybe]()))
	var got struct{ Null, There, Absent maybe }
	require.NoError(t, Unmarshal([]byte(`{"Null":null,"There":{"id":7}}`), &got, reading))
	assert.Equal(t, maybe{false: thing{}}, got.Null)
	assert.Equal(t, maybe{true: thing{ID: 7}}, got.There)
	assert.Nil(t, got.Absent)
	assert.EqualError(t, Unmarshal([]byte(`{"There":{"id":1,"id":2}}`), &got, reading), "/There/id: comes twice (at byte 17)")
}
