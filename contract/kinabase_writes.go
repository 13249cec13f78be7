package contract

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
)

// Records of ours carry a mark, which is made anew for each: as the value of a text
// field, and as the id of an external link. Nothing is changed or deleted that does not
// have it, whatever a server answers.

// externalService is the name that the external links of our own records carry.
const externalService = "kaikina-contract"

// mark makes the text that tells a record of ours from everybody else's.
func mark(purpose string) string {
	return fmt.Sprintf("contract-%s-%d", purpose, time.Now().UnixNano())
}

// special matches texts that are most likely values of another kind of field: dates,
// ids, numbers, addresses.
var special = regexp.MustCompile(`^[\d\s.,:/+-]*$|^\d{4}-\d{2}-\d{2}|^[0-9a-fA-F-]{32,}$|@|://`)

// textField finds the key of a field whose value is plain text, in either generation of
// record.
func textField(record any) string {
	values := fieldValues(record)
	for _, key := range sortedKeys(values) {
		text, isText := values[key].(string)
		switch key {
		case "id", "createdAt", "updatedAt", "updatedBy":
		default:
			if isText && !special.MatchString(text) {
				return key
			}
		}
	}
	return ""
}

// fieldValues are the values of a record: under data, or beside its id.
func fieldValues(record any) map[string]any {
	if values, ok := member(record, "data").(map[string]any); ok {
		return values
	}
	values, _ := record.(map[string]any)
	return values
}

// input is a record of ours. Without a mark, it is a change that keeps the links.
func (k *kinabase) input(text any, mark string) kinabaseapi.RecordInput {
	input := kinabaseapi.RecordInput{Data: kinabaseapi.RecordData{k.field: text}}
	if mark != "" {
		input.External = nullable.NewNullableWithValue([]kinabaseapi.ExternalLink{{Key: new(externalService), ID: &mark}})
	}
	return input
}

// writes takes one record through its life, and another one through a shorter one.
func (k *kinabase) writes(ctx context.Context) {
	operations := []string{"createRecord", "updateRecord", "deleteRecord", "updateExternalRecord", "deleteExternalRecord", "createActivity", "ingestRecords"}
	if !k.ready(operations...) || !k.hasField(operations...) {
		return
	}
	mark := mark("external")
	id, ours := k.create(ctx, mark)
	if id == "" {
		return
	}
	read := func(changed *exchange, want any) {
		if changed == nil {
			return
		}
		if x := k.get(ctx, id); x != nil {
			k.judge(writeTakesEffect, x, k.checkField(x, want))
		}
	}
	update := func(text any) *exchange {
		_, x := guess(k, "updateRecord", func() (*kinabaseapi.UpdateRecordResp, error) {
			return k.client.UpdateRecordWithResponse(ctx, k.collection, id, k.input(text, ""))
		})
		return x
	}
	read(update(mark+" changed"), mark+" changed")
	read(update(nil), nil)
	_, x := good(k.run, "updateExternalRecord", func() (*kinabaseapi.UpdateExternalRecordResp, error) {
		return k.client.UpdateExternalRecordWithResponse(ctx, k.collection, externalService, mark, k.input(mark, ""))
	})
	read(x, mark)
	good(k.run, "createActivity", func() (*kinabaseapi.CreateActivityResp, error) {
		return k.client.CreateActivityWithResponse(ctx, k.collection, id, kinabaseapi.ActivityInput{Content: mark})
	})
	good(k.run, "ingestRecords", func() (*kinabaseapi.IngestRecordsResp, error) {
		return k.client.IngestRecordsWithResponse(ctx, k.collection, kinabaseapi.IngestRequest{Records: []kinabaseapi.IngestRecord{{
			ID: id,
			Changes: []kinabaseapi.IngestChange{{
				Timestamp: time.Now().UTC().Truncate(time.Millisecond),
				Data:      kinabaseapi.RecordData{k.field: mark + " sampled"},
			}},
		}}})
	})
	if _, x := good(k.run, "deleteExternalRecord", func() (*kinabaseapi.DeleteExternalRecordResp, error) {
		return k.client.DeleteExternalRecordWithResponse(ctx, k.collection, externalService, mark)
	}); x != nil && k.gone(ctx, id) {
		ours.done()
	}
	k.deletedByID(ctx)
}

// deletedByID deletes a record by its own id.
func (k *kinabase) deletedByID(ctx context.Context) {
	id, ours := k.create(ctx, mark("id"))
	if id != "" && k.deleteRecord(ctx, id) && k.gone(ctx, id) {
		ours.done()
	}
}

// create adds a record of ours. The id is empty unless it is beyond doubt that it is that
// of the new record: no answer named it before, and under it there is a record with it
// and with our mark.
func (k *kinabase) create(ctx context.Context, mark string) (id string, ours *written) {
	if ctx.Err() != nil || k.stopped != nil {
		return "", nil
	}
	ours = k.undo(mark, false)
	longer, stop := lingering(ctx)
	defer stop()
	_, x := guess(k, "createRecord", func() (*kinabaseapi.CreateRecordResp, error) {
		return k.client.CreateRecordWithResponse(longer, k.collection, k.input(mark, mark))
	})
	if x == nil {
		return "", ours
	}
	ours.created = true
	id = ids([]any{x.value})[0]
	switch {
	case id == "":
		return "", ours // which the schema has found already
	case k.listed[id]:
		k.judge(writeTakesEffect, x, []violation{{pointer: "/id", message: "the id of a record that was there before", value: id}})
		return "", ours
	}
	read := k.get(longer, id)
	if read == nil {
		return "", ours
	}
	violations := append(checkSame(read, id, "id"), k.checkField(read, mark)...)
	if ids([]any{read.value})[0] != id && len(violations) == 0 {
		violations = []violation{{pointer: "/id", message: "no id, where a record was just written"}}
	}
	k.judge(writeTakesEffect, read, violations)
	if len(violations) > 0 {
		return "", ours
	}
	ours.id = id
	return id, ours
}

// guess makes a call that writes a value into our field. Where nobody named the field, it
// may take no text, or no null, and a refusal with 400 proves nothing.
func guess[R any](k *kinabase, operation string, send func() (R, error)) (R, *exchange) {
	result, x := call(k.run, operation, send)
	if x == nil {
		return result, nil
	}
	if x.status == http.StatusBadRequest && k.guessed {
		k.tallies[operation].remark = "a value was refused that was written into the guessed field: name another field with --id field=KEY"
		return result, nil
	}
	k.judge(statusExpected, x, checkExpected(x))
	if !x.succeeded() {
		return result, nil
	}
	return result, x
}

func (k *kinabase) get(ctx context.Context, id string) *exchange {
	_, x := call(k.run, "getRecord", func() (*kinabaseapi.GetRecordResp, error) {
		return k.client.GetRecordWithResponse(ctx, k.collection, id)
	})
	return x
}

// deleteRecord tells whether the server says that the record is not there any more.
func (k *kinabase) deleteRecord(ctx context.Context, id string) bool {
	_, x := good(k.run, "deleteRecord", func() (*kinabaseapi.DeleteRecordResp, error) {
		return k.client.DeleteRecordWithResponse(ctx, k.collection, id)
	})
	return x != nil || (k.last != nil && k.last.status == http.StatusNotFound)
}

func (k *kinabase) deleteRecords(ctx context.Context, ids []string) bool {
	_, x := good(k.run, "deleteRecords", func() (*kinabaseapi.DeleteRecordsResp, error) {
		return k.client.DeleteRecordsWithResponse(ctx, k.collection, kinabaseapi.BulkRecordDeletion{RecordIDs: ids})
	})
	return x != nil
}

// gone wants a record to be there no longer, and tells whether that is certain.
func (k *kinabase) gone(ctx context.Context, id string) bool {
	x := k.get(ctx, id)
	if x == nil {
		return false
	}
	k.judge(writeTakesEffect, x, checkGone(x))
	return x.status == http.StatusNotFound || x.status == http.StatusGone
}

// checkField wants our field to have the value that was written.
func (k *kinabase) checkField(x *exchange, want any) []violation {
	if !x.succeeded() {
		return []violation{{message: "a record that was just written cannot be read"}}
	}
	pointer := []string{k.field}
	if member(x.value, "data") != nil {
		pointer = []string{"data", k.field}
	}
	if got := fieldValues(x.value)[k.field]; got != want {
		text, _ := json.Marshal(got)
		return []violation{{pointer: jsonPointer(pointer), message: "not the value that was written", value: string(text)}}
	}
	return nil
}

// bulk takes two records through their life together.
func (k *kinabase) bulk(ctx context.Context) {
	operations := []string{"createRecords", "updateRecords", "deleteRecords"}
	if !k.ready(operations...) || !k.hasField(operations...) {
		return
	}
	if ctx.Err() != nil || k.stopped != nil {
		return
	}
	mark := mark("bulk")
	ours := k.undo(mark, true)
	longer, stop := lingering(ctx)
	defer stop()
	_, x := guess(k, "createRecords", func() (*kinabaseapi.CreateRecordsResp, error) {
		return k.client.CreateRecordsWithResponse(longer, k.collection, kinabaseapi.BulkRecordInput{Records: []kinabaseapi.RecordInput{
			k.input(mark+"-a", mark+"-a"),
			k.input(mark+"-b", mark+"-b"),
		}})
	})
	if x == nil {
		return
	}
	ours.created = true
	created, ok := k.ours(longer, mark)
	if !ok {
		return
	}
	var violations []violation
	if len(created) != 2 {
		violations = []violation{{message: fmt.Sprintf("%d of the 2 records are found by their external service afterwards", len(created))}}
		k.leftovers = append(k.leftovers, ours.what)
	}
	k.judge(writeTakesEffect, x, violations)
	if len(created) == 0 {
		ours.done()
		return
	}
	changes := kinabaseapi.BulkRecordInput{Records: []kinabaseapi.RecordInput{}}
	for _, id := range created {
		input := k.input(mark+" changed", "")
		input.ID = nullable.NewNullableWithValue(id)
		changes.Records = append(changes.Records, input)
	}
	if _, x := guess(k, "updateRecords", func() (*kinabaseapi.UpdateRecordsResp, error) {
		return k.client.UpdateRecordsWithResponse(ctx, k.collection, changes)
	}); x != nil {
		for _, id := range created {
			if x := k.get(ctx, id); x != nil {
				k.judge(writeTakesEffect, x, k.checkField(x, mark+" changed"))
			}
		}
	}
	if !k.deleteRecords(ctx, created) {
		return
	}
	ours.deleted = true
	gone := true
	for _, id := range created {
		gone = k.gone(ctx, id) && gone
	}
	if gone {
		ours.done()
	}
}

// written is what the run knows of records that it wrote.
type written struct {
	what string
	// created and deleted say what the server answered with success, and id what is known
	// for certain of the record.
	created, deleted bool
	id               string
	done             func()
}

// undo registers, before anything is created, that the records so marked are deleted in
// the end. The mark finds them even if the answer to their creation never came.
func (k *kinabase) undo(mark string, bulk bool) *written {
	of := k.target.IDs["collection"]
	if of == "" {
		of = "that was listed first"
	}
	w := &written{what: fmt.Sprintf("records of the collection %s, linked to %s as %s", of, externalService, mark)}
	w.done = k.afterwards(w.what, func(ctx context.Context) bool {
		found, ok := k.ours(ctx, mark)
		if w.id != "" && !slices.Contains(found, w.id) {
			found = append(found, w.id)
		}
		if len(found) == 0 {
			return ok && (!w.created || w.deleted)
		}
		deleted := true
		if bulk {
			deleted = k.deleteRecords(ctx, found)
		} else {
			for _, id := range found {
				deleted = k.deleteRecord(ctx, id) && deleted
			}
		}
		left, ok := k.ours(ctx, mark)
		return deleted && ok && len(left) == 0
	})
	return w
}

// ours finds records by their mark, in a link or in our field. No answer had named them
// before. Whether it could be told is ok.
func (k *kinabase) ours(ctx context.Context, mark string) (found []string, ok bool) {
	_, x := good(k.run, "listAllRecords", func() (*kinabaseapi.ListAllRecordsResp, error) {
		return k.client.ListAllRecordsWithResponse(ctx, k.collection, &kinabaseapi.ListAllRecordsParams{ExternalService: new(externalService)})
	})
	if x == nil {
		return nil, false
	}
	records, ok := x.value.([]any)
	for i, id := range ids(records) {
		if id == "" || k.listed[id] {
			continue
		}
		text, _ := fieldValues(records[i])[k.field].(string)
		marked := strings.HasPrefix(text, mark)
		for _, link := range elements(records[i], "external") {
			external, _ := member(link, "id").(string)
			marked = marked || member(link, "key") == externalService && strings.HasPrefix(external, mark)
		}
		if marked {
			found = append(found, id)
		}
	}
	return found, ok
}

// hasField tells whether a text field is known that a record of ours can be told by, and
// the call answers by which they are found again.
func (k *kinabase) hasField(operations ...string) bool {
	if k.tallies["listAllRecords"].successes == 0 {
		for _, operation := range operations {
			k.note(operation, "not called, since listAllRecords, which finds what was written, did not answer with success")
		}
		return false
	}
	if k.field != "" {
		return true
	}
	for _, operation := range operations {
		k.note(operation, "no record of the collection has a plain text that shows which field a new one could use: name one with --id field=KEY")
	}
	return false
}
