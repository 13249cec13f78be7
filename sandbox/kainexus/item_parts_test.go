package kainexus

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestItemParts puts one part of item 1001, a new idea, and looks at one entry of it.
func TestItemParts(t *testing.T) {
	for _, test := range []struct {
		name, put, key string
		entries        int
		want           string // of the entry that comes last
	}{
		{"text by name", `"fields":[{"name":"Background","value":"new"},{"id":24,"dateValue":null}]`, "fields", 3, `{"id":23,"name":"Hours","numericValue":0.50}`},
		{"number", `"fields":[{"id":23,"numericValue":12345678910.0},{"id":24,"dateValue":null}]`, "fields", 3, `{"id":23,"name":"Hours","numericValue":12345678910.0}`},
		{"date", `"fields":[{"name":"Checked on","dateValue":"2025-03-01T06:00:00.000+0000"}]`, "fields", 4, `{"id":24,"name":"Checked on","dateValue":"2025-03-01T06:00:00.000+0000"}`},
		{"id as text", `"fields":[{"id":"24","dateValue":"2025-03-01T06:00:00.000+0000"}]`, "fields", 4, `{"id":24,"name":"Checked on","dateValue":"2025-03-01T06:00:00.000+0000"}`},
		{"without a value", `"fields":[{"id":24}]`, "fields", 4, `{"id":24,"name":"Checked on","dateValue":"2025-01-13T09:00:00.000+0000"}`},
		{"no fields", `"fields":null`, "fields", 0, ``},
		{"empty fields", `"fields":[]`, "fields", 4, `{"id":24,"name":"Checked on","dateValue":"2025-01-13T09:00:00.000+0000"}`},
		{"value by name", `"attributes":[{"name":"Mentor","values":[]},{"name":"Site","values":null},{"name":"Urgency","score":"1","values":[{"name":"Low"}]}]`, "attributes", 2, `{"id":12,"name":"Urgency","score":"Ranking","values":[{"id":85,"name":"Low"}]}`},
		{"location", `"attributes":[{"id":14,"values":[]},{"id":13,"values":[{"name":"Finance"},{"id":70}]}]`, "attributes", 3, `{"id":13,"name":"Site","values":[{"id":72,"name":"Finance"},{"id":70,"name":"Plant A"}]}`},
		{"person", `"attributes":[{"id":14,"values":[{"username":"mlee"}]}]`, "attributes", 4, `{"id":14,"name":"Mentor","values":[{"id":304,"username":"mlee"}]}`},
		{"note", `"attributes":[{"id":11,"values":[{"name":"Late","note":"holiday"}]},{"id":12,"score":"Ranking","values":[]},{"id":13,"values":[]},{"id":14,"values":[]}]`, "attributes", 1, `{"id":11,"name":"Progress","values":[{"id":82,"name":"Late","note":"holiday"}]}`},
		{"no attributes", `"attributes":null`, "attributes", 0, ``},
		{"milestone", `"milestones":[{"id":32,"status":"NOT_APPROVED","notes":"No"}]`, "milestones", 2, `{"id":32,"name":"Closing review","status":"NOT_APPROVED","notes":"No"}`},
		{"milestone with a space", `"milestones":[{"name":"Closing review","status":"NOT READY"}]`, "milestones", 2, `{"id":32,"name":"Closing review","status":"NOT_READY"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := start(t)
			c.put("item", `{"id":1001,`+test.put+`}`)
			entries := c.item(1001).stored(test.key)
			require.Len(t, entries, test.entries)
			if test.entries > 0 {
				assert.Equal(t, parse(t, test.want), entries[len(entries)-1])
			}
			if test.key == "milestones" {
				assert.Equal(t, parse(t, `{"id":31,"name":"Review of the plan","status":"APPROVED","notes":"Go ahead"}`), entries[0])
			}
		})
	}
	c := start(t)
	before := c.item(1001)
	for _, test := range []struct{ name, put, code string }{
		{"unknown field", `"fields":[{"id":99,"value":"x"}]`, unknownReference},
		{"field of another template", `"fields":[{"id":31,"value":"x"}]`, unknownReference},
		{"text in a number", `"fields":[{"id":23,"value":"x"}]`, invalidBody},
		{"date of another form", `"fields":[{"id":24,"dateValue":"today"}]`, invalidBody},
		{"unknown attribute", `"attributes":[{"name":"Mood","values":[]}]`, unknownReference},
		{"unknown value", `"attributes":[{"id":11,"values":[{"name":"Great"}]}]`, unknownReference},
		{"value of another attribute", `"attributes":[{"id":11,"values":[{"id":84}]}]`, unknownReference},
		{"folder", `"attributes":[{"id":11,"values":[{"id":80}]}]`, notAllowed},
		{"no score", `"attributes":[{"id":12,"values":[{"id":84}]}]`, missingData},
		{"another score", `"attributes":[{"id":12,"score":"2","values":[{"id":84}]}]`, missingData},
		{"note where there are none", `"attributes":[{"id":12,"score":"Ranking","values":[{"id":84,"note":"x"}]}]`, notAllowed},
		{"note on a person", `"attributes":[{"id":14,"values":[{"id":301,"note":"x"}]}]`, notAllowed},
		{"HTML in a text field", `"fields":[{"id":21,"htmlValue":"x"}]`, invalidBody},
		{"unknown mentor", `"attributes":[{"id":14,"values":[{"id":1}]}]`, unknownReference},
		{"unknown milestone", `"milestones":[{"id":33,"status":"READY"}]`, unknownReference},
		{"unknown decision", `"milestones":[{"id":32,"status":"MAYBE"}]`, unknownReference},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.code, c.refused("item", `{"id":1001,`+test.put+`}`))
			assert.Equal(t, before, c.item(1001))
		})
	}
}

func TestResolution(t *testing.T) {
	c := start(t)
	c.put("item", `{"id":1001,"resolutionActual":{"result":"CHANGE","acme":1,"impacts":[
		{"typeName":"Cost Savings","amount":10.0,"locations":[{"name":"Plant A"}],"calculatedValue":5},
		{"typeId":4,"typeName":"stale","amount":12.0,"personProductServiceResource":"Painter","numberOfPeople":2,"calculatedValue":1},
		{"typeId":5,"amount":15,"personProductServiceResourceId":219,"unitValueRate":3.0,"calculatedValue":45.00},
		{"typeId":6}],"investments":null}}`)
	assert.Equal(t, parse(t, `{"result":"CHANGE","acme":1,"impacts":[
		{"id":18090,"typeId":1,"typeName":"Cost Savings","title":"Cost Savings","comment":"","valueType":"ONE_TIME","amount":10.0,"currencyCode":"USD","locations":[{"id":70,"name":"Plant A"}]},
		{"id":18091,"typeId":4,"typeName":"Time Savings","comment":"","valueType":"ONE_TIME","amount":12.0,"amountTimeUnit":"HOUR","currencyCode":"USD",
			"personProductServiceResource":"Painter","personProductServiceResourceId":251,"numberOfPeople":2,"unitValueRate":30.0,"calculatedValue":720.0},
		{"id":18092,"typeId":5,"typeName":"Product","comment":"","valueType":"ONE_TIME","amount":15,"currencyCode":"USD",
			"personProductServiceResource":"Door panel","personProductServiceResourceId":219,"unitValueRate":3.0,"calculatedValue":45.00},
		{"id":18093,"typeId":6,"typeName":"Quality"}],"investments":null}`), c.item(1001).object("resolutionActual"))

	c.put("item", `{"id":1001,"resolutionActual":{"result":"NO_CHANGE","impacts":[{"id":18093,"typeId":6},{"id":7,"typeId":3}]}}`)
	got := c.item(1001).object("resolutionActual")
	assert.Equal(t, "NO_CHANGE", got.text("result"))
	assert.Equal(t, []int64{18093, 18094}, ids(got.stored("impacts")), "an id is kept if it was there")
	c.put("item", `{"id":1001,"resolutionActual":{"impacts":null}}`)
	assert.Equal(t, parse(t, `{"result":"NO_CHANGE","acme":1,"impacts":null,"investments":null}`), c.item(1001).object("resolutionActual"))
	c.put("item", `{"id":1001,"resolutionActual":null}`)
	assert.NotContains(t, c.item(1001), "resolutionActual")

	for _, test := range []struct{ name, impact, code string }{
		{"unknown type", `{"typeId":21,"amount":1}`, unknownReference},
		{"no amount", `{"typeId":1}`, missingData},
		{"no resource", `{"typeId":5,"amount":1}`, unknownReference},
		{"resource of another type", `{"typeId":5,"amount":1,"personProductServiceResourceId":251}`, unknownReference},
		{"folder", `{"typeId":5,"amount":1,"personProductServiceResourceId":210}`, notAllowed},
		{"out of range", `{"typeId":5,"amount":1e300,"personProductServiceResourceId":219}`, invalidBody},
		{"unknown location", `{"typeId":1,"amount":1,"locations":[{"id":5}]}`, unknownReference},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.code, c.refused("item", `{"id":1001,"resolutionActual":{"impacts":[`+test.impact+`]}}`))
		})
	}
}

func TestWidgets(t *testing.T) {
	c := start(t)
	value := func(id string) string {
		return c.call("GET", jsonPath+"widget?id="+id, nil).object(t).numberText("value")
	}
	assert.Equal(t, "40.0", value("77"))
	assert.Equal(t, "11.0", value("78"))
	money, saved := value("79"), value("80")
	c.put("item", `{"id":1001,"resolutionActual":{"impacts":[{"typeId":4,"amount":100,"numberOfPeople":2,"personProductServiceResource":"Painter"}]}}`)
	assert.InDelta(t, number(money)+6000, number(value("79")), 1e-6)
	assert.InDelta(t, number(saved)+200, number(value("80")), 1e-6)
	c.put("item", `{"id":1002,"status":"DELETED"}`)
	assert.Equal(t, "39.0", value("77"))
	got := c.call("GET", jsonPath+"widget?id=77", nil).object(t)
	assert.NotNil(t, got.object("statistics"))
}
