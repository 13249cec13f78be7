package kinabase

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKeyOfALabel(t *testing.T) {
	for label, want := range map[string]string{
		"Job Title":          "jobTitle",
		"job title":          "jobTitle",
		"  Job   Title ":     "jobTitle",
		"jobTitle":           "jobTitle",
		"JOB TITLE":          "jobTitle",
		"PO Number":          "poNumber",
		"Site URL":           "siteUrl",
		"iPhone Model":       "iPhoneModel",
		"Temperature C":      "temperatureC",
		"Line 2":             "line2",
		"2nd Line":           "2ndLine",
		"Start/End-Date":     "startEndDate",
		"reading_id":         "readingId",
		"Customer's Name":    "customersName",
		"Customer’s Name":    "customersName",
		"E-mail (work)":      "eMailWork",
		"Total, in £":        "totalIn",
		"Größe in m²":        "größeInM²",
		"Überprüft am":       "überprüftAm",
		"ÜBER UNS":           "überUns",
		"Цена без НДС":       "ценаБезНдс",
		"名前 カナ":              "名前カナ",
		"cafe\u0301 au lait": "cafe\u0301AuLait",
		"a":                  "a",
		"%%%":                "",
		"":                   "",
	} {
		assert.Equal(t, want, keyOf(label), "%q", label)
	}
}

func FuzzKeyOf(f *testing.F) {
	f.Add("Job Title")
	f.Add("\xff 'ß")
	f.Fuzz(func(t *testing.T, label string) {
		assert.Equal(t, keyOf(label), keyOf("  "+label+" - "))
		assert.NotContains(t, keyOf(label), " ")
	})
}

func TestKeysAreStored(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(Collection{ID: "i", Slug: "s", Name: "S", Fields: []Field{
		{Label: "Job Title"}, {Label: "Reading ID", Key: "reading_id"}, {Key: "Humidity"},
	}}))
	id := c.create("s", map[string]any{"jobTitle": "a", "reading_id": 1, "Humidity": 2})
	assert.Len(t, c.read("s", id)["data"], 3)
	for _, key := range []string{"JobTitle", "Job Title", "readingId", "humidity"} {
		got := c.call("POST", "/collections/s", map[string]any{"data": map[string]any{key: nil}})
		assert.Equal(t, 400, got.status)
		assert.Contains(t, got.problem(t), `unknown field: "`+key+`"`)
	}
}

func TestEveryKindIsEncodedOrDerived(t *testing.T) {
	seeded := map[Kind]bool{}
	for _, f := range inspectionFields() {
		seeded[f.Kind] = true
	}
	for kind, traits := range kinds {
		_, encoded := encodings[kind]
		assert.NotEqual(t, encoded, traits.derived, kind)
		assert.True(t, seeded[kind], "inspections have no field of the kind %s", kind)
	}
	assert.Len(t, seeded, len(kinds))
}

func TestBadFields(t *testing.T) {
	target := Collection{ID: "target-id", Slug: "target", Name: "Target", Fields: []Field{
		{Key: "name", Kind: KindText}, {Key: "size", Kind: KindNumber}, {Key: "self", Kind: KindLinked, Target: "target"},
		{Key: "up", Kind: KindLookup, Through: "self", Of: "name"},
	}}
	one, many := Field{Key: "one", Kind: KindLinked, Target: "target"}, Field{Key: "many", Kind: KindLinkedMany, Target: "target-id"}
	computed := func(map[string]any) (string, bool) { return "", true }
	for _, test := range []struct {
		name   string
		fields []Field
		text   string
	}{
		{"no key", []Field{{Label: "%"}}, `fields[0]: the label "%" makes no key: give the field a key`},
		{"not UTF-8", []Field{{Key: "\xff"}}, "the key is not UTF-8"},
		{"keys collide", []Field{{Label: "Job Title"}, {Key: "jobTitle"}}, `fields[1], "jobTitle": another field has this key`},
		{"unknown kind", []Field{{Key: "a", Kind: "Text"}}, `fields[0], "a": there is no kind "Text"; there are aggregation, any, colleague, computed-number, computed-text, currency, date, date-and-time, `},
		{"select without options", []Field{{Key: "a", Kind: KindSelect}}, "a field of the kind select needs options"},
		{"text with options", []Field{{Key: "a", Kind: KindText, Options: []string{"b"}}}, "a field of the kind text takes no options"},
		{"option twice", []Field{{Key: "a", Kind: KindStage, Options: []string{"b", "b"}}}, "option 1 is empty, not UTF-8 or given twice"},
		{"empty option", []Field{{Key: "a", Kind: KindMultiSelect, Options: []string{""}}}, "option 0 is empty"},
		{"link to nothing", []Field{{Key: "a", Kind: KindLinked}}, "a field of the kind linked needs target: the id or slug of a collection"},
		{"link to nowhere", []Field{{Key: "a", Kind: KindLinked, Target: "x"}}, `field "a": its target "x" is the id or slug of no collection`},
		{"text with target", []Field{{Key: "a", Target: "target"}}, "a field of the kind any takes no target"},
		{"lookup through nothing", []Field{{Key: "a", Kind: KindLookup, Of: "name"}}, "a field of the kind lookup needs through: the key of a linked field of this collection"},
		{"lookup of nothing", []Field{one, {Key: "a", Kind: KindLookup, Through: "one"}}, "a field of the kind lookup needs of: the key of a field of the linked records"},
		{"text of something", []Field{one, {Key: "a", Of: "name"}}, "a field of the kind any takes no of"},
		{"lookup through a text", []Field{{Key: "b"}, {Key: "a", Kind: KindLookup, Through: "b", Of: "name"}}, `field "a": its through "b" is the key of no linked field of this collection`},
		{"lookup of an unknown field", []Field{one, {Key: "a", Kind: KindLookup, Through: "one", Of: "x"}}, `its of "x" is the key of no stored field of target`},
		{"lookup of a lookup", []Field{one, {Key: "a", Kind: KindLookup, Through: "one", Of: "up"}}, `its of "up" is the key of no stored field of target`},
		{"sum over one", []Field{one, {Key: "a", Kind: KindAggregation, Through: "one"}}, "there is nothing to aggregate"},
		{"sum of texts", []Field{many, {Key: "a", Kind: KindAggregation, Through: "many", Of: "name"}}, `its of "name" is no number`},
		{"required lookup", []Field{one, {Key: "a", Kind: KindLookup, Through: "one", Of: "name", Required: true}}, "cannot be required"},
		{"tracked text", []Field{{Key: "a", Kind: KindText, Tracked: true}}, "a field of the kind text cannot be tracked"},
		{"no rule", []Field{{Key: "a", Kind: KindComputedText}}, "a field of the kind computed-text needs its rule"},
		{"wrong rule", []Field{{Key: "a", Kind: KindComputedNumber, ComputeText: computed}}, "a field of the kind computed-number needs its rule"},
		{"rule for a text", []Field{{Key: "a", Kind: KindText, ComputeText: computed}}, "a field of the kind text takes no rule"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := New(WithoutSeed(), WithCollection(Collection{ID: "i", Slug: "s", Name: "S", Fields: test.fields}), WithCollection(target))
			require.ErrorContains(t, err, test.text)
			assert.ErrorContains(t, err, `kinabase: collection "s": `)
		})
	}
	// A Target may come later, and be called by its ID.
	_, err := New(WithoutSeed(), WithCollection(Collection{ID: "i", Slug: "s", Name: "S", Fields: []Field{one, many,
		{Key: "a", Kind: KindLookup, Through: "many", Of: "self"}, {Key: "b", Kind: KindAggregation, Through: "many", Of: "size", Tracked: true},
	}}), WithCollection(target))
	assert.NoError(t, err)
}
