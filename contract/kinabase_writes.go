package contract

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
)

// externalService is the name that the external links of our own records carry.
const externalService = "kaikina-contract"

// textField finds the key of a field whose value is text, in either generation of record.
func textField(record any) string {
	values, ok := member(record, "data").(map[string]any)
	if !ok {
		values, _ = record.(map[string]any)
	}
	for _, key := range sortedKeys(values) {
		_, isText := values[key].(string)
		switch key {
		case "id", "createdAt", "updatedAt", "updatedBy":
		default:
			if isText {
				return key
			}
		}
	}
	return ""
}

// input is a record of our own, which the external link marks as such.
func (k *kinabase) input(text any, externalID string) kinabaseapi.RecordInput {
	input := kinabaseapi.RecordInput{Data: kinabaseapi.RecordData{k.field: text}}
	if externalID != "" {
		input.External = nullable.NewNullableWithValue([]kinabaseapi.ExternalLink{{Key: new(externalService), ID: &externalID}})
	}
	return input
}

// writes takes one record through its life.
func (k *kinabase) writes(ctx context.Context) {
	operations := []string{"createRecord", "updateRecord", "deleteRecord", "updateExternalRecord", "deleteExternalRecord", "createActivity", "ingestRecords"}
	if !k.ready(operations...) || !k.hasField(operations...) {
		return
	}
	external := k.mark("contract")
	done := k.undo(external, "deleteRecord")
	created, x := good(k.run, "createRecord", func() (*kinabaseapi.CreateRecordResp, error) {
		return k.client.CreateRecordWithResponse(lingering(ctx), k.collection, k.input("contract", external))
	})
	if x == nil || created == nil || created.JSON200 == nil {
		return
	}
	id := created.JSON200.ID
	read := func(want any) {
		_, x := call(k.run, "getRecord", func() (*kinabaseapi.GetRecordResp, error) {
			return k.client.GetRecordWithResponse(ctx, k.collection, id)
		})
		if x != nil {
			k.judge(writeTakesEffect, x, k.checkField(x, want))
		}
	}
	read("contract")
	good(k.run, "updateRecord", func() (*kinabaseapi.UpdateRecordResp, error) {
		return k.client.UpdateRecordWithResponse(ctx, k.collection, id, k.input("changed", ""))
	})
	read("changed")
	good(k.run, "updateRecord", func() (*kinabaseapi.UpdateRecordResp, error) {
		return k.client.UpdateRecordWithResponse(ctx, k.collection, id, k.input(nil, ""))
	})
	read(nil)
	good(k.run, "updateExternalRecord", func() (*kinabaseapi.UpdateExternalRecordResp, error) {
		return k.client.UpdateExternalRecordWithResponse(ctx, k.collection, externalService, external, k.input("linked", ""))
	})
	read("linked")
	good(k.run, "createActivity", func() (*kinabaseapi.CreateActivityResp, error) {
		return k.client.CreateActivityWithResponse(ctx, k.collection, id, kinabaseapi.ActivityInput{Content: "contract"})
	})
	good(k.run, "ingestRecords", func() (*kinabaseapi.IngestRecordsResp, error) {
		return k.client.IngestRecordsWithResponse(ctx, k.collection, kinabaseapi.IngestRequest{Records: []kinabaseapi.IngestRecord{{
			ID: id,
			Changes: []kinabaseapi.IngestChange{{
				Timestamp: time.Now().UTC().Truncate(time.Millisecond),
				Data:      kinabaseapi.RecordData{k.field: "sampled"},
			}},
		}}})
	})
	if _, x := good(k.run, "deleteExternalRecord", func() (*kinabaseapi.DeleteExternalRecordResp, error) {
		return k.client.DeleteExternalRecordWithResponse(ctx, k.collection, externalService, external)
	}); x != nil {
		k.gone(ctx, id)
		done()
	}
	k.deletedByID(ctx)
}

// deletedByID deletes a record by its own id.
func (k *kinabase) deletedByID(ctx context.Context) {
	external := k.mark("by-id")
	done := k.undo(external, "deleteRecord")
	created, x := good(k.run, "createRecord", func() (*kinabaseapi.CreateRecordResp, error) {
		return k.client.CreateRecordWithResponse(lingering(ctx), k.collection, k.input("contract", external))
	})
	if x == nil || created == nil || created.JSON200 == nil {
		return
	}
	if _, x := good(k.run, "deleteRecord", func() (*kinabaseapi.DeleteRecordResp, error) {
		return k.client.DeleteRecordWithResponse(ctx, k.collection, created.JSON200.ID)
	}); x != nil {
		k.gone(ctx, created.JSON200.ID)
		done()
	}
}

// gone wants a record to be there no longer.
func (k *kinabase) gone(ctx context.Context, id string) {
	if _, x := call(k.run, "getRecord", func() (*kinabaseapi.GetRecordResp, error) {
		return k.client.GetRecordWithResponse(ctx, k.collection, id)
	}); x != nil {
		k.judge(writeTakesEffect, x, checkGone(x))
	}
}

// checkField wants our field to have the value that was written.
func (k *kinabase) checkField(x *exchange, want any) []violation {
	if !x.succeeded() {
		return []violation{{message: "a record that was just written cannot be read"}}
	}
	pointer := []string{"data", k.field}
	values := member(x.value, "data")
	if values == nil {
		pointer, values = pointer[1:], x.value
	}
	if got := member(values, k.field); got != want {
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
	external := k.mark("bulk")
	done := k.undo(external, "deleteRecords")
	_, x := good(k.run, "createRecords", func() (*kinabaseapi.CreateRecordsResp, error) {
		return k.client.CreateRecordsWithResponse(lingering(ctx), k.collection, kinabaseapi.BulkRecordInput{Records: []kinabaseapi.RecordInput{
			k.input("contract", external+"-a"),
			k.input("contract", external+"-b"),
		}})
	})
	if x == nil {
		return
	}
	created := k.ours(ctx, external)
	if len(created) == 0 {
		k.judge(writeTakesEffect, x, []violation{{message: "the records cannot be found by their external service afterwards"}})
		return
	}
	k.judge(writeTakesEffect, x, nil)
	changes := kinabaseapi.BulkRecordInput{Records: []kinabaseapi.RecordInput{}}
	for _, id := range created {
		input := k.input("changed", "")
		input.ID = nullable.NewNullableWithValue(id)
		changes.Records = append(changes.Records, input)
	}
	good(k.run, "updateRecords", func() (*kinabaseapi.UpdateRecordsResp, error) {
		return k.client.UpdateRecordsWithResponse(ctx, k.collection, changes)
	})
	if x := k.deleteRecords(ctx, created); x != nil {
		done()
		for _, id := range created {
			k.gone(ctx, id)
		}
	}
}

func (k *kinabase) deleteRecords(ctx context.Context, ids []string) *exchange {
	_, x := good(k.run, "deleteRecords", func() (*kinabaseapi.DeleteRecordsResp, error) {
		return k.client.DeleteRecordsWithResponse(ctx, k.collection, kinabaseapi.BulkRecordDeletion{RecordIDs: ids})
	})
	return x
}

// mark makes the external id that tells records of ours from everybody else's.
func (k *kinabase) mark(purpose string) string {
	return fmt.Sprintf("%s-%d", purpose, time.Now().UnixNano())
}

// undo registers, before anything is created, that the records so marked are deleted
// in the end. The mark finds them even if the answer to their creation never came.
func (k *kinabase) undo(external, operation string) (done func()) {
	return k.afterwards(func(ctx context.Context) {
		found := k.ours(ctx, external)
		if operation == "deleteRecords" {
			if len(found) > 0 {
				k.deleteRecords(ctx, found)
			}
			return
		}
		for _, id := range found {
			good(k.run, "deleteRecord", func() (*kinabaseapi.DeleteRecordResp, error) {
				return k.client.DeleteRecordWithResponse(ctx, k.collection, id)
			})
		}
	})
}

// ours finds records by their mark. Only a record that carries our own link counts,
// whatever the server makes of the filter: what is found here is changed and deleted.
func (k *kinabase) ours(ctx context.Context, prefix string) []string {
	_, x := good(k.run, "listAllRecords", func() (*kinabaseapi.ListAllRecordsResp, error) {
		return k.client.ListAllRecordsWithResponse(ctx, k.collection, &kinabaseapi.ListAllRecordsParams{ExternalService: new(externalService)})
	})
	if x == nil {
		return nil
	}
	records, _ := x.value.([]any)
	var found []string
	for i, id := range ids(records) {
		for _, link := range elements(records[i], "external") {
			external, _ := member(link, "id").(string)
			if id != "" && member(link, "key") == externalService && strings.HasPrefix(external, prefix) {
				found = append(found, id)
			}
		}
	}
	return found
}

// hasField tells whether a text field is known that a record of ours can be told by.
func (k *kinabase) hasField(operations ...string) bool {
	if k.field != "" {
		return true
	}
	for _, operation := range operations {
		k.note(operation, "no record of the collection has a text field that a new one could use")
	}
	return false
}
