package kainexus

import (
	"context"
	"fmt"
	"iter"
	"net/http"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// ImpactValues reads the values and Folders of an Impact Type (listImpactValues). Of the
// types only "Product" is on record; that "Resource", "Waste", "Cycle Time" and others are
// spelled alike is inferred, and so is the path of this call. It needs Quality Administrator.
// Pages are not documented; see [Client.People].
func (c *Client) ImpactValues(ctx context.Context, impactType string) iter.Seq2[ImpactValue, error] {
	if err := named("listImpactValues", impactType); err != nil {
		return failed[ImpactValue](err)
	}
	return list[ImpactValue]{
		client:    c,
		operation: "listImpactValues",
		open: func(ctx context.Context, at int64) (*http.Response, error) {
			return c.api.ListImpactValues(ctx, &kainexusapi.ListImpactValuesParams{ImpactValueType: impactType}, offset(at))
		},
		id: func(value *ImpactValue) *int64 { return value.ID },
	}.all(ctx)
}

// ImpactValue reads one value or Folder of an Impact Type (getImpactValue, which is inferred
// from the call that writes one).
func (c *Client) ImpactValue(ctx context.Context, impactType string, id int64) (ImpactValue, error) {
	const operation = "getImpactValue"
	err := named(operation, impactType)
	if err == nil {
		err = positive(operation, "Impact Value", id)
	}
	if err != nil {
		return ImpactValue{}, err
	}
	response, err := c.api.GetImpactValue(ctx, &kainexusapi.GetImpactValueParams{ID: id, ImpactValueType: impactType})
	return one[ImpactValue](c, operation, response, err)
}

func named(operation, impactType string) error {
	if impactType == "" {
		return fmt.Errorf("kainexus: %s: no Impact Type; give one such as Product", operation)
	}
	return nil
}
