package kinabase

import (
	"time"

	"github.com/go-json-experiment/json"
	"github.com/oapi-codegen/nullable"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/internal/jsonstream"
)

// What calls take and give. Members that the description does not know are kept in
// AdditionalProperties, and sent again with the rest.
type (
	// Record is a record as Kinabase answers it. Its values are in Data, as they came, or in
	// AdditionalProperties in the edition of 2023; [Decode] reads either.
	Record = kinabaseapi.Record
	// ExternalLink says what a record is called in another service. [Link] makes one.
	ExternalLink = kinabaseapi.ExternalLink
	// Activity is an entry in the log of a record.
	Activity = kinabaseapi.Activity
	// ActivityInput is an activity to add; only Content is needed.
	ActivityInput = kinabaseapi.ActivityInput
	// IngestRecord is a record with samples of its tracked fields.
	IngestRecord = kinabaseapi.IngestRecord
	// IngestChange holds the values that fields had at a moment.
	IngestChange = kinabaseapi.IngestChange
	// IngestResult counts what became of records with samples.
	IngestResult = kinabaseapi.IngestResult
	// IngestFailure says why the samples of a record were not taken.
	IngestFailure = kinabaseapi.IngestError
	// Timestamp is a moment in the vendor's words.
	Timestamp = kinabaseapi.Timestamp
)

// Link is a link to the thing that a service knows by an id.
func Link(service, id string) ExternalLink { return ExternalLink{Key: &service, ID: &id} }

// reading is how answers are read: see [jsonstream.Model].
var reading = json.WithUnmarshalers(json.JoinUnmarshalers(
	jsonstream.Model[kinabaseapi.Record](),
	jsonstream.Model[kinabaseapi.ExternalLink](),
	jsonstream.Model[kinabaseapi.Activity](),
	jsonstream.Model[kinabaseapi.IngestError](),
	jsonstream.Model[kinabaseapi.Error](),
	jsonstream.Nullable[nullable.Nullable[string]](),
	jsonstream.Nullable[nullable.Nullable[int64]](),
	jsonstream.Nullable[nullable.Nullable[time.Time]](),
	jsonstream.Nullable[nullable.Nullable[[]kinabaseapi.ExternalLink]](),
))
