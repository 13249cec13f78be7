package kainexus

import (
	"errors"
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

	account := func(change func(*ServiceAccount)) Option {
		a := ServiceAccount{Name: "Mine", NetworkLocations: []int64{70}}
		change(&a)
		return WithServiceAccount(a, Credentials{APIKey: "k"})
	}
	two := func(one, other Option) Option {
		return func(o *options) error { return errors.Join(one(o), other(o)) }
	}
	for name, opt := range map[string]Option{
		"account without name":   account(func(a *ServiceAccount) { a.Name = "" }),
		"account at nothing":     account(func(a *ServiceAccount) { a.NetworkLocations = nil }),
		"account at no location": account(func(a *ServiceAccount) { a.NetworkLocations = []int64{5} }),
		"account without Role":   account(func(a *ServiceAccount) { a.Roles = []int64{100} }),
		"account id of a user":   account(func(a *ServiceAccount) { a.ID = 301 }),
		"account id taken":       account(func(a *ServiceAccount) { a.ID = 399 }),
		"account id below 0":     account(func(a *ServiceAccount) { a.ID = -1 }),
		"account name taken":     account(func(a *ServiceAccount) { a.Name = "Integration" }),
		"account half a client":  WithServiceAccount(ServiceAccount{Name: "Mine", NetworkLocations: []int64{70}}, Credentials{ClientID: "c"}),
		"key taken":              two(account(func(*ServiceAccount) {}), account(func(a *ServiceAccount) { a.Name = "Other" })),
		"key of the limited one": WithCredentials(Credentials{APIKey: limitedCredentials.APIKey}),
		"client taken":           WithServiceAccount(ServiceAccount{Name: "Mine", NetworkLocations: []int64{70}}, Credentials{ClientID: "sandbox-client", ClientSecret: "other"}),
		"role without name":      WithRole(Role{}),
		"role id taken":          WithRole(Role{ID: 5, Name: "Mine"}),
		"role scope":             WithRole(Role{Name: "Mine", Permissions: Permissions{Edit: "ALL"}}),
		"private nothing":        WithPrivateItems(1001, 9),

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

// TestAccountOptions: an account may choose its id, and gets one otherwise.
func TestAccountOptions(t *testing.T) {
	c := start(t, WithPrivateItems(1003),
		WithRole(Role{Name: "Given an id"}),
		WithServiceAccount(ServiceAccount{ID: 77, Name: "Chosen", NetworkLocations: []int64{70}, Roles: []int64{viewerRole}}, Credentials{APIKey: "one", ClientID: "client", ClientSecret: "two"}),
		WithServiceAccount(ServiceAccount{Name: "Given", NetworkLocations: []int64{1}}, Credentials{APIKey: "three"}),
	)
	admin := c.sandbox.Admin()
	private, err := admin.IsPrivate(1003)
	require.NoError(t, err)
	assert.True(t, private)
	assert.Positive(t, admin.Roles()[5].ID)
	assert.Equal(t, int64(77), admin.ServiceAccounts()[0].ID)
	assert.Equal(t, "Given", admin.ServiceAccounts()[3].Name)
	credentials, err := admin.Credentials(77)
	require.NoError(t, err)
	assert.Len(t, credentials, 2)
	assert.NotEmpty(t, c.as(Credentials{APIKey: "one"}).list("itemList?id=640"))
	assert.Empty(t, c.as(Credentials{APIKey: "three"}).list("itemList?id=640"))
	created, _ := c.put("item", minimal)
	assert.Equal(t, int64(firstNewID), created)
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
