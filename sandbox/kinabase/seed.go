package kinabase

import (
	"encoding/json"
	"fmt"
	"time"
)

// seed is what every sandbox holds unless told otherwise. Nothing in it is real.
func seed() []Collection {
	return []Collection{purchaseOrders(), machines()}
}

// seedStart is when the first seeded record was created.
var seedStart = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// purchaseOrders are enough records for three pages of the default size. Every fifth
// was changed a week after it was created, and every sixth is linked to an accounting
// service.
func purchaseOrders() Collection {
	suppliers := []string{"Fenland Castings", "Ouse Paper", "Cam Bearings", "Granta Tools"}
	c := Collection{
		ID:     "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a01",
		Slug:   "purchase-orders",
		Name:   "Purchase orders",
		Fields: []string{"orderNumber", "supplier", "jobTitle", "total", "approved", "orderedOn", "notes"},
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

// machines have the keys that real collections have too: not all of them camelCase.
func machines() Collection {
	c := Collection{
		ID:     "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a02",
		Slug:   "machines",
		Name:   "Machines",
		Fields: []string{"device_name", "reading_id", "temperatureC", "status", "last_seen"},
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
