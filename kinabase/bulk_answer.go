package kinabase

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/internal/jsonstream"
)

// bulkAnswer is what the answer to a bulk call may hold. None of it is documented, so that
// it may be anything else as well.
type bulkAnswer struct {
	Records       []identified    `json:"records"`
	FailedRecords int             `json:"failedRecords"`
	Errors        []IngestFailure `json:"errors"`
}

type identified struct {
	ID string `json:"id"`
}

// accept ends items whose call was answered with success: they are done, unless the answer
// names some that failed, as that of an ingest does. It tells ids if it has one for each.
func (r *run) accept(items []*item, body []byte) {
	endAll(items, StateDone, nil)
	var answer bulkAnswer
	switch jsontext.Value(body).Kind() {
	case '[':
		if jsonstream.Unmarshal(body, &answer.Records, reading) != nil {
			return
		}
	case '{':
		if jsonstream.Unmarshal(body, &answer, reading) != nil {
			return
		}
	}
	if answer.FailedRecords > 0 || len(answer.Errors) > 0 {
		r.fail(items, answer)
		return
	}
	if len(answer.Records) != len(items) {
		return
	}
	for i, it := range items {
		if it.ID == "" {
			it.ID = answer.Records[i].ID
		}
	}
}

// fail ends items by an answer of success that speaks of failures. Unless it names as many as
// it counts, those that it does not name are unknown.
func (r *run) fail(items []*item, answer bulkAnswer) {
	reasons := map[string]error{}
	for _, failure := range answer.Errors {
		if failure.RecordID != nil {
			reasons[*failure.RecordID] = &Error{API: "kinabase", Operation: r.operation, Message: r.client.answer.Redact(deref(failure.Error))}
		}
	}
	named := 0
	for _, it := range items {
		if reason, ok := reasons[it.ID]; ok && it.ID != "" {
			it.end(StateRefused, reason)
			named++
		}
	}
	if named >= max(answer.FailedRecords, len(answer.Errors)) {
		return
	}
	for _, it := range items {
		if it.State == StateDone {
			it.end(StateUnknown, errUnnamed)
		}
	}
}

var errUnnamed = errors.New("kinabase: the answer says that records of the call failed, but not which")
