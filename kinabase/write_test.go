package kinabase_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/kinabase"
)

type order struct {
	Number string  `json:"orderNumber,omitempty"`
	Notes  *string `json:"notes"`
}

func TestCreateUpdateDelete(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	created, err := client.Create(t.Context(), "purchase-orders", order{Number: "PO-900", Notes: new("urgent")})
	require.NoError(t, err)
	assert.NotEmpty(t, created.ID)
	got, err := kinabase.Decode[order](created)
	require.NoError(t, err)
	assert.Equal(t, order{Number: "PO-900", Notes: new("urgent")}, got)

	changed, err := client.Update(t.Context(), "purchase-orders", created.ID, map[string]any{"notes": nil, "supplier": "Ouse Paper"})
	require.NoError(t, err)
	assert.Equal(t, "null", string(changed.Data["notes"]), "a nil clears")
	assert.Equal(t, `"PO-900"`, string(changed.Data["orderNumber"]), "what is not named stays")

	changed, err = client.Update(t.Context(), "purchase-orders", created.ID, kinabase.Input{Data: map[string]any{}, External: []kinabase.ExternalLink{kinabase.Link("xero", "x 1/2")}})
	require.NoError(t, err)
	linked, err := client.RecordByLink(t.Context(), "purchase-orders", "xero", "x 1/2")
	require.NoError(t, err)
	assert.Equal(t, changed, linked)

	again, err := client.Update(t.Context(), "purchase-orders", created.ID, linked) // a record as it was read
	require.NoError(t, err)
	assert.Equal(t, linked, again)

	require.NoError(t, client.Delete(t.Context(), "purchase-orders", created.ID))
	assert.True(t, kinabase.IsNotFound(client.Delete(t.Context(), "purchase-orders", created.ID)))
}

// What is sent, to the byte.
func TestInputs(t *testing.T) {
	type model struct {
		Name string `json:"name"`
	}
	read := kinabase.Record{
		ID: "r", Data: map[string]json.RawMessage{"n": json.RawMessage("1.50")},
		External:             nullable.NewNullableWithValue([]kinabase.ExternalLink{kinabase.Link("xero", "1")}),
		AdditionalProperties: map[string]json.RawMessage{"odd": json.RawMessage("[1]")},
	}
	early := kinabase.Record{ID: "r", AdditionalProperties: map[string]json.RawMessage{"name": json.RawMessage(`"n"`)}}
	generated := kinabaseapi.RecordInput{Data: kinabaseapi.RecordData{"a": 1}, NumericID: nullable.NewNullableWithValue[int64](7)}
	for _, test := range []struct {
		name string
		data any
		want string
	}{
		{"struct", model{"n"}, `{"data":{"name":"n"}}`},
		{"map with null", map[string]any{"note": nil}, `{"data":{"note":null}}`},
		{"raw", json.RawMessage(` {"total": 1.50} `), `{"data":{"total":1.50}}`},
		{"input", kinabase.Input{ID: "not sent", Data: model{"n"}}, `{"data":{"name":"n"}}`},
		{"pointer", &kinabase.Input{Data: model{"n"}}, `{"data":{"name":"n"}}`},
		{"more", kinabase.Input{Data: model{"n"}, More: map[string]any{"fileStorage": nil, "lists": []int{}}}, `{"data":{"name":"n"},"fileStorage":null,"lists":[]}`},
		{"no links", kinabase.Input{Data: model{"n"}, External: []kinabase.ExternalLink{}}, `{"data":{"name":"n"},"external":[]}`},
		{"record", read, `{"data":{"n":1.50},"external":[{"id":"1","key":"xero"}],"odd":[1]}`},
		{"pointer to a record", &read, `{"data":{"n":1.50},"external":[{"id":"1","key":"xero"}],"odd":[1]}`},
		{"record of 2023", early, `{"data":{"name":"n"}}`},
		{"generated", generated, `{"data":{"a":1},"numericId":7}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			sent := ""
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				sent = string(body)
				_, _ = w.Write([]byte(`{"id":"a"}`))
			})
			_, err := client.Create(t.Context(), "things", test.data)
			require.NoError(t, err)
			assert.Equal(t, test.want, sent)
		})
	}
}

func TestInputsThatAreNone(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	for _, test := range []struct {
		name string
		data any
		want string
	}{
		{"nothing", nil, "the record has no data; an empty map changes nothing"},
		{"an input without", kinabase.Input{}, "the record has no data; an empty map changes nothing"},
		{"a nil pointer", (*kinabase.Input)(nil), "that is no JSON object"},
		{"a list", []string{plantedValue}, "the record has data, a []string, that is no JSON object"},
		{"a nil map", map[string]any(nil), "the record has data, a map[string]interface {}, that is no JSON object"},
		{"a text", plantedValue, "the record has data, a string, that is no JSON object"},
		{"no number", map[string]any{"a": math.NaN(), "b": plantedValue}, "that cannot be written as JSON"},
		{"a key twice", json.RawMessage(`{"a":1,"a":"` + plantedValue + `"}`), "in which a key comes twice or is no text"},
		{"a place twice", kinabase.Input{Data: map[string]any{}, More: map[string]any{"data": plantedValue}}, "the record has data among More; it has a place of its own"},
		{"more that is none", kinabase.Input{Data: map[string]any{}, More: map[string]any{"odd": make(chan int)}}, "the record cannot be written as JSON"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := client.Create(t.Context(), "machines", test.data)
			require.ErrorContains(t, err, test.want)
			assert.ErrorContains(t, err, "kinabase: createRecord: ")
			noneIn(t, err)
			_, err = client.Update(t.Context(), "machines", "a", test.data)
			require.ErrorContains(t, err, test.want)
			_, err = client.UpdateByLink(t.Context(), "machines", "influxdb", "a", test.data)
			require.ErrorContains(t, err, test.want)
			assert.Empty(t, s.asked())
		})
	}
	var wrong *kinabase.InputError
	_, err := client.Create(t.Context(), "machines", nil)
	require.ErrorAs(t, err, &wrong)
}

// A change is sent again, a create is not.
func TestWhatIsSentAgain(t *testing.T) {
	for _, test := range []struct {
		fault string
		calls map[string]int
	}{
		{"server-error-after", map[string]int{"POST": 1, "PATCH": 2, "DELETE": 2}},
		{"unavailable", map[string]int{"POST": 1, "PATCH": 2, "DELETE": 2}},
		{"too-many-requests", map[string]int{"POST": 2, "PATCH": 2, "DELETE": 2}},
	} {
		t.Run(test.fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := start(t, nil, test.fault+"@createRecord#1", test.fault+"@updateRecord#1", test.fault+"@deleteRecord#1")
				client := s.client(t)
				id := ""
				for record, err := range client.Records(t.Context(), "machines") {
					require.NoError(t, err)
					id = record.ID
				}
				s.asked()
				_, created := client.Create(t.Context(), "machines", map[string]any{"device_name": "x"})
				assert.Equal(t, test.calls["POST"] == 1, created != nil)
				_, err := client.Update(t.Context(), "machines", id, map[string]any{"device_name": "x"})
				require.NoError(t, err)
				require.NoError(t, client.Delete(t.Context(), "machines", id), "gone by the first attempt is gone")
				calls := map[string]int{}
				for _, call := range s.asked() {
					method, _, _ := strings.Cut(call, " ")
					calls[method]++
				}
				assert.Equal(t, test.calls, calls)
			})
		})
	}
}

// A record that was never there is not taken for one that an attempt deleted.
func TestDeleteAfterARefusalIsNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, nil, "too-many-requests@deleteRecord#1")
		client := s.client(t)
		assert.True(t, kinabase.IsNotFound(client.Delete(t.Context(), "machines", "none")))
		assert.Len(t, s.asked(), 2)
	})
}

// What a change is answered with is not documented: no form of it fails.
func TestAnswersToChanges(t *testing.T) {
	for _, body := range []string{``, `{}`, `[]`, `"done"`, `<html>`, `{"id":7}`, `{"id":""}`} {
		client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
		record, err := client.Update(t.Context(), "machines", "a", map[string]any{})
		require.NoError(t, err)
		assert.Equal(t, kinabase.Record{ID: "a"}, record, body)
		require.NoError(t, client.Delete(t.Context(), "machines", "a"))
		activity, err := client.AddActivity(t.Context(), "machines", "a", kinabase.ActivityInput{Content: "x"})
		require.NoError(t, err, body)
		assert.Empty(t, activity.AdditionalProperties)
	}
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	require.NoError(t, client.Delete(t.Context(), "machines", "a"))
}

// A create whose answer is of no use says that it was carried out.
func TestCreateWithAnAnswerOfNoUse(t *testing.T) {
	for _, fault := range []string{"created-id-missing", "json-as-text@createRecord"} {
		client := start(t, nil, fault).client(t)
		_, err := client.Create(t.Context(), "machines", map[string]any{"device_name": plantedValue})
		require.EqualError(t, err, "kinabase: createRecord: 200 OK: the record was created, but the answer is not what it should be")
		noneIn(t, err)
	}
}

// talkative says in its error what it holds.
type talkative struct{}

func (talkative) MarshalJSON() ([]byte, error) {
	return nil, errors.New("cannot write " + plantedValue)
}

// The cause of an InputError can be had, but is not printed.
func TestAnInputErrorPrintsNoCause(t *testing.T) {
	_, err := start(t, nil).client(t).Create(t.Context(), "machines", map[string]any{"a": talkative{}})
	var wrong *kinabase.InputError
	require.ErrorAs(t, err, &wrong)
	require.ErrorContains(t, wrong.Err, plantedValue)
	noneIn(t, err, wrong, &kinabase.InputError{Problem: "is none", Err: plainError(plantedValue)})
	assert.Equal(t, `"the record has data, a map[string]interface {}, that cannot be written as JSON"`, fmt.Sprintf("%q", wrong))
}

// plainError is shown by %#v as it is.
type plainError string

func (e plainError) Error() string { return string(e) }
