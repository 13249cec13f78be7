package kainexus

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// minimal is the smallest body of an item.
const minimal = `{"templateId":45,"summary":"New idea","authors":[{"username":"jdoe"}]}`

func TestGetItem(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	got := c.call("GET", jsonPath+"item?id=1001", nil).object(t)
	assert.Equal(t, document{"startDate": "2026-04-01T12:00:00.000+0000", "endDate": "2026-04-01T12:00:00.000+0000", "durationSeconds": num(0)}, got.object("statistics"))
	item := got.object("item")
	assert.Equal(t, "Idea", item.text("templateName"))
	assert.Equal(t, "https://organization.example/link/i/1001", item.text("link"))
	assert.Equal(t, "New layout of line 1", item.text("parentSummary"))
	assert.Equal(t, document{"id": num(301), "username": "jdoe", "firstName": "Jo", "lastName": "Doe", "email": "jdoe@organization.example"}, item.stored("authors")[0])
	assert.Equal(t, "0.50", item.stored("fields")[2].numberText("numericValue"), "digits stay")
	assert.Equal(t, "Ranking", item.stored("attributes")[1].text("score"))
	assert.Equal(t, document{"id": num(303), "username": "asmith", "firstName": "Ada", "lastName": "Smith", "email": "asmith@organization.example"}, item.object("responsible"))
	assert.Equal(t, "&lt;p&gt;Prepare beforehand&lt;/p&gt;", item.stored("fields")[1].text("htmlValue"))
}

func TestListItems(t *testing.T) {
	c := start(t)
	all := c.list("itemList?id=640")
	require.Len(t, all, 40)
	assert.True(t, all[39].id() == 4003 && !all[39].names("chart"))
	for _, test := range []struct {
		name, query                        string
		count, total, offset, limit, first int64
	}{
		{"all", "id=640", 40, 40, 0, 20000, 1001},
		{"page", "id=640&offset=10&limit=5", 5, 40, 10, 5, 1011},
		{"last page", "id=640&offset=38&limit=5", 2, 40, 38, 5, 4002},
		{"past the end", "id=640&offset=50", 0, 40, 50, 20000, 0},
		{"charts", "id=655&includeCharts=true", 4, 4, 0, 20000, 4000},
		{"no charts", "id=655&includeCharts=false&limit=20000", 4, 4, 0, 20000, 4000},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := c.call("GET", jsonPath+"itemList?"+test.query, nil).object(t)
			for key, want := range map[string]int64{"count": test.count, "totalCount": test.total, "offset": test.offset, "limit": test.limit} {
				assert.Equal(t, want, got.integer(key), key)
			}
			items := got.stored("items")
			require.Len(t, items, int(test.count))
			if test.count > 0 {
				assert.Equal(t, test.first, items[0].id())
				assert.Equal(t, test.name == "charts", items[0].has("chart"))
			}
			assert.NotNil(t, got.object("statistics"))
		})
	}
	for _, query := range []string{"limit=0", "limit=20001", "offset=-1", "limit=x", "includeCharts=TRUE", "id=655"} {
		got := c.call("GET", jsonPath+"itemList?id=640&"+query, nil)
		assert.Equal(t, 400, got.status, query)
		assert.Equal(t, invalidParameter, got.code())
	}
}

func TestCreateItem(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	id, operation := c.put("item", minimal)
	assert.Equal(t, "CREATE", operation)
	assert.Equal(t, int64(firstNewID), id)
	item := c.item(id)
	assert.Equal(t, parse(t, `{"id":18090,"templateId":45,"templateName":"Idea","summary":"New idea","status":"NEW","customStatus":"NEW",
		"link":"https://organization.example/link/i/18090","createDate":"2026-04-01T12:00:00.000+0000","lastUpdateDate":"2026-04-01T12:00:00.000+0000",
		"authors":[{"id":301,"username":"jdoe","firstName":"Jo","lastName":"Doe","email":"jdoe@organization.example"}],
		"collaborators":[],"followers":[],"participatingLocations":[],"originatingLocations":[],"responsibleLocations":[],"fields":[],"attributes":[],
		"milestones":[{"id":31,"name":"Review of the plan","status":"NOT_READY"},{"id":32,"name":"Closing review","status":"NOT_READY"}],
		"likeCount":0,"ackCount":0,"voteCount":0}`), item)
	assert.Equal(t, id, c.list("itemList?id=640")[40].id(), "the list has it too")

	for name, test := range map[string]struct{ body, code string }{
		"no template":      {`{"summary":"s","authors":[{"id":301}]}`, missingData},
		"unknown template": {`{"templateId":1,"summary":"s","authors":[{"id":301}]}`, unknownReference},
		"no summary":       {`{"templateId":45,"authors":[{"id":301}]}`, missingData},
		"no author":        {`{"templateId":45,"summary":"s","authors":[]}`, missingData},
		"unknown author":   {`{"templateId":45,"summary":"s","authors":[{"username":"nobody"}]}`, unknownReference},
		"deleted at once":  {`{"templateId":45,"summary":"s","status":"DELETED","authors":[{"id":301}]}`, missingData},
		"unknown status":   {`{"templateId":45,"summary":"s","status":"OVERDUE","authors":[{"id":301}]}`, unknownReference},
		"unknown custom":   {`{"templateId":45,"summary":"s","customStatus":"overdue","authors":[{"id":301}]}`, unknownReference},
		"unknown id":       {`{"id":5,"templateId":45,"summary":"s","authors":[{"id":301}]}`, accessDenied},
		"unknown parent":   {`{"templateId":45,"summary":"s","authors":[{"id":301}],"parentId":5}`, unknownReference},
		"foreign team":     {`{"templateId":45,"summary":"s","authors":[{"id":301}],"sponsors":[{"id":301}]}`, notAllowed},
		"foreign person":   {`{"templateId":46,"summary":"s","authors":[{"id":301}],"assigner":{"id":301}}`, notAllowed},
		"unknown location": {`{"templateId":45,"summary":"s","authors":[{"id":301}],"responsibleLocations":[{"name":"Plant C"}]}`, unknownReference},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.code, c.refused("item", test.body))
			assert.Len(t, c.list("itemList?id=640"), 41)
		})
	}
}

func TestUpdateItem(t *testing.T) {
	for _, test := range []struct{ name, put, key, want string }{
		{"title", `{"summary":"Changed"}`, "summary", `"Changed"`},
		{"status", `{"status":"RES_SUBMITTED"}`, "customStatus", `"RESOLUTION SUBMITTED"`},
		{"custom status", `{"customStatus":"DEFERRED"}`, "status", `"DEFERRED"`},
		{"custom status wins", `{"status":"COMPLETE","customStatus":"RESOLUTION SUBMITTED"}`, "status", `"RES_SUBMITTED"`},
		{"unknown key", `{"acme":{"n":1.10,"big":123456789012345678901234567890}}`, "acme", `{"n":1.10,"big":123456789012345678901234567890}`},
		{"null in an unknown key", `{"acme":null}`, "acme", `null`},
		{"likes are read only", `{"likeCount":99}`, "likeCount", `0`},
		{"link is read only", `{"link":"https://elsewhere.example"}`, "link", `"https://organization.example/link/i/1001"`},
		{"template by a stale name", `{"templateId":45,"templateName":"Old"}`, "templateName", `"Idea"`},
		{"id of a person wins", `{"authors":[{"id":302,"username":"jdoe","firstName":"Stale"}]}`, "authors", `[{"id":302,"username":"bnovak","firstName":"Bo","lastName":"Novak","email":"bnovak@organization.example"}]`},
		{"location by name", `{"responsibleLocations":[{"name":"Finance"}]}`, "responsibleLocations", `[{"id":72,"name":"Finance"}]`},
		{"people cleared", `{"followers":null}`, "followers", `[]`},
		{"date", `{"dueDate":"2030-01-01T06:00:00.000+0000"}`, "dueDate", `"2030-01-01T06:00:00.000+0000"`},
		{"start cleared stays null", `{"startDate":null}`, "startDate", `null`},
		{"create date", `{"createDate":"2020-01-01T00:00:00.000+0000"}`, "createDate", `"2020-01-01T00:00:00.000+0000"`},
		{"create date is not cleared", `{"createDate":null}`, "createDate", `"2025-01-06T09:00:00.000+0000"`},
		{"parent", `{"parentId":1002}`, "parentSummary", `"Label the shelves, bay 1"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			clock := newClock()
			c := start(t, WithClock(clock.Now))
			before := c.item(1001)
			clock.Advance(time.Hour)
			id, operation := c.put("item", `{"id":1001,`+test.put[1:])
			assert.Equal(t, int64(1001), id)
			assert.Equal(t, "UPDATE", operation)
			after := c.item(1001)
			assert.Equal(t, parse(t, `{"v":`+test.want+`}`)["v"], after[test.key])
			assert.Equal(t, timestamp(clock.Now()), after.text("lastUpdateDate"))
			for key, value := range before { // nothing else changed
				switch key {
				case test.key, "lastUpdateDate", "status", "customStatus", "parentId", "parentSummary":
				default:
					assert.Equal(t, value, after[key], key)
				}
			}
		})
	}
	c := start(t)
	for _, key := range []string{"dueDate", "parentId", "responsible", "assigner"} {
		c.put("item", `{"id":1001,"`+key+`":null}`)
		assert.NotContains(t, c.item(1001), key)
	}
	c.put("item", `{"id":1001,"suppressNotifications":true}`)
	assert.NotContains(t, c.item(1001), "suppressNotifications")
	for name, put := range map[string]string{
		"another template": `{"id":1001,"templateId":46}`,
		"inside itself":    `{"id":1200,"parentId":1001}`,
	} {
		c.put("item", `{"id":1001,"parentId":1200}`)
		assert.Equal(t, notAllowed, c.refused("item", put), name)
	}
	assert.Equal(t, missingData, c.refused("item", `{"id":1001,"summary":null}`))
	assert.Equal(t, missingData, c.refused("item", `{"id":1001,"authors":null}`))
}

func TestDeleteItem(t *testing.T) {
	c := start(t)
	id, operation := c.put("item", `{"templateId":46,"templateName":"Project","id":1200,"status":"DELETED","customStatus":"ACTIVE","authors":[{"username":"jdoe"}]}`)
	assert.Equal(t, int64(1200), id)
	assert.Equal(t, "UPDATE", operation)
	got := c.call("GET", jsonPath+"item?id=1200", nil)
	assert.Equal(t, 403, got.status)
	assert.JSONEq(t, `{"success":false,"errorCode":"ACCESS_DENIED"}`, string(got.body))
	assert.NotContains(t, ids(c.list("itemList?id=640")), int64(1200))
	assert.Equal(t, accessDenied, c.refused("item", `{"id":1200,"status":"NEW"}`))
	child := c.item(1001)
	assert.NotContains(t, child, "parentId")
	assert.NotContains(t, child, "parentSummary")
}

func TestPutItemsIsAllOrNothing(t *testing.T) {
	c := start(t)
	got := c.call(http.MethodPut, jsonPath+"itemList", `{"items":[`+minimal+`,{"id":1002,"summary":"Changed"},{"id":1002,"status":"DEFERRED"}]}`)
	assert.JSONEq(t, `{"success":true,"results":[{"id":18090,"operation":"CREATE"},{"id":1002,"operation":"UPDATE"},{"id":1002,"operation":"UPDATE"}]}`, string(got.body))
	assert.Equal(t, "Changed", c.item(1002).text("summary"))
	assert.Equal(t, "DEFERRED", c.item(1002).text("status"))

	got = c.call(http.MethodPut, jsonPath+"itemList", `{"items":[`+minimal+`,{"id":1003,"summary":"Changed"},{"id":`+missingID+`}]}`)
	assert.Equal(t, 403, got.status)
	assert.Len(t, c.list("itemList?id=640"), 41)
	assert.NotEqual(t, "Changed", c.item(1003).text("summary"))
	id, _ := c.put("item", minimal)
	assert.Equal(t, int64(18091), id, "a call that was undone takes no ids")
}

// TestRoundTrip puts back every record as it was read, in an organization where some of
// what records refer to was renamed or is gone.
func TestRoundTrip(t *testing.T) {
	c := start(t)
	c.put("item", `{"id":1001,"acme":[1.50,{"deep":null}],"authors":[{"id":301,"acme":"x"}],"startDate":null}`)
	yard, _ := c.put("networkLocation", `{"name":"Yard","levelType":{"name":"Site"},"parent":{"id":1}}`)
	c.put("item", `{"id":1201,"originatingLocations":[{"name":"Yard"}],"attributes":[{"id":13,"values":[{"name":"Yard"}]}],
		"resolutionActual":{"impacts":[{"typeId":1,"amount":2,"locations":[{"name":"Yard"}]},{"typeId":5,"amount":2,"personProductServiceResourceId":219}]}}`)
	c.put("impactValue?impactValueType=Product", `{"id":219,"locations":[{"name":"Yard"}]}`)
	c.put("networkLocation", fmt.Sprintf(`{"id":%d,"delete":true}`, yard))
	c.put("impactValue?impactValueType=Product", `{"id":219,"name":"Door leaf"}`)
	c.put("attributeValue?attributeId=15", `{"id":87,"name":"More"}`)
	c.put("user", `{"id":302,"username":"renamed","email":null}`)
	c.put("item", `{"id":1203,"status":"DELETED"}`)
	lists := map[string]string{
		"item?fullSync=true": "itemList?id=640&includeCharts=true", "item": "itemList?id=640&includeCharts=true",
		"user": "userList?includeBadges=true", "networkLocation": "networkLocationList",
	}
	for _, kind := range impactValueTypes {
		lists["impactValue?impactValueType="+kind] = "impactValueList?impactValueType=" + kind
	}
	for id := range attributesByID {
		lists[fmt.Sprint("attributeValue?attributeId=", id)] = fmt.Sprint("attributeValueList?attributeId=", id)
	}
	for path, list := range lists {
		t.Run(path, func(t *testing.T) {
			before := c.list(list)
			require.NotEmpty(t, before)
			for _, record := range before {
				id, operation := c.put(path, jsonText(t, record))
				assert.Equal(t, record.id(), id)
				assert.Equal(t, "UPDATE", operation)
			}
			after := c.list(list)
			for i := range before {
				delete(before[i], "lastUpdateDate")
				delete(after[i], "lastUpdateDate")
			}
			assert.Equal(t, before, after)
		})
	}
	assert.Equal(t, "x", c.item(1001).stored("authors")[0].text("acme"))
	impact := c.item(1201).object("resolutionActual").stored("impacts")[1]
	assert.Equal(t, "Door leaf", impact.text(resourceKey))
}

// TestReferencesFollow shows items what became of those they refer to.
func TestReferencesFollow(t *testing.T) {
	c := start(t)
	c.put("user", `{"id":301,"firstName":"Joan","email":null}`)
	author := c.item(1001).stored("authors")[0]
	assert.Equal(t, document{"id": num(301), "username": "jdoe", "firstName": "Joan", "lastName": "Doe"}, author)
	c.put("attributeValue?attributeId=12", `{"id":84,"name":"Very high"}`)
	assert.Equal(t, "Very high", c.item(1001).stored("attributes")[1].stored("values")[0].text("name"))

	created, _ := c.put("networkLocation", `{"name":"Yard","levelType":{"name":"Site"},"parent":{"id":1}}`)
	c.put("item", `{"id":1001,"originatingLocations":[{"name":"Yard"},{"id":70}],"attributes":[{"id":13,"values":[{"name":"Yard"}]}]}`)
	c.put("networkLocation", `{"id":`+strconv.FormatInt(created, 10)+`,"delete":true}`)
	item := c.item(1001)
	assert.Equal(t, []int64{70}, ids(item.stored("originatingLocations")))
	assert.Equal(t, []int64{11, 12, 14}, ids(item.stored("attributes")), "an Attribute of which nothing is left vanishes")
}
