package rawlist

import (
	"context"
	"net/http"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/internal/answer"
)

const (
	// itemsPage is how many items one call gets. The vendor allows 20,000; fewer are in memory
	// at a time, and are soon there again when a call breaks off.
	itemsPage = 1_000
	// chartsPage is the same for items with the data of their charts, which may be long.
	chartsPage = 100
)

// KaiNexusItems is the items of a saved list or Card (operation listItems), with the data of
// those that are charts, or without. What the server says in errors is freed by redact of the
// credential, here and below.
func KaiNexusItems(client kainexusapi.ClientInterface, redact func(string) string, list int64, charts bool) List {
	answers, limit := answer.KaiNexus(redact, nil), itemsPage
	if charts {
		limit = chartsPage
	}
	return paged(func(ctx context.Context, position int64) (page, error) {
		offset := int(position)
		params := &kainexusapi.ListItemsParams{ID: list, Offset: &offset, Limit: &limit}
		if charts {
			params.IncludeCharts = &charts
		}
		response, err := client.ListItems(ctx, params)
		return kaiNexusPage(answers, "listItems", response, err)
	})
}

// KaiNexusPeople is the people of a saved list or Card, or all users of the organization
// without one (operation listUsers). Pages are not documented for people: the answer has all
// of them, and only if it counts more than it has, the rest is asked for by offset.
func KaiNexusPeople(client kainexusapi.ClientInterface, redact func(string) string, list *int64) List {
	answers := answer.KaiNexus(redact, nil)
	return paged(func(ctx context.Context, position int64) (page, error) {
		response, err := client.ListUsers(ctx, &kainexusapi.ListUsersParams{ID: list}, offset(position))
		p, err := kaiNexusPage(answers, "listUsers", response, err)
		p.last = p.total == nil
		return p, err
	})
}

// offset is for the call whose description has no such parameter.
func offset(position int64) kainexusapi.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		if position > 0 {
			query := r.URL.Query()
			query.Set("offset", strconv.FormatInt(position, 10))
			r.URL.RawQuery = query.Encode()
		}
		return nil
	}
}

func kaiNexusPage(answers *answer.API, operation string, response *http.Response, err error) (page, error) {
	var got struct {
		Items *[]jsontext.Value `json:"items"`
		Total *int64            `json:"totalCount"`
	}
	if err := answers.JSON(operation, response, err, &got); err != nil {
		return page{}, err
	}
	if got.Items == nil {
		return page{}, answers.Failed(operation, response, missing("items"))
	}
	return page{elements: *got.Items, total: got.Total}, nil
}
