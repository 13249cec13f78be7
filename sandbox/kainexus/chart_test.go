package kainexus

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCharts(t *testing.T) {
	c := start(t)
	before := c.item(4000).object("chart")
	assert.Equal(t, parse(t, `{"id":702,"name":"Forecast","dataPoints":[
		{"date":"2025-01-06T09:00:00.000+0000","value":10.00},{"date":"2025-01-13T09:00:00.000+0000","value":12.00},{"date":"2025-01-20T09:00:00.000+0000","value":14.00},
		{"date":"2025-01-27T09:00:00.000+0000","value":16.00},{"date":"2025-02-03T09:00:00.000+0000","value":18.00},{"date":"2025-02-10T09:00:00.000+0000","value":20.00}]}`),
		c.item(4001).object("chart").stored("series")[0])
	assert.NotContains(t, c.get("item?id=4000"), "chart")
	assert.NotContains(t, c.item(1001), "chart")

	c.put("item", `{"id":4000,"summary":"Renamed","chart":{"id":200,"series":[]}}`)
	assert.Equal(t, "Renamed", c.item(4000).text("summary"))
	assert.Equal(t, before, c.item(4000).object("chart"), "without fullSync the data stays")
	c.put("item?fullSync=false", `{"id":4000,"chart":{"id":1}}`)

	c.put("item?fullSync=true", `{"id":4000,"chart":{"id":200,"chartState":null,"acme":1.0,"series":[
		{"id":701,"name":"Real"},{"name":"Goal","goal":true,"dataPoints":[{"category":"Week 9","value":1.50,"annotation":"x","acme":[]}]}]}}`)
	after := c.item(4000).object("chart")
	assert.NotContains(t, after, "chartState")
	assert.Equal(t, "BAR_LINE", after.text("chartType"))
	assert.Equal(t, "1.0", after.numberText("acme"))
	series := after.stored("series")
	require.Len(t, series, 2)
	assert.Equal(t, "Real", series[0].text("name"))
	assert.Equal(t, before.stored("series")[1]["dataPoints"], series[0]["dataPoints"], "a series without points keeps its own")
	assert.Equal(t, parse(t, `{"id":18090,"name":"Goal","goal":true,"dataPoints":[{"category":"Week 9","value":1.50,"annotation":"x","acme":[]}]}`), series[1])

	id, _ := c.put("item", `{"templateName":"Chart","summary":"New","authors":[{"id":301}]}`)
	chart := c.item(id).object("chart")
	c.put("item?fullSync=true", jsonText(t, document{"id": num(id), "chart": document{"id": chart["id"], "useDate": true, "series": []any{
		document{"name": "A", "dataPoints": []any{document{"date": "2025-01-06T09:00:00.000+0000", "value": num(1)}}}}}}))
	assert.Len(t, c.item(id).object("chart").stored("series")[0].stored("dataPoints"), 1)

	for _, test := range []struct{ name, put, code string }{
		{"not a chart", `{"id":1001,"chart":{"id":200}}`, notAllowed},
		{"no id", `{"id":4000,"chart":{"useDate":false}}`, unknownReference},
		{"another id", `{"id":4000,"chart":{"id":201}}`, unknownReference},
		{"unknown series", `{"id":4000,"chart":{"id":200,"series":[{"id":5,"name":"x"}]}}`, unknownReference},
		{"series twice", `{"id":4000,"chart":{"id":200,"series":[{"id":701},{"id":701}]}}`, notAllowed},
		{"no name", `{"id":4000,"chart":{"id":200,"series":[{"dataPoints":[]}]}}`, missingData},
		{"points are no list", `{"id":4000,"chart":{"id":200,"series":[{"id":701,"dataPoints":{}}]}}`, invalidBody},
		{"point is no object", `{"id":4000,"chart":{"id":200,"series":[{"id":701,"dataPoints":[1]}]}}`, invalidBody},
		{"no category", `{"id":4000,"chart":{"id":200,"series":[{"id":701,"dataPoints":[{"date":"x","value":1}]}]}}`, missingData},
		{"no value", `{"id":4000,"chart":{"id":200,"series":[{"id":701,"dataPoints":[{"category":"x"}]}]}}`, missingData},
		{"value is text", `{"id":4000,"chart":{"id":200,"series":[{"id":701,"dataPoints":[{"category":"x","value":"1"}]}]}}`, missingData},
		{"category twice", `{"id":4000,"chart":{"id":200,"series":[{"id":701,"dataPoints":[{"category":"x","value":1},{"category":"x","value":1}]}]}}`, notAllowed},
		{"control character", `{"id":4000,"chart":{"id":200,"series":[{"id":701,"dataPoints":[{"category":"x\u0001","value":1}]}]}}`, missingData},
		{"annotation is a number", `{"id":4000,"chart":{"id":200,"series":[{"id":701,"dataPoints":[{"category":"x","value":1,"annotation":5}]}]}}`, invalidBody},
		{"dates after categories", `{"id":4000,"chart":{"id":200,"useDate":true}}`, missingData},
		{"another date", `{"id":4001,"chart":{"id":201,"series":[{"id":702,"dataPoints":[{"date":"today","value":1}]}]}}`, invalidBody},
	} {
		t.Run(test.name, func(t *testing.T) {
			assert.Equal(t, test.code, c.refused("item?fullSync=true", test.put))
			assert.Equal(t, after, c.item(4000).object("chart"))
		})
	}
}
