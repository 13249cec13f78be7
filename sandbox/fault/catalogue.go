package fault

import (
	"encoding/json"
	"net/http"
	"sync"
)

var catalogue = []Fault{
	{"teapot", "Answers 418, which no description declares.", "", func() distortion {
		return func(a *answer) { a.status = http.StatusTeapot }
	}},
	{"server-error", "Answers 500, which no description declares.", "", func() distortion {
		return func(a *answer) { a.status = http.StatusInternalServerError }
	}},
	{"bad-request", "Refuses with 400 a call that has nothing wrong with it.", "", func() distortion {
		return func(a *answer) {
			a.status, a.body = http.StatusBadRequest, []byte(`{"error":"no","success":false,"errorCode":"NO"}`)
		}
	}},
	{"html", "Sends a page of HTML, and says so.", "", func() distortion {
		return func(a *answer) {
			a.header.Set("Content-Type", "text/html; charset=utf-8")
			a.body = []byte("<h1>Maintenance</h1>")
		}
	}},
	{"html-as-json", "Sends a page of HTML that claims to be JSON.", "", func() distortion {
		return func(a *answer) { a.body = []byte("<h1>Maintenance</h1>") }
	}},
	{"truncated", "Breaks the connection off in the middle of the body.", "", func() distortion {
		return func(a *answer) { a.cut = true }
	}},
	{"open-door", "Lets everybody in: what should be refused with 401 is answered with 200.", "", func() distortion {
		return func(a *answer) {
			if a.status == http.StatusUnauthorized {
				a.status, a.body = http.StatusOK, []byte(`{}`)
				a.header.Set("Content-Type", "application/json")
			}
		}
	}},

	{"total-missing", "Leaves totalRecords out of a page.", "listRecords", remove("totalRecords")},
	{"total-string", "Sends totalRecords as a string.", "listRecords", stringify("totalRecords")},
	{"total-wrong", "Counts one record too many in totalRecords.", "listRecords", increase("totalRecords")},
	{"page-index-stuck", "Says pageIndex 0 on every page.", "listRecords", set("pageIndex", 0)},
	{"page-size-wrong", "Says a pageSize that is one less than asked for.", "listRecords", editObject(func(_ *answer, page map[string]any) {
		add(page, "pageSize", -1)
	})},
	{"record-repeated", "Starts each page but the first with a record that the page before had.", "listRecords", repeat("records")},
	{"record-neither", "Sends a record of neither generation: no data, no recordId.", "getRecord", remove("data", "recordId")},
	{"record-other", "Answers a record other than the one asked for.", "getRecord", set("id", "00000000-0000-4000-8000-000000000000")},
	{"all-short", "Leaves the last record out of the call for all.", "listAllRecords", func() distortion {
		return edit(func(_ *answer, value any) any {
			if list, ok := value.([]any); ok && len(list) > 0 {
				return list[:len(list)-1]
			}
			return value
		})
	}},

	{"count-missing", "Leaves count out of a list of items.", "listItems", remove("count")},
	{"count-string", "Sends count as a string.", "listItems", stringify("count")},
	{"count-wrong", "Counts one item too many in count.", "listItems", increase("count")},
	{"total-count-wrong", "Counts one item too many in totalCount.", "listItems", increase("totalCount")},
	{"offset-stuck", "Says offset 0 wherever the list starts.", "listItems", set("offset", 0)},
	{"item-repeated", "Starts each page but the first with an item that the page before had.", "listItems", repeat("items")},
	{"timestamp-rfc3339", "Writes createDate with a Z, where the vendor writes +0000.", "getItem", editObject(func(_ *answer, envelope map[string]any) {
		if item, ok := envelope["item"].(map[string]any); ok {
			item["createDate"] = "2019-04-29T16:30:40Z"
		}
	})},
	{"operation-unknown", "Reports an operation that is none of those declared.", "putItem", editObject(func(_ *answer, result map[string]any) {
		list, _ := result["results"].([]any)
		for _, outcome := range list {
			if object, ok := outcome.(map[string]any); ok {
				object["operation"] = "MERGE"
			}
		}
	})},
}

// remove takes properties out of an object.
func remove(names ...string) func() distortion {
	return editObject(func(_ *answer, object map[string]any) {
		for _, name := range names {
			delete(object, name)
		}
	})
}

// set gives a property another value.
func set(name string, value any) func() distortion {
	return editObject(func(_ *answer, object map[string]any) { object[name] = value })
}

// stringify sends a number as a string.
func stringify(name string) func() distortion {
	return editObject(func(_ *answer, object map[string]any) {
		if number, ok := object[name].(json.Number); ok {
			object[name] = number.String()
		}
	})
}

// increase makes a number larger by one.
func increase(name string) func() distortion {
	return editObject(func(_ *answer, object map[string]any) { add(object, name, 1) })
}

func add(object map[string]any, name string, n int64) {
	if number, ok := object[name].(json.Number); ok {
		if before, err := number.Int64(); err == nil {
			object[name] = before + n
		}
	}
}

// repeat puts the first element of the first page in the place of the first element of
// every later page. The first page is the one with pageIndex or offset 0.
func repeat(elements string) func() distortion {
	return func() distortion {
		var mu sync.Mutex
		var remembered any
		return edit(func(a *answer, value any) any {
			page, _ := value.(map[string]any)
			list, _ := page[elements].([]any)
			if len(list) == 0 {
				return value
			}
			mu.Lock()
			defer mu.Unlock()
			query := a.request.URL.Query()
			if start := query.Get("pageIndex") + query.Get("offset"); start == "" || start == "0" {
				remembered = list[0]
			} else if remembered != nil {
				list[0] = remembered
			}
			return value
		})
	}
}
