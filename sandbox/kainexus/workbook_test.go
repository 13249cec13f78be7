package kainexus

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

// open reads a workbook that was answered.
func (c *client) open(path string) *excelize.File {
	c.t.Helper()
	got := c.call("GET", excelPath+path, nil)
	require.Equal(c.t, 200, got.status, "%s", got.body)
	assert.Equal(c.t, workbookType, got.header.Get("Content-Type"))
	book, err := excelize.OpenReader(bytes.NewReader(got.body), excelize.Options{RawCellValue: true})
	require.NoError(c.t, err)
	c.t.Cleanup(func() { _ = book.Close() })
	return book
}

func rows(t testing.TB, book *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := book.GetRows(sheet)
	require.NoError(t, err)
	return rows
}

func TestExportItems(t *testing.T) {
	c := start(t)
	book := c.open("itemList?id=640&offset=3&limit=2")
	assert.Equal(t, []string{"Items"}, book.GetSheetList())
	got := rows(t, book, "Items")
	require.Len(t, got, 3)
	assert.Equal(t, []string{"Id", "Template", "Title", "Status", "Authors", "Responsible locations", "Created", "Last updated", "Start", "Due", "Completed", "Link",
		"Background", "Plan", "Hours", "Checked on", "Inspected at"}, got[0])
	assert.Equal(t, []string{"1004", "Idea", "Shadow board for tools, bay 1", "RESOLUTION SUBMITTED", "mlee", "Paint line",
		"2025-01-09T09:00:00.000+0000", "2025-02-08T09:00:00.000+0000", "2025-01-11T09:00:00.000+0000", "2025-03-10T09:00:00.000+0000", "",
		"https://organization.example/link/i/1004", "It takes too long", "Prepare beforehand", "3.5", "2025-01-16T09:00:00.000+0000"}, got[1])
	assert.Len(t, rows(t, c.open("itemList?id=640"), "Items"), 41)
	assert.Equal(t, "1004", rows(t, c.open("item?id=1004"), "Items")[1][0])
	assert.Len(t, rows(t, c.open("item?id=1004&offset=1"), "Items"), 1)
}

func TestExportCharts(t *testing.T) {
	c := start(t)
	book := c.open("chartList?id=655")
	assert.Equal(t, []string{"4000 Approvals", "4001 Scrap", "4002 Ideas per month", "4003 First pass yield"}, book.GetSheetList())
	assert.Equal(t, [][]string{
		{"Item", "4000", "Chart", "200"},
		{"Series", "700", "", "701"},
		{"Category", "Forecast", "Annotation", "Actual", "Annotation"},
		{"Week 1", "10", "", "10.1"},
		{"Week 2", "11", "", "11.1"},
		{"Week 3", "12", "", "12.1", "New fixture"},
		{"Week 4", "13", "", "13.1"},
		{"Week 5", "14", "", "14.1"},
		{"Week 6", "15"},
	}, rows(t, book, "4000 Approvals"))
	assert.Equal(t, "Date", rows(t, book, "4001 Scrap")[2][0])

	c.put("item", `{"id":4000,"summary":"'A/B: [100%] * ? \\ \u0001 😀 and a very long title'"}`)
	assert.Equal(t, "4000  A B   100%            and", c.open("chartList?id=655").GetSheetList()[0])
	empty := start(t, WithoutSeed())
	assert.Equal(t, []string{"No charts"}, empty.open("chartList?id=655").GetSheetList())
}

// TestImportOfAnExport changes nothing, not even when a chart was last updated.
func TestImportOfAnExport(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	c.put("item?fullSync=true", `{"id":4000,"chart":{"id":200,"series":[{"name":"Odd","dataPoints":[
		{"category":" =1+1 ","value":1e300},{"category":"_x0041_","value":0.1000},{"category":"&<>","value":123456789.123456789,"annotation":" x ","acme":1}]},{"name":"Empty"}]}}`)
	before := c.list("itemList?id=655&includeCharts=true")
	clock.Advance(time.Hour)
	export := c.call("GET", excelPath+"chartList?id=655", nil)
	for _, method := range []string{http.MethodPut, http.MethodPost} {
		got := c.call(method, excelPath+"multiChartImport", workbook(export.body))
		assert.Equal(t, "[]\n", string(got.body))
		assert.Equal(t, before, c.list("itemList?id=655&includeCharts=true"))
	}
	empty := start(t, WithoutSeed())
	got := empty.call("PUT", excelPath+"multiChartImport", workbook(empty.call("GET", excelPath+"chartList?id=655", nil).body))
	assert.Equal(t, "[]\n", string(got.body))
}

// edited is the export of the charts with some cells changed.
func (c *client) edited(cells map[string]any) workbook {
	c.t.Helper()
	book := c.open("chartList?id=655")
	for cell, value := range cells {
		sheet := "4000 Approvals"
		if at, rest, ok := strings.Cut(cell, "!"); ok {
			sheet, cell = at, rest
		}
		require.NoError(c.t, book.SetCellValue(sheet, cell, value))
	}
	text, err := book.WriteToBuffer()
	require.NoError(c.t, err)
	return text.Bytes()
}

func TestImportCharts(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	before := c.item(4002)
	upload := c.edited(map[string]any{
		"B4": 99.5, "C4": "Jump", "B5": nil, "E6": nil, "A10": "Week 7", "D10": 7,
		"4001 Scrap!D4": "1.5",
	})
	got := c.call(http.MethodPost, excelPath+"multiChartImport", upload)
	assert.Equal(t, "[]\n", string(got.body))
	series := c.item(4000).object("chart").stored("series")
	assert.Equal(t, parse(t, `{"p":[{"category":"Week 1","value":99.5,"annotation":"Jump"},{"category":"Week 3","value":12.00},{"category":"Week 4","value":13.00},
		{"category":"Week 5","value":14.00},{"category":"Week 6","value":15.00}]}`)["p"], series[0]["dataPoints"])
	assert.Equal(t, parse(t, `{"p":[{"category":"Week 1","value":10.10},{"category":"Week 2","value":11.10},{"category":"Week 3","value":12.10},
		{"category":"Week 4","value":13.10},{"category":"Week 5","value":14.10},{"category":"Week 7","value":7.0}]}`)["p"], series[1]["dataPoints"])
	assert.Equal(t, "1.5", c.item(4001).object("chart").stored("series")[1].stored("dataPoints")[0].numberText("value"))
	assert.Equal(t, timestamp(clock.Now()), c.item(4000).text("lastUpdateDate"))
	assert.Equal(t, before, c.item(4002))
}

func TestImportProblems(t *testing.T) {
	for _, test := range []struct {
		name    string
		cells   map[string]any
		want    string
		failure bool
	}{
		{"name differs", map[string]any{"B3": "Forcast"}, `{"badValue":"Forcast","goodValue":"Forecast","message":"chart.import.series.name.differs","row":3,"col":2}`, false},
		{"not a number", map[string]any{"B4": "n/a"}, `{"badValue":"n/a","goodValue":"10.00","message":"chart.import.value.not.a.number","row":4,"col":2}`, true},
		{"infinity", map[string]any{"B4": "Inf"}, `{"badValue":"Inf","goodValue":"10.00","message":"chart.import.value.not.a.number","row":4,"col":2}`, true},
		{"annotation alone", map[string]any{"C10": "x", "A10": "Week 7"}, `{"badValue":"","goodValue":"","message":"chart.import.value.not.a.number","row":10,"col":2}`, true},
		{"label missing", map[string]any{"B10": 5}, `{"badValue":"","goodValue":"","message":"chart.import.label.missing","row":10,"col":1}`, true},
		{"label twice", map[string]any{"A5": "Week 1"}, `{"badValue":"Week 1","goodValue":"","message":"chart.import.label.twice","row":5,"col":1}`, true},
		{"unknown series", map[string]any{"B2": 5}, `{"badValue":"5","goodValue":"","message":"chart.import.series.unknown","row":2,"col":2}`, true},
		{"series twice", map[string]any{"D2": 700}, `{"badValue":"700","goodValue":"","message":"chart.import.series.twice","row":2,"col":4}`, true},
		{"unknown item", map[string]any{"B1": 1001}, `{"badValue":"1001","goodValue":"","message":"chart.import.item.unknown","row":1,"col":2}`, true},
		{"another chart", map[string]any{"D1": 201}, `{"badValue":"201","goodValue":"200","message":"chart.import.chart.unknown","row":1,"col":4}`, true},
		{"no ids", map[string]any{"A1": "Notes"}, `{"badValue":"Notes","goodValue":"Item","message":"chart.import.sheet.without.ids","row":1,"col":1}`, true},
		{"another kind of rows", map[string]any{"A3": "Date"}, `{"badValue":"Date","goodValue":"Category","message":"chart.import.kind.of.rows","row":3,"col":1}`, true},
		{"control character", map[string]any{"C4": "a\nb"}, `{"badValue":"a\nb","goodValue":"","message":"chart.import.annotation.unfit","row":4,"col":3}`, true},
		{"no date", map[string]any{"4001 Scrap!A4": "today"}, `{"badValue":"today","goodValue":"2019-04-29T16:30:40.000+0000","message":"chart.import.date.invalid","row":4,"col":1}`, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := start(t)
			before := c.list("itemList?id=655&includeCharts=true")
			cells := map[string]any{"4003 First pass yield!B5": 1} // a change that a failure undoes
			for cell, value := range test.cells {
				cells[cell] = value
			}
			got := c.call(http.MethodPut, excelPath+"multiChartImport", c.edited(cells))
			require.Equal(t, 200, got.status, "%s", got.body)
			sheet := "4000 Approvals"
			for cell := range test.cells {
				if at, _, ok := strings.Cut(cell, "!"); ok {
					sheet = at
				}
			}
			entry := strings.TrimSuffix(strings.ReplaceAll(test.want, "\n", `\n`), "}") + fmt.Sprintf(`,"sheetName":%q,"failure":%t}`, sheet, test.failure)
			assert.JSONEq(t, "["+entry+"]", string(got.body))
			after := c.list("itemList?id=655&includeCharts=true")
			assert.Equal(t, test.failure, assert.ObjectsAreEqual(before, after))
		})
	}
}

// zipped is a workbook of a single part of so many blanks. Compressing it all would take
// long, so the compressed form of one piece is repeated.
func zipped(t testing.TB, size int) []byte {
	t.Helper()
	pieces := max(1, size>>20)
	var compressed bytes.Buffer
	deflate := func(text []byte, last bool) []byte {
		compressed.Reset()
		writer, err := flate.NewWriter(&compressed, flate.BestSpeed)
		require.NoError(t, err)
		_, err = writer.Write(text)
		require.NoError(t, err)
		end := writer.Flush // goes on
		if last {
			end = writer.Close
		}
		require.NoError(t, end())
		return bytes.Clone(compressed.Bytes())
	}
	blanks := bytes.Repeat([]byte(" "), size)
	piece := size / pieces
	content := append(bytes.Repeat(deflate(blanks[:piece], false), pieces), deflate(blanks[pieces*piece:], true)...)
	var text bytes.Buffer
	archive := zip.NewWriter(&text)
	part, err := archive.CreateRaw(&zip.FileHeader{
		Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(blanks),
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(size),
	})
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	return text.Bytes()
}

func TestRefusedUploads(t *testing.T) {
	c := start(t)
	far := excelize.NewFile()
	require.NoError(t, far.SetCellValue("Sheet1", "XFD1", "far out"))
	wide, err := far.WriteToBuffer()
	require.NoError(t, err)
	require.NoError(t, far.Close())
	for name, content := range map[string][]byte{
		"nothing":        {},
		"text":           []byte("id,name\n"),
		"another zip":    zipped(t, 10),
		"zip bomb":       zipped(t, maxUnzipped+1),
		"cell far out":   wide.Bytes(),
		"larger than it": bytes.Repeat([]byte("PK"), maxUpload/2+1),
	} {
		t.Run(name, func(t *testing.T) {
			got := c.call(http.MethodPut, excelPath+"multiChartImport", workbook(content))
			assert.Equal(t, 400, got.status, "%s", got.body)
		})
	}
	request := c.request(http.MethodPost, excelPath+"multiChartImport", nil)
	body, contentType := multipartBody(t, "upload", []byte("PK"))
	request, err = http.NewRequestWithContext(t.Context(), http.MethodPost, request.URL.String(), bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", contentType)
	request.Header.Set("Authorization", c.authorization)
	got := c.check(request)
	assert.Equal(t, 400, got.status)
	assert.Contains(t, got.header.Get(reasonHeader), "no part named file")
}
