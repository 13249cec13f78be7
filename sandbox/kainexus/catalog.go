package kainexus

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
	return entry{}, bad(unknownReference, "there is no %s of that id or name", what)
}

var levelTypes = catalog{{4, "System"}, {5, "Site"}, {6, "Department"}}

var roles = catalog{{5, "Contributor"}, {6, "Manager"}, {7, "Viewer"}}

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

// fieldKinds tell which keys of a Field hold its value.
var fieldKinds = map[string][]string{
	"text":   {"value", "htmlValue"},
	"number": {"numericValue"},
	"date":   {"dateValue"},
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
}

// template is what an item is made from.
type template struct {
	entry
	team       team
	chart      bool
	fields     []field
	attributes []attribute
	milestones catalog
}

var (
	background = field{entry{21, "Background"}, "text"}
	plan       = field{entry{22, "Plan"}, "text"}
	hours      = field{entry{23, "Hours"}, "number"}
	checkedOn  = field{entry{24, "Checked on"}, "date"}

	progress = attribute{entry: entry{11, "Progress"}, kind: "value"}
	urgency  = attribute{entry: entry{12, "Urgency"}, kind: "value", score: "Ranking"}
	site     = attribute{entry: entry{13, "Site"}, kind: "location"}
	mentor   = attribute{entry: entry{14, "Mentor"}, kind: "person"}
)

// scoreIDs are the ids of Weighted Scores, as text, by name.
var scoreIDs = map[string]string{"Ranking": "1"}

// attributesByID are the Attributes with values of their own.
var attributesByID = map[int64]attribute{progress.id: progress, urgency.id: urgency}

var templates = []template{
	{
		entry: entry{45, "Idea"}, team: simpleTeam,
		fields:     []field{background, plan, hours, checkedOn},
		attributes: []attribute{progress, urgency, site, mentor},
		milestones: catalog{{31, "Review of the plan"}, {32, "Closing review"}},
	},
	{
		entry: entry{46, "Project"}, team: advancedTeam,
		fields:     []field{plan, checkedOn},
		attributes: []attribute{urgency, site},
		milestones: catalog{{33, "Kick-off"}},
	},
	{entry: entry{47, "Observation"}, team: authorOnlyTeam, fields: []field{background}},
	{entry: entry{48, "Chart"}, team: authorOnlyTeam, chart: true},
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

var impactTypes = []impactType{
	{entry{1, "Cost Savings"}, money, ""},
	{entry{2, "Lead Time"}, timeUnits, "LEAD_TIME"},
	{entry{3, "Staff Safety"}, qualitative, ""},
	{entry{4, "Time Savings"}, timeOfPeople, "TIME_SAVINGS"},
	{entry{5, "Product"}, units, "PRODUCT"},
	{entry{6, "Quality"}, qualitative, ""},
}

var investmentTypes = []impactType{
	{entry{21, "Financial"}, money, ""},
	{entry{22, "Time"}, timeOfPeople, "TIME_SAVINGS"},
}

// impactValueTypes are the types of Impact Values, as bodies spell them.
var impactValueTypes = []string{
	"TIME_SAVINGS", "PRODUCT", "RESOURCE", "CYCLE_TIME", "LEAD_TIME", "TAKT_TIME", "WASTE", "ENVIRONMENTAL_IMPACT",
}

// statusNames are the customary names of the Status Types.
var statusNames = map[string]string{
	"DRAFT": "DRAFT", "NEW": "NEW", "PLANNED": "PLANNED", "ACTIVE": "ACTIVE",
	"RES_SUBMITTED": "RESOLUTION SUBMITTED", "COMPLETE": "COMPLETE", "DEFERRED": "DEFERRED",
}

var badges = map[int64][]any{ // by user
	301: {document{"id": num(951), "name": "First idea"}},
	303: {document{"id": num(951), "name": "First idea"}, document{"id": num(952), "name": "Coach"}},
}
