package kinabase

import (
	"encoding/json"
	"fmt"
	"time"
)

// inspections have a field of every kind. They link to machines and purchase orders.
func inspections() Collection {
	c := Collection{
		ID:     seedInspectionsID,
		Slug:   "inspections",
		Name:   "Inspections",
		Fields: inspectionFields(),
	}
	for i := range 3 {
		created := seedStart.AddDate(0, 0, i+1)
		c.Records = append(c.Records, Record{Data: inspection(i, created), CreatedAt: created, UpdatedAt: created})
	}
	return c
}

func inspectionFields() []Field {
	return []Field{
		{Label: "Title", Kind: KindText, Required: true},
		{Label: "Report", Kind: KindRichText},
		{Label: "Contact Email", Kind: KindEmail},
		{Label: "Manual", Kind: KindWebsite},
		{Label: "Hotline", Kind: KindPhone},
		{Label: "Defects", Kind: KindNumber, Tracked: true},
		{Label: "Cost", Kind: KindCurrency, Tracked: true},
		{Label: "Progress", Kind: KindPercentage, Tracked: true},
		{Label: "Rating", Kind: KindRating, Tracked: true},
		{Label: "Time Spent", Kind: KindDuration, Tracked: true},
		{Label: "Due On", Kind: KindDate},
		{Label: "Inspected At", Kind: KindDateTime},
		{Label: "Passed", Kind: KindYesNo},
		{Label: "Severity", Kind: KindSelect, Options: []string{"low", "medium", "high"}, Tracked: true},
		{Label: "Tags", Kind: KindMultiSelect, Options: []string{"noise", "heat", "leak", "wear"}},
		{Label: "Inspector", Kind: KindColleague},
		{Label: "Machine", Kind: KindLinked, Target: "machines"},
		{Label: "Orders", Kind: KindLinkedMany, Target: "purchase-orders"},
		{Label: "Machine Temperature", Kind: KindLookup, Through: "machine", Of: "temperatureC"},
		{Label: "Order Count", Kind: KindAggregation, Through: "orders"},
		{Label: "Order Total", Kind: KindAggregation, Through: "orders", Of: "total"},
		{Label: "Summary", Kind: KindComputedText, ComputeText: summary},
		{Label: "Cost Per Defect", Kind: KindComputedNumber, ComputeNumber: costPerDefect},
		{Label: "Stage", Kind: KindStage, Options: []string{"Planned", "Under way", "Done"}, Tracked: true},
		{Label: "Protocol", Kind: KindFile},
		{Label: "Photo", Kind: KindImage},
		{Label: "Site", Kind: KindLocation},
		{Label: "Readings", Kind: KindJSON},
		{Label: "Remark", Kind: KindAny},
	}
}

// summary is the title and the stage, and null without a stage.
func summary(values map[string]any) (string, bool) {
	stage, ok := values["stage"].(string)
	return fmt.Sprintf("%v: %s", values["title"], stage), ok
}

// costPerDefect is null where there is no cost, or nothing was found.
func costPerDefect(values map[string]any) (float64, bool) {
	cost, known := values["cost"].(float64)
	defects, found := values["defects"].(float64)
	if !known || !found || defects == 0 {
		return 0, false
	}
	return cost / defects, true
}

func inspection(i int, at time.Time) map[string]any {
	return map[string]any{
		"title":        fmt.Sprintf("Inspection %d", i+1),
		"report":       "<p>Bearings are <b>worn</b>.</p>",
		"contactEmail": "inspections@example.com",
		"manual":       fmt.Sprintf("https://example.com/press-%d", i+1),
		"hotline":      "+44 1632 960001",
		"defects":      i,
		"cost":         json.Number(fmt.Sprintf("%d.50", 100*i)),
		"progress":     50 * i,
		"rating":       5 - i,
		"timeSpent":    1800 * (i + 1),
		"dueOn":        at.Format(time.DateOnly),
		"inspectedAt":  at.Format(time.RFC3339),
		"passed":       i == 0,
		"severity":     []string{"low", "medium", "high"}[i],
		"tags":         []string{"noise", "heat", "leak"}[:i+1],
		"inspector":    reference{fmt.Sprintf("colleague-%d", i+1)},
		"machine":      reference{seedID(seedMachinesID, i+1)},
		"orders":       []reference{{seedID(seedOrdersID, 2*i+1)}, {seedID(seedOrdersID, 2*i+2)}},
		"stage":        []string{"Done", "Under way", "Planned"}[i],
		"protocol":     map[string]any{"name": "protocol.pdf", "url": "https://files.example.com/protocol.pdf"},
		"photo":        map[string]any{"name": "press.png", "url": "https://files.example.com/press.png"},
		"site":         map[string]any{"latitude": 52.2053, "longitude": 0.1218, "address": "Mill Road"},
		"readings":     map[string]any{"before": []int{20, 21}, "after": []int{20, 20}},
		"remark":       nil,
	}
}
