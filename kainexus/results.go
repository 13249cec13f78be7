package kainexus

import (
	"errors"
	"net/http"

	"github.com/kaikina/kaikina/internal/jsonstream"
)

// result is what a server says of one record. How one that was refused is reported among
// others is not documented: anything that says so is taken for a refusal.
type result struct {
	ID        int64          `json:"id"`
	Operation WriteOperation `json:"operation"`
	Success   *bool          `json:"success"`
	ErrorCode string         `json:"errorCode"`
}

// errNoResult is why a record is Unknown whose call was a success.
var errNoResult = errors.New("the server says that the call was carried out, and not what became of this record")

// settle gives each record its result. Results belong to records by their order, if there are
// as many, which is inferred; and else by the ids of the records that have one.
func (r *run[T]) settle(batch []encoded, results []result) {
	if r.inOrder(batch, results) {
		for i, record := range batch {
			r.finish(record.place, results[i])
		}
		return
	}
	byID := map[int64][]result{}
	for _, result := range results {
		byID[result.ID] = append(byID[result.ID], result)
	}
	for _, record := range batch {
		id := r.outcomes[record.place].ID
		if same := byID[id]; id != 0 && len(same) > 0 {
			byID[id] = same[1:]
			r.finish(record.place, same[0])
			continue
		}
		r.fail(record.place, Unknown, errNoResult, r.sure[record.place])
	}
}

func (r *run[T]) inOrder(batch []encoded, results []result) bool {
	if len(results) != len(batch) {
		return false
	}
	for i, record := range batch {
		if id := r.outcomes[record.place].ID; id != 0 && id != results[i].ID {
			return false
		}
	}
	return true
}

func (r *run[T]) finish(place int, result result) {
	o := &r.outcomes[place]
	switch {
	case result.Success != nil && !*result.Success || result.ErrorCode != "":
		code := r.client.answers.Redact(result.ErrorCode)
		r.fail(place, Refused, &Error{API: "kainexus", Operation: r.operation, Status: http.StatusOK, Code: code}, false)
	case !result.Operation.Valid():
		o.Operation = result.Operation
		r.fail(place, Unknown, errNoResult, r.sure[place])
	default:
		*o = Outcome{Index: place, State: Written, Operation: result.Operation, ID: result.ID}
	}
}

// results reads what became of records: {"success": true, "results": [...]}.
func (c *Client) results(operation string, response *http.Response, err error) ([]result, error) {
	var answer struct {
		Success *bool    `json:"success"`
		Results []result `json:"results"`
	}
	if err := c.answers.JSON(operation, response, err, &answer); err != nil {
		return nil, err
	}
	if answer.Success == nil {
		return nil, c.answers.Failed(operation, response, &jsonstream.ShapeError{Pointer: "/success", Reason: "is missing"})
	}
	return answer.Results, nil
}
