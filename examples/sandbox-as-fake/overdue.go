// Package overdue is code of somebody who uses Kinabase, and the tests beside it show how to
// test such code with the sandbox in the place of the real thing: no account, no socket, and
// faults on demand.
package overdue

import (
	"context"
	"fmt"
	"time"

	"github.com/kaikina/kaikina/kinabase"
)

// Order is what this code wants to know of a purchase order.
type Order struct {
	Number string     `json:"orderNumber"`
	Due    *time.Time `json:"due"`
}

// Numbers are those of the orders that were due before a moment.
func Numbers(ctx context.Context, client *kinabase.Client, now time.Time) ([]string, error) {
	var numbers []string
	for record, err := range client.Records(ctx, "orders") {
		if err != nil {
			return nil, fmt.Errorf("overdue orders: %w", err)
		}
		order, err := kinabase.Decode[Order](record)
		if err != nil {
			return nil, fmt.Errorf("overdue orders: record %s: %w", record.ID, err)
		}
		if order.Due != nil && order.Due.Before(now) {
			numbers = append(numbers, order.Number)
		}
	}
	return numbers, nil
}
