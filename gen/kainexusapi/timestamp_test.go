package kainexusapi_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

func TestTimestamp(t *testing.T) {
	moment := time.Date(2019, 4, 29, 16, 30, 40, 0, time.UTC)
	for _, text := range []kainexusapi.Timestamp{"2019-04-29T16:30:40.000+0000", "2019-04-29T11:30:40.000-0500"} {
		got, err := text.Time()
		require.NoError(t, err)
		assert.True(t, got.Equal(moment), "got %s", got)
	}
	_, err := kainexusapi.Timestamp("2019-04-29T16:30:40Z").Time()
	require.Error(t, err)
	assert.NotContains(t, err.Error(), "16:30", "an error quotes no value")
}

func TestTimestampKeepsTheVendorsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		body, err := json.Marshal(map[string]string{"createDate": text})
		require.NoError(t, err)
		var item kainexusapi.Item
		require.NoError(t, json.Unmarshal(body, &item), "a timestamp never makes a body undecodable")
		again, err := json.Marshal(item)
		require.NoError(t, err)
		assert.JSONEq(t, string(body), string(again))
	})
}

func TestTimestampOfATimeReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moment := time.UnixMilli(rapid.Int64Range(0, 253402300799999).Draw(t, "ms"))
		got, err := kainexusapi.NewTimestamp(moment).Time()
		require.NoError(t, err)
		assert.True(t, got.Equal(moment))
	})
}

func ExampleNewTimestamp() {
	fmt.Println(kainexusapi.NewTimestamp(time.Date(2019, 4, 29, 16, 30, 40, 0, time.UTC)))
	// Output: 2019-04-29T16:30:40.000+0000
}

// An export that is read, changed and put back loses nothing: neither what the
// description does not know, nor an exact number, nor an empty list, nor a null.
func TestItemRoundTrip(t *testing.T) {
	const body = `{"id":9007199254740993,"startDate":null,"participatingLocations":[],"resolutionActual":{"result":"CHANGE","impacts":null,"investments":[]},"later":{"big":12345678901234567890.10},"authors":[{"id":1,"badge":1.50}]}`
	var item kainexusapi.Item
	require.NoError(t, json.Unmarshal([]byte(body), &item))
	assert.True(t, item.StartDate.IsNull())
	again, err := json.Marshal(item)
	require.NoError(t, err)
	assert.Contains(t, string(again), "12345678901234567890.10")
	assert.Contains(t, string(again), "1.50")
	var want, got map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &want))
	require.NoError(t, json.Unmarshal(again, &got))
	assert.Equal(t, want, got)
}

func TestPutSendsNullOnlyWhereAsked(t *testing.T) {
	body, err := json.Marshal(kainexusapi.ItemWrite{Item: kainexusapi.Item{
		ID:        new(int64(4000)),
		Status:    new(kainexusapi.ItemStatusPlanned),
		StartDate: nullable.NewNullNullable[kainexusapi.NullableTimestamp](),
	}})
	require.NoError(t, err)
	assert.JSONEq(t, `{"item":{"id":4000,"status":"PLANNED","startDate":null}}`, string(body))
}
