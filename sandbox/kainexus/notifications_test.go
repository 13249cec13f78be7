package kainexus

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestNotifications(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	assert.Empty(t, c.sandbox.Admin().Notifications(), "the beginning is no news")
	first := clock.Now()
	c.put("item", minimal)
	clock.Advance(time.Minute)
	c.call(http.MethodPut, jsonPath+"itemList", `{"items":[{"id":1002,"summary":"x","suppressNotifications":true},{"id":1003,"status":"DELETED"},{"id":1004,"suppressNotifications":false}]}`)
	c.call(http.MethodPut, jsonPath+"itemList", `{"items":[{"id":1005,"summary":"x"},{"id":5}]}`) // undone
	c.call(http.MethodPut, excelPath+"multiChartImport", c.edited(map[string]any{"B4": 99.5}))
	c.call(http.MethodPut, excelPath+"multiChartImport", c.edited(map[string]any{"B4": 98, "B5": "x"})) // undone
	c.put("user", `{"id":301,"firstName":"x"}`)
	later := clock.Now()
	got := c.sandbox.Admin().Notifications()
	assert.Equal(t, []Notification{
		{18090, "CREATE", first, false},
		{1002, "UPDATE", later, true},
		{1003, "UPDATE", later, false},
		{1004, "UPDATE", later, false},
		{4000, "UPDATE", later, false},
	}, got)
	got[0].ItemID = 0
	assert.Equal(t, int64(18090), c.sandbox.Admin().Notifications()[0].ItemID)
	c.sandbox.Admin().ClearNotifications()
	assert.Empty(t, c.sandbox.Admin().Notifications())

	records := make([]string, maxNotifications+5)
	for i := range records {
		records[i] = fmt.Sprintf(`{"id":%d}`, 1001+i%2)
	}
	direct(c.sandbox, "PUT", "json/itemList", `{"items":[`+strings.Join(records, ",")+`,{"id":4001}]}`)
	last := c.sandbox.Admin().Notifications()
	assert.Len(t, last, maxNotifications)
	assert.Equal(t, int64(4001), last[maxNotifications-1].ItemID)
}
