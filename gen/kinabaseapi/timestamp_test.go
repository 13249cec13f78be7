package kinabaseapi_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
)

func TestTimestampForms(t *testing.T) {
	want := time.Date(2023, 8, 18, 12, 28, 21, 0, time.UTC)
	tests := []struct{ name, text string }{
		{"2023 edition", "18/08/2023 12:28:21 +00:00"},
		{"2023 edition with an offset", "18/08/2023 13:28:21 +01:00"},
		{"ISO 8601", "2023-08-18T12:28:21Z"},
		{"ISO 8601 with milliseconds", "2023-08-18T12:28:21.000Z"},
		{"ISO 8601 with an offset", "2023-08-18T14:28:21+02:00"},
		{"ISO 8601 with an offset without colon", "2023-08-18T14:28:21.000+0200"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := kinabaseapi.Timestamp(test.text).Time()
			require.NoError(t, err)
			assert.True(t, got.Equal(want), "got %s", got)
		})
	}
	_, err := kinabaseapi.Timestamp("08/18/2023").Time()
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "08/18", "an error quotes no value")
}

func TestTimestampKeepsTheVendorsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		body, err := json.Marshal(map[string]string{"id": "a", "createdAt": text})
		require.NoError(t, err)
		var record kinabaseapi.Record
		require.NoError(t, json.Unmarshal(body, &record), "a timestamp never makes a body undecodable")
		again, err := json.Marshal(record)
		require.NoError(t, err)
		assert.JSONEq(t, string(body), string(again))
	})
}

func ExampleNewTimestamp() {
	fmt.Println(kinabaseapi.NewTimestamp(time.Date(2026, 3, 2, 9, 29, 51, 293e6, time.UTC)))
	// Output: 2026-03-02T09:29:51.293Z
}

func TestRecordsOfBothGenerationsSurviveARoundTrip(t *testing.T) {
	tests := []struct{ name, body string }{
		{"today", `{"id":"a","numericId":17,"data":{"approved":null,"total":1250.5},"external":null}`},
		{"2023", `{"name":"record1","id":"a","recordId":1,"createdAt":"18/08/2023 12:28:21 +00:00","updatedAt":"18/08/2023 12:28:21 +00:00","updatedBy":""}`},
		{"unknown properties, exactly", `{"id":"a","data":{},"later":12345678901234567890.10}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var record kinabaseapi.Record
			require.NoError(t, json.Unmarshal([]byte(test.body), &record))
			again, err := json.Marshal(record)
			require.NoError(t, err)
			var want, got map[string]json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(test.body), &want))
			require.NoError(t, json.Unmarshal(again, &got))
			assert.Equal(t, want, got)
		})
	}
}

func TestPatchCanSendNull(t *testing.T) {
	body, err := json.Marshal(kinabaseapi.RecordInput{
		Data:     kinabaseapi.RecordData{"approved": nil, "total": 980},
		External: nullable.NewNullNullable[[]kinabaseapi.ExternalLink](),
	})
	require.NoError(t, err)
	assert.JSONEq(t, `{"data":{"approved":null,"total":980},"external":null}`, string(body))
}
