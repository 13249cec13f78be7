package kainexus

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestImpactValues(t *testing.T) {
	c := start(t)
	assert.Equal(t, []int64{210, 211, 219, 220}, ids(c.list("impactValueList?impactValueType=Product")))
	for _, spelling := range []string{"Lead%20Time", "LeadTime", "LEAD_TIME", "leadtime"} {
		assert.Equal(t, []int64{240, 241}, ids(c.list("impactValueList?impactValueType="+spelling)), spelling)
	}
	for _, kind := range impactValueTypes {
		assert.NotEmpty(t, c.list("impactValueList?impactValueType="+kind), kind)
	}
	assert.Equal(t, parse(t, `{"id":219,"type":"PRODUCT","name":"Door panel","description":"","rate":2.0,"parent":{"id":210,"name":"Doors"},"locations":[],
		"hoursInDay":8.0,"daysInWeek":5.0,"weeksInYear":52.14,"currencyCode":"USD","folder":false}`), c.get("impactValue?impactValueType=Product&id=219"))

	id, operation := c.put("impactValue?impactValueType=Product&id=220", `{"id":219,"rate":2.250,"locations":[{"name":"Plant A"}],"parent":{"name":"Windows"}}`)
	assert.Equal(t, int64(219), id, "the body wins")
	assert.Equal(t, "UPDATE", operation)
	value := c.get("impactValue?impactValueType=Product&id=219")
	assert.Equal(t, "2.250", value.numberText("rate"))
	assert.Equal(t, parse(t, `{"id":211,"name":"Windows"}`), document(value.object("parent")))
	assert.Equal(t, []int64{70}, ids(value.stored("locations")))
	id, _ = c.put("impactValue?impactValueType=Product&id=220", `{"rate":9}`)
	assert.Equal(t, int64(220), id, "the query counts when the body has no id")
	c.put("impactValue?impactValueType=Product", `{"id":219,"parent":null,"locations":null}`)
	assert.NotContains(t, c.get("impactValue?impactValueType=Product&id=219"), "parent")
}

// TestValues are the rules that Impact Values and values of Attributes share.
func TestValues(t *testing.T) {
	for _, test := range []struct{ name, one, list, folder, used string }{
		{"Impact Values", "impactValue?impactValueType=Product", "impactValueList?impactValueType=Product", "210", "219"},
		{"values of an Attribute", "attributeValue?attributeId=12", "attributeValueList?attributeId=12", "83", "84"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := start(t)
			got := c.call(http.MethodPut, jsonPath+test.list, `{"items":[{"name":"More","folder":true},{"name":"Most","parent":{"name":"More"},"acme":[1.0]},{"name":"Most"}]}`)
			assert.JSONEq(t, `{"success":true,"results":[{"id":18090,"operation":"CREATE"},{"id":18091,"operation":"CREATE"},{"id":18092,"operation":"CREATE"}]}`, string(got.body))
			made := c.get(test.one + "&id=18091")
			assert.Equal(t, parse(t, `{"id":18090,"name":"More"}`), made.object("parent"))
			assert.Equal(t, "1.0", made["acme"].([]any)[0].(interface{ String() string }).String())

			before := c.list(test.list)
			for _, refusal := range []struct{ name, put, code string }{
				{"unknown id", `{"id":5,"name":"x"}`, accessDenied},
				{"id of another owner", `{"id":241,"name":"x"}`, accessDenied},
				{"no name", `{"description":"x"}`, missingData},
				{"name nulled", `{"id":18091,"name":null}`, missingData},
				{"unknown folder", `{"id":18091,"parent":{"name":"Less"}}`, unknownReference},
				{"value as a folder", `{"id":18091,"parent":{"id":18092}}`, notAllowed},
				{"folder in a folder", `{"id":18090,"parent":{"id":` + test.folder + `}}`, notAllowed},
				{"value becomes a folder", `{"id":18092,"folder":true}`, notAllowed},
				{"unknown location", `{"id":18092,"locations":[{"name":"Plant C"}]}`, unknownReference},
				{"delete without an id", `{"name":"Most","delete":true}`, unknownReference},
				{"delete a folder with values", `{"id":18090,"delete":true}`, notAllowed},
				{"delete what an item uses", `{"id":` + test.used + `,"delete":true}`, notAllowed},
			} {
				t.Run(refusal.name, func(t *testing.T) {
					assert.Equal(t, refusal.code, c.refused(test.one, refusal.put))
					assert.Equal(t, before, c.list(test.list))
				})
			}
			for _, id := range []string{"18091", "18090"} { // the folder is empty by then
				_, operation := c.put(test.one, `{"id":`+id+`,"delete":true}`)
				assert.Equal(t, "DELETE", operation)
			}
			assert.Len(t, c.list(test.list), len(before)-2)
		})
	}
	c := start(t)
	assert.Equal(t, notAllowed, c.refused("impactValue?impactValueType=Product", `{"id":219,"type":"WASTE"}`))
}
