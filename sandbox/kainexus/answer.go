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

// whole is a list that comes in one page.
func whole(items []document) page {
	return paged(items, 0, max(maxLimit, len(items)), func(d document) document { return d })
}

// paged cuts a page out of a list. What show makes of a record is made only when it is
// its turn.
func paged(items []document, offset, limit int, show func(document) document) page {
	part := items[min(offset, len(items)):]
	part = part[:min(limit, len(part))]
	return page{
		count: len(part), total: len(items), offset: offset, limit: limit,
		items: func(yield func(document) bool) {
			for _, d := range part {
				if !yield(show(d)) {
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

// answerPage answers a list, record by record: it is never held as a whole.
func (o *operations) answerPage(w http.ResponseWriter, start time.Time, p page) {
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
