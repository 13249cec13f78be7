package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/go-faster/jx"

	"github.com/kaikina/kaikina/langs/go/ogen/generated/kinabaseapi"
)

const (
	collection = "purchase-orders" // the sandbox has it
	// mark finds the records again that CreateRecords adds: its answer has no ids.
	mark = `"bulk, from another language"`
)

// record2023 is a record as the 2023 edition of the API had it.
const record2023 = `{"name": "record1", "id": "aaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", "recordId": 1,
	"createdAt": "18/08/2023 12:28:21 +00:00", "updatedAt": "18/08/2023 12:28:21 +00:00", "updatedBy": ""}`

// bearer is a token.
type bearer string

func (b bearer) BearerAuth(context.Context, kinabaseapi.OperationName) (kinabaseapi.BearerAuth, error) {
	return kinabaseapi.BearerAuth{Token: string(b)}, nil
}

func callKinabase(ctx context.Context, env map[string]string) (document, error) {
	client, parts, err := signIn(ctx, env)
	if err != nil {
		return nil, err
	}
	pages, records, err := listRecords(ctx, client)
	if err != nil {
		return nil, err
	}
	edition2023, err := readRecord2023()
	if err != nil {
		return nil, err
	}
	created, nulled, gone, err := liveAndDie(ctx, client)
	if err != nil {
		return nil, err
	}
	bulk, deleted, err := inBulk(ctx, client)
	if err != nil {
		return nil, err
	}
	all, err := listAllRecords(ctx, client)
	if err != nil {
		return nil, err
	}
	wrongCase := input(kinabaseapi.RecordData{"Supplier": jx.Raw(`"Ouse Paper"`)})
	wrongKey, err := expect[*kinabaseapi.CreateRecordBadRequest](client.CreateRecord(ctx,
		&wrongCase,
		kinabaseapi.CreateRecordParams{CollectionId: collection}))
	if err != nil {
		return nil, err
	}
	return document{
		"token": document{"parts": parts}, "pages": pages, "first": firstOf(records[0]), "edition2023": edition2023,
		"created": created, "nulled": nulled, "gone": gone, "bulk": bulk, "bulkDeleted": deleted,
		"all":      document{"count": len(all), "sameIds": slices.Equal(idsOf(all), idsOf(records))},
		"wrongKey": document{"status": http.StatusBadRequest, "error": wrongKey.Error},
	}, nil
}

// signIn gives a client with a token, and of how many parts that is.
func signIn(ctx context.Context, env map[string]string) (*kinabaseapi.Client, int, error) {
	anonymous, err := kinabaseapi.NewClient(env["KINABASE_BASE_URL"], bearer(""))
	if err != nil {
		return nil, 0, err
	}
	// workaround(token-request): SecretCredentials: ogen refuses the description, since "complex anyOf" is not
	// implemented yet, so `langs/go/ogen/narrow` leaves the first of the two objects, the one to send.
	token, err := expect[*kinabaseapi.Token](anonymous.CreateToken(ctx, &kinabaseapi.SecretCredentials{
		AppId: env["KINABASE_APP_ID"], Secret: env["KINABASE_APP_SECRET"],
	}))
	if err != nil {
		return nil, 0, err
	}
	client, err := kinabaseapi.NewClient(env["KINABASE_BASE_URL"], bearer(token.Token))
	return client, len(strings.Split(token.Token, ".")), err
}

// listRecords reads the collection page by page, and all records of it.
func listRecords(ctx context.Context, client *kinabaseapi.Client) ([]document, []kinabaseapi.Record, error) {
	var pages []document
	var records []kinabaseapi.Record
	for {
		page, err := expect[*kinabaseapi.RecordPage](client.ListRecords(ctx, kinabaseapi.ListRecordsParams{
			CollectionId: collection, PageIndex: kinabaseapi.NewOptInt(len(pages)), PageSize: kinabaseapi.NewOptInt(10),
		}))
		if err != nil {
			return nil, nil, err
		}
		pages = append(pages, document{"pageIndex": page.PageIndex, "count": len(page.Records), "totalRecords": page.TotalRecords})
		records = append(records, page.Records...)
		if len(page.Records) == 0 || int64(len(records)) >= page.TotalRecords {
			return pages, records, nil
		}
	}
}

func firstOf(record kinabaseapi.Record) document {
	first := document{
		"id": record.ID, "numericId": record.NumericId.Value, "data": contents(record, nil), "updatedAt": nil, "external": nil,
	}
	if moment, ok := record.UpdatedAt.Get(); ok {
		first["updatedAt"] = moment
	}
	if links, ok := record.External.Get(); ok {
		first["external"] = links
	}
	return first
}

// contents are the values of a record, or of the keys in it that are wanted.
func contents(record kinabaseapi.Record, wanted kinabaseapi.RecordData) document {
	data := document{}
	for key, value := range record.Data.Value {
		if _, ok := wanted[key]; ok || wanted == nil {
			data[key] = rawJSON(value)
		}
	}
	return data
}

// rawJSON is printed as it came.
type rawJSON jx.Raw

func (r rawJSON) MarshalJSON() ([]byte, error) { return r, nil }

// readRecord2023 decodes the sample with the model that decodes today's records.
func readRecord2023() (document, error) {
	// works(record): Record
	var record kinabaseapi.Record
	if err := record.UnmarshalJSON([]byte(record2023)); err != nil {
		return nil, err
	}
	unknown := document{}
	for name, value := range record.AdditionalProps {
		unknown[name] = rawJSON(value)
	}
	return document{"id": record.ID, "recordId": record.RecordId.Value, "updatedAt": record.UpdatedAt.Value, "unknown": unknown}, nil
}

// liveAndDie creates a record, empties a field of it, and deletes it.
func liveAndDie(ctx context.Context, client *kinabaseapi.Client) (created, nulled, gone document, err error) {
	sent := kinabaseapi.RecordData{"supplier": jx.Raw(`"Ouse Paper"`), "total": jx.Raw("1250.5"), "orderedOn": jx.Raw(`"2026-03-02"`)}
	add := input(sent)
	record, err := expect[*kinabaseapi.Record](client.CreateRecord(ctx, &add, kinabaseapi.CreateRecordParams{CollectionId: collection}))
	if err != nil {
		return nil, nil, nil, err
	}
	where := kinabaseapi.GetRecordParams{CollectionId: collection, RecordId: record.ID}
	stored, err := expect[*kinabaseapi.Record](client.GetRecord(ctx, where))
	if err != nil {
		return nil, nil, nil, err
	}
	change := input(kinabaseapi.RecordData{"total": jx.Raw("null")})
	if _, err = expect[*kinabaseapi.UpdateResult](client.UpdateRecord(ctx, &change, kinabaseapi.UpdateRecordParams(where))); err != nil {
		return nil, nil, nil, err
	}
	emptied, err := expect[*kinabaseapi.Record](client.GetRecord(ctx, where))
	if err != nil {
		return nil, nil, nil, err
	}
	if _, err = expect[*kinabaseapi.DeletionResult](client.DeleteRecord(ctx, kinabaseapi.DeleteRecordParams(where))); err != nil {
		return nil, nil, nil, err
	}
	missing, err := expect[*kinabaseapi.GetRecordNotFound](client.GetRecord(ctx, where))
	if err != nil {
		return nil, nil, nil, err
	}
	return document{"data": contents(*stored, sent)}, document{"data": contents(*emptied, sent)},
		document{"status": http.StatusNotFound, "error": missing.Error}, nil
}

// input is a record to add, or the part of one to change.
//
// workaround(null-in-patch): RecordInput: ogen writes the keys of properties that may be anything even when they
// have no value, so each gets a null of its own.
func input(data kinabaseapi.RecordData) kinabaseapi.RecordInput {
	none := jx.Raw("null")
	return kinabaseapi.RecordInput{Data: data, Lists: kinabaseapi.RecordLists(none), FileStorage: kinabaseapi.FileStorage(none)}
}

// inBulk adds three records of which one is wrong, then three good ones, and deletes those.
func inBulk(ctx context.Context, client *kinabaseapi.Client) (bulk document, gone int, err error) {
	good := input(kinabaseapi.RecordData{"supplier": jx.Raw(`"Cam Bearings"`), "total": jx.Raw("12"), "notes": jx.Raw(mark)})
	wrong := input(kinabaseapi.RecordData{"supplier": jx.Raw(`"Cam Bearings"`), "Total": jx.Raw("12"), "notes": jx.Raw(mark)})
	where := kinabaseapi.CreateRecordsParams{CollectionId: collection}
	// works(bulk): BulkRecordInput
	refused, err := expect[*kinabaseapi.CreateRecordsBadRequest](client.CreateRecords(ctx, &kinabaseapi.BulkRecordInput{Records: []kinabaseapi.RecordInput{good, wrong, good}}, where))
	if err != nil {
		return nil, 0, err
	}
	if _, err = expect[*kinabaseapi.BulkResult](client.CreateRecords(ctx, &kinabaseapi.BulkRecordInput{Records: []kinabaseapi.RecordInput{good, good, good}}, where)); err != nil {
		return nil, 0, err
	}
	marked, err := findMarked(ctx, client)
	if err != nil {
		return nil, 0, err
	}
	// works(delete-with-body): DeleteRecords
	if _, err = expect[*kinabaseapi.BulkResult](client.DeleteRecords(ctx, &kinabaseapi.BulkRecordDeletion{RecordIds: marked}, kinabaseapi.DeleteRecordsParams(where))); err != nil {
		return nil, 0, err
	}
	left, err := findMarked(ctx, client)
	return document{
		"refused": document{"status": http.StatusBadRequest, "error": refused.Error},
		"status":  http.StatusOK, "created": len(marked),
	}, len(marked) - len(left), err
}

// findMarked gives the ids of the records that carry the mark.
func findMarked(ctx context.Context, client *kinabaseapi.Client) ([]string, error) {
	all, err := listAllRecords(ctx, client)
	var ids []string
	for _, record := range all {
		if string(record.Data.Value["notes"]) == mark {
			ids = append(ids, record.ID)
		}
	}
	return ids, err
}

func listAllRecords(ctx context.Context, client *kinabaseapi.Client) (kinabaseapi.RecordArray, error) {
	// works(array-response): ListAllRecords
	all, err := expect[*kinabaseapi.RecordArray](client.ListAllRecords(ctx, kinabaseapi.ListAllRecordsParams{CollectionId: collection}))
	if err != nil {
		return nil, fmt.Errorf("list all records: %w", err)
	}
	return *all, nil
}

// idsOf are the ids in an order that does not depend on the server's.
func idsOf(records []kinabaseapi.Record) []string {
	var ids []string
	for _, record := range records {
		ids = append(ids, record.ID)
	}
	slices.Sort(ids)
	return ids
}
