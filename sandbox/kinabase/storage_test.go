package kinabase

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
)

// state is everything that calls can see of a sandbox, as text.
func state(t require.TestingT, s *Server) string {
	d := direct{s, s.freshToken()}
	var seen strings.Builder
	look := func(path string) []byte {
		response := d.call("GET", path, nil)
		_, _ = fmt.Fprintf(&seen, "%s %d %s", path, response.Code, response.Body)
		return response.Body.Bytes()
	}
	look("/collections")
	for _, c := range s.Admin().Collections() {
		var records []struct{ ID string }
		require.NoError(t, json.Unmarshal(look("/collections/"+url.PathEscape(c.ID)+"/all?includeLists=true"), &records))
		look("/collections/" + url.PathEscape(c.ID) + "/all?updatedAfter=2026-03-02T12:00:00Z&externalService=true")
		for _, r := range records {
			look("/activities/" + url.PathEscape(c.ID) + "/" + url.PathEscape(r.ID))
		}
		_, _ = fmt.Fprintln(&seen, string(encode(bodyOf(c))))
	}
	for _, a := range s.Admin().Apps() {
		_, _ = fmt.Fprintln(&seen, string(encode(appBody(a))))
	}
	return seen.String()
}

// dumped is what the storage would hold if everything were stored now.
func dumped(s *Server) map[string]string {
	ch := &change{store: &store{storage: newMemory(), apps: s.store.apps, collections: s.store.collections}}
	ch.putAll()
	entries := map[string]string{}
	for _, change := range ch.stored {
		entries[change.Key] = string(change.Value)
	}
	return entries
}

func TestAnEmptyStorageIsSeededAtOnce(t *testing.T) {
	stored := newMemory()
	sandbox, err := New(WithStorage(stored))
	require.NoError(t, err)
	assert.Equal(t, 1, stored.Commits)
	assert.Equal(t, dumped(sandbox), stored.Entries)
	assert.Contains(t, stored.Entries, "records/"+seedMachinesID+"/"+seedID(seedMachinesID, 1))
	assert.JSONEq(t, `{"emulator":"kinabase","version":1}`, stored.Entries["format"])
	assert.NotContains(t, fmt.Sprint(stored.Entries), sandboxApp.Secret)

	again, err := New(WithStorage(stored), WithoutSeed(), WithCollection(tiny()), WithApp(App{ID: "x", Secret: "y"}), WithGeneratedRecords("tiny", 5, 1))
	require.NoError(t, err)
	assert.Equal(t, 1, stored.Commits, "what was stored is not stored again")
	assert.Equal(t, state(t, sandbox), state(t, again))
}

func TestTokensOutliveTheServer(t *testing.T) {
	stored := newMemory()
	first, err := New(WithStorage(stored))
	require.NoError(t, err)
	good := first.freshToken()
	require.NoError(t, first.RevokeTokens())
	revoked, good := good, first.freshToken()
	second, err := New(WithStorage(stored))
	require.NoError(t, err)
	assert.Equal(t, 200, direct{second, good}.call("GET", "/status", nil).Code)
	assert.Equal(t, 401, direct{second, revoked}.call("GET", "/status", nil).Code)
	credentials := fmt.Sprintf(`{"appId":%q,"secret":%q}`, second.App().ID, second.App().Secret)
	assert.Equal(t, 200, direct{second, ""}.call("POST", "/token", []byte(credentials)).Code)
}

func TestAFailingCommitChangesNothing(t *testing.T) {
	stored := newMemory()
	c := start(t, WithStorage(stored))
	orders := "/collections/purchase-orders"
	id := c.firstID("purchase-orders")
	machine := c.firstID("machines")
	app, err := c.sandbox.Admin().CreateApp("a", "")
	require.NoError(t, err)
	before, entries := state(t, c.sandbox), maps.Clone(stored.Entries)
	stored.Err = errors.New("/srv/secret.db: disk full")
	for _, call := range []struct{ method, path, body string }{
		{"POST", orders, `{"data":{}}`},
		{"PATCH", orders + "/" + id, `{"data":{"notes":"x"}}`},
		{"DELETE", orders + "/" + id, ``},
		{"POST", orders + "/bulk", `{"records":[{"data":{}}]}`},
		{"PATCH", orders + "/bulk", `{"records":[{"id":"` + id + `","data":{}}]}`},
		{"DELETE", orders + "/bulk", `{"recordIds":["` + id + `"]}`},
		{"PATCH", "/collections/machines/ext/influxdb/sensor-17", `{"data":{},"external":[]}`},
		{"DELETE", "/collections/machines/ext/influxdb/sensor-17", ``},
		{"POST", "/collections/machines/ingest", `{"records":[{"id":"` + machine + `","changes":[{"timestamp":"2026-03-02T09:00:00Z","data":{"temperatureC":1}}]}]}`},
		{"POST", "/activities/machines/" + machine, `{"content":"x"}`},
	} {
		got := c.send(c.request(call.method, call.path, call.body))
		assert.Equal(t, 500, got.status, "%s %s", call.method, call.path)
		assert.Equal(t, "the change could not be stored, so nothing was changed", got.problem(t))
	}
	for _, call := range []struct{ method, path, body string }{
		{"POST", "/apps", `{"name":"b"}`}, {"DELETE", "/apps/" + app.ID, ""}, {"DELETE", "/apps/" + app.ID + "/tokens", ""},
		{"DELETE", "/tokens", ""}, {"POST", "/collections", `{"name":"B"}`},
	} {
		got := c.admin(call.method, call.path, call.body)
		assert.Equal(t, 500, got.status, "%s %s", call.method, call.path)
		assert.Equal(t, "the change could not be stored, so nothing was changed", got.problem(t))
	}
	assert.ErrorContains(t, c.sandbox.RevokeTokens(), "disk full")
	stored.Err = nil
	assert.Equal(t, 200, c.call("GET", "/status", nil).status, "the token was not revoked")
	assert.Equal(t, before, state(t, c.sandbox))
	assert.Equal(t, entries, stored.Entries)

	created := c.call("POST", orders, `{"data":{}}`).object(t)
	assert.Equal(t, json.Number("26"), created["numericId"], "no number was used up")
}

func TestOneIngestIsOneCommit(t *testing.T) {
	stored := newMemory()
	c := start(t, WithStorage(stored), WithoutSeed(), WithCollection(tiny(Record{ID: "a"}, Record{ID: "b"})))
	before := stored.Commits
	const change = `,"changes":[{"timestamp":"2026-03-02T09:00:00Z","data":{"size":1}}]}`
	got := ingestTiny(c, `{"records":[{"id":"a"`+change+`,{"id":"gone"`+change+`,{"id":"b"`+change+`]}`)
	require.Equal(t, json.Number("2"), got.object(t)["processedRecords"])
	assert.Equal(t, before+1, stored.Commits)
	require.Equal(t, 200, ingestTiny(c, `{"records":[{"id":"gone"`+change+`]}`).status)
	assert.Equal(t, before+1, stored.Commits, "nothing to commit")
}

func TestBadStorage(t *testing.T) {
	seeded := newMemory()
	_, err := New(WithStorage(seeded))
	require.NoError(t, err)
	computed := Collection{ID: "i", Slug: "s", Name: "S", Fields: []Field{{Key: "a", Kind: KindComputedText, ComputeText: func(map[string]any) (string, bool) { return "x", true }}}}
	withRule := newMemory()
	_, err = New(WithStorage(withRule), WithCollection(computed))
	require.NoError(t, err)
	_, err = New(WithStorage(withRule.Copy()), WithCollection(computed))
	require.NoError(t, err)

	with := func(key, value string) *sandboxtest.Memory {
		m := seeded.Copy()
		m.Entries[key] = value
		return m
	}
	record := "records/" + seedMachinesID + "/"
	for _, test := range []struct {
		name   string
		stored *sandboxtest.Memory
		text   string
	}{
		{"failing", &sandboxtest.Memory{Err: errors.New("disk on fire")}, "storage: load: disk on fire"},
		{"failing to take the seed", nil, "the change could not be stored, so nothing was changed: disk full"},
		{"another version", with("format", `{"emulator":"kinabase","version":2}`), "its format has the version 2, and this package reads version 1: use the version"},
		{"another emulator", with("format", `{"emulator":"kainexus","version":1}`), "not the state of this emulator"},
		{"no format", &sandboxtest.Memory{Entries: map[string]string{"a": ""}}, "not the state of this emulator"},
		{"unknown kind of key", with("users/1", `{}`), `it has the unknown key "users/1"`},
		{"too many parts", with("apps/1/2", `{}`), `it has the unknown key "apps/1/2"`},
		{"no escape", with("apps/%zz", `{}`), `it has the unknown key "apps/%zz"`},
		{"no JSON", with("apps/1", `{`), `key "apps/1": its value is not what this package writes`},
		{"unknown property", with("apps/1", `{"colour":1}`), `key "apps/1": its value is not`},
		{"short hash", with("apps/1", `{"secretHash":"YQ==","tokenKey":"YQ=="}`), `key "apps/1": its value is not`},
		{"record of nothing", with("records/x/y", `{}`), `key "records/x/y": there is no collection "x"`},
		{"number twice", with(record+"x", `{"number":1,"data":{}}`), "two records of machines have the number 1"},
		{"bad link", with(record+"x", `{"number":9,"data":{},"external":[{}]}`), "key is required"},
		{"activity of nothing", with("activities/"+seedMachinesID+"/x/1", `{}`), "it is no number of an activity of a record that is there"},
		{"bad batch", with("generated/"+seedMachinesID+"/0", `{"count":1}`), "its value is not"},
		{"no rule", withRule, `the rule of the field "a" is a function and is not stored: give the collection by WithCollection again`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stored sandbox.Storage = test.stored
			if test.stored == nil {
				stored = refusing{}
			}
			s, err := New(WithStorage(stored))
			require.ErrorContains(t, err, test.text)
			assert.ErrorContains(t, err, "kinabase: ")
			assert.Nil(t, s)
		})
	}
	_, err = New(WithStorage(seeded), WithEdition2023())
	assert.NoError(t, err)
	reserved := newMemory()
	_, err = New(WithStorage(reserved), WithCollection(Collection{ID: "i", Slug: "s", Name: "S", Fields: Keys("updatedBy")}))
	require.NoError(t, err)
	_, err = New(WithStorage(reserved), WithEdition2023())
	assert.ErrorContains(t, err, "no field can have this key")
}

// refusing is empty and stays so.
type refusing struct{}

func (refusing) Load(func(string, []byte) error) error { return nil }
func (refusing) Commit([]sandbox.Change) error         { return errors.New("disk full") }

// TestStorageModel makes random calls, and after each of them holds the storage against
// the memory. Now and then it makes the sandbox anew from the storage, and holds it
// against the one before.
func TestStorageModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stored := newMemory()
		opts := []Option{
			WithStorage(stored), WithoutSeed(), WithIngestLimit(0), linkedPair(), WithGeneratedRecords("parts", 6, 7), WithGeneratedRecords("jobs", 6, 7),
		}
		s, err := New(opts...)
		require.NoError(t, err)
		call := func(method, path string, body any) {
			response := direct{s, s.freshToken()}.call(method, path, encode(body))
			require.Less(t, response.Code, 405, "%s %s: %s", method, path, response.Body)
		}
		recordOf := func(t *rapid.T, slug string) string {
			c := s.store.collections[slices.Index([]string{"jobs", "parts"}, slug)]
			if len(c.records) == 0 {
				return "gone"
			}
			return rapid.SampledFrom(c.records).Draw(t, "record").id
		}
		external := rapid.SampledFrom([]any{nil, []any{}, []any{map[string]any{"key": "s", "id": "1/<2>", "x": 1}}})
		jobData := func(t *rapid.T) map[string]any {
			return map[string]any{
				"hours": rapid.SampledFrom([]any{nil, 0, json.Number("2.50")}).Draw(t, "hours"),
				"main":  reference{recordOf(t, "parts")}, "parts": []reference{{recordOf(t, "parts")}},
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"create": func(t *rapid.T) {
				call("POST", "/collections/jobs", map[string]any{"data": jobData(t), "external": external.Draw(t, "external")})
			},
			"create many": func(t *rapid.T) {
				call("POST", "/collections/parts/bulk", map[string]any{"records": []any{
					map[string]any{"data": map[string]any{"name": "<n>"}}, map[string]any{"data": map[string]any{"price": 1}},
				}})
			},
			"change": func(t *rapid.T) {
				call("PATCH", "/collections/jobs/"+recordOf(t, "jobs"), map[string]any{"data": jobData(t), "external": external.Draw(t, "external")})
			},
			"change a part": func(t *rapid.T) {
				call("PATCH", "/collections/parts/"+recordOf(t, "parts"), map[string]any{"data": map[string]any{"name": nil}})
			},
			"delete": func(t *rapid.T) {
				slug := rapid.SampledFrom([]string{"jobs", "parts"}).Draw(t, "collection")
				call("DELETE", "/collections/"+slug+"/bulk", map[string]any{"recordIds": []string{recordOf(t, slug)}})
			},
			"log": func(t *rapid.T) {
				call("POST", "/activities/parts/"+recordOf(t, "parts"), map[string]any{"content": "called"})
			},
			"ingest": func(t *rapid.T) {
				call("POST", "/collections/a/ingest", map[string]any{"records": []any{map[string]any{
					"id": "a", "changes": []any{map[string]any{"timestamp": "2026-03-02T09:00:00Z", "data": map[string]any{"n": rapid.IntRange(0, 9).Draw(t, "n")}}},
				}}})
			},
			"register": func(t *rapid.T) {
				created, err := s.Admin().CreateApp("app", "")
				require.NoError(t, err)
				if rapid.Bool().Draw(t, "deleted") {
					require.NoError(t, s.Admin().DeleteApp(created.ID))
				}
			},
			"revoke": func(t *rapid.T) { require.NoError(t, s.RevokeTokens()) },
			"add a collection": func(t *rapid.T) {
				// The second time it is refused, and nothing happens.
				_, _ = s.Admin().CreateCollection(Collection{Name: "A", Fields: []Field{{Key: "n", Kind: KindNumber, Tracked: true}}, Records: []Record{{ID: "a"}}})
			},
			"make anew": func(t *rapid.T) {
				token := s.freshToken()
				before := state(t, s)
				again, err := New(append(opts, WithStorage(stored))...)
				require.NoError(t, err)
				require.Equal(t, before, state(t, again))
				require.Equal(t, 200, direct{again, token}.call("GET", "/status", nil).Code)
				for i, c := range s.store.collections {
					require.Equal(t, c.numbered, again.store.collections[i].numbered, "numbers go on")
					require.Equal(t, c.logged, again.store.collections[i].logged)
				}
				if rapid.Bool().Draw(t, "go on with the new one") {
					s = again
				}
			},
			"": func(t *rapid.T) { require.Equal(t, dumped(s), stored.Entries) },
		})
	})
}

// slow is a Storage whose second commit, the one after the seed, waits to be let through.
type slow struct {
	*sandboxtest.Memory
	entered, leave chan struct{}
}

func (s slow) Commit(changes []sandbox.Change) error {
	if s.Commits > 0 {
		s.entered <- struct{}{}
		<-s.leave
	}
	return s.Memory.Commit(changes)
}

func TestReadersSeeWhatIsCommittedAndDoNotWait(t *testing.T) {
	stored := slow{newMemory(), make(chan struct{}), make(chan struct{})}
	c := start(t, WithStorage(stored), WithoutSeed(), WithCollection(tiny(Record{ID: "a", Data: map[string]any{"name": "before"}})))
	before := c.read("tiny", "a")
	answered := make(chan int)
	go func() {
		answered <- direct{c.sandbox, c.token}.call("PATCH", "/collections/tiny/a", []byte(`{"data":{"name":"after"}}`)).Code
	}()
	<-stored.entered
	assert.Equal(t, before, c.read("tiny", "a"))
	assert.Equal(t, []any{before}, c.all("tiny"))
	select {
	case <-answered:
		t.Error("answered before it was committed")
	default:
	}
	close(stored.leave)
	assert.Equal(t, 200, <-answered)
	assert.Equal(t, map[string]any{"name": "after"}, c.read("tiny", "a")["data"])
}

func TestOddIDsAreStored(t *testing.T) {
	stored := newMemory()
	odd := Collection{ID: "a/b %?", Slug: "odd", Name: "Odd", Fields: Keys("x"), Records: []Record{
		{ID: "r/1", Data: map[string]any{"x": "<&>\u2028"}, External: []ExternalLink{{Key: "s/t", ID: "<1>"}}}, {ID: "r/2"}, {ID: "r"}, {ID: "ü.."},
	}}
	c := start(t, WithStorage(stored), WithCollection(odd), WithApp(App{ID: "app/1", Secret: "x"}))
	require.Equal(t, 200, c.call("POST", "/activities/odd/r%2F1", `{"content":"<hello>"}`).status)
	require.Equal(t, 200, c.call("DELETE", "/collections/odd/r%2F2", nil).status)
	again, err := New(WithStorage(stored))
	require.NoError(t, err)
	assert.Equal(t, state(t, c.sandbox), state(t, again))
	assert.Contains(t, stored.Entries, "records/a%2Fb%20%25%3F/r%2F1")
	assert.Contains(t, stored.Entries, "removed/a%2Fb%20%25%3F/r%2F2")
}
