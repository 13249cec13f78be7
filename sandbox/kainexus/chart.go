package kainexus

import (
	"strings"
	"unicode/utf16"
)

const (
	// maxSeries and maxLabels keep a chart within what a sheet can hold.
	maxSeries = 200
	maxLabels = 100_000
	// maxCell is how many UTF-16 units a cell can hold.
	maxCell = 32_767
)

// chart writes the data of a chart: those keys that are sent, a list of series as a
// whole. Without fullSync it is left alone.
//
// Choice(full-sync): Chart data is written with fullSync=true only, to a chart that exists
// and whose id is given. Keys of the chart that are not sent stay; series that are sent
// replace those stored, and one that is sent without dataPoints keeps those it has. With
// fullSync=true an item may also come without a chart.
func (w *itemWrite) chart() error {
	if !w.fullSync || !w.sent.has("chart") {
		return nil
	}
	stored, sent := w.after.object("chart"), w.sent.object("chart")
	if stored == nil {
		return bad(notAllowed, "the item is not a chart")
	}
	chart := stored.clone()
	switch {
	case !w.seeding && sent.id() != stored.id():
		return bad(unknownReference, "the chart of item %d has the id %d, which must be given", w.after.id(), stored.id())
	case sent.has("id"):
		chart["id"] = sent["id"] // the same, unless a new one is chosen when seeding
	}
	for key, value := range sent {
		switch {
		case key == "id" || key == "series":
		case value == nil:
			delete(chart, key)
		default:
			chart[key] = value
		}
	}
	if sent.names("series") {
		series, err := w.series(sent, stored)
		if err != nil {
			return err
		}
		chart["series"] = array(series)
	}
	if err := checkChart(chart); err != nil {
		return err
	}
	w.after["chart"] = chart
	return nil
}

// series are those that a chart gets. One that is sent without dataPoints keeps those it
// has.
func (w *itemWrite) series(sent, stored document) ([]document, error) {
	list, err := sent.objects("series")
	if err != nil {
		return nil, err
	}
	taken := map[int64]bool{}
	for i, one := range list {
		known := seriesByID(stored, one.id())
		if one.has("id") && known == nil && !w.seeding {
			return nil, bad(unknownReference, "the chart has no series %d", one.id())
		}
		merged := known.clone()
		for key, value := range one {
			merged[key] = value
		}
		if !merged.has("id") {
			merged["id"] = num(w.nextID())
		}
		if err := keepPoints(merged); err != nil {
			return nil, err
		}
		if taken[merged.id()] {
			return nil, bad(notAllowed, "series %d occurs twice", merged.id())
		}
		taken[merged.id()] = true
		list[i] = merged
	}
	return list, nil
}

// keepPoints makes the data points of a series fit to be stored.
func keepPoints(series document) error {
	if !series.has("dataPoints") {
		delete(series, "dataPoints")
		return nil
	}
	if _, isList := series["dataPoints"].([]any); !isList {
		return bad(invalidBody, "dataPoints must be an array")
	}
	points, err := series.objects("dataPoints")
	series["dataPoints"] = array(points)
	return err
}

func seriesByID(chart document, id int64) document {
	for _, series := range chart.stored("series") {
		if series.id() == id {
			return series
		}
	}
	return nil
}

// labelKey is where a data point of a chart says what it belongs to.
func labelKey(chart document) string {
	if chart.flag("useDate") {
		return "date"
	}
	return "category"
}

// checkChart tells what is wrong with a chart.
//
// Choice(data-points): A series has dataPoints, each with a date or a category, as useDate
// says, a value and perhaps an annotation. A label occurs once in a series. A chart has at
// most 200 series and 100,000 labels.
func checkChart(chart document) error {
	key, labels := labelKey(chart), map[string]bool{}
	series := chart.stored("series")
	if len(series) > maxSeries {
		return bad(notAllowed, "a chart has at most %d series", maxSeries)
	}
	for _, one := range series {
		if !fitsCell(one.text("name")) || one.text("name") == "" {
			return bad(missingData, "a series needs a name that a cell can hold")
		}
		taken := map[string]bool{}
		for _, point := range one.stored("dataPoints") {
			if err := checkPoint(point, key); err != nil {
				return err
			}
			label := point.text(key)
			if taken[label] {
				return bad(notAllowed, "a series has two data points at the same %s", key)
			}
			taken[label], labels[label] = true, true
		}
	}
	if len(labels) > maxLabels {
		return bad(notAllowed, "a chart has at most %d rows", maxLabels)
	}
	return nil
}

func checkPoint(point document, key string) error {
	label := point.text(key)
	switch {
	case label == "" || !fitsCell(label):
		return bad(missingData, "a data point needs a %s that a cell can hold", key)
	case key == "date" && !isTimestamp(label):
		return bad(invalidBody, "the date of a data point must look like 2019-04-29T16:30:40.000+0000")
	case !isNumber(point["value"]):
		return bad(missingData, "a data point needs a value, which is a number")
	case point.has("annotation") && (point.text("annotation") == "" || !fitsCell(point.text("annotation"))):
		return bad(invalidBody, "the annotation of a data point must be a text that a cell can hold")
	}
	return nil
}

// fitsCell tells whether a text survives a cell of a workbook.
func fitsCell(text string) bool {
	control := strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0xFFFE || r == 0xFFFF })
	return !control && len(utf16.Encode([]rune(text))) <= maxCell
}
