package kainexus

import (
	"encoding/binary"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/oapi-codegen/nullable"

	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/internal/jsonstream"
	"github.com/kaikina/kaikina/internal/paging"
)

// The records of KaiNexus. What may be absent is a pointer, which new makes of a value. Members
// that the description does not know are in AdditionalProperties, byte for byte, and are sent
// back when the record is put; members of enumerations that it does not know are kept. All
// ids are those of KaiNexus, and all money is in the currency that stands beside it.
type (
	// Item is an idea, project, task, chart or whatever else is made from a template.
	Item = kainexusapi.Item
	// ItemStatus is a Status Type, such as ACTIVE.
	ItemStatus = kainexusapi.ItemStatus
	// Person is a user.
	Person = kainexusapi.User
	// Location is a Network Location.
	Location = kainexusapi.NetworkLocation
	// ImpactValue is a value of an Impact Type, or a Folder of them.
	ImpactValue = kainexusapi.ImpactValue
	// AttributeValue is a value of an Attribute, or a Folder of them.
	AttributeValue = kainexusapi.AttributeValue
	// Chart is the chart of an item that is one.
	Chart = kainexusapi.Chart
	// Resolution is an outcome of an item: the actual one, the target or the forecast.
	Resolution = kainexusapi.Resolution
	// Impact is one impact, or one investment, of a Resolution.
	Impact = kainexusapi.Impact
	// Field is the value of a custom Field of an item.
	Field = kainexusapi.Field
	// Attribute is what is selected in an Attribute of an item.
	Attribute = kainexusapi.Attribute
	// Milestone is the state of a Milestone of an item.
	Milestone = kainexusapi.Milestone
	// PersonRef names a user, by ID or by Username.
	PersonRef = kainexusapi.PersonRef
	// LocationRef names a Network Location, by ID or by Name.
	LocationRef = kainexusapi.LocationRef
	// NetworkLocationRef names a Network Location as the parent of another, or as the place of
	// a user, by ID or by Name.
	NetworkLocationRef = kainexusapi.NetworkLocationRef
	// LevelTypeRef names the level type of a Network Location, by ID or by Name.
	LevelTypeRef = kainexusapi.LevelTypeRef
	// RoleRef names a System Role, by ID or by Name.
	RoleRef = kainexusapi.RoleRef
	// ValueFolderRef names a Folder of values, by ID or by Name.
	ValueFolderRef = kainexusapi.ValueFolderRef
	// WidgetValue is what a Widget shows.
	WidgetValue = kainexusapi.WidgetValue
	// Timestamp is a moment in the vendor's form; its method Time tells which.
	Timestamp = kainexusapi.Timestamp
)

// models reads the generated structs from a stream. They are made once, by reflection.
var models = sync.OnceValue(func() json.Options { return json.WithUnmarshalers(unmarshalers()) })

func unmarshalers() *json.Unmarshalers {
	return json.JoinUnmarshalers(
		jsonstream.Model[kainexusapi.Item](),
		jsonstream.Model[kainexusapi.PersonRef](),
		jsonstream.Model[kainexusapi.LocationRef](),
		jsonstream.Model[kainexusapi.Field](),
		jsonstream.Model[kainexusapi.Attribute](),
		jsonstream.Model[kainexusapi.AttributeValueRef](),
		jsonstream.Model[kainexusapi.Milestone](),
		jsonstream.Model[kainexusapi.Resolution](),
		jsonstream.Model[kainexusapi.Impact](),
		jsonstream.Model[kainexusapi.Chart](),
		jsonstream.Model[kainexusapi.ChartSeries](),
		jsonstream.Model[kainexusapi.User](),
		jsonstream.Model[kainexusapi.NetworkLocationRef](),
		jsonstream.Model[kainexusapi.RoleRef](),
		jsonstream.Model[kainexusapi.ProfileValueRef](),
		jsonstream.Model[kainexusapi.NetworkLocation](),
		jsonstream.Model[kainexusapi.LevelTypeRef](),
		jsonstream.Model[kainexusapi.ImpactValue](),
		jsonstream.Model[kainexusapi.AttributeValue](),
		jsonstream.Model[kainexusapi.ValueFolderRef](),
		jsonstream.Nullable[nullable.Nullable[kainexusapi.Timestamp]](),
		jsonstream.Nullable[nullable.Nullable[[]kainexusapi.Impact]](),
	)
}

// keyOf is what a record is known by, if it has an id.
func keyOf(id *int64) (key paging.Key, ok bool) {
	if id == nil {
		return key, false
	}
	binary.BigEndian.PutUint64(key[:], uint64(*id))
	return key, true
}
