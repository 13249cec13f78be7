package kainexus

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	v2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// reads are what answers are read into.
var reads = []any{Item{}, Person{}, Location{}, ImpactValue{}, AttributeValue{}, WidgetValue{}, ImportEntry{}, kainexusapi.Statistics{}}

// Every type with a method UnmarshalJSON, which would read it twice, is among the models.
func TestModelsAreComplete(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(in reflect.Type) {
		if seen[in] {
			return
		}
		seen[in] = true
		if in.Kind() == reflect.Struct || in.Kind() == reflect.Map {
			if _, own := reflect.PointerTo(in).MethodByName("UnmarshalJSON"); own {
				requireRegistered(t, in)
			}
		}
		switch in.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
			walk(in.Elem())
		case reflect.Struct:
			for i := range in.NumField() {
				walk(in.Field(i).Type)
			}
		}
	}
	for _, value := range reads {
		walk(reflect.TypeOf(value))
	}
	assert.Greater(t, len(seen), 30)
}

// requireRegistered looks who is asked to read a value after the models: nobody, if one of them
// does it.
func requireRegistered(t *testing.T, model reflect.Type) {
	t.Helper()
	asked := false
	after := v2.UnmarshalFromFunc(func(_ *jsontext.Decoder, v any) error {
		asked = asked || reflect.TypeOf(v) == reflect.PointerTo(model)
		return errors.ErrUnsupported
	})
	require.NoError(t, v2.Unmarshal([]byte(`null`), reflect.New(model).Interface(), v2.WithUnmarshalers(v2.JoinUnmarshalers(unmarshalers(), after))))
	assert.False(t, asked, "models lacks %s: it would be read twice", model)
}

func TestUnknownMembersAreSentBack(t *testing.T) {
	const record = `{"id":7,"summary":"s","status":"SOMETHING_NEW","startDate":null,"odd":{"exact":1.50,"n":12345678901234567890},` +
		`"fields":[{"id":1,"numericValue":2.5,"unit":"h"}],"authors":[{"id":3,"badge":true}],` +
		`"resolutionActual":{"impacts":null,"investments":[{"typeId":1,"extra":"x"}],"result":"CHANGE"}}`
	var sent string
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPut {
			body, _ := io.ReadAll(r.Body)
			sent = string(body)
			_, _ = io.WriteString(w, `{"success":true,"results":[{"id":7,"operation":"UPDATE"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"item":`+record+`,"items":[`+record+`],"totalCount":1}`)
	})
	item, err := client.Item(ctx(t), 7)
	require.NoError(t, err)
	listed, err := collect(t, client.Items(ctx(t), 1))
	require.NoError(t, err)
	require.Equal(t, []Item{item}, listed)
	assert.True(t, item.StartDate.IsNull())
	assert.True(t, item.ResolutionActual.Impacts.IsNull())
	assert.Equal(t, int64(1), *item.ResolutionActual.Investments.MustGet()[0].TypeID)
	assert.Equal(t, ItemStatus("SOMETHING_NEW"), *item.Status)

	var byItself Item // as the generated code reads it
	require.NoError(t, json.Unmarshal([]byte(record), &byItself))
	assert.Equal(t, byItself, item)

	_, err = client.PutItem(ctx(t), item, Notify)
	require.NoError(t, err)
	assert.JSONEq(t, `{"item":`+record+`}`, sent)
	assert.Contains(t, sent, `1.50`)
	assert.Contains(t, sent, `12345678901234567890`)
	assert.True(t, strings.HasPrefix(sent, `{"item":{`))
}
