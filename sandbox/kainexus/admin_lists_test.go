package kainexus

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox"
)

func TestAdminLists(t *testing.T) {
	c := start(t, WithList(List{ID: 18090, Name: "In the way", Kind: PeopleList}))
	admin := c.sandbox.Admin()
	given := List{Name: "Two", Kind: ItemList, IDs: []int64{1002, 1001}}
	created, err := admin.CreateList(given)
	require.NoError(t, err)
	given.ID = 18091
	assert.Equal(t, given, created, "its id is the next that is free")
	path := fmt.Sprint("itemList?id=", created.ID)
	assert.Equal(t, []int64{1002, 1001}, ids(c.list(path)))
	created.IDs[0] = 5
	kept, err := admin.List(18091)
	require.NoError(t, err)
	assert.Equal(t, given, kept, "nothing is shared")

	chosen, err := admin.CreateList(List{ID: 1001, Name: "As an item", Kind: PeopleList})
	require.NoError(t, err)
	assert.Equal(t, int64(1001), chosen.ID)
	_, err = admin.CreateList(List{ID: 640, Name: "Taken", Kind: ItemList})
	var refused *sandbox.AdminError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, http.StatusConflict, refused.Status)

	require.NoError(t, admin.UpdateList(List{ID: 18091, Name: "Ideas", Kind: ItemList, Only: Filter{Templates: []int64{45}}}))
	assert.Len(t, c.list(path), 24)
	require.ErrorContains(t, admin.UpdateList(List{ID: 5, Name: "x", Kind: ItemList}), "kainexus: there is no list 5")
	require.ErrorContains(t, admin.UpdateList(List{ID: 18091, Kind: ItemList}), "kainexus: a list needs a name")
	assert.Len(t, c.list(path), 24, "a refused change is none")

	names := []string{}
	for _, list := range admin.Lists() {
		names = append(names, list.Name)
	}
	assert.Equal(t, []string{"People of Plant A", "Whom to ask", "All items", "Charts", "Projects by due date", "Open ideas", "As an item", "In the way", "Ideas"}, names, "by id")

	require.NoError(t, admin.DeleteList(18091))
	assert.Equal(t, http.StatusForbidden, c.call("GET", jsonPath+path, nil).status)
	for _, err := range []error{admin.DeleteList(18091), func() error { _, err := admin.List(18091); return err }()} {
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, http.StatusNotFound, refused.Status)
		assert.EqualError(t, err, "kainexus: there is no list 18091")
	}
}

func TestAdminListsOverHTTP(t *testing.T) {
	c := start(t)
	for _, step := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/lists", `{"name":"Late","kind":"items"}`, 201, `{"id":18090,"name":"Late","kind":"items"}`},
		{"POST", "/lists", `{"id":640,"name":"x","kind":"items"}`, 409, `{"error":"another list has the id 640"}`},
		{"POST", "/lists", `{"id":-1,"name":"x","kind":"items"}`, 400, `{"error":"a list needs an id above 0"}`},
		{"POST", "/lists", `{"name":"x"}`, 400, `{"error":"the kind of a list is items or people, not \"\""}`},
		{"POST", "/lists", `{"name":"x","kind":"items","only":{"template":[45]}}`, 400,
			`{"error":"there is no key \"template\" in only; there are charts, generated, locations, statuses, templates"}`},
		{"POST", "/lists", `{"name":"x","kind":"items","ids":[1],"only":{"charts":true}}`, 400, `{"error":"a list has ids or a filter, not both"}`},
		{"PATCH", "/lists/18090", `{"only":{"templates":[45]},"order":{"key":"id","descending":true}}`, 200,
			`{"id":18090,"name":"Late","kind":"items","only":{"templates":[45]},"order":{"key":"id","descending":true}}`},
		{"PATCH", "/lists/18090", `{"only":{"templates":[46]},"ids":null,"order":null}`, 200,
			`{"id":18090,"name":"Late","kind":"items","only":{"templates":[46]},"order":{"key":"id","descending":true}}`},
		{"PATCH", "/lists/18090", `{"ids":[1001,1003]}`, 200, `{"id":18090,"name":"Late","kind":"items","ids":[1001,1003]}`},
		{"PATCH", "/lists/18090", `{"order":{"key":"id"}}`, 200, `{"id":18090,"name":"Late","kind":"items","ids":[1001,1003],"order":{"key":"id"}}`},
		{"PATCH", "/lists/18090", `{"ids":[1003,1001],"order":null}`, 200, `{"id":18090,"name":"Late","kind":"items","ids":[1003,1001]}`},
		{"PATCH", "/lists/18090", `{"ids":[1003,1001],"order":{"key":"summary"}}`, 200, `{"id":18090,"name":"Late","kind":"items","ids":[1003,1001],"order":{"key":"summary"}}`},
		{"PATCH", "/lists/18090", `{"order":{}}`, 200, `{"id":18090,"name":"Late","kind":"items","ids":[1003,1001]}`},
		{"PATCH", "/lists/18090", `{"ids":[1003],"order":{},"board":"Huddle"}`, 200, `{"id":18090,"name":"Late","kind":"items","board":"Huddle","ids":[1003]}`},
		{"PATCH", "/lists/18090", `{"name":"Later"}`, 200, `{"id":18090,"name":"Later","kind":"items","board":"Huddle","ids":[1003]}`},
		{"PATCH", "/lists/18090", `{"only":{}}`, 200, `{"id":18090,"name":"Later","kind":"items","board":"Huddle"}`},
		{"PATCH", "/lists/18090", `{"ids":[]}`, 200, `{"id":18090,"name":"Later","kind":"items","board":"Huddle","ids":[]}`},
		{"PATCH", "/lists/18090", `{"kind":"people","board":""}`, 200, `{"id":18090,"name":"Later","kind":"people","ids":[]}`},
		{"PATCH", "/lists/18090", `{"order":{"key":"dueDate"}}`, 400, `{"error":"a list is ordered by one of id, username, firstName, lastName, email, userType"}`},
		{"GET", "/lists/18090", "", 200, `{"id":18090,"name":"Later","kind":"people","ids":[]}`},
		{"PATCH", "/lists/5", `{}`, 404, `{"error":"there is no list 5"}`},
		{"DELETE", "/lists/18090", "", 204, ""},
		{"DELETE", "/lists/18090", "", 404, `{"error":"there is no list 18090"}`},
		{"GET", "/lists/18090", "", 404, `{"error":"there is no list 18090"}`},
	} {
		t.Run(step.method+" "+step.path, func(t *testing.T) {
			got := c.admin(step.method, step.path, step.body)
			assert.Equal(t, step.status, got.status, "%s", got.body)
			if step.want == "" {
				assert.Empty(t, got.body)
				return
			}
			assert.JSONEq(t, step.want, string(got.body))
		})
	}
	assert.Len(t, c.admin("GET", "/lists", nil).object(t).stored("lists"), len(seedLists()))
}

// TestTemplates takes what an item can have from the answer, and makes one that has it.
func TestTemplates(t *testing.T) {
	c := start(t)
	all := c.admin("GET", "/templates", nil).object(t).stored("templates")
	assert.Equal(t, []int64{45, 46, 47, 48, 49}, ids(all))
	assert.Equal(t, parse(t, `{"id":49,"name":"Task","chart":false,"people":["authors","collaborators","followers","responsible","assigner"],
		"fields":[{"id":21,"name":"Background","values":["value"]},{"id":23,"name":"Hours","values":["numericValue"]}],
		"attributes":[{"id":12,"name":"Urgency","kind":"value","score":"Ranking","notes":false}],"milestones":[]}`), all[4])
	for _, template := range all {
		item := document{"templateId": template["id"], "summary": "New", "authors": refs(301)}
		for _, key := range template["people"].([]any) {
			item[key.(string)] = map[bool]any{true: ref(302), false: refs(302)}[key == "responsible" || key == "assigner"]
		}
		values := map[string]any{"value": "x", "htmlValue": "<p>x</p>", "numericValue": num(1), "dateValue": "2026-04-01T12:00:00.000+0000"}
		for _, f := range template.stored("fields") {
			field := document{"id": f["id"]}
			for _, key := range f["values"].([]any) {
				field[key.(string)] = values[key.(string)]
			}
			item["fields"] = append(array(item.stored("fields")), field)
		}
		for _, a := range template.stored("attributes") {
			id := map[string]any{"location": num(70), "person": num(301)}[a.text("kind")]
			if a.text("kind") == "value" {
				list := c.list(fmt.Sprint("attributeValueList?attributeId=", a.id()))
				id = list[slices.IndexFunc(list, func(v document) bool { return !v.flag("folder") })]["id"]
			}
			value := document{"id": id}
			if a.flag("notes") {
				value["note"] = "x"
			}
			item["attributes"] = append(array(item.stored("attributes")), document{"id": a["id"], "score": a["score"], "values": []any{value}})
		}
		for _, m := range template.stored("milestones") {
			assert.NotEmpty(t, m["approverRoles"])
			item["milestones"] = append(array(item.stored("milestones")), document{"id": m["id"], "status": "APPROVED"})
		}
		id, _ := c.put("item", jsonText(t, item))
		made := c.item(id)
		for _, key := range []string{"fields", "attributes", "milestones"} {
			assert.Len(t, made.stored(key), len(template.stored(key)), "%s of %s", key, template.text("name"))
		}
	}
	charts := []bool{}
	for _, template := range c.sandbox.Admin().Templates() {
		charts = append(charts, template.Chart)
	}
	assert.Equal(t, []bool{false, false, false, true, false}, charts)
	c.sandbox.Admin().Templates()[0].Milestones[0].ApproverRoles[0] = 5
	assert.Equal(t, int64(managerRole), templates[0].milestones[0].approvers[0], "nothing is shared")
}

func TestAdminNotifications(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	assert.JSONEq(t, `{"notifications":[]}`, string(c.admin("GET", "/notifications", nil).body))
	c.put("item", `{"id":1002,"summary":"x","suppressNotifications":true}`)
	clock.Advance(time.Minute)
	c.put("item", minimal)
	assert.JSONEq(t, `{"notifications":[
		{"itemId":1002,"operation":"UPDATE","time":"2026-04-01T12:00:00Z","suppressed":true},
		{"itemId":18090,"operation":"CREATE","time":"2026-04-01T12:01:00Z","suppressed":false}]}`, string(c.admin("GET", "/notifications", nil).body))
	assert.Len(t, c.sandbox.Admin().Notifications(), 2)
	assert.Equal(t, 204, c.admin("DELETE", "/notifications", nil).status)
	assert.Empty(t, c.sandbox.Admin().Notifications())
}
