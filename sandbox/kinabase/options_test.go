package kinabase

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNewRefuses(t *testing.T) {
	with := func(change func(*Collection)) []Option {
		c := tiny()
		change(&c)
		return []Option{WithCollection(c)}
	}
	records := func(records ...Record) []Option { return []Option{WithCollection(tiny(records...))} }
	for _, test := range []struct {
		name string
		opts []Option
		text string
	}{
		{"nil clock", []Option{WithClock(nil)}, "WithClock: the clock is nil"},
		{"app without id", []Option{WithApp(App{Secret: "x"})}, "WithApp: an app needs an ID and a Secret"},
		{"app without secret", []Option{WithApp(App{ID: "x"})}, "WithApp: an app needs an ID and a Secret"},
		{"app twice", []Option{WithApp(App{ID: "x", Secret: "a"}), WithApp(App{ID: "x", Secret: "b"})}, "WithApp: two apps have the same ID"},
		{"nil storage", []Option{WithStorage(nil)}, "WithStorage: the storage is nil"},
		{"year 10000", records(Record{CreatedAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}), "CreatedAt and UpdatedAt must be in the years 0 to 9999"},
		{"nothing", []Option{WithCollection(Collection{})}, `kinabase: collection "": a collection needs a name`},
		{"no name", with(func(c *Collection) { c.Name = " " }), `kinabase: collection "tiny": a collection needs a name`},
		{"a name without words", []Option{WithCollection(Collection{Name: "%"})}, `collection "%": the name "%" makes no slug: give the collection a slug`},
		{"slug as id", with(func(c *Collection) { c.ID = c.Slug }), `the collection has "tiny" for its id and for its slug; they must differ`},
		{"slug taken", with(func(c *Collection) { c.Slug = "machines" }), `another collection has the id or slug "machines"`},
		{"slug that follows taken", with(func(c *Collection) { c.Name, c.Slug = "Machines", "" }), `collection "machines": another collection has the id or slug "machines"`},
		{"id taken", with(func(c *Collection) { c.ID = ordersID }), `another collection has the id or slug "` + ordersID + `"`},
		{"empty field", with(func(c *Collection) { c.Fields = Keys("a", "") }), "fields[1]: a field needs a label or a key"},
		{"field twice", with(func(c *Collection) { c.Fields = Keys("a", "a") }), `fields[1], "a": another field has this key`},
		{"reserved id", records(Record{ID: "bulk"}), `record 0: no path could address the ID "bulk"`},
		{"id twice", records(Record{ID: "a"}, Record{ID: "a"}), `record 1: another record has the ID "a"`},
		{"unknown field", records(Record{Data: map[string]any{"Name": 1}}), `unknown field: "Name", in Data`},
		{"no JSON", records(Record{Data: map[string]any{"name": math.NaN()}}), `field "name"`},
		{"no JSON in a link", records(Record{External: []ExternalLink{{Key: "a", ID: "b", Properties: map[string]any{"x": math.Inf(1)}}}}), "external link 0"},
		{"link without key", records(Record{External: []ExternalLink{{ID: "a"}}}), "external link 0: Key and ID are required"},
		{"field of the 2023 edition", append(with(func(c *Collection) { c.Fields = Keys("updatedBy") }), WithEdition2023()), `collection "tiny": the 2023 edition answers "updatedBy" beside the field values: no field can have this key`},
	} {
		t.Run(test.name, func(t *testing.T) {
			sandbox, err := New(test.opts...)
			require.ErrorContains(t, err, test.text)
			assert.ErrorContains(t, err, "kinabase: ")
			assert.Nil(t, sandbox)
		})
	}
}

func TestWithoutSeed(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(tiny()))
	assert.JSONEq(t, `[{"id":"tiny-id","slug":"tiny","name":"Tiny"}]`, string(c.call("GET", "/collections", nil).body))
}

func TestWithCollectionKeepsWhatItIsGiven(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(tiny(
		Record{ID: "mine", Data: map[string]any{"size": json.Number("1.2300")}, External: []ExternalLink{{Key: "s", ID: "1"}}},
		Record{},
	)))
	assert.Equal(t, map[string]any{
		"id":        "mine",
		"numericId": json.Number("1"),
		"data":      map[string]any{"size": json.Number("1.2300")},
		"external":  []any{map[string]any{"key": "s", "id": "1"}},
	}, c.read("tiny", "mine"))
	assert.Equal(t, json.Number("2"), c.all("tiny")[1].(map[string]any)["numericId"])
}

// A record may be loaded under an id that the emulator would have given to another one.
func TestIdsStayApart(t *testing.T) {
	first := start(t, WithoutSeed(), WithCollection(tiny()))
	first.create("tiny", map[string]any{})
	second := first.create("tiny", map[string]any{})

	c := start(t, WithoutSeed(), WithCollection(tiny(Record{ID: second})))
	assert.NotEqual(t, second, c.create("tiny", map[string]any{}))
	assert.Len(t, c.all("tiny"), 2)
}

func TestTheSameCallsGiveTheSameIds(t *testing.T) {
	a, b := start(t), start(t)
	assert.Equal(t, a.all("purchase-orders"), b.all("purchase-orders"))
	assert.Equal(t, a.create("machines", map[string]any{}), b.create("machines", map[string]any{}))
}

func TestSandboxApp(t *testing.T) {
	sandbox, err := New()
	require.NoError(t, err)
	app := sandbox.App()
	assert.NoError(t, uuid.Validate(app.ID))
	secret, err := base64.StdEncoding.DecodeString(app.Secret)
	require.NoError(t, err)
	assert.Len(t, secret, 64)
}

func TestAppKeepsItsSecretOutOfLogs(t *testing.T) {
	app := App{ID: "an-app", Secret: "hush"}
	var text strings.Builder
	slog.New(slog.NewJSONHandler(&text, nil)).Info("started", "app", app)
	slog.New(slog.NewTextHandler(&text, nil)).Info("started", "app", app)
	sandbox, err := New(WithApp(app))
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text.WriteString(fmt.Sprintf(verb, app) + fmt.Sprintf(verb, &app) + fmt.Sprintf(verb, sandbox) + fmt.Sprintf(verb, struct{ A App }{app}))
	}
	assert.Contains(t, text.String(), "an-app")
	assert.NotContains(t, text.String(), "hush")
	assert.NotContains(t, text.String(), fmt.Sprintf("%x", "hush"))
}

// TestWhatFollowsFromAName is the same whether a collection is there from the start or made
// later.
func TestWhatFollowsFromAName(t *testing.T) {
	content := Collection{Name: "Service Visits", Fields: Keys("size")}
	first := start(t, WithoutSeed(), WithCollection(content), WithGeneratedRecords("service-visits", 2, 1)).sandbox.Admin().Collections()[0]
	later := start(t, WithoutSeed())
	made, err := later.sandbox.Admin().CreateCollection(content)
	require.NoError(t, err)
	assert.Equal(t, made, first)
	assert.Equal(t, "service-visits", first.Slug)
	assert.NoError(t, uuid.Validate(first.ID))
	given, err := later.sandbox.Admin().CreateCollection(Collection{ID: "mine", Name: "Other Visits"})
	require.NoError(t, err)
	assert.Equal(t, []string{"mine", "other-visits"}, []string{given.ID, given.Slug})
}

// TestRulesOfAStoredCollection find their collection by an id that nobody gave.
func TestRulesOfAStoredCollection(t *testing.T) {
	memory := newMemory()
	content := Collection{Name: "Visits", Fields: []Field{{Key: "greeting", Kind: KindComputedText, ComputeText: func(map[string]any) (string, bool) { return "hello", true }}}}
	start(t, WithStorage(memory), WithCollection(content)).create("visits", map[string]any{})
	again := start(t, WithStorage(memory), WithCollection(content))
	assert.Equal(t, map[string]any{"greeting": "hello"}, again.all("visits")[0].(map[string]any)["data"])
}
