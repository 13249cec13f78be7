package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
)

const (
	collection = "purchase-orders" // the sandbox has it
	// mark finds the records again that createRecords adds: its answer has no ids.
	mark = "bulk, from another language"
)

// record2023 is a record as the 2023 edition of the API had it: its values stand beside
// its id. It is the sample of the vendor's guide.
const record2023 = `{"name": "record1", "id": "aaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "recordId": 1,
	"createdAt": "18/08/2023 12:28:21 +00:00", "updatedAt": "18/08/2023 12:28:21 +00:00", "updatedBy": ""}`

type kinabaseDocument struct {
	Token tokenShape `json:"token"`
	// Pages are those of the collection, ten records each.
	Pages       []recordPage   `json:"pages"`
	First       firstRecord    `json:"first"`
	Edition2023 oldRecord      `json:"edition2023"`
	Created     recordContents `json:"created"`
	Nulled      recordContents `json:"nulled"`
	Gone        refusal        `json:"gone"`
	Bulk        bulk           `json:"bulk"`
	BulkDeleted int            `json:"bulkDeleted"`
	All         allRecords     `json:"all"`
	WrongKey    refusal        `json:"wrongKey"`
}

// tokenShape tells no more of a token than how many parts it has.
type tokenShape struct {
	Parts int `json:"parts"`
}

type recordPage struct {
	PageIndex    int   `json:"pageIndex"`
	Count        int   `json:"count"`
	TotalRecords int64 `json:"totalRecords"`
}

type firstRecord struct {
	ID        string                     `json:"id"`
	NumericID int64                      `json:"numericId"`
	Data      map[string]json.RawMessage `json:"data"`
	UpdatedAt *kinabaseapi.Timestamp     `json:"updatedAt"`
	External  []kinabaseapi.ExternalLink `json:"external"`
}

// oldRecord is a record of the 2023 edition. Unknown are the properties that the
// description does not declare, with their values.
type oldRecord struct {
	ID        string         `json:"id"`
	RecordID  int64          `json:"recordId"`
	UpdatedAt string         `json:"updatedAt"`
	Unknown   map[string]any `json:"unknown"`
}

type recordContents struct {
	Data map[string]any `json:"data"`
}

type refusal struct {
	Status int    `json:"status"`
	Error  string `json:"error"`
}

// bulk is what came of three records, one of them with a wrong key, and of three good ones.
type bulk struct {
	Refused refusal `json:"refused"`
	Status  int     `json:"status"`
	Created int     `json:"created"`
}

type allRecords struct {
	Count   int  `json:"count"`
	SameIDs bool `json:"sameIds"`
}

func callKinabase(ctx context.Context, env map[string]string) (kinabaseDocument, error) {
	var seen kinabaseDocument
	token, err := createToken(ctx, env["KINABASE_BASE_URL"], env["KINABASE_APP_ID"], env["KINABASE_APP_SECRET"])
	if err != nil {
		return seen, err
	}
	seen.Token.Parts = len(strings.Split(token, "."))
	client, err := kinabaseapi.NewClientWithResponses(env["KINABASE_BASE_URL"],
		kinabaseapi.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+token)
			return nil
		}))
	if err != nil {
		return seen, err
	}
	var records []kinabaseapi.Record
	if seen.Pages, records, err = listRecords(ctx, client); err != nil {
		return seen, err
	}
	if seen.First, err = firstOf(records); err != nil {
		return seen, err
	}
	if seen.Edition2023, err = readRecord2023(); err != nil {
		return seen, err
	}
	if seen.Created, seen.Nulled, seen.Gone, err = liveAndDie(ctx, client); err != nil {
		return seen, err
	}
	if seen.Bulk, seen.BulkDeleted, err = inBulk(ctx, client); err != nil {
		return seen, err
	}
	if seen.All, err = compareAll(ctx, client, records); err != nil {
		return seen, err
	}
	seen.WrongKey, err = wrongKey(ctx, client)
	return seen, err
}

func createToken(ctx context.Context, base, app, secret string) (string, error) {
	client, err := kinabaseapi.NewClientWithResponses(base)
	if err != nil {
		return "", err
	}
	// works(token-request): FromSecretCredentials
	var credentials kinabaseapi.TokenRequest
	if err := credentials.FromSecretCredentials(kinabaseapi.SecretCredentials{AppID: app, Secret: secret}); err != nil {
		return "", err
	}
	token, err := client.CreateTokenWithResponse(ctx, credentials)
	if err != nil {
		return "", err
	}
	if err := answered("create token", token.HTTPResponse, http.StatusOK); err != nil {
		return "", err
	}
	return token.JSON200.Token, nil
}

// listRecords reads the collection page by page, and all records of it.
func listRecords(ctx context.Context, client *kinabaseapi.ClientWithResponses) ([]recordPage, []kinabaseapi.Record, error) {
	var pages []recordPage
	var records []kinabaseapi.Record
	for {
		page, err := client.ListRecordsWithResponse(ctx, collection, &kinabaseapi.ListRecordsParams{
			PageIndex: new(len(pages)), PageSize: new(10),
		})
		if err != nil {
			return nil, nil, err
		}
		if err := answered("list records", page.HTTPResponse, http.StatusOK); err != nil {
			return nil, nil, err
		}
		pages = append(pages, recordPage{page.JSON200.PageIndex, len(page.JSON200.Records), page.JSON200.TotalRecords})
		records = append(records, page.JSON200.Records...)
		if len(page.JSON200.Records) == 0 || int64(len(records)) >= page.JSON200.TotalRecords {
			return pages, records, nil
		}
	}
}

func firstOf(records []kinabaseapi.Record) (firstRecord, error) {
	if len(records) == 0 {
		return firstRecord{}, fmt.Errorf("%s is empty", collection)
	}
	r := records[0]
	first := firstRecord{ID: r.ID, Data: r.Data, UpdatedAt: r.UpdatedAt}
	first.NumericID, _ = r.NumericID.Get()
	first.External, _ = r.External.Get() // nil when it is null or absent
	return first, nil
}

// readRecord2023 decodes the sample with the model that decodes today's records.
func readRecord2023() (oldRecord, error) {
	// works(record): Record
	var record kinabaseapi.Record
	if err := json.Unmarshal([]byte(record2023), &record); err != nil {
		return oldRecord{}, err
	}
	old := oldRecord{ID: record.ID, RecordID: *record.RecordID, UpdatedAt: string(*record.UpdatedAt), Unknown: map[string]any{}}
	for name, text := range record.AdditionalProperties {
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			return oldRecord{}, err
		}
		old.Unknown[name] = value
	}
	return old, nil
}

// liveAndDie creates a record, empties a field of it, and deletes it.
func liveAndDie(ctx context.Context, client *kinabaseapi.ClientWithResponses) (created, nulled recordContents, gone refusal, err error) {
	sent := map[string]any{"supplier": "Ouse Paper", "total": 1250.5, "orderedOn": "2026-03-02"}
	written, err := client.CreateRecordWithResponse(ctx, collection, kinabaseapi.RecordInput{Data: sent})
	if err != nil {
		return created, nulled, gone, err
	}
	if err := answered("create record", written.HTTPResponse, http.StatusOK); err != nil {
		return created, nulled, gone, err
	}
	id := written.JSON200.ID
	if created, err = readBack(ctx, client, id, sent); err != nil {
		return created, nulled, gone, err
	}

	// works(null-in-patch): RecordData
	change := kinabaseapi.RecordInput{Data: kinabaseapi.RecordData{"total": nil}}
	updated, err := client.UpdateRecordWithResponse(ctx, collection, id, change)
	if err != nil {
		return created, nulled, gone, err
	}
	if err := answered("update record", updated.HTTPResponse, http.StatusOK); err != nil {
		return created, nulled, gone, err
	}
	if nulled, err = readBack(ctx, client, id, sent); err != nil {
		return created, nulled, gone, err
	}

	deleted, err := client.DeleteRecordWithResponse(ctx, collection, id)
	if err != nil {
		return created, nulled, gone, err
	}
	if err := answered("delete record", deleted.HTTPResponse, http.StatusOK); err != nil {
		return created, nulled, gone, err
	}
	missing, err := client.GetRecordWithResponse(ctx, collection, id)
	if err != nil {
		return created, nulled, gone, err
	}
	if err := answered("get a deleted record", missing.HTTPResponse, http.StatusNotFound); err != nil {
		return created, nulled, gone, err
	}
	return created, nulled, refusal{missing.StatusCode(), missing.JSON404.Error}, nil
}

// readBack reads a record, and keeps the values of the keys that were sent.
func readBack(ctx context.Context, client *kinabaseapi.ClientWithResponses, id string, sent map[string]any) (recordContents, error) {
	got, err := client.GetRecordWithResponse(ctx, collection, id)
	if err != nil {
		return recordContents{}, err
	}
	if err := answered("get record", got.HTTPResponse, http.StatusOK); err != nil {
		return recordContents{}, err
	}
	contents := map[string]any{}
	for key := range sent {
		contents[key] = got.JSON200.Data[key]
	}
	return recordContents{contents}, nil
}

// inBulk adds three records of which one is wrong, then three good ones, and deletes those.
func inBulk(ctx context.Context, client *kinabaseapi.ClientWithResponses) (bulk, int, error) {
	good := kinabaseapi.RecordInput{Data: kinabaseapi.RecordData{"supplier": "Cam Bearings", "total": 12, "notes": mark}}
	wrong := kinabaseapi.RecordInput{Data: kinabaseapi.RecordData{"supplier": "Cam Bearings", "Total": 12, "notes": mark}}
	// works(bulk): BulkRecordInput
	refused, err := client.CreateRecordsWithResponse(ctx, collection, kinabaseapi.BulkRecordInput{Records: []kinabaseapi.RecordInput{good, wrong, good}})
	if err != nil {
		return bulk{}, 0, err
	}
	if err := answered("create records, one of them wrong", refused.HTTPResponse, http.StatusBadRequest); err != nil {
		return bulk{}, 0, err
	}
	added, err := client.CreateRecordsWithResponse(ctx, collection, kinabaseapi.BulkRecordInput{Records: []kinabaseapi.RecordInput{good, good, good}})
	if err != nil {
		return bulk{}, 0, err
	}
	if err := answered("create records", added.HTTPResponse, http.StatusOK); err != nil {
		return bulk{}, 0, err
	}
	marked, err := findMarked(ctx, client)
	if err != nil {
		return bulk{}, 0, err
	}
	result := bulk{Refused: refusal{refused.StatusCode(), refused.JSON400.Error}, Status: added.StatusCode(), Created: len(marked)}

	// works(delete-with-body): DeleteRecordsWithResponse
	deleted, err := client.DeleteRecordsWithResponse(ctx, collection, kinabaseapi.BulkRecordDeletion{RecordIDs: marked})
	if err != nil {
		return result, 0, err
	}
	if err := answered("delete records", deleted.HTTPResponse, http.StatusOK); err != nil {
		return result, 0, err
	}
	left, err := findMarked(ctx, client)
	return result, len(marked) - len(left), err
}

// findMarked gives the ids of the records that carry the mark.
func findMarked(ctx context.Context, client *kinabaseapi.ClientWithResponses) ([]string, error) {
	all, err := listAllRecords(ctx, client)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, record := range all {
		var notes string
		if text := record.Data["notes"]; text != nil {
			if err := json.Unmarshal(text, &notes); err != nil {
				return nil, err
			}
		}
		if notes == mark {
			ids = append(ids, record.ID)
		}
	}
	return ids, nil
}

func listAllRecords(ctx context.Context, client *kinabaseapi.ClientWithResponses) ([]kinabaseapi.Record, error) {
	// works(array-response): ListAllRecordsWithResponse
	all, err := client.ListAllRecordsWithResponse(ctx, collection, nil)
	if err != nil {
		return nil, err
	}
	if err := answered("list all records", all.HTTPResponse, http.StatusOK); err != nil {
		return nil, err
	}
	return *all.JSON200, nil
}

// compareAll holds the whole collection against what its pages had.
func compareAll(ctx context.Context, client *kinabaseapi.ClientWithResponses, paged []kinabaseapi.Record) (allRecords, error) {
	all, err := listAllRecords(ctx, client)
	if err != nil {
		return allRecords{}, err
	}
	return allRecords{len(all), maps.Equal(idsOf(all), idsOf(paged))}, nil
}

func idsOf(records []kinabaseapi.Record) map[string]int {
	ids := map[string]int{}
	for _, record := range records {
		ids[record.ID]++
	}
	return ids
}

// wrongKey sends a key in the wrong case.
func wrongKey(ctx context.Context, client *kinabaseapi.ClientWithResponses) (refusal, error) {
	refused, err := client.CreateRecordWithResponse(ctx, collection, kinabaseapi.RecordInput{Data: kinabaseapi.RecordData{"Supplier": "Ouse Paper"}})
	if err != nil {
		return refusal{}, err
	}
	if err := answered("create a record with a wrong key", refused.HTTPResponse, http.StatusBadRequest); err != nil {
		return refusal{}, err
	}
	return refusal{refused.StatusCode(), refused.JSON400.Error}, nil
}
