package kainexus

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// maxLimit is the documented size of a page, by default and at most.
const maxLimit = 20_000

// flushEvery is how many records of a list are sent at a time.
const flushEvery = 256

// page is a part of a list.
type page struct {
	count, total, offset, limit int
	items                       iter.Seq[document]
}

// whole is a table that comes in one page.
func whole(records *table, show func(document) document) page {
	return page{
		count: records.size, total: records.size, limit: max(maxLimit, records.size),
		items: func(yield func(document) bool) {
			for d := range records.all() {
				if !yield(show(d)) {
					return
				}
			}
		},
	}
}

// paged cuts a page out of a list of ids. A record is looked up, and what show makes of
// it made, only when it is its turn.
func paged(records *table, ids []int64, offset, limit int, show func(document) document) page {
	part := ids[min(offset, len(ids)):]
	part = part[:min(limit, len(part))]
	return page{
		count: len(part), total: len(ids), offset: offset, limit: limit,
		items: func(yield func(document) bool) {
			for _, id := range part {
				record, _ := records.get(id)
				if !yield(show(record)) {
					return
				}
			}
		},
	}
}

// answerItem answers a single record.
func (o *operations) answerItem(w http.ResponseWriter, start time.Time, item document) {
	jsonbody.Write(w, http.StatusOK, map[string]any{"item": item, "statistics": o.statistics(start)})
}

// answerPage answers a list, record by record: it is never held as a whole. It stops when
// the client has gone.
//
// Choice(paging-keys) [listNetworkLocations listUsers]: Every list has count, totalCount, offset and limit, but only items
// take the last two as parameters; any other list comes as a whole.
func (o *operations) answerPage(w http.ResponseWriter, r *http.Request, start time.Time, p page) {
	w.Header().Set("Content-Type", "application/json")
	flusher := http.NewResponseController(w)
	head := fmt.Sprintf(`{"count":%d,"totalCount":%d,"offset":%d,"limit":%d,"items":[`, p.count, p.total, p.offset, p.limit)
	if _, err := w.Write([]byte(head)); err != nil {
		return // the client has gone
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // texts leave as they came
	written := 0
	for item := range p.items {
		if r.Context().Err() != nil {
			return
		}
		text.Reset()
		if written > 0 {
			text.WriteByte(',')
		}
		if err := encoder.Encode(item); err != nil {
			panic(http.ErrAbortHandler) // what is stored was JSON; better no answer than half of one
		}
		if _, err := w.Write(text.Bytes()); err != nil {
			return
		}
		if written++; written%flushEvery == 0 {
			_ = flusher.Flush() // not every ResponseWriter can
		}
	}
	tail, err := json.Marshal(o.statistics(start))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, _ = fmt.Fprintf(w, `],"statistics":%s}`+"\n", tail)
}

// statistics tell how long a call that began at start took.
func (o *operations) statistics(start time.Time) *stub.Statistics {
	end := o.clock()
	from, to, seconds := timestamp(start), timestamp(end), int(max(0, end.Sub(start).Seconds()))
	return &stub.Statistics{StartDate: &from, EndDate: &to, DurationSeconds: &seconds}
}
