package kainexus

import (
	"net/http"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// ListItems is GET /api/public/v1/json/itemList.
func (o *operations) ListItems(w http.ResponseWriter, r *http.Request, params stub.ListItemsParams) {
	start, s := o.clock(), o.seen(r)
	withCharts, err := readFlag("includeCharts", params.IncludeCharts)
	if err != nil {
		refuse(w, err)
		return
	}
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
	o.answerPage(w, r, start, paged(s.items, ids, offset, limit, func(item document) document {
		return s.showItem(item, withCharts)
	}))
}

// GetItem is GET /api/public/v1/json/item.
func (o *operations) GetItem(w http.ResponseWriter, r *http.Request, params stub.GetItemParams) {
	start, s := o.clock(), o.seen(r)
	withCharts, err := readFlag("includeCharts", params.IncludeCharts)
	if err != nil {
		refuse(w, err)
		return
	}
	item, err := s.item(params.ID)
	if err != nil {
		refuse(w, err)
		return
	}
	o.answerItem(w, start, s.showItem(item, withCharts))
}

// PutItem is PUT /api/public/v1/json/item.
func (o *operations) PutItem(w http.ResponseWriter, r *http.Request, params stub.PutItemParams) {
	fullSync, err := readFlag("fullSync", params.FullSync)
	if err != nil {
		refuse(w, err)
		return
	}
	writeOne[stub.Item](o, w, r, putItem(fullSync))
}

// PutItems is PUT /api/public/v1/json/itemList.
func (o *operations) PutItems(w http.ResponseWriter, r *http.Request, params stub.PutItemsParams) {
	fullSync, err := readFlag("fullSync", params.FullSync)
	if err != nil {
		refuse(w, err)
		return
	}
	writeMany[stub.Item](o, w, r, putItem(fullSync))
}

// Choice(query-of-a-put) [putItem]: Which item, user or location a PUT means is in its body only. An
// id in the query is ignored, as every parameter is that a call does not know.
func putItem(fullSync bool) put {
	return func(d *draft, sent document) (stub.WriteOutcome, error) { return d.putItem(sent, fullSync) }
}

func (s *state) item(id int64) (document, error) {
	item, ok := s.items.get(id)
	if !ok {
		return nil, noItem(id)
	}
	return item, nil
}

// readPage reads the two parameters of a page.
//
// Choice(page-bounds) [listItems]: A limit outside 1 to 20,000 or a negative offset answers 400. An
// offset past the end answers an empty page.
func readPage(sentOffset, sentLimit *int) (offset, limit int, err error) {
	offset, limit = 0, maxLimit
	if sentOffset != nil {
		offset = *sentOffset
	}
	if sentLimit != nil {
		limit = *sentLimit
	}
	if offset < 0 {
		return 0, 0, bad(invalidParameter, "offset must not be negative")
	}
	if limit < 1 || limit > maxLimit {
		return 0, 0, bad(invalidParameter, "limit must be from 1 to %d", maxLimit)
	}
	return offset, limit, nil
}
