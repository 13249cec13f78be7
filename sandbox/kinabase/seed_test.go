package kinabase

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
)

func TestSeed(t *testing.T) {
	c := start(t)
	assert.JSONEq(t, `[
		{"id":"3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a01","slug":"purchase-orders","name":"Purchase orders"},
		{"id":"3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a02","slug":"machines","name":"Machines"},
		{"id":"3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a03","slug":"inspections","name":"Inspections"}]`,
		string(c.call("GET", "/collections", nil).body))
	count := func(path string) int { return len(c.call("GET", "/collections/"+path, nil).array(t)) }
	assert.Equal(t, 25, count("purchase-orders/all"))
	assert.Equal(t, 5, count("purchase-orders/all?updatedAfter=2026-03-09T00:00:00Z"))
	assert.Equal(t, 4, count("purchase-orders/all?externalService=xero"))
	assert.Equal(t, 4, count("machines/all"))
	assert.Equal(t, 3, count("machines/all?externalService=influxdb"))
	for _, id := range append(ids(c.all("purchase-orders")), ids(c.all("machines"))...) {
		assert.NoError(t, uuid.Validate(id))
	}
	assert.Equal(t, map[string]any{
		"id":        c.firstID("machines"),
		"numericId": json.Number("1"),
		"data": map[string]any{
			"device_name": "Press 1", "reading_id": json.Number("1000"),
			"temperatureC": json.Number("20.5"), "status": "online",
		},
		"external": []any{map[string]any{
			"key": "influxdb", "id": "sensor-17", "properties": map[string]any{"source": "line-1"},
		}},
	}, c.read("machines", c.firstID("machines")))
}
