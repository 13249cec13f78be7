package kinabase

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// everyKind are definitions to check values against, by kind.
func everyKind() map[Kind]*field {
	fields := map[Kind]*field{}
	for kind, traits := range kinds {
		f := &field{Field: Field{Key: "key", Kind: kind}}
		if traits.options {
			f.Options = []string{"low", "high"}
		}
		fields[kind] = f
	}
	return fields
}

func TestValues(t *testing.T) {
	const long = `"2026-03-02T09:29:51.293+01:00"`
	files := []string{`{"name":"a.pdf","url":"https://example.com/a"}`, `{"url":"http://x","name":"a","size":3}`}
	noFiles := []string{`{"name":"a"}`, `{"name":"","url":"https://x"}`, `{"name":"a","url":"x"}`, `{"Name":"a","url":"https://x"}`, `"a.pdf"`, `[]`}
	texts, noTexts := []string{`""`, `"a"`, `"<b>"`, `"\u00e9"`}, []string{`1`, `true`, `{}`, `[]`}
	numbers, noNumbers := []string{`0`, `-1.50`, `1e3`, `12345678901234567890`}, []string{`"1"`, `true`, `[1]`, `{}`, `1e400`}
	for _, test := range []struct {
		kind      Kind
		good, bad []string
	}{
		{KindAny, slices.Concat(texts, noTexts, numbers), []string{`1e400`, `[{"a":-1e400}]`}},
		{KindJSON, slices.Concat(texts, noTexts, numbers), []string{`1e400`}},
		{KindText, texts, noTexts},
		{KindRichText, texts, noTexts},
		{KindEmail, []string{`"ada@example.com"`}, []string{`"ada"`, `"Ada <ada@example.com>"`, `"a@b, c@d"`, `""`, `1`}},
		{KindWebsite, []string{`"https://example.com/a?b"`, `"http://x"`}, []string{`"example.com"`, `"ftp://x"`, `"javascript:x"`, `"https://"`, `1`}},
		{KindPhone, []string{`"+44 1223 626261"`, `"(01223) 62-62"`, `"112"`}, []string{`"call"`, `"12"`, `"+"`, `"1 2 "`, `1223`}},
		{KindNumber, numbers, noNumbers},
		{KindCurrency, numbers, noNumbers},
		{KindPercentage, numbers, noNumbers},
		{KindRating, []string{`1`, `5`, `3.0`}, []string{`0`, `6`, `2.5`, `-1`, `1e400`, `"3"`}},
		{KindDuration, []string{`0`, `90.5`}, []string{`-1`, `"PT1H"`}},
		{KindDate, []string{`"2026-03-02"`}, []string{`"02/03/2026"`, `"2026-02-30"`, `"2026-3-2"`, `"9999-12-31T23:00:00-02:00"`, `20260302`, `"today"`}},
		{KindDateTime, []string{long, `"2026-03-02T09:29:51Z"`}, []string{`"2026-03-02"`, `"2026-03-02 09:29"`, `1}`, `"now"`}},
		{KindYesNo, []string{`true`, `false`}, []string{`"true"`, `0`, `"yes"`}},
		{KindSelect, []string{`"low"`}, []string{`"Low"`, `""`, `["low"]`, `0`}},
		{KindStage, []string{`"high"`}, []string{`"HIGH"`, `1`}},
		{KindMultiSelect, []string{`[]`, `["high","low"]`}, []string{`"low"`, `["low","low"]`, `["x"]`, `[null]`, `[1]`, `{}`}},
		{KindColleague, []string{`{"id":"x"}`}, []string{`"x"`, `{"id":""}`, `{"id":1}`, `{"ID":"x"}`, `[]`}},
		{KindLinked, []string{`{"id":"x"}`}, []string{`"x"`, `{}`, `{"id":null}`, `[{"id":"x"}]`}},
		{KindLinkedMany, []string{`[]`, `[{"id":"x"},{"id":"y"}]`}, []string{`{"id":"x"}`, `["x"]`, `[null]`, `[{"id":"x"},{"id":"x"}]`}},
		{KindFile, files, noFiles},
		{KindImage, files, noFiles},
		{KindLocation, []string{`{"latitude":52.2,"longitude":-0.1}`, `{"latitude":-90,"longitude":180,"address":"Mill Road","x":1}`}, []string{`{"latitude":91,"longitude":0}`, `{"latitude":0,"longitude":-181}`, `{"latitude":0}`, `{"latitude":"0","longitude":0}`, `{"latitude":0,"longitude":0,"address":1}`, `[52,0]`}},
	} {
		t.Run(string(test.kind), func(t *testing.T) {
			f := everyKind()[test.kind]
			for _, raw := range append(test.good, "null") {
				value, err := f.take(json.RawMessage(raw))
				require.NoError(t, err, raw)
				assert.Equal(t, raw, string(value), "stored as it was sent")
			}
			for _, raw := range test.bad {
				_, err := f.take(json.RawMessage(raw))
				require.Error(t, err, raw)
				assert.Contains(t, err.Error(), string(test.kind))
				assert.Contains(t, err.Error(), "must be ")
			}
			f.Required = true
			_, err := f.take(json.RawMessage("null"))
			assert.EqualError(t, err, "is required and cannot be null")
		})
	}
}

func TestValuesAreBroughtIntoOneForm(t *testing.T) {
	fields := everyKind()
	for _, test := range []struct {
		kind       Kind
		sent, want string
	}{
		{KindDate, `"2026-03-02T23:30:00.000-01:00"`, `"2026-03-03"`},
		{KindDate, `"2026-03-02T09:29:51.293Z"`, `"2026-03-02"`},
		{KindLinked, `{"name":"Press","id":"x"}`, `{"id":"x"}`},
		{KindColleague, `{ "id": "<x>", "email": null }`, `{"id":"<x>"}`},
		{KindLinkedMany, `[{"id":"x","name":1}]`, `[{"id":"x"}]`},
	} {
		value, err := fields[test.kind].take(json.RawMessage(test.sent))
		require.NoError(t, err)
		assert.Equal(t, test.want, string(value))
	}
}

// What is taken once is taken again, and comes out the same: a client can send back
// what it read.
func FuzzValues(f *testing.F) {
	for _, raw := range []string{`"2026-03-02T09:00:00Z"`, `[{"id":"a"}]`, `{"id":"\ud800","latitude":1,"longitude":2}`, `["low"]`, `1e999`, `{"name":"a","url":"http://x"}`, `"\u2028"`} {
		f.Add([]byte(raw))
	}
	fields := everyKind()
	f.Fuzz(func(t *testing.T, raw []byte) {
		var value json.RawMessage
		if json.Unmarshal(raw, &value) != nil {
			return
		}
		value = json.RawMessage(strings.Trim(string(raw), " \t\r\n"))
		for kind := range encodings {
			once, err := fields[kind].take(value)
			if err != nil {
				continue
			}
			twice, err := fields[kind].take(once)
			require.NoError(t, err, "%s: %s, then %s", kind, value, once)
			require.True(t, json.Valid(once))
			require.Equal(t, string(once), string(twice), kind)
		}
	})
}

func TestBadValuesOverHTTP(t *testing.T) {
	c := start(t)
	before := c.all("inspections")
	id := c.firstID("inspections")
	const secret = "hush-hush"
	for _, test := range []struct{ data, text string }{
		{`{"title":["` + secret + `"]}`, "data.title must be a string, since the field is of the kind text"},
		{`{"contactEmail":"` + secret + `"}`, "data.contactEmail must be a string with one email address, such as ada@example.com, since"},
		{`{"cost":"` + secret + `"}`, "data.cost must be a number in the main unit of the currency"},
		{`{"severity":"` + secret + `"}`, `data.severity must be a string, one of "low", "medium", "high", since the field is of the kind select`},
		{`{"tags":["` + secret + `"]}`, `data.tags must be an array of different strings out of "noise", "heat", "leak", "wear", since`},
		{`{"stage":"done"}`, `data.stage must be a string, one of "Planned", "Under way", "Done", since the field is of the kind stage`},
		{`{"machine":{"id":"` + secret + `"}}`, "data.machine.id must be the id of a record of machines, and there is none with this one"},
		{`{"orders":[{"id":"` + seedID(seedOrdersID, 1) + `"},{"id":"` + secret + `"}]}`, "data.orders[1].id must be the id of a record of purchase-orders"},
		{`{"title":null}`, "data.title is required and cannot be null"},
		{`{"orderCount":7}`, "data.orderCount cannot be set, since a field of the kind aggregation follows from other fields"},
		{`{"summary":"` + secret + `"}`, "data.summary cannot be set"},
		{`{"machineTemperature":null}`, "data.machineTemperature cannot be set"},
		{`{"Title":"` + secret + `"}`, `unknown field: "Title", in data.`},
	} {
		for _, call := range []struct{ method, path, body, at string }{
			{"PATCH", "/" + id, `{"data":%s}`, ""},
			{"PATCH", "/bulk", `{"records":[{"id":"` + id + `","data":{"title":"lost"}},{"id":"` + id + `","data":%s}]}`, "records[1]."},
		} {
			got := c.call(call.method, "/collections/inspections"+call.path, fmt.Sprintf(call.body, test.data))
			require.Equal(t, 400, got.status, "%s %s", call.path, test.data)
			assert.Contains(t, got.problem(t), strings.Replace(test.text, "data", call.at+"data", 1))
			assert.NotContains(t, got.problem(t), secret)
		}
	}
	for body, text := range map[string]string{
		`{"data":{}}`:                           `data lacks required fields: "title"`,
		`{"data":{"title":"a","cost":true}}`:    "data.cost must be",
		`{"data":{"title":"a","orderCount":1}}`: "data.orderCount cannot be set",
	} {
		got := c.call("POST", "/collections/inspections", body)
		require.Equal(t, 400, got.status, body)
		assert.Contains(t, got.problem(t), text)
		got = c.call("POST", "/collections/inspections/bulk", `{"records":[{"data":{"title":"kept?"}},`+body+`]}`)
		require.Equal(t, 400, got.status, body)
		assert.Contains(t, got.problem(t), "records[1]."+text)
	}
	assert.Equal(t, before, c.all("inspections"), "nothing of a refused call is stored")
}

func TestNullClears(t *testing.T) {
	c := start(t)
	id := c.firstID("inspections")
	data := map[string]any{}
	for _, f := range inspectionFields() {
		if f = f.named(); !kinds[f.Kind].derived && !f.Required {
			data[f.Key] = nil
		}
	}
	got := c.call("PATCH", "/collections/inspections/"+id, map[string]any{"data": data})
	require.Equal(t, 200, got.status, string(got.body))
	after := c.read("inspections", id)["data"].(map[string]any)
	for key := range data {
		value, there := after[key]
		assert.True(t, there, key)
		assert.Nil(t, value, key)
	}
	assert.Equal(t, "Inspection 1", after["title"])
	assert.Equal(t, json.Number("0"), after["orderTotal"])
	assert.Nil(t, after["machineTemperature"])
	assert.Nil(t, after["summary"])
}

func TestEveryKindIsReadAsItWasWritten(t *testing.T) {
	for edition, opts := range map[string][]Option{"today": nil, "2023": {WithEdition2023()}} {
		t.Run(edition, func(t *testing.T) {
			c := start(t, opts...)
			wrote := inspection(2, seedStart)
			got := c.call("POST", "/collections/inspections", map[string]any{"data": wrote})
			require.Equal(t, 200, got.status, string(got.body))
			read := got.object(t)
			if data, ok := read["data"].(map[string]any); ok {
				read = data
			}
			for key, value := range wrote {
				text, err := json.Marshal(value)
				require.NoError(t, err)
				assert.Equal(t, decode(t, text), read[key], key)
			}
			for _, f := range inspectionFields() {
				assert.Contains(t, read, f.named().Key)
			}
		})
	}
}
