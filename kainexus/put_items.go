package kainexus

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// Notifications says whether people are told about items that are written. There is no
// default: the zero value is refused.
type Notifications int

// The ways to write items.
const (
	// Notify tells people as if the change had been made in KaiNexus. Items that set
	// SuppressNotifications themselves stay quiet.
	Notify Notifications = iota + 1
	// Suppress tells nobody.
	Suppress
)

func (n Notifications) check(operation string) error {
	if n != Notify && n != Suppress {
		return fmt.Errorf("kainexus: %s: say whether people are told about the items: kainexus.Notify or kainexus.Suppress", operation)
	}
	return nil
}

// prepare makes an item, which is a copy of the caller's, say what the caller chose.
func (n Notifications) prepare(item *Item) {
	if n == Suppress {
		item.SuppressNotifications = new(true)
	}
}

// PutItem updates the item with the ID that is given, or creates one if there is no ID
// (putItem). What is left out of an update stays as it is, as far as is known. The [Outcome]
// has the ID of a new item. The error is an [*Error] if the call failed.
//
// An update is sent again after a failure, by the client's policy for retries. What creates an
// item is not, nor what deletes one by the status DELETED, unless it is certain that it was not
// carried out; the state may then be [Unknown].
func (c *Client) PutItem(ctx context.Context, item Item, notifications Notifications) (Outcome, error) {
	if err := notifications.check("putItem"); err != nil {
		return Outcome{}, err
	}
	return c.itemPut("putItem", notifications, func(ctx context.Context, contentType string, body io.Reader) (*http.Response, error) {
		return c.api.PutItemWithBody(ctx, &kainexusapi.PutItemParams{}, contentType, body)
	}).alone(ctx, item)
}

// PutItems updates the items that have an ID, and then creates those that have none
// (putItems), in batches: see [BatchSize]. There is an outcome for each item, in the order of
// the items, whatever happens, unless the arguments are wrong. The error is a [*PutError]
// unless all items are Written.
//
// A batch of updates that the server refuses is divided, so that one bad item does not stop
// the others, until a hundred calls were spent on that. What is in a refused batch of several
// new items is Unknown, for the vendor does not say whether such a batch is carried out in
// part: put them with a BatchSize of 1 to know about each. A refused login, a server that
// fails and a context that ends stop the put, and the rest is NotSent.
//
// That an outcome belongs to the item at the same place is documented nowhere. It is taken to
// be so if there are as many results as items, and none contradicts the items' IDs.
func (c *Client) PutItems(ctx context.Context, items []Item, notifications Notifications, opts ...PutOption) ([]Outcome, error) {
	if err := notifications.check("putItems"); err != nil {
		return nil, err
	}
	return c.itemPut("putItems", notifications, func(ctx context.Context, contentType string, body io.Reader) (*http.Response, error) {
		return c.api.PutItemsWithBody(ctx, &kainexusapi.PutItemsParams{}, contentType, body)
	}).all(ctx, items, opts)
}

// PutCharts writes items that are charts together with their data (putItems with fullSync).
// Each needs its ID, and that of its Chart; charts cannot be created. The data replaces what
// is stored, as the name of that parameter suggests; the vendor does not say so. Read a chart
// with [Client.Chart], change it, and put it back whole. For the rest see [Client.PutItems].
func (c *Client) PutCharts(ctx context.Context, charts []Item, notifications Notifications, opts ...PutOption) ([]Outcome, error) {
	if err := notifications.check("putItems"); err != nil {
		return nil, err
	}
	for i, item := range charts {
		switch {
		case idOf(item.ID) == 0:
			return nil, fmt.Errorf("kainexus: putItems: chart %d of %d has no ID; charts are updated by it, and cannot be created", i+1, len(charts))
		case item.Chart == nil:
			return nil, fmt.Errorf("kainexus: putItems: item %d of %d has no Chart; read it with Charts, or write it with PutItems", i+1, len(charts))
		}
	}
	return c.itemPut("putItems", notifications, func(ctx context.Context, contentType string, body io.Reader) (*http.Response, error) {
		return c.api.PutItemsWithBody(ctx, &kainexusapi.PutItemsParams{FullSync: new(true)}, contentType, body)
	}).all(ctx, charts, opts)
}

func (c *Client) itemPut(operation string, notifications Notifications, send sender) put[Item] {
	return put[Item]{
		client: c, operation: operation, send: send,
		prepare:    notifications.prepare,
		id:         func(item *Item) *int64 { return item.ID },
		repeatable: func(item *Item) bool { return idOf(item.ID) != 0 && !deletes(item) },
	}
}

// deletes tells whether putting an item removes it, which works once: somebody who puts it
// again is told that there is no such item.
func deletes(item *Item) bool { return item.Status != nil && *item.Status == "DELETED" }
