package kainexus

import (
	"context"
	"iter"
	"net/http"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// AttributeValues reads the values and Folders of an Attribute (listAttributeValues). The
// vendor says that there is such a call, and not where: its path and its parameter are
// inferred, so it may not work against the real service. It needs Quality Administrator.
// Pages are not documented; see [Client.People].
func (c *Client) AttributeValues(ctx context.Context, attributeID int64) iter.Seq2[AttributeValue, error] {
	if err := positive("listAttributeValues", "Attribute", attributeID); err != nil {
		return failed[AttributeValue](err)
	}
	return list[AttributeValue]{
		client:    c,
		operation: "listAttributeValues",
		open: func(ctx context.Context, at int64) (*http.Response, error) {
			return c.api.ListAttributeValues(ctx, &kainexusapi.ListAttributeValuesParams{AttributeID: attributeID}, offset(at))
		},
		id: func(value *AttributeValue) *int64 { return value.ID },
	}.all(ctx)
}

// AttributeValue reads one value or Folder of an Attribute (getAttributeValue). Its path and
// its parameters are inferred, as those of [Client.AttributeValues] are.
func (c *Client) AttributeValue(ctx context.Context, attributeID, id int64) (AttributeValue, error) {
	const operation = "getAttributeValue"
	err := positive(operation, "Attribute", attributeID)
	if err == nil {
		err = positive(operation, "value", id)
	}
	if err != nil {
		return AttributeValue{}, err
	}
	response, err := c.api.GetAttributeValue(ctx, &kainexusapi.GetAttributeValueParams{ID: id, AttributeID: attributeID})
	return one[AttributeValue](c, operation, response, err)
}
