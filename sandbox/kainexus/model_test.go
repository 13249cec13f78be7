package kainexus

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestModel makes random calls, and compares the server with a map of titles.
func TestModel(t *testing.T) {
	c := startInProcess(t, WithoutSeed())
	beginning := c.sandbox.api.store.view()
	rapid.Check(t, func(rt *rapid.T) {
		c.restart(beginning)
		model := map[int64]string{}
		next := int64(firstNewID)
		title := rapid.StringMatching(`[a-zé<&]{1,8}`)
		// list reads all pages, each of which is checked as a whole: it is an action of its
		// own, and the last one, since what is wrong stays wrong.
		list := func(rt *rapid.T) {
			limit := rapid.IntRange(1+len(model)/4, 2+len(model)).Draw(rt, "limit") // a page to five
			seen := map[int64]string{}
			for offset := 0; ; offset += limit {
				page := c.call("GET", fmt.Sprintf("%sitemList?id=640&offset=%d&limit=%d", jsonPath, offset, limit), nil).object(t)
				require.Equal(rt, int64(len(model)), page.integer("totalCount"))
				for _, item := range page.stored("items") {
					seen[item.id()] = item.text("summary")
				}
				if int64(offset)+page.integer("count") >= page.integer("totalCount") {
					break
				}
			}
			require.Equal(rt, model, seen)
		}
		someID := func() int64 {
			known := slices.Sorted(maps.Keys(model))
			return rapid.SampledFrom(append(known, 5)).Draw(rt, "id")
		}
		rt.Repeat(map[string]func(*rapid.T){
			"create": func(rt *rapid.T) {
				count := rapid.IntRange(1, 3).Draw(rt, "count")
				items := []any{}
				for range count {
					model[next] = title.Draw(rt, "title")
					items = append(items, map[string]any{"templateId": 47, "summary": model[next], "authors": refs(301)})
					next++
				}
				got := c.call(http.MethodPut, jsonPath+"itemList", map[string]any{"items": items})
				require.Equal(rt, 200, got.status, "%s", got.body)
				results := got.object(t).stored("results")
				require.Len(rt, results, count)
				assert.Equal(rt, next-1, results[count-1].id())
			},
			"update": func(rt *rapid.T) {
				id, summary := someID(), title.Draw(rt, "title")
				got := c.call(http.MethodPut, jsonPath+"item", map[string]any{"item": map[string]any{"id": id, "summary": summary}})
				if _, ok := model[id]; ok {
					require.Equal(rt, 200, got.status)
					model[id] = summary
				} else {
					require.Equal(rt, 403, got.status)
				}
			},
			"delete": func(rt *rapid.T) {
				id := someID()
				got := c.call(http.MethodPut, jsonPath+"item", map[string]any{"item": map[string]any{"id": id, "status": "DELETED"}})
				_, ok := model[id]
				require.Equal(rt, ok, got.status == 200)
				delete(model, id)
				require.Equal(rt, 403, c.call("GET", fmt.Sprintf("%sitem?id=%d", jsonPath, id), nil).status)
			},
			"list": list,
		})
		list(rt)
	})
}

// TestWorkbookRoundTrip exports two charts of the same random data and imports them, when
// one has lost it. A list has them alone: workbooks take long.
func TestWorkbookRoundTrip(t *testing.T) {
	c := startInProcess(t, WithList(List{ID: 701, Name: "Two charts", Kind: ItemList, IDs: []int64{4000, 4002}}))
	beginning := c.sandbox.api.store.view()
	rapid.Check(t, func(rt *rapid.T) {
		c.restart(beginning)
		label := rapid.StringOfN(rapid.RuneFrom([]rune("ab =+_x0041<&é😀'\"")), 1, 6, -1)
		series := []any{}
		for i := range rapid.IntRange(0, 3).Draw(rt, "series") {
			points := []any{}
			for _, category := range rapid.SliceOfNDistinct(label, 0, 4, rapid.ID).Draw(rt, "categories") {
				point := map[string]any{"category": category, "value": rapid.Float64().Draw(rt, "value")}
				if rapid.Bool().Draw(rt, "annotated") {
					point["annotation"] = label.Draw(rt, "annotation")
				}
				points = append(points, point)
			}
			series = append(series, map[string]any{"name": fmt.Sprint("Series ", i), "dataPoints": points})
		}
		for id, chart := range map[int]int{4000: 200, 4002: 202} {
			got := c.call(http.MethodPut, jsonPath+"item?fullSync=true", map[string]any{"item": map[string]any{"id": id, "chart": map[string]any{"id": chart, "series": series}}})
			require.Equal(rt, 200, got.status, "%s %s", got.body, got.header.Get(reasonHeader))
		}
		before, other := c.item(4000), c.item(4002)
		export := c.call("GET", excelPath+"chartList?id=701", nil)
		emptied := []any{}
		for _, one := range other.object("chart").stored("series") {
			emptied = append(emptied, document{"id": one["id"], "dataPoints": []any{}})
		}
		c.put("item?fullSync=true", jsonText(t, document{"id": num(4002), "chart": document{"id": num(202), "series": emptied}}))
		report := c.call(http.MethodPost, excelPath+"multiChartImport", workbook(export.body))
		require.Equal(rt, "[]\n", string(report.body))

		// A chart that is as it was stays so, and one that has lost its data gets it back.
		require.Equal(rt, before, c.item(4000))
		for i, one := range c.item(4002).object("chart").stored("series") {
			want := other.object("chart").stored("series")[i].stored("dataPoints")
			require.Len(rt, one.stored("dataPoints"), len(want))
			for _, point := range want {
				found := pointsByLabel(one, "category")[point.text("category")]
				require.Equal(rt, point.text("annotation"), found.text("annotation"))
				require.InDelta(rt, point.float("value"), found.float("value"), 0)
			}
		}
	})
}
