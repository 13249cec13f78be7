package contract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// 1.0 is a valid integer, and remarked upon: remarks must not use up the room for what is wrong.
func TestRemarksLeaveRoomForViolations(t *testing.T) {
	var things strings.Builder
	for range 2 * maxViolations {
		things.WriteString(`{"size":1.0},`)
	}
	x := thing(t, 200, "application/json", fmt.Sprintf(`{"things":[%s{"size":0}]}`, things.String()), nil)
	var pointers []string
	for _, v := range bodyConforms.run(x) {
		pointers = append(pointers, v.pointer)
	}
	assert.Equal(t, []string{fmt.Sprintf("/things/%d/size", 2*maxViolations), "/things"}, pointers, "the number, and that there are too many things")
}

func TestViolationsAreBounded(t *testing.T) {
	body := `{"things":[` + strings.Repeat(`{"size":0},`, 2*maxViolations) + `{}]}`
	assert.Len(t, bodyConforms.run(thing(t, 200, "application/json", body, nil)), maxViolations)
}

func TestValuesAreKeptOnRequest(t *testing.T) {
	const body = `{"things":[{"name":"Ada"},{"name":{"first":"Ada"}}]}`
	x := thing(t, 200, "application/json", body, nil)
	for _, v := range bodyConforms.run(x) {
		assert.Empty(t, v.value)
	}
	x.validators = newValidators(&openapi3.T{}, true)
	violations := bodyConforms.run(x)
	require.Len(t, violations, 2)
	assert.Equal(t, `"Ada"`, violations[0].value)
	assert.Empty(t, violations[1].value, "what is no scalar is in the body")
}

func TestEachSchemaIsCompiledOnce(t *testing.T) {
	x := thing(t, 200, "application/json", `{}`, map[string]string{"X-Request-Id": "1", "X-Left": "3"})
	for range 2 {
		bodyConforms.run(x)
		headersConform.run(x)
	}
	assert.Len(t, x.validators.compiled, 3, "the body's, and those of two headers")
}
