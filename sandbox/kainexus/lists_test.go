package kainexus

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLists(t *testing.T) {
	c := start(t, WithGeneratedItems(30, 1),
		WithList(List{ID: 701, Name: "Chosen", Kind: ItemList, IDs: []int64{1203, 999, 10000002, 1001}}),
		WithList(List{ID: 702, Name: "Nothing", Kind: ItemList, IDs: []int64{}}),
		WithList(List{ID: 703, Name: "By title", Kind: ItemList, Only: Filter{Templates: []int64{46, 48}}, Order: ListOrder{Key: "summary"}}),
		WithList(List{ID: 704, Name: "Chosen, by id", Kind: ItemList, IDs: []int64{1203, 1001}, Order: ListOrder{Key: "id"}}),
		WithList(List{ID: 705, Name: "On hold", Kind: ItemList, Only: Filter{Statuses: []string{"ON HOLD"}}}),
		WithList(List{ID: 706, Name: "By names", Kind: PeopleList, Order: ListOrder{Key: "lastName", Descending: true}}),
		WithList(List{ID: 707, Name: "Ideas by start", Kind: ItemList, Only: Filter{Templates: []int64{45}}, Order: ListOrder{Key: "startDate", Descending: true}}),
		WithList(List{ID: 512, Name: "Replaced", Kind: PeopleList, Only: Filter{Locations: []int64{72}}}),
	)
	items := func(id int) []int64 { return ids(c.list(fmt.Sprint("itemList?id=", id))) }
	people := func(id int) []int64 { return ids(c.list(fmt.Sprint("userList?id=", id))) }
	assert.Equal(t, []int64{1203, 10000002, 1001}, items(701))
	assert.Empty(t, items(702))
	assert.Equal(t, []int64{4000, 4003, 4002, 1200, 1201, 1202, 1203, 1204, 1205, 4001}, items(703))
	assert.Equal(t, []int64{1001, 1203}, items(704))
	assert.Equal(t, []int64{1013, 10000004}, items(705))
	assert.Equal(t, []int64{312, 311, 303}, people(706)[:3])
	assert.Equal(t, []int64{309, 312}, people(512))
	assert.Equal(t, []int64{304, 301, 310}, people(520), "a card of chosen people, in their order")
	assert.Equal(t, []int64{1205, 1204, 1203, 1202, 1201, 1200}, items(660))

	started := c.list("itemList?id=707")
	require.Len(t, started, 24+countGenerated(c, "Idea"))
	assert.True(t, started[0].text("startDate") > started[1].text("startDate"))
	assert.False(t, started[len(started)-1].has("startDate"), "what has no date comes last, also in descending order")

	open := c.list("itemList?id=670")
	require.NotEmpty(t, open)
	for _, item := range open {
		assert.Equal(t, "Idea", item.text("templateName"))
		assert.Contains(t, []string{"NEW", "PLANNED", "ACTIVE"}, item.text("status"))
		at := append(append(ids(item.stored("originatingLocations")), ids(item.stored("responsibleLocations"))...), ids(item.stored("participatingLocations"))...)
		assert.Contains(t, at, int64(70))
	}
	c.put("item", `{"id":1001,"status":"COMPLETE"}`)
	assert.Len(t, items(670), len(open)-1, "a list changes with what is in it")
	c.put("item", `{"id":1203,"status":"DELETED"}`)
	assert.Equal(t, []int64{10000002, 1001}, items(701))
	assert.Equal(t, []int64{1001}, ids(c.list("itemList?id=701&offset=1&status=NEW&sort=id")), "there are no filters")
}

func countGenerated(c *client, template string) int {
	count := 0
	for _, item := range c.list("itemList?id=700") {
		if item.text("templateName") == template {
			count++
		}
	}
	return count
}

// TestListsOfAnotherKind are not there for who asks for the one, and neither are records.
func TestListsOfAnotherKind(t *testing.T) {
	c := start(t)
	for _, path := range []string{
		"json/itemList?id=512", "json/itemList?id=520", "json/userList?id=640", "json/userList?id=670", "json/itemList?id=1001", "json/userList?id=301",
		"excel/itemList?id=512", "excel/chartList?id=512", "excel/chartList?id=4000", "json/itemList?id=700", "json/item?id=640", "json/user?id=512",
	} {
		got := c.call("GET", "/api/public/v1/"+path, nil)
		assert.Equal(t, 403, got.status, path)
		assert.Equal(t, accessDenied, got.code())
	}
}

func TestPutList(t *testing.T) {
	valid := List{ID: 701, Name: "x", Kind: ItemList}
	for _, test := range []struct {
		name string
		edit func(*List)
		want string
	}{
		{"no id", func(l *List) { l.ID = 0 }, "an id above 0"},
		{"no name", func(l *List) { l.Name = "" }, "needs a name"},
		{"no kind", func(l *List) { l.Kind = "" }, "items or people"},
		{"ids and a filter", func(l *List) { l.IDs, l.Only = []int64{1}, Filter{Charts: true} }, "not both"},
		{"an id twice", func(l *List) { l.IDs = []int64{1, 2, 1} }, "twice"},
		{"people by template", func(l *List) { l.Kind, l.Only = PeopleList, Filter{Templates: []int64{45}} }, "locations only"},
		{"unknown template", func(l *List) { l.Only = Filter{Templates: []int64{5}} }, "no template 5; there are Idea (45), "},
		{"unknown status", func(l *List) { l.Only = Filter{Statuses: []string{"OVERDUE"}} }, `no status "OVERDUE"; there are ACTIVE, `},
		{"unknown location", func(l *List) { l.Only = Filter{Locations: []int64{5}} }, "no Network Location 5"},
		{"unknown key", func(l *List) { l.Order = ListOrder{Key: "authors"} }, "ordered by one of"},
		{"key of people", func(l *List) { l.Order = ListOrder{Key: "username"} }, "ordered by one of"},
		{"descending by nothing", func(l *List) { l.Order = ListOrder{Descending: true} }, "needs a key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			list := valid
			test.edit(&list)
			_, err := New(WithList(list))
			require.ErrorContains(t, err, "kainexus: WithList: list ")
			require.ErrorContains(t, err, test.want)
		})
	}
	s, err := New(WithList(valid))
	require.NoError(t, err)
	full := List{ID: 701, Name: "Card", Kind: ItemList, Board: "B", Only: Filter{[]int64{45}, []string{"ON HOLD", "RES_SUBMITTED"}, true, []int64{70}, true}, Order: ListOrder{"dueDate", true}}
	for _, list := range []List{full, {ID: 702, Name: "y", Kind: PeopleList, IDs: []int64{}}} {
		require.NoError(t, s.api.store.update(s.api.clock(), func(d *draft) error { return d.putList(list) }))
		got, ok := s.api.store.view().list(list.ID)
		assert.True(t, ok)
		assert.Equal(t, list, got)
	}
	assert.Len(t, s.api.store.view().savedLists(), len(seedLists())+2)
	require.NoError(t, s.api.store.update(s.api.clock(), func(d *draft) error { return d.deleteList(701) }))
	assert.Equal(t, 403, direct(s, "GET", "json/itemList?id=701", "").Code)
	require.ErrorContains(t, s.api.store.update(s.api.clock(), func(d *draft) error { return d.deleteList(701) }), "no list 701")
}
