package kainexus

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOptions(t *testing.T) {
	text := func(s string) *string { return &s }
	id := func(i int64) *int64 { return &i }
	item := Item{TemplateName: text("Chart"), Summary: text("Mine"), Authors: []PersonRef{{Username: text("jdoe")}}}
	chosen := item
	chosen.ID = id(7)
	chosen.Chart = &Chart{ID: id(8), Series: []Series{{Name: text("A")}}}
	c := start(t, WithoutSeed(), WithItems(item, chosen))
	assert.Equal(t, []int64{7, 5001}, ids(c.list("itemList?id=640")))
	assert.Equal(t, "A", c.item(7).object("chart").stored("series")[0].text("name"))
	assert.Equal(t, int64(8), c.item(7).object("chart").id())
	assert.Len(t, c.list("userList"), 12)
	created, _ := c.put("item", minimal)
	assert.Equal(t, int64(firstNewID), created)

	for name, opt := range map[string]Option{
		"no clock":       WithClock(nil),
		"no credentials": WithCredentials(Credentials{}),
		"half a client":  WithCredentials(Credentials{APIKey: "k", ClientID: "c"}),
		"bad item":       WithItems(Item{}),
		"id taken":       WithItems(chosen, chosen),
		"seeded id":      WithItems(Item{ID: id(1001), TemplateName: text("Idea"), Summary: text("x"), Authors: []PersonRef{{ID: id(301)}}}),
	} {
		_, err := New(opt)
		require.ErrorContains(t, err, "kainexus: With", name)
	}
}

// TestIDs are of things that are there, and stay as they are.
func TestIDs(t *testing.T) {
	c := start(t)
	got := c.sandbox.IDs()
	assert.NotEmpty(t, c.list("itemList?id="+got["itemList"]))
	assert.NotEmpty(t, c.list("itemList?includeCharts=true&id=" + got["chartList"])[0].object("chart"))
	assert.NotEmpty(t, c.list("userList?id="+got["peopleList"]))
	assert.NotEmpty(t, c.list("impactValueList?impactValueType="+got["impactValueType"]))
	assert.NotEmpty(t, c.list("attributeValueList?attributeId="+got["attribute"]))
	assert.Equal(t, 200, c.call("GET", jsonPath+"widget?id="+got["widget"], nil).status)
	got["widget"] = "changed"
	assert.Equal(t, "77", c.sandbox.IDs()["widget"])
}

// TestDeterministic compares two servers.
func TestDeterministic(t *testing.T) {
	one, two := start(t), start(t)
	for _, list := range []string{"itemList?id=640&includeCharts=true", "userList?includeBadges=true", "networkLocationList", "attributeValueList?attributeId=11"} {
		assert.Equal(t, one.list(list), two.list(list))
	}
}
