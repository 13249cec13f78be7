package kinabase

import (
	"context"

	"github.com/kaikina/kaikina/internal/jsonstream"
)

// Activities gets the log of a record, all in one answer (operation listActivities).
func (c *Client) Activities(ctx context.Context, collection, recordID string) ([]Activity, error) {
	response, err := c.plain.ListActivities(ctx, collection, recordID)
	var activities []Activity
	if err := c.answer.JSON("listActivities", response, err, &activities); err != nil {
		return nil, err
	}
	return activities, nil
}

// AddActivity adds to the log of a record (operation createActivity). It returns the activity
// if the answer has it, which is not documented, and a zero one otherwise. One that got no
// answer is not sent again.
func (c *Client) AddActivity(ctx context.Context, collection, recordID string, activity ActivityInput) (Activity, error) {
	response, err := c.plain.CreateActivity(ctx, collection, recordID, activity)
	body, err := c.answer.Body("createActivity", response, err)
	if err != nil {
		return Activity{}, err
	}
	var added Activity
	if jsonstream.Unmarshal(body, &added, reading) != nil {
		return Activity{}, nil
	}
	return added, nil
}
