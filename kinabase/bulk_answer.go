package kinabase

import (
	"errors"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/internal/jsonstream"
)

// bulkAnswer is what the answer to a bulk call may hold. None of it is documented, so that
// each member may be anything else as well, whatever the others are.
type bulkAnswer struct {
	Records       jsontext.Value `json:"records"`
	FailedRecords jsontext.Value `json:"failedRecords"`
	Errors        jsontext.Value `json:"errors"`
}

type identified struct {
	ID string `json:"id"`
}

// accept ends items whose call was answered with success: they are done, unless the answer
// names some that failed, as that of an ingest does. It tells ids if it has one for each.
func (r *run) accept(items []*item, body []byte) {
	endAll(items, StateDone, nil)
	records := jsontext.Value(body)
	if records.Kind() == '{' {
		var answer bulkAnswer
		if jsonstream.Unmarshal(body, &answer, reading) != nil {
			return
		}
		if !saysNone(answer.FailedRecords) || !saysNone(answer.Errors) {
			r.fail(items, answer)
			return
		}
		records = answer.Records
	}
	var told []identified
	if jsonstream.Unmarshal(records, &told, reading) != nil || len(told) != len(items) {
		return
	}
	for i, it := range items {
		if it.ID == "" {
			it.ID = told[i].ID
		}
	}
}

// saysNone tells whether a count or a list of failures is not there, or says that there are none.
func saysNone(value jsontext.Value) bool {
	if n, ok := whole(value); ok {
		return n == 0
	}
	_ = value.Compact()
	switch string(value) {
	case "", "null", "false", "[]", "{}", `""`, `"0"`:
		return true
	}
	return false
}

// fail ends items by an answer of success that speaks of failures. Unless it names as many as
// it counts, those that it does not name are unknown.
func (r *run) fail(items []*item, answer bulkAnswer) {
	var failures []IngestFailure
	if jsonstream.Unmarshal(answer.Errors, &failures, reading) != nil {
		failures = nil // it names none
	}
	reasons := map[string]error{}
	for _, failure := range failures {
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
	count, counted := whole(answer.FailedRecords)
	counted = counted || saysNone(answer.FailedRecords)
	if counted && named > 0 && named >= max(int(count), len(failures)) {
		return
	}
	for _, it := range items {
		if it.State == StateDone {
			it.end(StateUnknown, errUnnamed)
		}
	}
}

var errUnnamed = errors.New("kinabase: the answer says that records of the call failed, but not which")
