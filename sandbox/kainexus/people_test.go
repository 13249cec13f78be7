package kainexus

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUsers(t *testing.T) {
	c := start(t)
	got := c.call("GET", jsonPath+"userList", nil).object(t)
	for key, want := range map[string]int64{"count": 12, "totalCount": 12, "offset": 0, "limit": 20000} {
		assert.Equal(t, want, got.integer(key), key)
	}
	assert.Equal(t, []int64{301, 303, 310}, ids(c.list("userList?id=512")))
	assert.NotContains(t, c.get("user?id=301"), "badges")
	assert.NotContains(t, c.get("user?id=301&includeBadges=false"), "badges")
	assert.Equal(t, []any{map[string]any{"id": num(951), "name": "First idea"}}, c.get("user?id=301&includeBadges=true")["badges"])
	assert.Equal(t, []any{}, c.get("user?id=302&includeBadges=true")["badges"])
	assert.Len(t, c.list("userList?includeBadges=true")[2].stored("badges"), 2)

	const newUser = `{"username":"mwood","firstName":"Mo","lastName":"Wood","userType":"GENERAL","networkLocations":[{"name":"Plant A"}],"roles":[{"name":"Viewer"}],"titles":[{"id":902}],"acme":1.0,"badges":[{"id":1}]}`
	id, operation := c.put("user", newUser)
	assert.Equal(t, "CREATE", operation)
	user := c.get("user?id=18090&includeBadges=true")
	assert.Equal(t, parse(t, `{"id":18090,"username":"mwood","firstName":"Mo","lastName":"Wood","userType":"GENERAL",
		"networkLocations":[{"id":70,"name":"Plant A"}],"roles":[{"id":7,"name":"Viewer"}],"titles":[{"id":902,"name":"Engineer"}],"acme":1.0,"badges":[]}`), user)
	again, operation := c.put("user", `{"username":"mwood","userType":"INACTIVE"}`)
	assert.Equal(t, id, again, "the username matches")
	assert.Equal(t, "UPDATE", operation)
	assert.Equal(t, "INACTIVE", c.get("user?id=18090").text("userType"))
	assert.Equal(t, "Mo", c.get("user?id=18090").text("firstName"), "what is left out stays")
	c.put("user", `{"id":18090,"username":"wood"}`)
	assert.Equal(t, "wood", c.get("user?id=18090").text("username"))
	_, operation = c.put("user", newUser)
	assert.Equal(t, "CREATE", operation, "the old username is free")

	before := c.list("userList")
	for _, test := range []struct{ name, put, code string }{
		{"unknown id", `{"id":5,"username":"jdoe"}`, accessDenied},
		{"nobody", `{}`, missingData},
		{"no first name", `{"username":"x","lastName":"x","userType":"GENERAL","networkLocations":[{"id":70}]}`, missingData},
		{"no location", `{"username":"x","firstName":"x","lastName":"x","userType":"GENERAL"}`, missingData},
		{"locations taken away", `{"id":301,"networkLocations":[]}`, missingData},
		{"locations nulled", `{"id":301,"networkLocations":null}`, missingData},
		{"username taken", `{"id":301,"username":"asmith"}`, notAllowed},
		{"username nulled", `{"id":301,"username":null}`, missingData},
		{"unknown location", `{"id":301,"networkLocations":[{"name":"Plant C"}]}`, unknownReference},
		{"unknown role", `{"id":301,"roles":[{"id":1}]}`, unknownReference},
		{"unknown title", `{"id":301,"titles":[{"name":"King"}]}`, unknownReference},
		{"delete", `{"id":301,"delete":true}`, notAllowed},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.code, c.refused("user", test.put))
			assert.Equal(t, before, c.list("userList"))
		})
	}
	many := c.call(http.MethodPut, jsonPath+"userList", `{"items":[{"username":"asmith","titles":null},`+newUser[:len(newUser)-1]+`,"username":"third"}]}`)
	assert.JSONEq(t, `{"success":true,"results":[{"id":303,"operation":"UPDATE"},{"id":18092,"operation":"CREATE"}]}`, string(many.body))
	assert.Equal(t, []any{}, c.get("user?id=303")["titles"])
}

func TestNetworkLocations(t *testing.T) {
	c := start(t)
	all := c.list("networkLocationList")
	require.Len(t, all, 6)
	assert.Equal(t, parse(t, `{"id":1,"name":"Org","levelType":{"id":4,"name":"System"}}`), all[0])
	assert.Equal(t, parse(t, `{"id":73,"name":"Press shop","levelType":{"id":6,"name":"Department"},"parent":{"id":70,"name":"Plant A"}}`), c.get("networkLocation?id=73"))

	got := c.call(http.MethodPut, jsonPath+"networkLocationList", `{"items":[
		{"id":70,"name":"Plant One","levelType":{"name":"Site"}},
		{"name":"Yard","levelType":{"name":"Department"},"parent":{"name":"Plant One"},"acme":1.10},
		{"name":"Yard","parent":{"id":71}},
		{"name":"Attic","levelType":{"id":6},"parent":{"name":"Yard"}},
		{"name":"Attic","delete":true}]}`)
	assert.JSONEq(t, `{"success":true,"results":[{"id":70,"operation":"UPDATE"},{"id":18090,"operation":"CREATE"},{"id":18090,"operation":"UPDATE"},
		{"id":18091,"operation":"CREATE"},{"id":18091,"operation":"DELETE"}]}`, string(got.body))
	assert.Equal(t, parse(t, `{"id":18090,"name":"Yard","levelType":{"id":6,"name":"Department"},"parent":{"id":71,"name":"Plant B"},"acme":1.10}`), c.get("networkLocation?id=18090"))
	assert.Equal(t, 403, c.call("GET", jsonPath+"networkLocation?id=18091", nil).status)
	assert.Equal(t, "Plant One", c.get("networkLocation?id=73").object("parent").text("name"), "a new name shows everywhere")
	_, operation := c.put("networkLocation", `{"id":18090,"delete":false}`)
	assert.Equal(t, "UPDATE", operation)
	assert.NotContains(t, c.get("networkLocation?id=18090"), "delete")
	c.put("networkLocation", `{"id":1,"parent":null}`)

	before := c.list("networkLocationList")
	for _, test := range []struct{ name, put, code string }{
		{"unknown id", `{"id":5,"name":"Yard"}`, accessDenied},
		{"no level type", `{"name":"Roof","parent":{"id":1}}`, missingData},
		{"no parent", `{"name":"Roof","levelType":{"id":6}}`, missingData},
		{"parent taken away", `{"id":18090,"parent":null}`, missingData},
		{"unknown parent", `{"id":18090,"parent":{"name":"Roof"}}`, unknownReference},
		{"unknown level type", `{"id":18090,"levelType":{"name":"Planet"}}`, unknownReference},
		{"inside itself", `{"id":70,"parent":{"name":"Press shop"}}`, notAllowed},
		{"root inside", `{"id":1,"parent":{"id":72}}`, notAllowed},
		{"name taken", `{"id":18090,"name":"Finance"}`, notAllowed},
		{"delete with children", `{"id":70,"delete":true}`, notAllowed},
		{"delete with users", `{"id":72,"delete":true}`, notAllowed},
		{"delete the unknown", `{"name":"Roof","delete":true}`, unknownReference},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.code, c.refused("networkLocation", test.put))
			assert.Equal(t, before, c.list("networkLocationList"))
		})
	}
	_, operation = c.put("networkLocation", `{"id":18090,"delete":true}`)
	assert.Equal(t, "DELETE", operation)
	assert.Equal(t, []int64{1, 70, 71, 72, 73, 74}, ids(c.list("networkLocationList")))
}
