package contract

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/textproto"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

func (k *kainexus) items(ctx context.Context) {
	id, ok := k.known("itemList", "listItems", "exportItems", "exportItem", "getItem", "putItem", "putItems")
	if !ok {
		return
	}
	page := func(offset, limit int) *exchange {
		_, x := good(k.run, "listItems", func() (*kainexusapi.ListItemsResp, error) {
			return k.client.ListItemsWithResponse(ctx, &kainexusapi.ListItemsParams{ID: id, Offset: &offset, Limit: &limit})
		})
		if x != nil {
			k.judge(pagingEchoed, x, checkEcho(x, map[string]int64{"offset": 0, "limit": 20000}))
			k.list(x)
		}
		return x
	}
	opening := page(0, 10)
	if opening == nil {
		k.wrongID("itemList", k.last)
		return
	}
	total := totalOf(opening, "totalCount")
	size := pageSizeFor(total, 1000)
	pages := k.walkTwice("listItems", func() walk {
		return k.walkThrough("items", "totalCount", size, total, func(index int) *exchange { return page(index*size, size) })
	})
	good(k.run, "exportItems", func() (*kainexusapi.ExportItemsResp, error) {
		return k.client.ExportItemsWithResponse(ctx, &kainexusapi.ExportItemsParams{ID: id, Limit: new(10)})
	})
	if len(pages.pages) == 0 {
		return
	}
	var listed []any
	for _, page := range pages.pages {
		listed = append(listed, elements(page.value, "items")...)
	}
	item, itemID, ok := first(listed)
	if !ok {
		for _, operation := range []string{"getItem", "exportItem", "putItem", "putItems"} {
			k.note(operation, "the list has no item to read")
		}
		return
	}
	k.item = item
	k.same(k.getItem(ctx, itemID), itemID)
	good(k.run, "exportItem", func() (*kainexusapi.ExportItemResp, error) {
		return k.client.ExportItemWithResponse(ctx, &kainexusapi.ExportItemParams{ID: itemID})
	})
	k.itemLife(ctx, listed)
}

func (k *kainexus) getItem(ctx context.Context, id int64) *exchange {
	_, x := call(k.run, "getItem", func() (*kainexusapi.GetItemResp, error) {
		return k.client.GetItemWithResponse(ctx, &kainexusapi.GetItemParams{ID: id})
	})
	return x
}

// itemLife takes an item of the same template, authors and locations as a listed one
// through its life. It always asks for no notifications.
func (k *kainexus) itemLife(ctx context.Context, listed []any) {
	body := func(d draft) kainexusapi.Item {
		item := kainexusapi.Item{
			ID:                     d.id,
			Summary:                &d.name,
			Status:                 new(kainexusapi.ItemStatusNew),
			SuppressNotifications:  new(true),
			ParticipatingLocations: []kainexusapi.LocationRef{},
			OriginatingLocations:   []kainexusapi.LocationRef{},
			ResponsibleLocations:   []kainexusapi.LocationRef{},
		}
		if d.delete != nil {
			item.Status = new(kainexusapi.ItemStatusDeleted)
		}
		if template, ok := integer(member(k.item, "templateId")); ok {
			item.TemplateID = &template
		}
		if name, ok := member(k.item, "templateName").(string); ok {
			item.TemplateName = &name
		}
		if _, id, ok := first(elements(k.item, "authors")); ok {
			item.Authors = []kainexusapi.PersonRef{{ID: &id}}
		}
		if id, ok := integer(member(k.location, "id")); ok {
			item.ResponsibleLocations = append(item.ResponsibleLocations, kainexusapi.LocationRef{ID: &id})
		}
		return item
	}
	k.life(ctx, lifecycle{
		one: "putItem", many: "putItems", title: "summary", listed: listed, get: k.getItem,
		putOne: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putItem", func() (*kainexusapi.PutItemResp, error) {
				return k.client.PutItemWithResponse(ctx, &kainexusapi.PutItemParams{}, kainexusapi.ItemWrite{Item: body(d)})
			})
			return x
		},
		putMany: func(ctx context.Context, d draft) *exchange {
			_, x := good(k.run, "putItems", func() (*kainexusapi.PutItemsResp, error) {
				return k.client.PutItemsWithResponse(ctx, &kainexusapi.PutItemsParams{}, kainexusapi.ItemListWrite{Items: []kainexusapi.Item{body(d)}})
			})
			return x
		},
	})
}

func elements(value any, name string) []any {
	list, _ := member(value, name).([]any)
	return list
}

func (k *kainexus) charts(ctx context.Context) {
	id, ok := k.known("chartList", "exportCharts", "importCharts", "importChartsByPost")
	if !ok {
		return
	}
	_, x := good(k.run, "listItems", func() (*kainexusapi.ListItemsResp, error) {
		return k.client.ListItemsWithResponse(ctx, &kainexusapi.ListItemsParams{ID: id, IncludeCharts: new(true)})
	})
	if x == nil {
		k.wrongID("chartList", k.last)
		return
	}
	if _, chart, ok := first(k.list(x)); ok {
		_, x := call(k.run, "getItem", func() (*kainexusapi.GetItemResp, error) {
			return k.client.GetItemWithResponse(ctx, &kainexusapi.GetItemParams{ID: chart, IncludeCharts: new(true)})
		})
		k.same(x, chart)
	}
	_, export := good(k.run, "exportCharts", func() (*kainexusapi.ExportChartsResp, error) {
		return k.client.ExportChartsWithResponse(ctx, &kainexusapi.ExportChartsParams{ID: id})
	})
	// What was exported goes back in unchanged. The vendor's import has a layout that is
	// not documented and may differ from its export's, so only this machine is imported to.
	if export == nil {
		return
	}
	if !k.writable {
		for _, operation := range []string{"importCharts", "importChartsByPost"} {
			k.note(operation, "no layout of its workbook is documented, so nothing is imported on a target that is not on this machine")
		}
		return
	}
	contentType, body := upload(export.body)
	good(k.run, "importCharts", func() (*kainexusapi.ImportChartsResp, error) {
		return k.client.ImportChartsWithBodyWithResponse(ctx, contentType, bytes.NewReader(body))
	})
	good(k.run, "importChartsByPost", func() (*kainexusapi.ImportChartsByPostResp, error) {
		return k.client.ImportChartsByPostWithBodyWithResponse(ctx, contentType, bytes.NewReader(body))
	})
}

// upload writes the multipart body of a chart import.
func upload(workbook []byte) (contentType string, body []byte) {
	var buffer bytes.Buffer
	form := multipart.NewWriter(&buffer)
	// Writing to a buffer cannot fail.
	part, _ := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="charts.xlsx"`},
		"Content-Type":        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	})
	_, _ = part.Write(workbook)
	_ = form.Close()
	return form.FormDataContentType(), buffer.Bytes()
}
