package kainexus

import (
	"context"
	"net/http"

	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/internal/jsonstream"
)

// Widget reads the number that a Widget shows (getWidget). Its unit follows from the kind of
// Widget. It needs View Report Data, and View Impact for those about impact. The arguments
// for a Location and a Date that the vendor mentions are not documented.
func (c *Client) Widget(ctx context.Context, id int64) (WidgetValue, error) {
	const operation = "getWidget"
	if err := positive(operation, "Widget", id); err != nil {
		return WidgetValue{}, err
	}
	response, err := c.api.GetWidget(ctx, &kainexusapi.GetWidgetParams{ID: id})
	return c.widget(operation, response, err)
}

func (c *Client) widget(operation string, response *http.Response, err error) (WidgetValue, error) {
	var answer struct {
		Value      *float64                `json:"value"`
		Statistics *kainexusapi.Statistics `json:"statistics"`
	}
	if err := c.answers.JSON(operation, response, err, &answer); err != nil {
		return WidgetValue{}, err
	}
	if answer.Value == nil {
		return WidgetValue{}, c.answers.Failed(operation, response, &jsonstream.ShapeError{Pointer: "/value", Reason: "is missing"})
	}
	return WidgetValue{Value: *answer.Value, Statistics: answer.Statistics}, nil
}
