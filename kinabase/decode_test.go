package kinabase_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/kinabase"
)

func TestDecode(t *testing.T) {
	record := kinabase.Record{ID: "a", Data: map[string]json.RawMessage{
		"name": json.RawMessage(`"n"`), "total": json.RawMessage(`12.50`), "at": json.RawMessage(`"2026-03-02T09:29:51.293Z"`),
		"machine": json.RawMessage(`{"id":"m","Id":"other"}`), "gone": json.RawMessage("null"),
	}}
	type values struct {
		Name    string      `json:"name"`
		Other   string      `json:"Name"`
		Total   json.Number `json:"total"`
		At      time.Time   `json:"at"`
		Gone    *int        `json:"gone"`
		Machine struct {
			ID string `json:"id"`
		} `json:"machine"`
	}
	got, err := kinabase.Decode[values](record)
	require.NoError(t, err)
	want := values{Name: "n", Total: "12.50", At: time.Date(2026, 3, 2, 9, 29, 51, 293e6, time.UTC)}
	want.Machine.ID = "m"
	assert.Equal(t, want, got)

	raw, err := kinabase.Decode[map[string]json.RawMessage](record)
	require.NoError(t, err)
	assert.Equal(t, record.Data, raw)

	empty, err := kinabase.Decode[values](kinabase.Record{ID: "a"})
	require.NoError(t, err)
	assert.Zero(t, empty)
}

func TestDecodeSaysWhere(t *testing.T) {
	type inner struct {
		Hours []int `json:"hours"`
	}
	type values struct {
		Shift inner `json:"shift"`
	}
	_, err := kinabase.Decode[values](kinabase.Record{Data: map[string]json.RawMessage{"shift": json.RawMessage(`{"hours":[1,"` + plantedValue + `"]}`)}})
	var shape *kinabase.ShapeError
	require.ErrorAs(t, err, &shape)
	assert.EqualError(t, err, "kinabase: decode record: /shift/hours/1: is a string, which cannot be used here (at byte 21)")
	noneIn(t, err)
	_, err = kinabase.Decode[values](kinabase.Record{Data: map[string]json.RawMessage{"shift": json.RawMessage(`{"hours":[],"hours":[]}`)}})
	assert.ErrorContains(t, err, "/shift/hours: comes twice")
}

// What is read, is sent, and read again stays what it is, to the byte.
func TestARecordSurvivesARoundTrip(t *testing.T) {
	var stored json.RawMessage
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			_ = json.NewDecoder(r.Body).Decode(&stored)
		}
		var body map[string]json.RawMessage
		_ = json.Unmarshal(stored, &body)
		body["id"] = json.RawMessage(`"a"`)
		_ = json.NewEncoder(w).Encode(body)
	})
	value := rapid.SampledFrom([]string{`null`, `1.50`, `9007199254740993`, `"é"`, `[{"id":"x"}]`, `{"a":{"b":[]}}`, `true`, `""`})
	key := rapid.StringMatching(`[a-zA-Z_]{1,4}`)
	rapid.Check(t, func(rt *rapid.T) {
		data := rapid.MapOf(key, value).Draw(rt, "data")
		more := rapid.MapOf(rapid.StringMatching(`x-[a-z]{1,3}`), value).Draw(rt, "more")
		body := map[string]json.RawMessage{"data": object(data)}
		for name, v := range more {
			body[name] = json.RawMessage(v)
		}
		stored, _ = json.Marshal(body)
		record, err := client.Record(t.Context(), "things", "a")
		require.NoError(rt, err)
		_, err = client.Update(t.Context(), "things", "a", record)
		require.NoError(rt, err)
		again, err := client.Record(t.Context(), "things", "a")
		require.NoError(rt, err)
		require.Equal(rt, record, again)
		for name, v := range data {
			require.Equal(rt, v, string(again.Data[name]))
		}
		for name, v := range more {
			require.Equal(rt, v, string(again.AdditionalProperties[name]))
		}
	})
}

func object(members map[string]string) json.RawMessage {
	raw := map[string]json.RawMessage{}
	for name, value := range members {
		raw[name] = json.RawMessage(value)
	}
	body, _ := json.Marshal(raw)
	return body
}

// Whatever a server sends, a page is read or refused, and no text of an error quotes it.
func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"records":[{"id":"a","data":{"x":1},"external":[{"key":"k","id":"i"}]}],"totalRecords":1}`))
	f.Add([]byte(`{"records":[{"id":"a","numericId":null}],"totalRecords":1e0}`))
	f.Add([]byte(`{"records":[{"id":"a"},{"id":"a"}],"totalRecords":-1}`))
	f.Add([]byte(`{"records":[{"id":"3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a02","lists":[]}]}`))
	f.Add([]byte(`[]`))
	var body []byte
	pages := 0
	client := answering(f, func(w http.ResponseWriter, _ *http.Request) {
		if pages++; pages > 1 {
			_, _ = w.Write([]byte(`{"records":[]}`))
			return
		}
		_, _ = w.Write(body)
	})
	f.Fuzz(func(t *testing.T, sent []byte) {
		body, pages = sent, 0
		got, err := collect(client.Records(t.Context(), "things"))
		seen := map[string]bool{}
		for _, record := range got {
			require.NotEmpty(t, record.ID)
			require.False(t, seen[record.ID])
			seen[record.ID] = true
			_, decoding := kinabase.Decode[map[string]any](record)
			require.NoError(t, decoding)
		}
		if err == nil {
			require.True(t, json.Valid(sent))
		}
	})
}
