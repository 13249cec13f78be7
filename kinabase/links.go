package kinabase

import (
	"bytes"
	"context"
	"time"

	"github.com/kaikina/kaikina/transport"
)

// RecordByLink gets the record that is linked to an id of another service (operation
// getExternalRecord). Not documented: what comes when several records have that link.
func (c *Client) RecordByLink(ctx context.Context, collection, service, externalID string) (Record, error) {
	response, err := c.plain.GetExternalRecord(ctx, collection, service, externalID)
	return c.record("getExternalRecord", response, err)
}

// UpdateByLink changes the record that is linked to an id of another service (operation
// updateExternalRecord), as [Client.Update] does. It creates none. Where the answer does not
// have the record, which is not documented, a zero Record is returned.
func (c *Client) UpdateByLink(ctx context.Context, collection, service, externalID string, data any) (Record, error) {
	const operation = "updateExternalRecord"
	in := inputOf(data)
	if in.External != nil {
		in = in.linked(service, externalID) // or the link would be gone for the next attempt
	}
	body, err := c.body(collection, in)
	if err != nil {
		return Record{}, failed(operation, err)
	}
	response, err := c.plain.UpdateExternalRecordWithBody(transport.Idempotent(ctx), collection, service, externalID, jsonType, bytes.NewReader(body))
	return c.changed(operation, response, err)
}

// DeleteByLink deletes the record that is linked to an id of another service. It looks the
// record up and deletes it by its own id (operations getExternalRecord and deleteRecord): the
// call that does both at once, if it were sent again after its answer was lost, could delete
// another record with the same link.
func (c *Client) DeleteByLink(ctx context.Context, collection, service, externalID string) error {
	record, err := c.RecordByLink(ctx, collection, service, externalID)
	if err != nil {
		return err
	}
	return c.Delete(ctx, collection, record.ID)
}

// CreateOrUpdate changes the record that is linked to an id of another service, or creates
// one with that link when there is none, and tells whether it did create. The record is as
// [Client.UpdateByLink] and [Client.Create] return it.
//
// When the answer to the create is lost, the link tells whether it was carried out: only if
// no record has it a moment later is the create sent once more. So calling it again after an
// error does no harm. Kinabase has no call for all of this, and it is not documented whether
// a link is unique: of two writers who do it at the same time for the same id, both may
// create a record.
func (c *Client) CreateOrUpdate(ctx context.Context, collection, service, externalID string, data any) (record Record, created bool, err error) {
	in := inputOf(data)
	for lost := false; ; lost = true {
		ctx, seen := watch(ctx)
		record, err = c.UpdateByLink(ctx, collection, service, externalID, in)
		if !IsNotFound(err) {
			return record, lost && err == nil, err
		}
		seen.doubt.Store(false)
		record, err = c.Create(ctx, collection, in.linked(service, externalID))
		if err == nil {
			return record, true, nil
		}
		if lost || !seen.doubt.Load() || pause(ctx, readBackAfter) != nil {
			return Record{}, false, err
		}
	}
}

// readBackAfter is how long a create whose answer was lost may still take before one looks
// what became of it.
const readBackAfter = time.Second

// pause waits, or tells that the context ended.
func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
