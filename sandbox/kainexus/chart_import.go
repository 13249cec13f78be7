package kainexus

import (
	"errors"
	"net/http"
	"reflect"

	"github.com/xuri/excelize/v2"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// maxProblems is how many problems an import tells of.
const maxProblems = 1000

// errUndone takes an import back whose failures its answer tells of.
var errUndone = errors.New("the import has failures")

// ImportCharts is PUT /api/public/v1/excel/multiChartImport.
//
// Choice(import-report) [importCharts]: The answer is an array of what is wrong, at most 1,000 entries,
// whose rows and columns count from 1. A series of another name is a warning, and keeps the
// name it has; everything else wrong is a failure, which undoes the whole import.
func (o *operations) ImportCharts(w http.ResponseWriter, r *http.Request) {
	content, err := readUpload(w, r)
	if err != nil {
		refuse(w, err)
		return
	}
	book, err := openWorkbook(content)
	if err != nil {
		refuse(w, err)
		return
	}
	defer func() { _ = book.Close() }()
	sheets, err := readChartSheets(book)
	if err != nil {
		refuse(w, err)
		return
	}
	report := &importReport{entries: stub.ChartImportReport{}}
	err = o.store.update(o.clock(), func(d *draft) error {
		d.by = d.permitOf(caller(r))
		for _, s := range sheets {
			report.sheet = s.name
			d.importChart(s, report)
		}
		if report.failed {
			return errUndone
		}
		return nil
	})
	if err != nil && !errors.Is(err, errUndone) {
		refuse(w, err)
		return
	}
	jsonbody.Write(w, http.StatusOK, report.entries)
}

// ImportChartsByPost is POST /api/public/v1/excel/multiChartImport.
//
// Choice(import-methods) [importChartsByPost]: PUT and POST of an import do the same.
func (o *operations) ImportChartsByPost(w http.ResponseWriter, r *http.Request) { o.ImportCharts(w, r) }

// importReport collects what is wrong with a workbook.
type importReport struct {
	sheet   string
	entries stub.ChartImportReport
	failed  bool
}

func (r *importReport) add(row, col int, message, badValue, goodValue string, failure bool) {
	r.failed = r.failed || failure
	if len(r.entries) < maxProblems {
		sheet := r.sheet
		r.entries = append(r.entries, stub.ChartImportEntry{
			SheetName: &sheet, Row: &row, Col: &col, Message: &message,
			BadValue: &badValue, GoodValue: &goodValue, Failure: &failure,
		})
	}
}

func (r *importReport) fail(row, col int, message, badValue, goodValue string) {
	r.add(row, col, message, badValue, goodValue, true)
}

// chartRows is a sheet as read: texts, and rows that may end early.
type chartRows struct {
	name string
	rows [][]string
}

// at is the text of a cell, counted from 1, or "".
func (c chartRows) at(row, col int) string {
	if row > len(c.rows) || col > len(c.rows[row-1]) {
		return ""
	}
	return c.rows[row-1][col-1]
}

// readChartSheets reads all sheets with anything in them. A cell far out makes a sheet
// large at no cost to its sender, so rows and columns are bounded.
func readChartSheets(book *excelize.File) (_ []chartRows, err error) {
	defer func() {
		if recover() != nil { // see openWorkbook
			err = bad(invalidWorkbook, "a sheet of the workbook cannot be read")
		}
	}()
	sheets, total := []chartRows{}, 0
	for _, name := range book.GetSheetList() {
		rows, err := book.Rows(name)
		if err != nil {
			return nil, bad(invalidWorkbook, "a sheet of the workbook cannot be read")
		}
		s := chartRows{name: name}
		for rows.Next() {
			cells, err := rows.Columns()
			if err != nil {
				return nil, bad(invalidWorkbook, "a sheet of the workbook cannot be read")
			}
			if total++; len(cells) > maxColumns || total > maxRows {
				return nil, bad(invalidWorkbook, "there are more rows or columns than charts have")
			}
			s.rows = append(s.rows, cells)
		}
		if err := rows.Close(); err != nil {
			return nil, bad(invalidWorkbook, "a sheet of the workbook cannot be read")
		}
		if len(s.rows) > 0 {
			sheets = append(sheets, s)
		}
	}
	return sheets, nil
}

// importChart updates the chart of a sheet.
func (d *draft) importChart(s chartRows, report *importReport) {
	item := d.importTarget(s, report)
	if item == nil {
		return
	}
	chart := item.object("chart").clone()
	if title := s.at(titleRow, 1); title != labelTitle(chart) {
		report.fail(titleRow, 1, "chart.import.kind.of.rows", title, labelTitle(chart))
		return
	}
	columns := seriesColumns(s, chart, report)
	seriesList := chart.stored("series")
	for i, series := range seriesList {
		if col, ok := columns[series.id()]; ok {
			seriesList[i] = importSeries(s, chart, series, col, report)
		}
	}
	checkLabels(s, chart, report)
	chart["series"] = array(seriesList)
	if report.failed || reflect.DeepEqual(chart, item.object("chart")) {
		return
	}
	if err := checkChart(chart); err != nil {
		report.fail(dataRow, 1, "chart.import.chart.too.large", "", "")
		return
	}
	after := item.clone()
	after["chart"], after["lastUpdateDate"] = chart, timestamp(d.now)
	d.own(&d.items).set(after)
	d.notify(after.id(), string(stub.WriteOperationUpdate), false)
}
