package kainexus

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
)

// everything is what a server answers to all reads that there are.
func everything(t testing.TB, s *Server) map[string]string {
	t.Helper()
	paths := []string{"json/userList?includeBadges=true", "json/networkLocationList", "json/widget?id=77", "json/widget?id=78", "json/widget?id=79", "json/widget?id=80"}
	for _, list := range s.api.store.view().savedLists() {
		if list.Kind == ItemList {
			paths = append(paths, fmt.Sprintf("json/itemList?includeCharts=true&id=%d", list.ID))
		} else {
			paths = append(paths, fmt.Sprintf("json/userList?id=%d", list.ID))
		}
	}
	for _, kind := range impactValueTypes {
		paths = append(paths, "json/impactValueList?impactValueType="+kind)
	}
	for id := range attributesByID {
		paths = append(paths, fmt.Sprintf("json/attributeValueList?attributeId=%d", id))
	}
	answers := map[string]string{}
	for _, path := range paths {
		got := direct(s, http.MethodGet, path, "")
		require.Equal(t, 200, got.Code, path)
		answers[path] = got.Body.String()
	}
	return answers
}

// direct calls a server without a socket, and without checking the answer.
func direct(s *Server, method, path, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, "/api/public/v1/"+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth(basicUser, s.Credentials().APIKey)
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	return recorder
}

func TestStorageKeepsEverything(t *testing.T) {
	m, clock := newMemory(), newClock()
	c := start(t, WithClock(clock.Now), WithStorage(m), WithGeneratedItems(50, 3), WithList(List{ID: 701, Name: "Two", Kind: ItemList, IDs: []int64{1002, 1001}}))
	assert.Equal(t, 1, m.Commits, "all of the beginning is stored at once")
	assert.JSONEq(t, `{"version":1,"lastId":18089,"generated":true,"count":50,"seed":3}`, m.Entries["meta"])
	for _, key := range []string{"items/1001", "users/301", "locations/70", "lists/640", "values/PRODUCT/219", "values/attribute-12/84"} {
		assert.Contains(t, m.Entries, key)
	}
	assert.NotContains(t, m.Entries, "items/10000000", "what is generated is not stored")

	clock.Advance(time.Hour)
	before := maps.Clone(m.Entries)
	c.put("item", minimal)
	assert.Equal(t, []string{"items/18090", "meta"}, changedKeys(before, m.Entries))
	before = maps.Clone(m.Entries)
	c.put("item", `{"id":10000007,"summary":"Changed"}`)
	c.put("item", `{"id":10000008,"status":"DELETED"}`)
	c.put("item", `{"id":1003,"status":"DELETED"}`)
	c.put("item?fullSync=true", `{"id":4000,"chart":{"id":200,"series":[{"id":701,"name":"<&> \u2028 é"}]}}`)
	c.put("user", `{"id":301,"username":"joan"}`)
	c.put("networkLocation", `{"name":"Yard","levelType":{"name":"Site"},"parent":{"id":1}}`)
	c.put("impactValue?impactValueType=Product", `{"id":220,"delete":true}`)
	c.put("attributeValue?attributeId=12", `{"name":"Middling","parent":{"id":83},"acme":1.50}`)
	assert.Equal(t, []string{"items/10000007", "items/10000008", "items/1003", "items/4000", "locations/18091", "meta", "users/301", "values/PRODUCT/220", "values/attribute-12/18092"},
		changedKeys(before, m.Entries))
	assert.Equal(t, "null", m.Entries["items/10000008"])

	again, err := New(WithClock(clock.Now), WithStorage(m), WithGeneratedItems(5, 4), WithoutSeed(), WithList(List{ID: 702, Name: "x", Kind: ItemList}))
	require.NoError(t, err)
	assert.Equal(t, everything(t, c.sandbox), everything(t, again))
	one, two := direct(c.sandbox, "PUT", "json/item", `{"item":`+minimal+`}`), direct(again, "PUT", "json/item", `{"item":`+minimal+`}`)
	assert.Equal(t, one.Body.String(), two.Body.String(), "the next id is the same too")
	joan := direct(again, "PUT", "json/user", `{"item":{"username":"joan"}}`)
	assert.JSONEq(t, `{"success":true,"results":[{"id":301,"operation":"UPDATE"}]}`, joan.Body.String(), "usernames are found")
}

func changedKeys(before, after map[string]string) []string {
	changed := map[string]bool{}
	for key := range after {
		changed[key] = before[key] != after[key]
	}
	for key := range before {
		if _, ok := after[key]; !ok {
			changed[key] = true
		}
	}
	maps.DeleteFunc(changed, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(changed))
}

// TestStorageRefuses makes a storage fail: nothing may be different afterwards.
func TestStorageRefuses(t *testing.T) {
	m := newMemory()
	c := start(t, WithClock(newClock().Now), WithStorage(m))
	export := workbook(c.edited(map[string]any{"B4": 99}))
	before, stored := everything(t, c.sandbox), maps.Clone(m.Entries)
	m.Err = errors.New("disk full")
	for _, test := range []struct {
		name, path string
		body       any
	}{
		{"item", jsonPath + "item", `{"item":` + minimal + `}`},
		{"delete", jsonPath + "item", `{"item":{"id":1001,"status":"DELETED"}}`},
		{"user", jsonPath + "user", `{"item":{"id":301,"firstName":"x"}}`},
		{"location", jsonPath + "networkLocation", `{"item":{"id":70,"name":"x"}}`},
		{"value", jsonPath + "impactValue?impactValueType=Product", `{"item":{"id":219,"name":"x"}}`},
		{"import", excelPath + "multiChartImport", export},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := c.send(c.request(http.MethodPut, test.path, test.body))
			assert.Equal(t, 500, got.status)
			assert.JSONEq(t, `{"success":false,"errorCode":"INTERNAL_ERROR"}`, string(got.body))
			assert.Equal(t, `"the change could not be stored, so nothing was changed"`, got.header.Get(reasonHeader))
			assert.Equal(t, before, everything(t, c.sandbox))
			assert.Equal(t, stored, m.Entries)
		})
	}
	assert.Empty(t, c.sandbox.Admin().Notifications())
	settings := c.sandbox.Admin().Settings()
	for _, test := range []struct{ method, path, body string }{
		{"PATCH", "/organization", `{"apiModule":false}`}, {"POST", "/roles", `{"name":"x"}`}, {"DELETE", "/lists/640", ""},
		{"POST", "/lists", `{"name":"x","kind":"items"}`}, {"POST", "/serviceAccounts/399/credentials", `{"name":"x","kind":"API_KEY"}`},
	} {
		got := c.admin(test.method, test.path, test.body)
		assert.Equal(t, 500, got.status)
		assert.JSONEq(t, `{"error":"the change could not be stored, so nothing was changed"}`, string(got.body))
	}
	assert.Equal(t, settings, c.sandbox.Admin().Settings())
	assert.Equal(t, before, everything(t, c.sandbox))
	assert.ErrorIs(t, c.sandbox.Admin().DeleteRole(5), m.Err)
	m.Err = nil
	id, _ := c.put("item", minimal)
	assert.Equal(t, int64(firstNewID), id, "the refused calls took no ids")

	_, err := New(WithStorage(&sandboxtest.Memory{Err: errors.New("disk full")}))
	require.ErrorContains(t, err, "disk full")
}

func TestStorageOfSomethingElse(t *testing.T) {
	m := newMemory()
	start(t, WithStorage(m), WithGeneratedItems(2, 1))
	for _, test := range []struct{ name, key, value, want string }{
		{"another version", "meta", `{"version":2}`, "the format has version 2, and this emulator reads version 1"},
		{"no meta", "meta", "", "there is no key meta"},
		{"broken meta", "meta", "{", "the stored key \"meta\""},
		{"too many generated", "meta", `{"version":1,"generated":true,"count":1000001}`, "out of range"},
		{"unknown kind", "records/5", "{}", "the stored key \"records/5\": there is no such kind of key"},
		{"unknown values", "values/CHEESE/5", "{}", "the stored key \"values/CHEESE/5\": there is no such kind of key"},
		{"no id", "items/x", "{}", "does not end in an id"},
		{"another id", "items/5", `{"id":6}`, "the record has another id than its key"},
		{"no record", "items/5", `5`, "must be an object"},
		{"no list", "lists/5", `{"id":5,"kind":"cards"}`, "the record is not a list"},
		{"a location inside itself", "locations/71", `{"id":71,"name":"Plant B","levelType":{"id":5},"parent":{"id":71}}`, "inside itself"},
		{"a location inside what is in it", "locations/1", `{"id":1,"name":"Org","levelType":{"id":4},"parent":{"id":73}}`, "inside itself"},
		{"an item inside itself", "items/1001", `{"id":1001,"summary":"x","templateId":45,"parentId":1001}`, "inside itself"},
		{"a username twice", "users/900", `{"id":900,"username":"jdoe"}`, "have the same username"},
		{"deleted, but not generated", "items/5", `null`, "only a generated item"},
	} {
		t.Run(test.name, func(t *testing.T) {
			other := m.Copy()
			other.Entries[test.key] = test.value
			if test.value == "" {
				delete(other.Entries, test.key)
			}
			_, err := New(WithStorage(other))
			require.ErrorContains(t, err, "kainexus: WithStorage: ")
			require.ErrorContains(t, err, test.want)
			assert.Zero(t, other.Commits)
		})
	}
	_, err := New(WithStorage(nil))
	require.ErrorContains(t, err, "the storage is nil")
}

// TestStorageFollows makes random calls, some of which fail, and compares the server with
// one that is made of what it stored.
func TestStorageFollows(t *testing.T) {
	clock := newClock()
	beginning := newMemory()
	text, number := func(s string) *string { return &s }, func(n int64) *int64 { return &n }
	_, err := New(WithStorage(beginning), WithClock(clock.Now), WithoutSeed(), WithGeneratedItems(8, 5), WithItems(
		Item{ID: number(1001), TemplateName: text("Idea"), Summary: text("One"), Authors: []PersonRef{{ID: number(301)}}},
		Item{ID: number(4000), TemplateName: text("Chart"), Summary: text("Two"), Authors: []PersonRef{{ID: number(301)}}, Chart: &Chart{ID: number(200)}},
	))
	require.NoError(t, err)
	rapid.Check(t, func(rt *rapid.T) {
		m := beginning.Copy()
		s, err := New(WithStorage(m), WithClock(clock.Now))
		require.NoError(rt, err)
		one := func(label string, ids ...int) int { return rapid.SampledFrom(ids).Draw(rt, label) }
		word := func() string {
			return rapid.SampledFrom([]string{"Plant A", "Yard", "x<&>", "é", "jdoe"}).Draw(rt, "text")
		}
		calls := map[string]func() (path, record string){
			"new item": func() (string, string) { return "item", minimal },
			"item": func() (string, string) {
				return "item", fmt.Sprintf(`{"id":%d,"summary":%q,"acme":1.50}`, one("id", 1001, 4000, 10000003, 10000007, 18090, 5), word())
			},
			"deletion": func() (string, string) {
				return "item", fmt.Sprintf(`{"id":%d,"status":"DELETED"}`, one("id", 1001, 4000, 10000003, 10000004, 18090))
			},
			"outcome": func() (string, string) {
				return "item", fmt.Sprintf(`{"id":%d,"resolutionActual":{"impacts":[{"typeId":5,"amount":2,"personProductServiceResourceId":219}]}}`, one("id", 1001, 10000005))
			},
			"chart": func() (string, string) {
				return "item?fullSync=true", fmt.Sprintf(`{"id":4000,"chart":{"id":200,"series":[{"name":%q}]}}`, word())
			},
			"user": func() (string, string) {
				return "user", fmt.Sprintf(`{"username":%q,"firstName":"a","lastName":"b","userType":"GENERAL","networkLocations":[{"id":%d}]}`, word(), one("at", 70, 18090, 18091))
			},
			"location": func() (string, string) {
				return "networkLocation", fmt.Sprintf(`{"name":%q,"levelType":{"id":5},"parent":{"id":1}}`, word())
			},
			"demolish": func() (string, string) { return "networkLocation", fmt.Sprintf(`{"name":%q,"delete":true}`, word()) },
			"value": func() (string, string) {
				return "impactValue?impactValueType=Product", fmt.Sprintf(`{"name":%q,"parent":{"id":210}}`, word())
			},
			"devalue": func() (string, string) {
				return "impactValue?impactValueType=Product", fmt.Sprintf(`{"id":%d,"delete":true}`, one("id", 220, 18090, 18091))
			},
			"attribute": func() (string, string) { return "attributeValue?attributeId=12", fmt.Sprintf(`{"name":%q}`, word()) },
		}
		for range rapid.IntRange(1, 15).Draw(rt, "calls") {
			m.Err = nil
			if rapid.IntRange(0, 4).Draw(rt, "fails") == 0 {
				m.Err = errors.New("disk full")
			}
			path, record := calls[rapid.SampledFrom(slices.Sorted(maps.Keys(calls))).Draw(rt, "call")]()
			got := direct(s, "PUT", "json/"+path, `{"item":`+record+`}`)
			require.False(rt, m.Err != nil && got.Code == 200, "what is not stored is not done")
		}
		m.Err = nil
		again, err := New(WithStorage(m), WithClock(clock.Now))
		require.NoError(rt, err)
		require.Equal(rt, everything(t, s), everything(t, again))
	})
}
