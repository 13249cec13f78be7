package kainexus

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// What an administrator sets up in the user interface, and the API cannot change.

// entry is something with an id and a name, either of which can refer to it.
type entry struct {
	id   int64
	name string
}

type catalog []entry

// resolve finds what a reference means: by id, which wins, or else by name.
func (c catalog) resolve(ref document, what string) (entry, error) {
	for _, e := range c {
		if ref.has("id") && ref.id() == e.id || !ref.has("id") && ref.text("name") == e.name {
			return e, nil
		}
	}
	return entry{}, unknown(what, ref, "id", "name", c.String())
}

// String lists the entries as a message does: Idea (45), Project (46).
func (c catalog) String() string {
	var listed []string
	for _, e := range c {
		listed = append(listed, fmt.Sprintf("%s (%d)", e.name, e.id))
	}
	return cmp.Or(strings.Join(listed, ", "), "none")
}

var levelTypes = catalog{{4, "System"}, {5, "Site"}, {6, "Department"}}

// profiles are the parts of a user's profile, by key.
var profiles = map[string]catalog{
	"titles":             {{901, "Team lead"}, {902, "Engineer"}},
	"positions":          {{911, "Press operator"}, {912, "Painter"}},
	"employmentStatuses": {{921, "Full time"}, {922, "Part time"}},
	"certifications":     {{931, "Forklift"}, {932, "First aid"}},
}

// A team decides which keys for people an item has.
type team struct {
	lists  []string // arrays of people
	single []string // one person each
}

var (
	simpleTeam     = team{lists: []string{"authors", "collaborators", "followers"}, single: []string{"responsible", "assigner"}}
	standardTeam   = simpleTeam // they differ in the user interface only
	advancedTeam   = team{lists: []string{"authors", "sponsors", "facilitators", "leaders", "participants", "followers"}}
	authorOnlyTeam = team{lists: []string{"authors", "followers"}}
)

// peopleLists and peopleSingle are the keys of all teams.
var (
	peopleLists  = []string{"authors", "collaborators", "sponsors", "facilitators", "leaders", "participants", "followers"}
	peopleSingle = []string{"responsible", "assigner"}
)

// locationLists are the keys for locations that any item may have.
var locationLists = []string{"participatingLocations", "originatingLocations", "responsibleLocations"}

// fieldKeys are the keys of a Field for values.
var fieldKeys = []string{"value", "htmlValue", "numericValue", "dateValue"}

// fieldKinds tell which of them hold the value of a Field.
//
// Choice(field-kinds): A value under a key that does not go with the kind of the Field is
// refused. Only a text area has an htmlValue, which is kept beside value as it was sent.
var fieldKinds = map[string][]string{
	"text":     {"value"},
	"textArea": {"value", "htmlValue"},
	"number":   {"numericValue"},
	"date":     {"dateValue"},
	"dateTime": {"dateValue"},
}

// field is a custom Field.
type field struct {
	entry
	kind string // a key of fieldKinds
}

// attribute is a custom Attribute.
type attribute struct {
	entry
	kind  string // what its values are: "value", "location" or "person"
	score string // the Weighted Score it belongs to
	notes bool   // whether a value may have a note
}

// template is what an item is made from.
type template struct {
	entry
	team       team
	chart      bool
	fields     []field
	attributes []attribute
	milestones []milestone
}

// milestone is a stage of an item that is decided.
type milestone struct {
	entry
	approvers []int64 // the Roles of which one is needed to decide
}

var (
	background  = field{entry{21, "Background"}, "text"}
	plan        = field{entry{22, "Plan"}, "textArea"}
	hours       = field{entry{23, "Hours"}, "number"}
	checkedOn   = field{entry{24, "Checked on"}, "date"}
	inspectedAt = field{entry{25, "Inspected at"}, "dateTime"}

	progress = attribute{entry: entry{11, "Progress"}, kind: "value", notes: true}
	urgency  = attribute{entry: entry{12, "Urgency"}, kind: "value", score: "Ranking"}
	site     = attribute{entry: entry{13, "Site"}, kind: "location"}
	mentor   = attribute{entry: entry{14, "Mentor"}, kind: "person"}
	purpose  = attribute{entry: entry{15, "Purpose"}, kind: "value"}
)

// scoreIDs are the ids of Weighted Scores, as text, by name.
var scoreIDs = map[string]string{"Ranking": "1"}

// attributesByID are the Attributes with values of their own.
var attributesByID = map[int64]attribute{progress.id: progress, urgency.id: urgency, purpose.id: purpose}

var templates = []template{
	{
		entry: entry{45, "Idea"}, team: simpleTeam,
		fields:     []field{background, plan, hours, checkedOn},
		attributes: []attribute{progress, urgency, site, mentor},
		milestones: []milestone{{entry{31, "Review of the plan"}, []int64{managerRole}}, {entry{32, "Closing review"}, []int64{managerRole}}},
	},
	{
		entry: entry{46, "Project"}, team: advancedTeam,
		fields:     []field{background, plan, hours, checkedOn, inspectedAt},
		attributes: []attribute{progress, urgency, site, mentor, purpose},
		milestones: []milestone{{entry{33, "Kick-off"}, []int64{sponsorRole}}},
	},
	{entry: entry{47, "Observation"}, team: authorOnlyTeam, fields: []field{background}},
	{entry: entry{48, "Chart"}, team: authorOnlyTeam, chart: true},
	{entry: entry{49, "Task"}, team: standardTeam, fields: []field{background, hours}, attributes: []attribute{urgency}},
}

// templateCatalog are the templates for messages.
func templateCatalog() catalog {
	var c catalog
	for _, t := range templates {
		c = append(c, t.entry)
	}
	return c
}

// measure is how an impact or investment is counted.
type measure int

const (
	qualitative  measure = iota // not at all
	money                       // as an amount of money
	units                       // in units of an Impact Value
	timeUnits                   // in units of time, of an Impact Value
	timeOfPeople                // in units of time, of so many people
)

// impactType is a kind of impact or investment.
type impactType struct {
	entry
	measure measure
	values  string // the type of its Impact Values, if it uses any
}

// impactTypes have one of each of the sixteen categories, of which an organization may
// rename its own: Staff Safety is of the category Safety.
var impactTypes = []impactType{
	{entry{1, "Cost Savings"}, money, ""},
	{entry{2, "Lead Time"}, timeUnits, "LEAD_TIME"},
	{entry{3, "Staff Safety"}, qualitative, ""},
	{entry{4, "Time Savings"}, timeOfPeople, "TIME_SAVINGS"},
	{entry{5, "Product"}, units, "PRODUCT"},
	{entry{6, "Quality"}, qualitative, ""},
	{entry{7, "Cost Avoidance"}, money, ""},
	{entry{8, "Revenue Generation"}, money, ""},
	{entry{9, "Cycle Time"}, timeUnits, "CYCLE_TIME"},
	{entry{10, "Takt Time"}, timeUnits, "TAKT_TIME"},
	{entry{11, "Resource"}, units, "RESOURCE"},
	{entry{12, "Waste"}, units, "WASTE"},
	{entry{13, "Environmental Impact"}, units, "ENVIRONMENTAL_IMPACT"},
	{entry{14, "Satisfaction"}, qualitative, ""},
	{entry{15, "Environment"}, qualitative, ""},
	{entry{16, "Health"}, qualitative, ""},
}

var investmentTypes = []impactType{
	{entry{21, "Financial"}, money, ""},
	{entry{22, "Time"}, timeOfPeople, "TIME_SAVINGS"},
	{entry{23, "Resource"}, units, "RESOURCE"},
	{entry{24, "Cycle Time"}, timeUnits, "CYCLE_TIME"},
	{entry{25, "Lead Time"}, timeUnits, "LEAD_TIME"},
	{entry{26, "Takt Time"}, timeUnits, "TAKT_TIME"},
}

// impactValueTypes are the types of Impact Values, as bodies spell them.
var impactValueTypes = []string{
	"TIME_SAVINGS", "PRODUCT", "RESOURCE", "CYCLE_TIME", "LEAD_TIME", "TAKT_TIME", "WASTE", "ENVIRONMENTAL_IMPACT",
}

// customStatuses are the names that this organization has for statuses besides the
// customary ones, and their Status Types.
//
// Choice(custom-statuses): The organization has the Custom Statuses IN TRIAL (ACTIVE),
// UNDER REVIEW (RES_SUBMITTED) and ON HOLD (DEFERRED), besides the name that each Status
// Type customarily has.
var customStatuses = map[string]string{"IN TRIAL": "ACTIVE", "UNDER REVIEW": "RES_SUBMITTED", "ON HOLD": "DEFERRED"}

// typeOfStatus is the Status Type of the status of that name.
func typeOfStatus(name string) (string, bool) {
	for status, customary := range statusNames {
		if customary == name {
			return status, true
		}
	}
	status, ok := customStatuses[name]
	return status, ok
}

// allStatusTypes and allStatusNames are what a message offers for a status.
func allStatusTypes() string { return strings.Join(slices.Sorted(maps.Keys(statusNames)), ", ") }

func allStatusNames() string {
	names := slices.Collect(maps.Keys(customStatuses))
	return strings.Join(slices.Sorted(slices.Values(slices.AppendSeq(names, maps.Values(statusNames)))), ", ")
}

func isStatusType(status string) bool { return statusNames[status] != "" }

// statusNames are the customary names of the Status Types.
var statusNames = map[string]string{
	"DRAFT": "DRAFT", "NEW": "NEW", "PLANNED": "PLANNED", "ACTIVE": "ACTIVE",
	"RES_SUBMITTED": "RESOLUTION SUBMITTED", "COMPLETE": "COMPLETE", "DEFERRED": "DEFERRED",
}

var badges = map[int64][]any{ // by user
	301: {document{"id": num(951), "name": "First idea"}},
	303: {document{"id": num(951), "name": "First idea"}, document{"id": num(952), "name": "Coach"}},
}
