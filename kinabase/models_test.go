package kinabase

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	v2 "github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/internal/jsonstream"
)

// Every generated type of an answer that has a way of its own to read JSON is read by the
// rules of this package instead: names match exactly, and none comes twice.
func TestEveryModelOfAnAnswerIsRegistered(t *testing.T) {
	found := map[string]bool{}
	calls := reflect.TypeFor[*kinabaseapi.ClientWithResponses]()
	for i := range calls.NumMethod() {
		if out := calls.Method(i).Type; out.NumOut() == 2 {
			walk(t, out.Out(0).Elem(), found)
		}
	}
	for _, name := range []string{"Record", "ExternalLink", "Activity", "IngestError", "Error"} {
		assert.True(t, found[name], name)
	}
}

func walk(t *testing.T, kind reflect.Type, found map[string]bool) {
	switch kind.Kind() {
	case reflect.Pointer, reflect.Slice:
		walk(t, kind.Elem(), found)
	case reflect.Map:
		if strings.HasPrefix(kind.Name(), "Nullable") {
			readsExactly(t, kind)
		}
		walk(t, kind.Elem(), found)
	case reflect.Struct:
		if kind.PkgPath() != reflect.TypeFor[Record]().PkgPath() || found[kind.Name()] {
			return
		}
		found[kind.Name()] = true
		for i := range kind.NumField() {
			walk(t, kind.Field(i).Type, found)
		}
		if _, own := reflect.PointerTo(kind).MethodByName("UnmarshalJSON"); own {
			into := reflect.New(kind)
			err := jsonstream.Unmarshal([]byte(`{"odd":1,"odd":2}`), into.Interface(), reading)
			assert.ErrorContains(t, err, "comes twice", "%s is to be registered", kind)
			require.NoError(t, jsonstream.Unmarshal([]byte(`{"odd": 1.50}`), into.Interface(), reading))
			more := into.Elem().FieldByName("AdditionalProperties").Interface()
			assert.Equal(t, map[string]json.RawMessage{"odd": json.RawMessage("1.50")}, more)
		}
	}
}

// readsExactly fails where a nullable value reads what it holds by itself.
func readsExactly(t *testing.T, kind reflect.Type) {
	into := reflect.New(kind)
	require.NoError(t, v2.Unmarshal([]byte("null"), into.Interface(), reading))
	assert.Equal(t, 1, into.Elem().Len(), "%s tells null from absent", kind)
	if kind.Elem().Kind() == reflect.Slice {
		err := jsonstream.Unmarshal([]byte(`[{"odd":1,"odd":2}]`), into.Interface(), reading)
		assert.ErrorContains(t, err, "comes twice", "%s is to be registered", kind)
	}
}

func TestANullableIsReadAsWhatItHolds(t *testing.T) {
	var record Record
	body := `{"id":"a","numericId":null,"external":[{"key":"xero","ID":"not the id"}]}`
	require.NoError(t, jsonstream.Unmarshal([]byte(body), &record, reading))
	assert.True(t, record.NumericID.IsNull())
	links := linksOf(record)
	require.Len(t, links, 1)
	assert.Nil(t, links[0].ID)
	assert.Contains(t, links[0].AdditionalProperties, "ID")
	assert.ErrorContains(t, jsonstream.Unmarshal([]byte(`{"id":"a","numericId":"7"}`), &record, reading), "/numericId: is a string")
}
