package kainexus

import (
	"net/http"
	"strings"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// ExportItems is GET /api/public/v1/excel/itemList.
func (o *operations) ExportItems(w http.ResponseWriter, r *http.Request, params stub.ExportItemsParams) {
	s := o.seen(r)
	offset, limit, err := readPage(params.Offset, params.Limit)
	if err != nil {
		refuse(w, err)
		return
	}
	ids, err := s.listed(params.ID)
	if err != nil {
		refuse(w, err)
		return
	}
	answerWorkbook(w, "items.xlsx", s.itemSheets(ids, offset, limit))
}

// ExportItem is GET /api/public/v1/excel/item.
func (o *operations) ExportItem(w http.ResponseWriter, r *http.Request, params stub.ExportItemParams) {
	s := o.seen(r)
	offset, limit, err := readPage(params.Offset, params.Limit)
	if err != nil {
		refuse(w, err)
		return
	}
	item, err := s.item(params.ID)
	if err != nil {
		refuse(w, err)
		return
	}
	answerWorkbook(w, "item.xlsx", s.itemSheets([]int64{item.id()}, offset, limit))
}

// columns are those of every export of items, by the key they show. A column for each
// Field on any template follows.
var columns = []struct{ title, key string }{
	{"Id", "id"}, {"Template", "templateName"}, {"Title", "summary"}, {"Status", "customStatus"},
	{"Authors", "authors"}, {"Responsible locations", "responsibleLocations"},
	{"Created", "createDate"}, {"Last updated", "lastUpdateDate"}, {"Start", "startDate"},
	{"Due", "dueDate"}, {"Completed", "completeDate"}, {"Link", "link"},
}

// exportedFields are the Fields with a column.
var exportedFields = []field{background, plan, hours, checkedOn, inspectedAt}

// itemSheets are the sheet Items: a row of titles, and then a row for each item.
//
// Choice(item-workbooks) [exportItem exportItems]: A workbook of items has one sheet with the same columns for every
// list, and a column for each Field of the organization.
func (s *state) itemSheets(ids []int64, offset, limit int) []sheet {
	titles := []any{}
	for _, c := range columns {
		titles = append(titles, c.title)
	}
	for _, f := range exportedFields {
		titles = append(titles, f.name)
	}
	rows := [][]any{titles}
	for item := range paged(s.items, ids, offset, limit, func(d document) document { return s.showItem(d, false) }).items {
		row := []any{}
		for _, c := range columns {
			row = append(row, cell(item[c.key]))
		}
		for _, f := range exportedFields {
			row = append(row, fieldCell(item, f))
		}
		rows = append(rows, row)
	}
	return []sheet{{"Items", rows}}
}

func fieldCell(item document, f field) any {
	for _, entry := range item.stored("fields") {
		if entry.id() == f.id {
			return cell(entry[fieldKinds[f.kind][0]])
		}
	}
	return nil
}

// cell is a value as a cell shows it: numbers as numbers, several people or locations
// by their names, one after the other.
func cell(value any) any {
	switch v := value.(type) {
	case []any:
		names := []string{}
		for _, element := range v {
			d, _ := asDocument(element)
			if d.has("username") {
				names = append(names, d.text("username"))
			} else {
				names = append(names, d.text("name"))
			}
		}
		return strings.Join(names, ", ")
	case interface{ Float64() (float64, error) }: // json.Number
		f, _ := v.Float64()
		return f
	}
	return value
}
