package kainexus

import (
	"context"
	"io"
	"net/http"

	"github.com/kaikina/kaikina/gen/kainexusapi"
)

// PutPeople updates users by ID, or by Username if there is no ID, and creates those that are
// neither (putUsers). A user needs at least one Network Location. Users cannot be deleted; set
// UserType to INACTIVE. It needs the permission to manage users, and Create New Users for new
// ones. For outcomes and errors see [Client.PutItems]; users with a Username are sent again
// after a failure.
func (c *Client) PutPeople(ctx context.Context, people []Person, opts ...PutOption) ([]Outcome, error) {
	return put[Person]{
		client:    c,
		operation: "putUsers",
		send: func(ctx context.Context, contentType string, body io.Reader) (*http.Response, error) {
			return c.api.PutUsersWithBody(ctx, contentType, body)
		},
		prepare:    unchanged[Person],
		id:         func(person *Person) *int64 { return person.ID },
		repeatable: func(person *Person) bool { return idOf(person.ID) != 0 || isThere(person.Username) },
	}.all(ctx, people, opts)
}

// PutLocations updates Network Locations by ID, or by Name if there is no ID, creates those
// that are neither, and deletes for good those whose Delete is true (putNetworkLocations). It
// needs Quality Administrator. For outcomes and errors see [Client.PutItems]; a deletion is
// not sent again after a failure, since the second would be refused if the first was carried
// out.
func (c *Client) PutLocations(ctx context.Context, locations []Location, opts ...PutOption) ([]Outcome, error) {
	return put[Location]{
		client:    c,
		operation: "putNetworkLocations",
		send: func(ctx context.Context, contentType string, body io.Reader) (*http.Response, error) {
			return c.api.PutNetworkLocationsWithBody(ctx, contentType, body)
		},
		prepare: unchanged[Location],
		id:      func(location *Location) *int64 { return location.ID },
		repeatable: func(location *Location) bool {
			return !isTrue(location.Delete) && (idOf(location.ID) != 0 || isThere(location.Name))
		},
	}.all(ctx, locations, opts)
}

// PutImpactValues updates the values and Folders of an Impact Type that have an ID, creates
// those that have none, and deletes those whose Delete is true (putImpactValues, whose path is
// inferred, as is how one is deleted). It needs Quality Administrator. For outcomes and errors
// see [Client.PutItems], and for deletions [Client.PutLocations].
func (c *Client) PutImpactValues(ctx context.Context, impactType string, values []ImpactValue, opts ...PutOption) ([]Outcome, error) {
	const operation = "putImpactValues"
	if err := named(operation, impactType); err != nil {
		return nil, err
	}
	return put[ImpactValue]{
		client:    c,
		operation: operation,
		send: func(ctx context.Context, contentType string, body io.Reader) (*http.Response, error) {
			params := &kainexusapi.PutImpactValuesParams{ImpactValueType: impactType}
			return c.api.PutImpactValuesWithBody(ctx, params, contentType, body)
		},
		prepare:    unchanged[ImpactValue],
		id:         func(value *ImpactValue) *int64 { return value.ID },
		repeatable: func(value *ImpactValue) bool { return idOf(value.ID) != 0 && !isTrue(value.Delete) },
	}.all(ctx, values, opts)
}

// PutAttributeValues updates, creates and deletes values and Folders of an Attribute as
// [Client.PutImpactValues] does those of an Impact Type (putAttributeValues). The path and the
// parameter are inferred: see [Client.AttributeValues].
func (c *Client) PutAttributeValues(ctx context.Context, attributeID int64, values []AttributeValue, opts ...PutOption) ([]Outcome, error) {
	const operation = "putAttributeValues"
	if err := positive(operation, "Attribute", attributeID); err != nil {
		return nil, err
	}
	return put[AttributeValue]{
		client:    c,
		operation: operation,
		send: func(ctx context.Context, contentType string, body io.Reader) (*http.Response, error) {
			params := &kainexusapi.PutAttributeValuesParams{AttributeID: attributeID}
			return c.api.PutAttributeValuesWithBody(ctx, params, contentType, body)
		},
		prepare:    unchanged[AttributeValue],
		id:         func(value *AttributeValue) *int64 { return value.ID },
		repeatable: func(value *AttributeValue) bool { return idOf(value.ID) != 0 && !isTrue(value.Delete) },
	}.all(ctx, values, opts)
}
