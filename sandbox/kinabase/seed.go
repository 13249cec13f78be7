package kinabase

import (
	"encoding/json"
	"fmt"
	"time"
)

// seed is what every sandbox holds unless told otherwise. Nothing in it is real.
func seed() []Collection {
	return []Collection{purchaseOrders(), machines(), inspections()}
}

const (
	seedOrdersID      = "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a01"
	seedMachinesID    = "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a02"
	seedInspectionsID = "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a03"
)

// seedStart is when the first seeded record was created.
var seedStart = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// purchaseOrders are enough records for three pages of the default size. Every fifth
// was changed a week after it was created, and every sixth is linked to an accounting
// service.
func purchaseOrders() Collection {
	suppliers := []string{"Fenland Castings", "Ouse Paper", "Cam Bearings", "Granta Tools"}
	c := Collection{
		ID:   seedOrdersID,
		Slug: "purchase-orders",
		Name: "Purchase orders",
		Fields: []Field{
			{Label: "Order Number", Kind: KindText},
			{Label: "Supplier", Kind: KindText},
			{Label: "Job Title", Kind: KindText},
			{Label: "Total", Kind: KindCurrency},
			{Label: "Approved", Kind: KindYesNo},
			{Label: "Ordered On", Kind: KindDate},
			{Label: "Notes", Kind: KindText},
		},
	}
	for i := range 25 {
		created := seedStart.Add(time.Duration(i) * time.Hour)
		r := Record{
			Data: map[string]any{
				"orderNumber": fmt.Sprintf("PO-%03d", i+1),
				"supplier":    suppliers[i%len(suppliers)],
				"jobTitle":    "Buyer",
				"total":       json.Number(fmt.Sprintf("%d.50", 1000+37*i)), // two decimals, as money has
				"approved":    nil,
				"orderedOn":   created.Format(time.DateOnly),
			},
			CreatedAt: created,
			UpdatedAt: created,
		}
		if i%5 == 4 {
			r.Data["approved"] = true
			r.UpdatedAt = created.AddDate(0, 0, 7)
		}
		if i%6 == 5 {
			r.External = []ExternalLink{{Key: "xero", ID: fmt.Sprintf("order-%d", i+1)}}
		}
		c.Records = append(c.Records, r)
	}
	return c
}

// seedID is the id that the emulator gives to the nth record of a collection.
func seedID(id string, n int) string {
	return (&collection{id: id}).recordID(int64(n))
}

// machines have the keys that real collections have too: not all of them camelCase.
func machines() Collection {
	c := Collection{
		ID:   seedMachinesID,
		Slug: "machines",
		Name: "Machines",
		Fields: []Field{
			{Label: "Device Name", Key: "device_name", Kind: KindText},
			{Label: "Reading ID", Key: "reading_id", Kind: KindNumber, Tracked: true},
			{Label: "Temperature C", Kind: KindNumber, Tracked: true},
			{Label: "Status", Kind: KindSelect, Options: []string{"online", "offline", "maintenance"}, Tracked: true},
			{Label: "Last Seen", Key: "last_seen", Kind: KindDateTime},
		},
	}
	for i := range 4 {
		created := seedStart.Add(time.Duration(i) * time.Minute)
		r := Record{
			Data: map[string]any{
				"device_name":  fmt.Sprintf("Press %d", i+1),
				"reading_id":   1000 + i,
				"temperatureC": json.Number(fmt.Sprintf("2%d.5", i)),
				"status":       "online",
			},
			CreatedAt: created,
			UpdatedAt: created,
		}
		if i < 3 { // the last machine has no sensor
			r.External = []ExternalLink{{
				Key:        "influxdb",
				ID:         fmt.Sprintf("sensor-%d", 17+i),
				Properties: map[string]any{"source": fmt.Sprintf("line-%d", i+1)},
			}}
		}
		c.Records = append(c.Records, r)
	}
	return c
}
