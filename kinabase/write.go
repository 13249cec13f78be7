package kinabase

import (
	"bytes"
	"context"
	"errors"
	"net/http"

	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/transport"
)

// Create adds a record (operation createRecord) and returns it as the answer has it. The data
// is a map or a struct with the values by field key, an [Input], or a [Record].
//
// A create that got no answer, or a 5xx, may have been carried out, and is not sent again:
// see [Client.CreateOrUpdate] for one that can be.
func (c *Client) Create(ctx context.Context, collection string, data any) (Record, error) {
	const operation = "createRecord"
	body, err := c.body(collection, inputOf(data))
	if err != nil {
		return Record{}, failed(operation, err)
	}
	response, err := c.plain.CreateRecordWithBody(ctx, collection, jsonType, bytes.NewReader(body))
	record, err := c.record(operation, response, err)
	if failed, ok := errors.AsType[*Error](err); ok && failed.Status/100 == 2 {
		created := *failed
		created.Err = &createdError{failed.Err}
		return Record{}, &created
	}
	return record, err
}

// createdError tells that a create was carried out though the answer is of no use.
type createdError struct{ err error }

func (e *createdError) Error() string {
	return "the record was created, but the answer is not what it should be"
}
func (e *createdError) Unwrap() error { return e.err }

// Update changes fields of a record (operation updateRecord). The data is as for
// [Client.Create]; fields that it does not name stay as they are (inferred). It returns the
// record if the answer has it, which is not documented, and otherwise one with its ID only.
//
// A change sets values, whatever they were, so one that got no answer is sent again.
func (c *Client) Update(ctx context.Context, collection, id string, data any) (Record, error) {
	const operation = "updateRecord"
	body, err := c.body(collection, inputOf(data))
	if err != nil {
		return Record{}, failed(operation, err)
	}
	response, err := c.plain.UpdateRecordWithBody(transport.Idempotent(ctx), collection, id, jsonType, bytes.NewReader(body))
	record, err := c.changed(operation, response, err)
	if err == nil && record.ID == "" {
		record.ID = id
	}
	return record, err
}

// Delete deletes a record (operation deleteRecord). Not documented: whether it can be
// restored. A record that is not there is an error that [IsNotFound] knows, unless an
// earlier attempt of this call may have deleted it.
func (c *Client) Delete(ctx context.Context, collection, id string) error {
	ctx, seen := watch(ctx)
	response, err := c.plain.DeleteRecord(ctx, collection, id)
	err = c.answer.Done("deleteRecord", response, err)
	if statusOf(err) == http.StatusNotFound && seen.doubt.Load() {
		return nil
	}
	return err
}

// body is what is sent for a record, once its keys are checked.
func (c *Client) body(collection string, in Input) ([]byte, error) {
	body, err := in.body(false, c.known[collection])
	return body, about(collection, err)
}

// about names the collection in what is wrong with keys.
func about(collection string, err error) error {
	if wrong, ok := errors.AsType[*KeyError](err); ok {
		wrong.Collection = collection
	}
	return err
}

// changed reads the answer to a change, which is the record, or not.
func (c *Client) changed(operation string, response *http.Response, err error) (Record, error) {
	body, err := c.answer.Body(operation, response, err)
	if err != nil {
		return Record{}, err
	}
	var record Record
	if jsonstream.Unmarshal(body, &record, reading) != nil || record.ID == "" {
		return Record{}, nil // it says nothing that is of use
	}
	return record, nil
}
