package rawlist

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/internal/answer"
	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/internal/paging"
	"github.com/kaikina/kaikina/transport"
)

const (
	// recordsPage is how many records one call gets: the most that the vendor allows.
	recordsPage = 300
	// recordsAtOnce is how many records the call for all of them gets at most, by the vendor's
	// reference.
	recordsAtOnce = 100_000
)

// KinabaseRecords is the records of a collection, page by page (operation listRecords); only
// those that changed after a moment, if one is given. What the server says in errors is freed by
// redact of the credential, here and below.
func KinabaseRecords(client kinabaseapi.ClientInterface, redact func(string) string, collection string, updatedAfter *time.Time) List {
	answers := answer.Kinabase(redact, nil)
	return paged(func(ctx context.Context, position int64) (p page, err error) {
		index, size := int(position/recordsPage), recordsPage
		response, err := client.ListRecords(ctx, collection, &kinabaseapi.ListRecordsParams{PageIndex: &index, PageSize: &size, UpdatedAfter: updatedAfter})
		var got struct {
			Records *[]jsontext.Value `json:"records"`
			Total   *int64            `json:"totalRecords"`
		}
		if err := answers.JSON("listRecords", response, err, &got); err != nil {
			return page{}, err
		}
		if got.Records == nil {
			return page{}, answers.Failed("listRecords", response, missing("records"))
		}
		// Pages begin where they begin. What stands before the position was read.
		came := int64(len(*got.Records))
		p = page{elements: (*got.Records)[min(position%recordsPage, came):], total: got.Total}
		if came > 0 {
			p.short = max(recordsPage-came, 0)
		}
		return p, nil
	})
}

func missing(member string) error {
	return &jsonstream.ShapeError{Pointer: jsontext.Pointer("").AppendToken(member), Reason: "is missing"}
}

// KinabaseAllRecords is the same records from one answer (operation listAllRecords), while it
// arrives. It always comes from the beginning, so that a position saves nothing but memory.
// An answer with as many records as there can be may not be all.
func KinabaseAllRecords(client kinabaseapi.ClientInterface, redact func(string) string, collection string, updatedAfter *time.Time) List {
	answers := answer.Kinabase(redact, nil)
	return func(ctx context.Context, position int64) iter.Seq2[json.RawMessage, error] {
		return func(yield func(json.RawMessage, error) bool) {
			response, err := client.ListAllRecords(transport.Stream(ctx), collection, &kinabaseapi.ListAllRecordsParams{UpdatedAfter: updatedAfter})
			response, err = answers.Open("listAllRecords", response, err, "application/json")
			if err != nil {
				yield(nil, err)
				return
			}
			defer response.Body.Close()
			read, err := elementsOf(response, position, yield)
			switch {
			case err != nil:
				yield(nil, answers.Failed("listAllRecords", response, err))
			case read >= recordsAtOnce:
				yield(nil, &paging.IncompleteError{Seen: read, Limit: recordsAtOnce})
			}
		}
	}
}

// elementsOf yields the elements of an answer from a position on. It tells how many there were,
// or -1 when yield had enough.
func elementsOf(response *http.Response, position int64, yield func(json.RawMessage, error) bool) (read int64, err error) {
	for element, err := range jsonstream.Elements[jsontext.Value](response.Body, jsonstream.Layout{}) {
		if err != nil {
			return read, err
		}
		if read++; read > position && !yield(json.RawMessage(element), nil) {
			return -1, nil
		}
	}
	return read, nil
}
