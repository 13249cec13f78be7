package kinabase

import (
	"maps"
	"slices"
	"strings"
)

// A Kind says what the values of a field are. Its text is what the product's screens
// call the kind, in lower case with hyphens.
type Kind string

// The kinds. How each is written in JSON is listed in docs/sandbox-choices.md.
const (
	KindAny            Kind = "any" // unchecked; the kind of a Field that names none
	KindText           Kind = "text"
	KindRichText       Kind = "rich-text"
	KindEmail          Kind = "email"
	KindWebsite        Kind = "website"
	KindPhone          Kind = "phone"
	KindNumber         Kind = "number"
	KindCurrency       Kind = "currency"
	KindPercentage     Kind = "percentage"
	KindRating         Kind = "rating"
	KindDuration       Kind = "duration"
	KindDate           Kind = "date"
	KindDateTime       Kind = "date-and-time"
	KindYesNo          Kind = "yes-no"
	KindSelect         Kind = "select"
	KindMultiSelect    Kind = "multi-select"
	KindColleague      Kind = "colleague"
	KindLinked         Kind = "linked"      // one record of the field's Target
	KindLinkedMany     Kind = "linked-many" // any number of records of it
	KindLookup         Kind = "lookup"      // read through a link
	KindAggregation    Kind = "aggregation" // a count or a sum over links
	KindComputedText   Kind = "computed-text"
	KindComputedNumber Kind = "computed-number"
	KindStage          Kind = "stage"
	KindFile           Kind = "file"
	KindImage          Kind = "image"
	KindLocation       Kind = "location"
	KindJSON           Kind = "json"
)

// kindNames are the kinds there are, as a message lists them.
func kindNames() string {
	var names []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		names = append(names, string(kind))
	}
	return strings.Join(names, ", ")
}

// traits are what a kind needs and allows, beside its values.
type traits struct {
	options bool // needs options
	target  bool // needs a target
	through bool // needs through
	of      bool // takes of
	derived bool // follows from other fields, and is never stored
	tracked bool // may be tracked
	number  bool // can be summed
}

// Choice(tracked-kinds): Telemetry can be switched on for fields of the kinds any, number, currency, percentage,
// rating, duration, aggregation, stage and select. A sample of an aggregation fails its record, since the value
// follows from other fields.
var kinds = map[Kind]traits{
	KindAny:            {tracked: true, number: true},
	KindText:           {},
	KindRichText:       {},
	KindEmail:          {},
	KindWebsite:        {},
	KindPhone:          {},
	KindNumber:         {tracked: true, number: true},
	KindCurrency:       {tracked: true, number: true},
	KindPercentage:     {tracked: true, number: true},
	KindRating:         {tracked: true, number: true},
	KindDuration:       {tracked: true, number: true},
	KindDate:           {},
	KindDateTime:       {},
	KindYesNo:          {},
	KindSelect:         {options: true, tracked: true},
	KindMultiSelect:    {options: true},
	KindColleague:      {},
	KindLinked:         {target: true},
	KindLinkedMany:     {target: true},
	KindLookup:         {through: true, of: true, derived: true},
	KindAggregation:    {through: true, of: true, derived: true, tracked: true},
	KindComputedText:   {derived: true},
	KindComputedNumber: {derived: true},
	KindStage:          {options: true, tracked: true},
	KindFile:           {},
	KindImage:          {},
	KindLocation:       {},
	KindJSON:           {},
}
