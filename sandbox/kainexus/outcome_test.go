package kainexus

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// entryKeysOf are the keys of an entry as the emulator shows it, by the measure of its
// type.
var entryKeysOf = map[measure][]string{
	qualitative:  {"id", "typeId", "typeName"},
	money:        {"amount", "comment", "currencyCode", "id", "locations", "title", "typeId", "typeName", "valueType"},
	units:        {"amount", "calculatedValue", "comment", "currencyCode", "id", "locations", resourceKey, resourceIDKey, "typeId", "typeName", "unitValueRate", "valueType"},
	timeUnits:    {"amount", "amountTimeUnit", "calculatedValue", "comment", "currencyCode", "id", "locations", resourceKey, resourceIDKey, "typeId", "typeName", "unitValueRate", "valueType"},
	timeOfPeople: {"amount", "amountTimeUnit", "calculatedValue", "comment", "currencyCode", "id", "locations", "numberOfPeople", resourceKey, resourceIDKey, "typeId", "typeName", "unitValueRate", "valueType"},
}

// TestSeededOutcomes show every category of impact and every type of investment, each
// with the keys of its kind.
func TestSeededOutcomes(t *testing.T) {
	c := start(t)
	categories := map[string]bool{}
	for _, typ := range impactTypes {
		categories[strings.TrimPrefix(typ.name, "Staff ")] = true
	}
	assert.Equal(t, []string{
		"Cost Avoidance", "Cost Savings", "Cycle Time", "Environment", "Environmental Impact", "Health", "Lead Time", "Product",
		"Quality", "Resource", "Revenue Generation", "Safety", "Satisfaction", "Takt Time", "Time Savings", "Waste",
	}, slices.Sorted(maps.Keys(categories)))
	projects := c.list("itemList?id=660")
	require.Len(t, projects, 6)
	for _, project := range projects {
		outcomes := []document{project.object("resolutionTarget")}
		if project.text("status") == "COMPLETE" {
			outcomes = append(outcomes, project.object("resolutionActual"))
		}
		for _, outcome := range outcomes {
			for _, key := range entryKeys {
				entries := outcome.stored(key)
				require.Len(t, entries, len(typesOf(key)))
				for i, typ := range typesOf(key) {
					assert.Equal(t, typ.id, entries[i].integer("typeId"))
					assert.Equal(t, typ.name, entries[i].text("typeName"))
					assert.Equal(t, entryKeysOf[typ.measure], slices.Sorted(maps.Keys(entries[i])), typ.name)
				}
			}
		}
		for _, key := range fieldKeys {
			assert.True(t, slices.ContainsFunc(project.stored("fields"), func(f document) bool { return f.has(key) }), key)
		}
		assert.Len(t, project.stored("fields"), 5)
		assert.Len(t, project.stored("attributes"), 5)
		assert.Equal(t, "machines ordered", project.stored("attributes")[0].stored("values")[0].text("note"))
	}
	seeded := map[string]bool{}
	for _, item := range c.list("itemList?id=640") {
		seeded[item.text("templateName")] = true
	}
	assert.Len(t, seeded, len(templates), "there is an item of every template")
}

func TestAmountsByKind(t *testing.T) {
	c := start(t)
	for name, impact := range map[string]string{
		"amount of what has none":  `{"typeId":6,"amount":1}`,
		"people of money":          `{"typeId":1,"amount":1,"numberOfPeople":2}`,
		"value of money":           `{"typeId":7,"amount":1,"personProductServiceResource":"Door panel"}`,
		"time of units":            `{"typeId":12,"amount":1,"amountTimeUnit":"HOUR","personProductServiceResource":"Steel offcut"}`,
		"people of a time of none": `{"typeId":9,"amount":1,"numberOfPeople":1,"personProductServiceResource":"Press"}`,
	} {
		assert.Equal(t, notAllowed, c.refused("item", `{"id":1200,"resolutionActual":{"impacts":[`+impact+`]}}`), name)
	}
	c.put("item", `{"id":1200,"resolutionActual":{"impacts":[{"typeId":6,"calculatedValue":1}]}}`)
	assert.NotContains(t, c.item(1200).object("resolutionActual").stored("impacts")[0], "calculatedValue", "what is computed is dropped")
}

func TestCustomStatuses(t *testing.T) {
	c := start(t)
	for _, test := range []struct{ name, put, status, custom string }{
		{"custom status", `"customStatus":"ON HOLD"`, "DEFERRED", "ON HOLD"},
		{"something else stays with it", `"summary":"x"`, "DEFERRED", "ON HOLD"},
		{"both, as they were read", `"status":"DEFERRED","customStatus":"ON HOLD"`, "DEFERRED", "ON HOLD"},
		{"custom status wins", `"status":"NEW","customStatus":"IN TRIAL"`, "ACTIVE", "IN TRIAL"},
		{"status alone", `"status":"ACTIVE"`, "ACTIVE", "ACTIVE"},
		{"customary name", `"customStatus":"RESOLUTION SUBMITTED"`, "RES_SUBMITTED", "RESOLUTION SUBMITTED"},
		{"another name of the same", `"customStatus":"UNDER REVIEW"`, "RES_SUBMITTED", "UNDER REVIEW"},
	} { // one after the other
		c.put("item", `{"id":1001,`+test.put+`}`)
		item := c.item(1001)
		assert.Equal(t, test.status, item.text("status"), test.name)
		assert.Equal(t, test.custom, item.text("customStatus"), test.name)
	}
	assert.Equal(t, unknownReference, c.refused("item", `{"id":1001,"customStatus":"on hold"}`))
	assert.Equal(t, unknownReference, c.refused("item", `{"id":1001,"status":"ON HOLD"}`))
}
