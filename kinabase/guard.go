package kinabase

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/transport"
)

// guard refuses values that would make the path of a request another one, before the
// generated client puts them into it: there ".." climbs, and DELETE on the result is another
// call altogether. An id of a record can also not be a word that means a call of its own.
type guard struct{ kinabaseapi.ClientInterface }

// words stand where the id of a record may stand, and mean other calls. A server may be one
// that does not look at case.
var words = []string{"all", "bulk", "ingest", "ext"}

func checkCollection(id string) error { return transport.PathSegment("collectionId", id) }

func checkRecord(collection, id string) error {
	if err := checkCollection(collection); err != nil {
		return err
	}
	if slices.ContainsFunc(words, func(word string) bool { return strings.EqualFold(word, id) }) {
		return &transport.PathError{Name: "recordId", Problem: "is a word that means another call"}
	}
	return transport.PathSegment("recordId", id)
}

// checkActivities is for a path in which no word means another call.
func checkActivities(collection, id string) error {
	if err := checkCollection(collection); err != nil {
		return err
	}
	return transport.PathSegment("recordId", id)
}

func checkLink(collection, service, id string) error {
	if err := checkCollection(collection); err != nil {
		return err
	}
	if err := transport.PathSegment("externalService", service); err != nil {
		return err
	}
	return transport.PathSegment("externalId", id)
}

func (g guard) ListActivities(ctx context.Context, collection, id string, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkActivities(collection, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.ListActivities(ctx, collection, id, editors...)
}

func (g guard) CreateActivityWithBody(ctx context.Context, collection, id, contentType string, body io.Reader, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkActivities(collection, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.CreateActivityWithBody(ctx, collection, id, contentType, body, editors...)
}

func (g guard) CreateActivity(ctx context.Context, collection, id string, body kinabaseapi.CreateActivityJSONRequestBody, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkActivities(collection, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.CreateActivity(ctx, collection, id, body, editors...)
}

func (g guard) ListRecords(ctx context.Context, collection string, params *kinabaseapi.ListRecordsParams, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.ListRecords(ctx, collection, params, editors...)
}

func (g guard) CreateRecordWithBody(ctx context.Context, collection, contentType string, body io.Reader, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.CreateRecordWithBody(ctx, collection, contentType, body, editors...)
}

func (g guard) CreateRecord(ctx context.Context, collection string, body kinabaseapi.CreateRecordJSONRequestBody, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.CreateRecord(ctx, collection, body, editors...)
}

func (g guard) ListAllRecords(ctx context.Context, collection string, params *kinabaseapi.ListAllRecordsParams, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.ListAllRecords(ctx, collection, params, editors...)
}

func (g guard) DeleteRecordsWithBody(ctx context.Context, collection, contentType string, body io.Reader, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.DeleteRecordsWithBody(ctx, collection, contentType, body, editors...)
}

func (g guard) DeleteRecords(ctx context.Context, collection string, body kinabaseapi.DeleteRecordsJSONRequestBody, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.DeleteRecords(ctx, collection, body, editors...)
}

func (g guard) UpdateRecordsWithBody(ctx context.Context, collection, contentType string, body io.Reader, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.UpdateRecordsWithBody(ctx, collection, contentType, body, editors...)
}

func (g guard) UpdateRecords(ctx context.Context, collection string, body kinabaseapi.UpdateRecordsJSONRequestBody, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.UpdateRecords(ctx, collection, body, editors...)
}

func (g guard) CreateRecordsWithBody(ctx context.Context, collection, contentType string, body io.Reader, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.CreateRecordsWithBody(ctx, collection, contentType, body, editors...)
}

func (g guard) CreateRecords(ctx context.Context, collection string, body kinabaseapi.CreateRecordsJSONRequestBody, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.CreateRecords(ctx, collection, body, editors...)
}

func (g guard) DeleteExternalRecord(ctx context.Context, collection, service, id string, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkLink(collection, service, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.DeleteExternalRecord(ctx, collection, service, id, editors...)
}

func (g guard) GetExternalRecord(ctx context.Context, collection, service, id string, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkLink(collection, service, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.GetExternalRecord(ctx, collection, service, id, editors...)
}

func (g guard) UpdateExternalRecordWithBody(ctx context.Context, collection, service, id, contentType string, body io.Reader, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkLink(collection, service, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.UpdateExternalRecordWithBody(ctx, collection, service, id, contentType, body, editors...)
}

func (g guard) UpdateExternalRecord(ctx context.Context, collection, service, id string, body kinabaseapi.UpdateExternalRecordJSONRequestBody, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkLink(collection, service, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.UpdateExternalRecord(ctx, collection, service, id, body, editors...)
}

func (g guard) IngestRecordsWithBody(ctx context.Context, collection, contentType string, body io.Reader, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.IngestRecordsWithBody(ctx, collection, contentType, body, editors...)
}

func (g guard) IngestRecords(ctx context.Context, collection string, body kinabaseapi.IngestRecordsJSONRequestBody, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkCollection(collection); err != nil {
		return nil, err
	}
	return g.ClientInterface.IngestRecords(ctx, collection, body, editors...)
}

func (g guard) DeleteRecord(ctx context.Context, collection, id string, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkRecord(collection, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.DeleteRecord(ctx, collection, id, editors...)
}

func (g guard) GetRecord(ctx context.Context, collection, id string, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkRecord(collection, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.GetRecord(ctx, collection, id, editors...)
}

func (g guard) UpdateRecordWithBody(ctx context.Context, collection, id, contentType string, body io.Reader, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkRecord(collection, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.UpdateRecordWithBody(ctx, collection, id, contentType, body, editors...)
}

func (g guard) UpdateRecord(ctx context.Context, collection, id string, body kinabaseapi.UpdateRecordJSONRequestBody, editors ...kinabaseapi.RequestEditorFn) (*http.Response, error) {
	if err := checkRecord(collection, id); err != nil {
		return nil, err
	}
	return g.ClientInterface.UpdateRecord(ctx, collection, id, body, editors...)
}
