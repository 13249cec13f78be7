package kainexus

import (
	"context"
	"fmt"
	"iter"
	"net/http"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// MaxPageSize is how many items one page may have. The vendor says so of exports as XLSX; that
// it holds for JSON is inferred.
const MaxPageSize = 20_000

// ItemsOption changes how [Client.Items] and [Client.Charts] read a list.
type ItemsOption func(*itemsQuery) error

type itemsQuery struct{ limit int }

// PageSize is how many items are asked for at a time, from 1 to [MaxPageSize], which it is
// unless given. Items arrive one by one whatever it is; smaller pages take more calls.
func PageSize(items int) ItemsOption {
	return func(q *itemsQuery) error {
		if items < 1 || items > MaxPageSize {
			return fmt.Errorf("a PageSize of %d: it must be from 1 to %d", items, MaxPageSize)
		}
		q.limit = items
		return nil
	}
}

// Items reads the items of a saved Item List or Item List Card, in the order that it has in
// KaiNexus, page by page (listItems). That order and the paging are inferred.
func (c *Client) Items(ctx context.Context, listID int64, opts ...ItemsOption) iter.Seq2[Item, error] {
	return c.items(ctx, listID, false, opts)
}

// Charts reads a list as [Client.Items] does, and with each item that is a chart its data
// (listItems with includeCharts).
func (c *Client) Charts(ctx context.Context, listID int64, opts ...ItemsOption) iter.Seq2[Item, error] {
	return c.items(ctx, listID, true, opts)
}

func (c *Client) items(ctx context.Context, listID int64, charts bool, opts []ItemsOption) iter.Seq2[Item, error] {
	query := itemsQuery{limit: MaxPageSize}
	err := positive("listItems", "list", listID)
	for _, opt := range opts {
		if err == nil && opt != nil {
			if err = opt(&query); err != nil {
				err = fmt.Errorf("kainexus: listItems: %w", err)
			}
		}
	}
	if err != nil {
		return failed[Item](err)
	}
	return list[Item]{
		client:    c,
		operation: "listItems",
		open: func(ctx context.Context, at int64) (*http.Response, error) {
			offset, limit := int(at), query.limit
			params := &kainexusapi.ListItemsParams{ID: listID, Offset: &offset, Limit: &limit}
			if charts {
				params.IncludeCharts = &charts
			}
			return c.api.ListItems(ctx, params)
		},
		id:    func(item *Item) *int64 { return item.ID },
		pages: true,
	}.all(ctx)
}

// Item reads one item (getItem). One that was deleted, or that the credential may not see, is
// refused with the code ACCESS_DENIED: see [IsAccessDenied].
func (c *Client) Item(ctx context.Context, id int64) (Item, error) {
	return c.item(ctx, id, false)
}

// Chart reads one item that is a chart, and its data (getItem with includeCharts, which is
// documented for lists, and inferred for one item).
func (c *Client) Chart(ctx context.Context, id int64) (Item, error) {
	return c.item(ctx, id, true)
}

func (c *Client) item(ctx context.Context, id int64, chart bool) (Item, error) {
	if err := positive("getItem", "item", id); err != nil {
		return Item{}, err
	}
	params := &kainexusapi.GetItemParams{ID: id}
	if chart {
		params.IncludeCharts = &chart
	}
	response, err := c.api.GetItem(ctx, params)
	return one[Item](c, "getItem", response, err)
}

// failed is a list that could not be asked for.
func failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) { yield(*new(T), err) }
}
