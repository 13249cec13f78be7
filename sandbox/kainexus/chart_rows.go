package kainexus

import (
	"math"
	"slices"
	"strconv"
)

// importTarget is the item that a sheet is about, or nil.
func (d *draft) importTarget(s chartRows, report *importReport) document {
	if s.at(idsRow, 1) != "Item" || s.at(idsRow, 3) != "Chart" {
		report.fail(idsRow, 1, "chart.import.sheet.without.ids", s.at(idsRow, 1), "Item")
		return nil
	}
	item, ok := d.items.get(wholeNumber(s.at(idsRow, 2)))
	if !ok || !item.has("chart") || !d.by.views(item) {
		report.fail(idsRow, 2, "chart.import.item.unknown", s.at(idsRow, 2), "")
		return nil
	}
	if !d.by.edits(item) {
		report.fail(idsRow, 2, "chart.import.item.not.editable", s.at(idsRow, 2), "")
		return nil
	}
	if id := item.object("chart").id(); wholeNumber(s.at(idsRow, 4)) != id {
		report.fail(idsRow, 4, "chart.import.chart.unknown", s.at(idsRow, 4), strconv.FormatInt(id, 10))
		return nil
	}
	return item
}

// seriesColumns are the columns of the values of each series, by its id.
func seriesColumns(s chartRows, chart document, report *importReport) map[int64]int {
	columns := map[int64]int{}
	for col := 2; col <= max(len(s.rows[seriesRow-1]), len(s.rows[titleRow-1])); col += 2 {
		text, title := s.at(seriesRow, col), s.at(titleRow, col)
		if text == "" && title == "" {
			continue
		}
		series := seriesByID(chart, wholeNumber(text))
		switch {
		case series == nil:
			report.fail(seriesRow, col, "chart.import.series.unknown", text, "")
		case columns[series.id()] != 0:
			report.fail(seriesRow, col, "chart.import.series.twice", text, "")
		default:
			columns[series.id()] = col
			if title != series.text("name") { // the name stays
				report.add(titleRow, col, "chart.import.series.name.differs", title, series.text("name"), false)
			}
		}
	}
	return columns
}

// importSeries is a series with the data points of its columns. Those that it has keep
// their place and whatever else they hold; new ones come last.
func importSeries(s chartRows, chart, series document, col int, report *importReport) document {
	key, points := labelKey(chart), series.stored("dataPoints")
	stored := pointsByLabel(series, key)
	imported, added := map[string]document{}, []document{}
	for row := dataRow; row <= len(s.rows); row++ {
		label, value, annotation := s.at(row, 1), s.at(row, col), s.at(row, col+1)
		if value == "" && annotation == "" {
			continue
		}
		before := stored[label]
		number, err := strconv.ParseFloat(value, 64)
		if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
			report.fail(row, col, "chart.import.value.not.a.number", value, before.numberText("value"))
			continue
		}
		if annotation != "" && !fitsCell(annotation) {
			report.fail(row, col+1, "chart.import.annotation.unfit", annotation, before.text("annotation"))
			continue
		}
		point := importPoint(before, key, label, number, annotation)
		if before == nil && imported[label] == nil {
			added = append(added, point)
		}
		imported[label] = point
	}
	kept := []document{}
	for _, point := range points {
		if after, ok := imported[point.text(key)]; ok {
			kept = append(kept, after)
		}
	}
	after := series.clone()
	if series.has("dataPoints") || len(added) > 0 {
		after["dataPoints"] = array(append(kept, added...))
	}
	return after
}

func importPoint(before document, key, label string, number float64, annotation string) document {
	point := before.clone()
	point[key] = label
	if before == nil || before.float("value") != number {
		point["value"] = decimal(number) // or else the digits stay
	}
	switch {
	case annotation != "":
		point["annotation"] = annotation
	case point.has("annotation"):
		delete(point, "annotation")
	}
	return point
}

// checkLabels looks at the first column.
func checkLabels(s chartRows, chart document, report *importReport) {
	seen := map[string]bool{}
	for row := dataRow; row <= len(s.rows); row++ {
		label := s.at(row, 1)
		switch {
		case blank(s.rows[row-1]):
			continue
		case label == "" || !fitsCell(label):
			report.fail(row, 1, "chart.import.label.missing", label, "")
		case chart.flag("useDate") && !isTimestamp(label):
			report.fail(row, 1, "chart.import.date.invalid", label, "2019-04-29T16:30:40.000+0000")
		case seen[label]:
			report.fail(row, 1, "chart.import.label.twice", label, "")
		}
		seen[label] = true
	}
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(cell string) bool { return cell != "" })
}

// wholeNumber reads an id, which is 0 when there is none.
func wholeNumber(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return id
}
