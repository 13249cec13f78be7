package kainexus

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/oapi-codegen/nullable"
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

// TestErrorsOfItems say which item it is, what it says, and what it could have said.
func TestErrorsOfItems(t *testing.T) {
	good := func() Item {
		return Item{TemplateName: new("Idea"), Summary: new("Label the shelves"), Authors: []PersonRef{{Username: new("jdoe")}}}
	}
	for _, test := range []struct {
		name   string
		change func(*Item)
		want   string
	}{
		{"nothing", func(i *Item) { *i = Item{} }, "item 2 of 2: an item needs a templateId or a templateName; there are Idea (45), Project (46), Observation (47), Chart (48), Task (49)"},
		{"template", func(i *Item) { i.TemplateName = new("Ideas") }, `item 2 of 2, "Label the shelves": there is no template of the name "Ideas"; there are Idea (45), Project (46), `},
		{"template id", func(i *Item) { i.TemplateID = new(int64(44)) }, "there is no template of the id 44; there are Idea (45), "},
		{"status", func(i *Item) { i.Status = new(ItemStatus("OPEN")) }, `there is no status "OPEN"; there are ACTIVE, COMPLETE, DEFERRED, DRAFT, NEW, PLANNED, RES_SUBMITTED`},
		{"name of a status", func(i *Item) { i.CustomStatus = new("IN TRAIL") },
			`there is no status of the name "IN TRAIL"; there are ACTIVE, COMPLETE, DEFERRED, DRAFT, IN TRIAL, NEW, ON HOLD, PLANNED, RESOLUTION SUBMITTED, UNDER REVIEW`},
		{"author", func(i *Item) { i.Authors[0].Username = new("jode") }, `there is no user of the username "jode"`},
		{"id of an author", func(i *Item) { i.Authors[0].ID = new(int64(5)) }, "there is no user of the id 5"},
		{"nobody", func(i *Item) { i.Authors[0] = PersonRef{} }, "there is no user without an id or a username"},
		{"location", func(i *Item) { i.OriginatingLocations = []Location{{Name: new("Plant C")}} }, `there is no Network Location of the name "Plant C"`},
		{"Field", func(i *Item) { i.Fields = []Field{{Name: new("Costs")}} },
			`there is no Field on this template of the name "Costs"; there are Background (21), Plan (22), Hours (23), Checked on (24)`},
		{"Attribute on none", func(i *Item) {
			i.TemplateName = new("Observation")
			i.Attributes = []Attribute{{ID: new(int64(12))}}
		}, "there is no Attribute on this template of the id 12; there are none"},
		{"status of a Milestone", func(i *Item) { i.Milestones = []Milestone{{ID: new(int64(31)), Status: new("DONE")}} },
			`there is no status "DONE" of a Milestone; there are APPROVED, NOT_APPROVED, READY, NOT_READY`},
		{"impact", func(i *Item) {
			i.ResolutionActual = &Resolution{Result: new("CHANGE"), Impacts: nullable.NewNullableWithValue([]Impact{{TypeName: new("Fun")}})}
		}, `there is no such type of the name "Fun"; there are Cost Savings (1), `},
	} {
		t.Run(test.name, func(t *testing.T) {
			bad := good()
			test.change(&bad)
			_, err := New(WithItems(good()), WithItems(bad))
			require.ErrorContains(t, err, "kainexus: WithItems: item 2 of 2")
			assert.ErrorContains(t, err, test.want)
		})
	}
}

// TestEveryPartOfAnItem makes one of nothing but the types of this package and nullable.
func TestEveryPartOfAnItem(t *testing.T) {
	c := start(t, WithItems(
		Item{
			ID: new(int64(5100)), TemplateName: new("Idea"), Summary: new("x"), Status: new(ItemStatus("ACTIVE")), Authors: []PersonRef{{Username: new("jdoe")}},
			StartDate: nullable.NewNullableWithValue("2026-04-01T12:00:00.000+0000"), DueDate: new(Timestamp("2026-05-01T12:00:00.000+0000")),
			Fields: []Field{{Name: new("Hours"), NumericValue: new(1.5)}},
			Attributes: []Attribute{
				{Name: new("Progress"), Values: []AttributeValue{{Name: new("Late"), Note: new("by a week")}}},
				{Name: new("Mentor"), Values: []AttributeValue{{Username: new("bnovak")}}},
			},
			Milestones:           []Milestone{{Name: new("Closing review"), Status: new("READY")}},
			ResolutionActual:     &Resolution{Result: new("CHANGE"), Impacts: nullable.NewNullableWithValue([]Impact{{TypeName: new("Cost Savings"), Amount: new(10.0)}})},
			LikeCount:            new(3),
			AdditionalProperties: map[string]any{"colour": "green"},
		},
		Item{ID: new(int64(5101)), TemplateID: new(int64(48)), Summary: new("y"), Authors: []PersonRef{{ID: new(int64(302))}}, Chart: &Chart{Series: []Series{{
			Name: new("Actual"), AdditionalProperties: map[string]any{"dataPoints": []any{map[string]any{"category": "Week 1", "value": 3.5}}},
		}}}},
	))
	idea := c.item(5100)
	for key, want := range map[string]any{
		"status": "ACTIVE", "startDate": "2026-04-01T12:00:00.000+0000", "dueDate": "2026-05-01T12:00:00.000+0000", "likeCount": num(3), "colour": "green",
	} {
		assert.Equal(t, want, idea[key], key)
	}
	assert.Equal(t, 1.5, idea.stored("fields")[0].float("numericValue"))
	assert.Equal(t, "by a week", idea.stored("attributes")[0].stored("values")[0].text("note"))
	assert.Equal(t, "bnovak", idea.stored("attributes")[1].stored("values")[0].text("username"))
	assert.Equal(t, "READY", idea.stored("milestones")[1].text("status"))
	assert.Equal(t, 10.0, idea.object("resolutionActual").stored("impacts")[0].float("amount"))
	point := c.item(5101).object("chart").stored("series")[0].stored("dataPoints")[0]
	assert.Equal(t, 3.5, point.float("value"))
}

// TestDocumentedRecords holds the comments on the types for WithItems, and on WithItems,
// against what there is: a reader of go doc sees nothing but them.
func TestDocumentedRecords(t *testing.T) {
	comments := map[string]string{}
	for _, path := range []string{"records.go", "options.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		require.NoError(t, err)
		for _, declared := range file.Decls {
			switch declared := declared.(type) {
			case *ast.GenDecl:
				if spec, ok := declared.Specs[0].(*ast.TypeSpec); ok {
					comments[spec.Name.Name] = declared.Doc.Text()
				}
			case *ast.FuncDecl:
				comments[declared.Name.Name] = declared.Doc.Text()
			}
		}
	}
	for name, record := range map[string]any{
		"Item": Item{}, "PersonRef": PersonRef{}, "Location": Location{}, "Field": Field{}, "Attribute": Attribute{}, "AttributeValue": AttributeValue{},
		"Milestone": Milestone{}, "Resolution": Resolution{}, "Impact": Impact{}, "Chart": Chart{}, "Series": Series{},
	} {
		for _, field := range reflect.VisibleFields(reflect.TypeOf(record)) {
			assert.Regexp(t, `(?m)^\t(\w+, +)*`+field.Name+`\b`, comments[name], "the comment on %s", name)
		}
	}
	for status := range statusNames {
		assert.Contains(t, comments["ItemStatus"], status)
	}
	for status := range customStatuses {
		assert.Contains(t, comments["ItemStatus"], status)
	}
	said := strings.Join(strings.Fields(comments["WithItems"]), " ")
	for _, template := range templates {
		assert.Contains(t, said, fmt.Sprintf("%s (%d)", template.name, template.id))
	}
	for _, location := range seedLocations() {
		assert.Contains(t, said, fmt.Sprintf("%s (%d)", location.text("name"), location.id()))
	}
	for _, user := range seedUsers() {
		assert.Contains(t, said, user.text("username"))
	}
}
