package kainexus

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// Rows of a sheet, as the package comment lays it out, counted from 1.
const (
	idsRow    = 1
	seriesRow = 2
	titleRow  = 3
	dataRow   = 4 // the first of them

	// maxColumns and maxRows bound what is read of an upload, a sheet and all of it.
	maxColumns = 1 + 2*maxSeries
	maxRows    = 2 * maxLabels
)

// ExportCharts is GET /api/public/v1/excel/chartList.
func (o *operations) ExportCharts(w http.ResponseWriter, r *http.Request, params stub.ExportChartsParams) {
	s := o.seen(r)
	ids, err := s.listed(params.ID)
	if err != nil {
		refuse(w, err)
		return
	}
	sheets := []sheet{}
	for _, id := range ids {
		if s.items.drawn.has(id) {
			continue // no chart is generated
		}
		if item, _ := s.items.get(id); item.has("chart") {
			sheets = append(sheets, chartSheet(item))
		}
	}
	if len(sheets) == 0 {
		sheets = append(sheets, sheet{name: "No charts"}) // a workbook cannot be without one
	}
	answerWorkbook(w, "charts.xlsx", sheets)
}

// Choice(chart-workbooks) [exportCharts importCharts]: The layout of workbooks of charts is the one that the package
// comment shows, as exported and as imported. A list without charts gives a workbook with
// one empty sheet.
func chartSheet(item document) sheet {
	chart := item.object("chart")
	series := chart.stored("series")
	ids := []any{"Item", item.id(), "Chart", chart.id()}
	numbers := []any{"Series"}
	titles := []any{labelTitle(chart)}
	points := make([]map[string]document, len(series))
	for i, one := range series {
		points[i] = pointsByLabel(one, labelKey(chart))
		numbers = append(numbers, one.id(), nil)
		titles = append(titles, one.text("name"), "Annotation")
	}
	rows := [][]any{ids, numbers, titles}
	for _, label := range labels(chart) {
		row := []any{label}
		for i := range series {
			point := points[i][label]
			row = append(row, cell(point["value"]), point["annotation"])
		}
		rows = append(rows, row)
	}
	return sheet{sheetName(item), rows}
}

func labelTitle(chart document) string {
	if chart.flag("useDate") {
		return "Date"
	}
	return "Category"
}

// labels are those of all series, in the order in which they first occur.
func labels(chart document) []string {
	key, seen, list := labelKey(chart), map[string]bool{}, []string{}
	for _, one := range chart.stored("series") {
		for _, point := range one.stored("dataPoints") {
			if label := point.text(key); !seen[label] {
				seen[label] = true
				list = append(list, label)
			}
		}
	}
	return list
}

func pointsByLabel(series document, key string) map[string]document {
	points := map[string]document{}
	for _, point := range series.stored("dataPoints") {
		points[point.text(key)] = point
	}
	return points
}

// sheetName begins with the id, so no two are the same, and has only what Excel allows.
func sheetName(item document) string {
	allowed := func(r rune) rune {
		if r < ' ' || r > 0xFFFD || strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}
	title := []rune(strings.Map(allowed, fmt.Sprintf("%d %s", item.id(), item.text("summary"))))
	return strings.TrimSpace(string(title[:min(31, len(title))]))
}
