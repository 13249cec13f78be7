package kinabase

import (
	"context"
	"encoding/json"
)

// Status asks whether the credential is accepted (operation getStatus). An error says that
// it is not, or that nobody could be asked. What the answer holds is not documented, so it
// is returned as it came.
func (c *Client) Status(ctx context.Context) (json.RawMessage, error) {
	response, err := c.plain.GetStatus(ctx)
	return c.answer.Body("getStatus", response, err)
}

// Collections lists the collections, with the ids that calls take (operation
// listCollections). An older page of the vendor's mentions the call and shows an answer that
// cannot be right: the shape is not known, so the JSON is returned as it came.
func (c *Client) Collections(ctx context.Context) (json.RawMessage, error) {
	response, err := c.plain.ListCollections(ctx)
	var list json.RawMessage
	err = c.answer.JSON("listCollections", response, err, &list)
	return list, err
}
