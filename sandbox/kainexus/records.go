package kainexus

import "github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"

// Item is an item for [WithItems]. It needs a template, a summary and an author. What may be
// left out is a pointer, which new makes of a value, as in new("Idea"), or a slice. The
// types for WithItems have the shape of those in gen/kainexusapi, but are other types: a
// [Timestamp] is a plain string here, and AdditionalProperties, for keys that are not
// declared, takes values of any kind.
//
//	ID                      *int64       // one that no other item has; given out unless set
//	TemplateName            *string      // such as Idea; or else
//	TemplateID              *int64       // such as 45
//	Summary                 *string      // the title
//	Status                  *ItemStatus  // NEW unless set
//	CustomStatus            *string      // the name of a status, which wins over Status
//	ParentID                *int64       // an item that is there already
//	SuppressNotifications   *bool
//
//	Authors, Followers      []PersonRef  // of every template
//	Collaborators           []PersonRef  // of ideas and tasks
//	Responsible, Assigner   *PersonRef   // of ideas and tasks
//	Sponsors, Facilitators  []PersonRef  // of projects
//	Leaders, Participants   []PersonRef  // of projects
//
//	OriginatingLocations    []Location
//	ResponsibleLocations    []Location
//	ParticipatingLocations  []Location
//
//	CreateDate, AssignDate, DueDate, ReviewDate *Timestamp
//	ResolutionSubmitDate, CompleteDate          *Timestamp
//	StartDate               nullable.Nullable[Timestamp] // of github.com/oapi-codegen/nullable
//
//	Fields                  []Field
//	Attributes              []Attribute
//	Milestones              []Milestone
//	Chart                   *Chart       // of the template Chart
//
//	ResolutionActual, ResolutionForecast, ResolutionTarget *Resolution
//
//	LikeCount, AckCount, VoteCount *int
//	LastUpdateDate          *Timestamp   // the time of New unless set
//	Link, ParentSummary     *string      // follow from the rest, whatever they say
//	AdditionalProperties    map[string]any
type Item = stub.Item

// ItemStatus is the Status Type of an item, a string: DRAFT, NEW, PLANNED, ACTIVE,
// RES_SUBMITTED, COMPLETE or DEFERRED. So
//
//	Status: new(kainexus.ItemStatus("ACTIVE"))
//
// Names of statuses go under CustomStatus: those of the Status Types, RESOLUTION SUBMITTED
// among them, and IN TRIAL, UNDER REVIEW and ON HOLD.
type ItemStatus = stub.ItemStatus

// PersonRef names a user, by ID or else by Username. Items are answered with what the user
// has for the rest.
//
//	ID                   *int64
//	Username             *string
//	FirstName, LastName  *string
//	Email                *string
//	AdditionalProperties map[string]any
type PersonRef = stub.PersonRef

// Location names a Network Location, by ID or else by Name.
//
//	ID                   *int64
//	Name                 *string
//	AdditionalProperties map[string]any
type Location = stub.LocationRef

// Field is the value of a custom Field of the item's template, which is named by ID or else
// by Name. The kind of the Field says which one of the values it has: see
// [TemplateField].
//
//	ID                   *int64
//	Name                 *string
//	Value, HTMLValue     *string
//	NumericValue         *float64
//	DateValue            *Timestamp
//	AdditionalProperties map[string]any
type Field = stub.Field

// Attribute is what is selected in a custom Attribute of the item's template, which is named
// by ID or else by Name. Score is the Weighted Score that it belongs to, if any: see
// [TemplateAttribute].
//
//	ID                   *int64
//	Name, Score          *string
//	Values               []AttributeValue
//	AdditionalProperties map[string]any
type Attribute = stub.Attribute

// AttributeValue is one value that is selected in an Attribute, by ID, or else by Name or,
// if it is a person, by Username.
//
//	ID                   *int64
//	Name, Username, Note *string
//	AdditionalProperties map[string]any
type AttributeValue = stub.AttributeValueRef

// Milestone is the state of a Milestone of the item's template, which is named by ID or else
// by Name. Status is APPROVED, NOT_APPROVED, READY or NOT_READY.
//
//	ID                   *int64
//	Name, Status, Notes  *string
//	AdditionalProperties map[string]any
type Milestone = stub.Milestone

// Resolution is an outcome of an item. Its lists are of the package
// github.com/oapi-codegen/nullable, whose NewNullableWithValue makes one.
//
//	Result               *string // such as CHANGE
//	Impacts, Investments nullable.Nullable[[]Impact]
//	AdditionalProperties map[string]any
type Resolution = stub.Resolution

// Impact is one impact or investment. Which of the quantities it has follows from its type,
// which is named by TypeID or else by TypeName.
//
//	ID, TypeID                     *int64
//	TypeName, Title, Comment       *string
//	Amount, NumberOfPeople         *float64
//	PersonProductServiceResource   *string // the name of an Impact Value, or else
//	PersonProductServiceResourceID *int64
//	Locations                      []Location
//	AmountTimeUnit, ValueType      *string
//	CurrencyCode                   *string
//	UnitValueRate, CalculatedValue *float64
//	AdditionalProperties           map[string]any
type Impact = stub.Impact

// Chart is the chart of an item that is one.
//
//	ID                    *int64 // given out unless set
//	ChartType, ChartState *string
//	UseDate               *bool // whether the data points have dates, not categories
//	Series                []Series
//	AdditionalProperties  map[string]any
type Chart = stub.Chart

// Series is one series of a Chart. Its data points have no types of their own, since the
// vendor's are not known: they go under AdditionalProperties, as
//
//	map[string]any{"dataPoints": []any{map[string]any{"category": "Week 1", "value": 3.5}}}
//
// and the declared fields are
//
//	ID                   *int64
//	Name                 *string
//	AdditionalProperties map[string]any
type Series = stub.ChartSeries

// Timestamp is a moment in the vendor's form, a string such as
// 2019-04-29T16:30:40.000+0000.
type Timestamp = stub.Timestamp
