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

// kinabase is one verification of Kinabase.
type kinabase struct {
	*run
	client     *kinabaseapi.ClientWithResponses
	collection string
	// field is the key of a text field that the collection has.
	field string
}

func verifyKinabase(ctx context.Context, r *run) error {
	anonymous, err := kinabaseapi.NewClientWithResponses(r.base.String(), kinabaseapi.WithHTTPClient(r.anonymous()))
	if err != nil {
		return err
	}
	client, err := kinabaseapi.NewClientWithResponses(r.base.String(), kinabaseapi.WithHTTPClient(r.authorized()))
	if err != nil {
		return err
	}
	defer r.cleanUp(ctx)
	k := &kinabase{run: r, client: client, collection: r.target.IDs["collection"]}

	k.tokens(ctx, anonymous)
	k.status(ctx, anonymous)
	k.collections(ctx)
	if k.collection == "" {
		for _, op := range r.doc.Operations {
			r.note(op.ID, "no collection is known: name one with --id collection=SLUG")
		}
		return r.stopped
	}
	pages := k.pages(ctx)
	k.all(ctx, pages)
	k.reads(ctx, pages)
	k.writes(ctx)
	k.bulk(ctx)
	return r.stopped
}

func (k *kinabase) tokens(ctx context.Context, anonymous *kinabaseapi.ClientWithResponses) {
	if k.clientID == "" {
		k.note("createToken", "the target was given no app to ask a token for")
		return
	}
	ask := func(body kinabaseapi.TokenRequest) func() (*kinabaseapi.CreateTokenResp, error) {
		return func() (*kinabaseapi.CreateTokenResp, error) { return anonymous.CreateTokenWithResponse(ctx, body) }
	}
	var bySecret, byAppSecret, wrong kinabaseapi.TokenRequest
	secret := k.clientSecret.Reveal()
	// Marshalling two strings cannot fail.
	_ = bySecret.FromSecretCredentials(kinabaseapi.SecretCredentials{AppID: k.clientID, Secret: secret})
	_ = byAppSecret.FromAppSecretCredentials(kinabaseapi.AppSecretCredentials{AppID: k.clientID, AppSecret: secret})
	_ = wrong.FromSecretCredentials(kinabaseapi.SecretCredentials{AppID: k.clientID, Secret: "not the secret"})
	good(k.run, "createToken", ask(bySecret))
	// The guides have this key, yet no client was seen using it: a refusal is no violation.
	call(k.run, "createToken", ask(byAppSecret))
	refused(k.run, "createToken", ask(wrong))
}

func (k *kinabase) status(ctx context.Context, anonymous *kinabaseapi.ClientWithResponses) {
	refused(k.run, "getStatus", func() (*kinabaseapi.GetStatusResp, error) { return anonymous.GetStatusWithResponse(ctx) })
	good(k.run, "getStatus", func() (*kinabaseapi.GetStatusResp, error) { return k.client.GetStatusWithResponse(ctx) })
}

// collections lists them, and picks one to verify where the target names none.
func (k *kinabase) collections(ctx context.Context) {
	_, x := good(k.run, "listCollections", func() (*kinabaseapi.ListCollectionsResp, error) {
		return k.client.ListCollectionsWithResponse(ctx)
	})
	if x == nil || k.collection != "" {
		return
	}
	// The shape is not documented; an array of objects with an id or a slug is what we hope for.
	list, _ := x.value.([]any)
	for _, element := range list {
		for _, name := range []string{"slug", "id"} {
			if text, _ := member(element, name).(string); text != "" {
				k.collection = text
				return
			}
		}
	}
}

// page gets one page and applies what must hold for each.
func (k *kinabase) page(ctx context.Context, params *kinabaseapi.ListRecordsParams) *exchange {
	_, x := good(k.run, "listRecords", func() (*kinabaseapi.ListRecordsResp, error) {
		return k.client.ListRecordsWithResponse(ctx, k.collection, params)
	})
	if x == nil {
		return nil
	}
	k.judge(pagingEchoed, x, checkEcho(x, map[string]int64{"pageIndex": 0, "pageSize": 10}))
	k.judge(countMatches, x, checkPageSize(x, "pageSize", "records"))
	records, _ := member(x.value, "records").([]any)
	k.judge(recordGeneration, x, checkGeneration(x, records, "/records"))
	return x
}

// pages reads the collection in at least three pages, where it is large enough. Pages
// that do not fit together are read once more before anything is said, since on a live
// tenant a record may have been added in between.
func (k *kinabase) pages(ctx context.Context) walk {
	first := k.page(ctx, &kinabaseapi.ListRecordsParams{})
	if first == nil {
		return walk{}
	}
	total := totalOf(first, "totalRecords")
	size := pageSizeFor(total, 300)
	return k.walkTwice(func() walk {
		return k.walkThrough("records", "totalRecords", size, total, func(index int) *exchange {
			return k.page(ctx, &kinabaseapi.ListRecordsParams{PageIndex: &index, PageSize: &size})
		})
	})
}

// all compares the call for everything with the pages.
func (k *kinabase) all(ctx context.Context, pages walk) {
	params := &kinabaseapi.ListAllRecordsParams{}
	if !pages.complete {
		// Too large to read whole: a window that is most likely empty still shows the shape.
		params.UpdatedAfter = new(time.Now().Add(-time.Minute).UTC())
	}
	_, x := good(k.run, "listAllRecords", func() (*kinabaseapi.ListAllRecordsResp, error) {
		return k.client.ListAllRecordsWithResponse(ctx, k.collection, params)
	})
	if x == nil {
		return
	}
	records, _ := x.value.([]any)
	k.judge(recordGeneration, x, checkGeneration(x, records, ""))
	if pages.complete && len(pages.pages) > 0 && pages.steady() {
		k.judge(allEqualsPages, x, checkAllEqualsPages(x, pages))
	}
}

// reads gets single things that the pages name.
func (k *kinabase) reads(ctx context.Context, pages walk) {
	for _, page := range pages.pages {
		records, _ := member(page.value, "records").([]any)
		for i, id := range ids(records) {
			if id == "" {
				continue
			}
			if k.field == "" {
				k.field = textField(records[i])
			}
			if k.tallies["getRecord"].calls == 0 {
				k.record(ctx, id)
			}
			if k.tallies["getExternalRecord"].calls == 0 {
				k.external(ctx, id, records[i])
			}
		}
	}
	for _, id := range []string{"getRecord", "listActivities"} {
		k.note(id, "the collection has no record to read")
	}
	k.note("getExternalRecord", "no record of the collection has an external link")
}

func (k *kinabase) record(ctx context.Context, id string) {
	_, x := call(k.run, "getRecord", func() (*kinabaseapi.GetRecordResp, error) {
		return k.client.GetRecordWithResponse(ctx, k.collection, id)
	})
	if x != nil {
		k.judge(statusExpected, x, checkExpected(x))
		k.judge(listAgreesWithGet, x, checkSame(x, id, "id"))
		if x.succeeded() {
			k.judge(recordGeneration, x, checkGeneration(x, []any{x.value}, ""))
		}
	}
	good(k.run, "listActivities", func() (*kinabaseapi.ListActivitiesResp, error) {
		return k.client.ListActivitiesWithResponse(ctx, k.collection, id)
	})
}

func (k *kinabase) external(ctx context.Context, id string, record any) {
	links, _ := member(record, "external").([]any)
	for _, link := range links {
		service, _ := member(link, "key").(string)
		external, _ := member(link, "id").(string)
		if service == "" || external == "" {
			continue
		}
		_, x := call(k.run, "getExternalRecord", func() (*kinabaseapi.GetExternalRecordResp, error) {
			return k.client.GetExternalRecordWithResponse(ctx, k.collection, service, external)
		})
		if x != nil {
			k.judge(listAgreesWithGet, x, checkSame(x, id, "id"))
		}
		return
	}
}

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
