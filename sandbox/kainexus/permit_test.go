package kainexus

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

// as is the client with the API key of another Service Account.
func (c *client) as(credentials Credentials) *client {
	other := *c
	other.authorization = basic(basicUser, credentials.APIKey)
	return &other
}

const (
	testRole    = 100
	testAccount = 101
)

// somebody is a sandbox with one more Service Account, at Plant A, and a client for it.
// The first client is the one that may do everything.
func somebody(t testing.TB, permissions Permissions, opts ...Option) (all, one *client) {
	credentials := Credentials{APIKey: "test-key", ClientID: "test-client", ClientSecret: "test-secret"}
	all = start(t, append(opts,
		WithRole(Role{testRole, "Test", permissions}),
		WithServiceAccount(ServiceAccount{testAccount, "Test", []int64{70}, []int64{testRole}}, credentials),
	)...)
	return all, all.as(credentials)
}

// denied gets a refusal, which says the same to everybody.
func (c *client) denied(method, path string, body any) string {
	c.t.Helper()
	got := c.call(method, path, body)
	require.Equal(c.t, http.StatusForbidden, got.status, "%s %s: %s", method, path, got.body)
	require.JSONEq(c.t, `{"success":false,"errorCode":"ACCESS_DENIED"}`, string(got.body))
	return got.header.Get(reasonHeader)
}

// TestLimitedCredentials are for seeing a list that leaves something out.
func TestLimitedCredentials(t *testing.T) {
	c := start(t)
	limited := c.as(c.sandbox.LimitedCredentials())
	got := limited.call("GET", jsonPath+"itemList?id=640", nil).object(t)
	items := got.stored("items")
	assert.Equal(t, int64(len(items)), got.integer("totalCount"))
	assert.NotEmpty(t, items)
	assert.Less(t, len(items), 40)
	for _, item := range items {
		assert.NotEqual(t, "NEW", item.text("status"))
		at := []int64{}
		for _, key := range locationLists {
			at = append(at, ids(item.stored(key))...)
		}
		assert.True(t, slices.Contains(at, 70) || slices.Contains(at, 73), "item %d is at %v", item.id(), at)
	}
	limited.denied("PUT", jsonPath+"item", `{"item":{"id":1003,"summary":"Changed"}}`)
	limited.denied("GET", jsonPath+"userList", nil)
	limited.denied("GET", jsonPath+"widget?id=77", nil)

	credentials := c.sandbox.LimitedCredentials()
	request := c.tokenRequest(basic(credentials.ClientID, credentials.ClientSecret), "grant_type=client_credentials")
	limited.authorization = "Bearer " + c.check(request).object(t).text("access_token")
	assert.Equal(t, ids(items), ids(limited.list("itemList?id=640")), "both kinds of credentials see the same")
}

// TestTrimming has random Roles and items. What a list has is what can be got singly, and
// what the rules say, told here in another way.
func TestTrimming(t *testing.T) {
	text := func(s string) *string { return &s }
	status := ItemStatus("NEW")
	nowhere := Item{TemplateName: text("Chart"), Summary: text("Nowhere"), Authors: []PersonRef{{Username: text("jdoe")}}}
	newNowhere := nowhere
	newNowhere.Status = &status
	active := ItemStatus("ACTIVE")
	nowhere.Status = &active
	c, one := somebody(t, Permissions{}, WithItems(nowhere, newNowhere))
	admin, everything := c.sandbox.Admin(), c.list("itemList?id=640")
	get := func(path string) *httptest.ResponseRecorder {
		request := httptest.NewRequest("GET", path, nil)
		request.Header.Set("Authorization", one.authorization)
		recorder := httptest.NewRecorder()
		c.sandbox.ServeHTTP(recorder, request)
		return recorder
	}
	below := map[int64][]int64{1: {70, 71, 72, 73, 74}, 70: {73}, 71: {74}}
	rapid.Check(t, func(rt *rapid.T) {
		scope := rapid.SampledFrom(scopes)
		may := Permissions{View: scope.Draw(rt, "View"), ViewNew: scope.Draw(rt, "View New"), ViewPrivate: scope.Draw(rt, "View Private")}
		require.NoError(rt, admin.UpdateRole(Role{testRole, "Test", may}))
		own := rapid.SliceOfNDistinct(rapid.SampledFrom([]int64{1, 70, 71, 72, 73, 74}), 1, 3, rapid.ID).Draw(rt, "locations")
		require.NoError(rt, admin.UpdateServiceAccount(ServiceAccount{testAccount, "Test", own, []int64{testRole}}))
		flipped := rapid.SampledFrom(everything).Draw(rt, "flipped").id()
		private, err := admin.IsPrivate(flipped)
		require.NoError(rt, err)
		require.NoError(rt, admin.SetPrivate(flipped, !private))

		want, wantCharts := []int64{}, 0
		for _, item := range everything {
			needed := may.View
			if item.text("status") == "NEW" {
				needed = may.ViewNew
			}
			if private, _ := admin.IsPrivate(item.id()); private {
				needed = may.ViewPrivate
			}
			reached := map[Scope][]int64{Own: own, OwnAndBelow: slices.Clone(own)}
			for _, id := range own {
				reached[OwnAndBelow] = append(reached[OwnAndBelow], below[id]...)
			}
			seen := needed == Everywhere
			for _, key := range locationLists {
				for _, location := range item.stored(key) {
					seen = seen || slices.Contains(reached[needed], location.id())
				}
			}
			if seen {
				want = append(want, item.id())
				if item.text("templateName") == "Chart" {
					wantCharts++
				}
			}
			got := get(fmt.Sprintf("%sitem?id=%d", jsonPath, item.id()))
			require.Equal(rt, seen, got.Code == http.StatusOK, "item %d", item.id())
			if item.id() == flipped { // a workbook takes long
				require.Equal(rt, seen, get(fmt.Sprintf("%sitem?id=%d", excelPath, item.id())).Code == http.StatusOK)
			}
		}
		list := parse(t, get(jsonPath+"itemList?id=640").Body.String())
		require.Equal(rt, want, ids(list.stored("items")))
		require.Equal(rt, int64(len(want)), list.integer("totalCount"))
		require.Equal(rt, int64(len(want)), list.integer("count"))
		require.Equal(rt, want, sheetIDs(t, get(excelPath+"itemList?id=640").Body.Bytes()))
		require.Len(rt, parse(t, get(jsonPath+"itemList?id=655").Body.String()).stored("items"), wantCharts)
		require.Len(rt, sheetNames(t, get(excelPath+"chartList?id=655").Body.Bytes()), wantCharts)
	})
}

func openBook(t testing.TB, content []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(content))
	require.NoError(t, err)
	t.Cleanup(func() { _ = book.Close() })
	return book
}

// sheetIDs are the ids in the first column, below its title.
func sheetIDs(t testing.TB, content []byte) []int64 {
	t.Helper()
	rows, err := openBook(t, content).GetRows("Items")
	require.NoError(t, err)
	found := []int64{}
	for _, row := range rows[1:] {
		id, err := strconv.ParseInt(row[0], 10, 64)
		require.NoError(t, err)
		found = append(found, id)
	}
	return found
}

func sheetNames(t testing.TB, content []byte) []string {
	t.Helper()
	return slices.DeleteFunc(openBook(t, content).GetSheetList(), func(name string) bool { return name == "No charts" })
}

// TestUnseen is answered as what does not exist is, in words too, but for the id.
func TestUnseen(t *testing.T) {
	c, one := somebody(t, Permissions{View: Everywhere, Edit: Everywhere}, WithPrivateItems(1200, 4000))
	same := func(method, path, missing, unseen string, body func(id string) any) {
		t.Helper()
		was := one.denied(method, path+missing, body(missing))
		is := one.denied(method, path+unseen, body(unseen))
		assert.Equal(t, was, string(bytes.ReplaceAll([]byte(is), []byte(unseen), []byte(missing))))
	}
	none := func(string) any { return nil }
	same("GET", jsonPath+"item?id=", missingID, "1200", none)
	same("GET", excelPath+"item?id=", missingID, "1200", none)
	write := func(id string) any { return `{"item":{"id":` + id + `,"status":"DELETED"}}` }
	same("PUT", jsonPath+"item?id=", missingID, "1200", write)

	got := one.item(1007) // its parent is 1200
	assert.NotContains(t, got, "parentId")
	assert.NotContains(t, got, "parentSummary")
	assert.Equal(t, int64(1200), c.item(1007).integer("parentId"))
	one.put("item", jsonText(t, got))
	assert.Equal(t, int64(1200), c.item(1007).integer("parentId"), "a round trip keeps the parent that it did not see")
	assert.Equal(t, unknownReference, one.refused("item", `{"id":1007,"parentId":1200}`))
	assert.Equal(t, unknownReference, one.refused("item", `{"id":1007,"parentId":`+missingID+`}`))
	one.put("item", `{"id":1007,"parentId":1201}`)

	c.put("item", `{"id":1200,"status":"DELETED"}`)
	_, err := c.sandbox.Admin().IsPrivate(1200)
	require.Error(t, err)
	assert.Equal(t, []int64{4000}, c.sandbox.api.store.view().organization.Private, "nothing is left of what is deleted")
}

func TestEdit(t *testing.T) {
	// Item 1004 is at 73 and 74, item 1002 at 71 and 72, and item 1001 is new.
	c, one := somebody(t, Permissions{View: Everywhere, ViewNew: Nowhere, Edit: OwnAndBelow})
	admin := c.sandbox.Admin()
	at := func(locations string) string {
		return `{"templateId":47,"summary":"x","authors":[{"id":301}],"responsibleLocations":[` + locations + `]}`
	}
	for _, test := range []struct {
		name, record string
		want         int
	}{
		{"below", `{"id":1004}`, 200},
		{"elsewhere", `{"id":1002}`, 403},
		{"not to be seen", `{"id":1001}`, 403},
		{"delete elsewhere", `{"id":1002,"status":"DELETED"}`, 403},
		{"create", at(`{"id":73}`), 200},
		{"create at one of two", at(`{"id":71},{"id":70}`), 200},
		{"create elsewhere", at(`{"id":71}`), 403},
		{"create nowhere", at(``), 403},
		{"a good and a bad one", `{"id":1004,"summary":"Changed"},{"id":1002}`, 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := one.call("PUT", jsonPath+"itemList", `{"items":[`+test.record+`]}`)
			assert.Equal(t, test.want, got.status, "%s %s", got.body, got.header.Get(reasonHeader))
		})
	}
	assert.NotEqual(t, "Changed", c.item(1004).text("summary"), "nothing of a refused call is done")

	one.put("item", `{"id":1004,"responsibleLocations":[{"id":71}],"originatingLocations":[{"id":71}]}`)
	one.denied("PUT", jsonPath+"item", `{"item":{"id":1004,"summary":"Too late"}}`)

	require.NoError(t, admin.UpdateRole(Role{testRole, "Test", Permissions{View: Everywhere, Edit: Everywhere}}))
	one.put("item", at(``))
	require.NoError(t, admin.UpdateRole(Role{testRole, "Test", Permissions{Edit: Everywhere}}))
	one.denied("PUT", jsonPath+"item", `{"item":{"id":1004,"summary":"Not seen"}}`)
}

func TestChartImportPermissions(t *testing.T) {
	// Chart 4001 is at 71, chart 4003 at 73.
	c, one := somebody(t, Permissions{View: OwnAndBelow, Edit: Own})
	admin := c.sandbox.Admin()
	export := workbook(c.call("GET", excelPath+"chartList?id=655", nil).body)
	importAs := func() map[string]int {
		got := one.call("POST", excelPath+"multiChartImport", export)
		require.Equal(t, 200, got.status, "%s", got.body)
		messages := map[string]int{}
		for _, entry := range parse(t, `{"entries":`+string(got.body)+`}`).stored("entries") {
			assert.True(t, entry.flag("failure"))
			messages[entry.text("message")]++
		}
		return messages
	}
	// Charts 4000 (70), 4001 (71), 4002 (72) and 4003 (73).
	assert.Equal(t, map[string]int{"chart.import.item.unknown": 2, "chart.import.item.not.editable": 1}, importAs())
	require.NoError(t, admin.UpdateRole(Role{testRole, "Test", Permissions{View: Everywhere, Edit: Own}}))
	assert.Equal(t, map[string]int{"chart.import.item.not.editable": 3}, importAs())
	require.NoError(t, admin.UpdateRole(Role{testRole, "Test", Permissions{View: Everywhere, Edit: Everywhere}}))
	assert.Empty(t, importAs())
	require.NoError(t, admin.UpdateRole(Role{testRole, "Test", Permissions{View: Everywhere}}))
	one.denied("POST", excelPath+"multiChartImport", export)
}

// TestAreas are permissions for all calls of a kind.
func TestAreas(t *testing.T) {
	quality := Permissions{QualityAdministrator: true}
	people := Permissions{UserManager: &UserManager{}}
	for _, test := range []struct {
		name   string
		may    Permissions
		path   string
		body   any // of PUT, in place of GET
		permit bool
	}{
		{"users", people, "userList", nil, true},
		{"user", people, "user?id=301", nil, true},
		{"user, not", quality, "user?id=301", nil, false},
		{"put user, not", quality, "user", `{"item":{"id":301}}`, false},
		{"network", quality, "networkLocationList", nil, true},
		{"location", quality, "networkLocation?id=70", nil, true},
		{"location, not", people, "networkLocation?id=70", nil, false},
		{"put location", quality, "networkLocation", `{"item":{"id":70}}`, true},
		{"put locations, not", people, "networkLocationList", `{"items":[]}`, false},
		{"impact values", quality, "impactValueList?impactValueType=Product", nil, true},
		{"impact values, not", people, "impactValueList?impactValueType=Product", nil, false},
		{"put impact value, not", people, "impactValue?impactValueType=Product", `{"item":{"id":219}}`, false},
		{"attribute value", quality, "attributeValue?attributeId=12&id=84", nil, true},
		{"attribute value, not", people, "attributeValue?attributeId=12&id=84", nil, false},
		{"put attribute values, not", people, "attributeValueList?attributeId=12", `{"items":[]}`, false},
		{"count", Permissions{ViewReportData: true}, "widget?id=77", nil, true},
		{"count, not", Permissions{ViewImpact: true}, "widget?id=77", nil, false},
		{"impact", Permissions{ViewReportData: true, ViewImpact: true}, "widget?id=79", nil, true},
		{"money, not", Permissions{ViewReportData: true}, "widget?id=79", nil, false},
		{"hours, not", Permissions{ViewReportData: true}, "widget?id=80", nil, false},
		{"items, empty", quality, "itemList?id=640", nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, one := somebody(t, test.may)
			method := "GET"
			if test.body != nil {
				method = "PUT"
			}
			if !test.permit {
				one.denied(method, jsonPath+test.path, test.body)
				return
			}
			got := one.call(method, jsonPath+test.path, test.body)
			assert.Equal(t, 200, got.status, "%s %s", got.body, got.header.Get(reasonHeader))
		})
	}
	all, one := somebody(t, Permissions{ViewReportData: true})
	assert.Equal(t, all.call("GET", jsonPath+"widget?id=77", nil).object(t)["value"],
		one.call("GET", jsonPath+"widget?id=77", nil).object(t)["value"], "a Widget counts what its reader does not see")
}

func TestUserManager(t *testing.T) {
	c, one := somebody(t, Permissions{UserManager: &UserManager{GrantableRoles: []int64{viewerRole}}})
	const newUser = `{"username":"mwood","firstName":"Mo","lastName":"Wood","userType":"GENERAL","networkLocations":[{"id":70}]`
	one.put("user", `{"id":302,"firstName":"Bob"}`)
	one.denied("PUT", jsonPath+"user", `{"item":`+newUser+`}}`)
	// User 302 is a Manager.
	one.put("user", `{"id":302,"roles":[{"id":6},{"name":"Viewer"}]}`)
	one.denied("PUT", jsonPath+"user", `{"item":{"id":302,"roles":[{"id":6},{"name":"Integration"}]}}`)
	one.put("user", `{"id":302,"roles":[]}`)
	one.denied("PUT", jsonPath+"user", `{"item":{"id":302,"roles":[{"id":6}]}}`)

	manager := &UserManager{CreateNewUsers: true}
	require.NoError(t, c.sandbox.Admin().UpdateRole(Role{testRole, "Test", Permissions{UserManager: manager}}))
	one.denied("PUT", jsonPath+"user", `{"item":`+newUser+`,"roles":[{"id":7}]}}`)
	_, operation := one.put("user", newUser+`}`)
	assert.Equal(t, "CREATE", operation)

	manager.GrantableRoles = []int64{testRole}
	one.denied("PUT", jsonPath+"user", `{"item":{"id":302,"roles":[{"id":100}]}}`)
}

func TestMilestoneApproval(t *testing.T) {
	c, one := somebody(t, Permissions{View: Everywhere, ViewNew: Everywhere, Edit: Everywhere})
	admin := c.sandbox.Admin()
	milestone := func(status string) string {
		return `{"id":1200,"milestones":[{"id":33,"status":"` + status + `","notes":"n"}]}`
	}
	deny := func(record string) { t.Helper(); one.denied("PUT", jsonPath+"item", `{"item":`+record+`}`) }
	c.put("item", milestone("NOT_READY"))
	deny(milestone("APPROVED"))
	deny(milestone("NOT_APPROVED"))
	one.put("item", milestone("READY"))
	one.put("item", milestone("NOT_READY"))
	deny(`{"templateId":46,"summary":"x","authors":[{"id":301}],"milestones":[{"id":33,"status":"APPROVED"}]}`)

	require.NoError(t, admin.UpdateServiceAccount(ServiceAccount{testAccount, "Test", []int64{70}, []int64{testRole, sponsorRole}}))
	one.put("item", milestone("APPROVED"))
	require.NoError(t, admin.UpdateServiceAccount(ServiceAccount{testAccount, "Test", []int64{70}, []int64{testRole, managerRole}}))
	one.put("item", jsonText(t, one.item(1200))) // as it is, so nothing is decided
	deny(milestone("READY"))
	deny(milestone("NOT_APPROVED"))
	assert.Equal(t, "APPROVED", c.item(1200).stored("milestones")[0].text("status"))
	require.ErrorContains(t, admin.DeleteRole(sponsorRole), "approver Role of the Milestone")
}

// TestRolesAddUp: of each permission the widest scope counts.
func TestRolesAddUp(t *testing.T) {
	some := Permissions{View: Own, ViewNew: Everywhere, UserManager: &UserManager{GrantableRoles: []int64{5}}}
	more := Permissions{View: OwnAndBelow, ViewNew: Own, Edit: Own, ViewReportData: true, UserManager: &UserManager{CreateNewUsers: true, GrantableRoles: []int64{6}}}
	want := Permissions{View: OwnAndBelow, ViewNew: Everywhere, Edit: Own, ViewReportData: true, UserManager: &UserManager{CreateNewUsers: true, GrantableRoles: []int64{5, 6}}}
	assert.Equal(t, want, some.and(more))
	assert.Equal(t, []int64{5}, some.UserManager.GrantableRoles, "a Role is not changed")
	assert.Equal(t, some, some.and(Permissions{}))
	assert.Equal(t, some, Permissions{}.and(some))
}

// Generated items are judged one by one as well: by their own id, and where they are.
func TestGeneratedItemsAreTrimmed(t *testing.T) {
	const private = firstGeneratedID + 7
	c := start(t, WithGeneratedItems(200, 1), WithPrivateItems(private))
	limited := c.as(c.sandbox.LimitedCredentials())
	listed := ids(limited.list("itemList?id=700"))
	assert.NotEmpty(t, listed)
	assert.Less(t, len(listed), 200)
	for id := int64(firstGeneratedID); id < firstGeneratedID+200; id++ {
		status := limited.call("GET", fmt.Sprintf("%sitem?id=%d", jsonPath, id), nil).status
		assert.Equal(t, slices.Contains(listed, id), status == http.StatusOK, id)
	}
	assert.NotContains(t, listed, int64(private))
}

// Whoever may not see an item does not learn from a refusal that it uses a value.
func TestARefusalNamesNoHiddenItem(t *testing.T) {
	_, one := somebody(t, Permissions{QualityAdministrator: true})
	reason := one.call("PUT", jsonPath+"attributeValue?attributeId=12", `{"item":{"id":84,"delete":true}}`).header.Get(reasonHeader)
	assert.Equal(t, `"value 84 is used by an item"`, reason)
	_, one = somebody(t, Permissions{QualityAdministrator: true, View: Everywhere, ViewNew: Everywhere})
	reason = one.call("PUT", jsonPath+"attributeValue?attributeId=12", `{"item":{"id":84,"delete":true}}`).header.Get(reasonHeader)
	assert.Regexp(t, `^"value 84 is used by item \d+"$`, reason)
}

func TestCredentialsDoNotPrintSecrets(t *testing.T) {
	c := Credentials{APIKey: "the-key", ClientID: "the-client", ClientSecret: "the-secret"}
	var logged bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&logged, nil))
	logger.Info("alone", "credentials", c)
	logger.Info("inside", "config", struct{ Credentials Credentials }{c})
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v %#v %q %x", c, c, &c, struct{ C Credentials }{c}), logged.String()} {
		assert.Contains(t, text, "the-client")
		assert.NotContains(t, text, "the-key")
		assert.NotContains(t, text, "the-secret")
	}
}
