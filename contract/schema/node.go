package schema

import "github.com/getkin/kin-openapi/openapi3"

// types is a set of the types that JSON Schema has names for.
type types uint8

const (
	isNull types = 1 << iota
	isBoolean
	isInteger
	isNumber
	isString
	isArray
	isObject
	everyType = isNull | isBoolean | isInteger | isNumber | isString | isArray | isObject
)

var typeNames = []struct {
	name string
	bits types
}{
	{"null", isNull}, {"boolean", isBoolean}, {"integer", isInteger}, {"number", isNumber | isInteger},
	{"string", isString}, {"array", isArray}, {"object", isObject},
}

// typesOf gives what a value of a kind may be: for a number, both kinds of number.
func typesOf(kind Kind) types { return typesByKind[kind] }

var typesByKind = [256]types{
	'n': isNull, 't': isBoolean, 'f': isBoolean, '"': isString, '0': isNumber | isInteger, '[': isArray, '{': isObject,
}

// node is the conjunction of the schemas that apply to one value, compiled. allOf is gone:
// its parts are in the conjunction. What is left are rules that look at the value alone, the
// nodes of its elements and members, and groups of alternatives.
type node struct {
	id    int32
	at    source
	parts []part

	types   types
	typed   []typeRule
	never   []source // places that refuse every value
	enums   []*enumRule
	numbers []numberRule
	strings []stringRule
	array   *arrayRules
	object  *objectRules
	groups  []*groupRule
	// also are conjunctions of the same value that must stay apart, since they have
	// unevaluatedProperties or unevaluatedItems of their own.
	also []*node
	// grouped are the types of values that have alternatives.
	grouped types
	// admitted are the types of values that fit as far as types go, and unruled those of which
	// nothing more is asked: most values need no look at the rules at all.
	admitted, unruled types
	// brief are the kinds of number of which nothing more is asked if they are written briefly:
	// isInteger for those without a fraction, isNumber for those with one.
	brief types
}

type typeRule struct {
	types types
	want  string
	at    source
}

// enumRule is one enum or const. Arrays and objects in it are a group of alternatives, which
// the compiler makes of them.
type enumRule struct {
	keyword  string
	strings  map[string]int32
	numbers  []numberMember // in order
	literals [3]int32       // null, true, false: the index, or -1
	nested   types          // whether there are arrays or objects in it
	size     int
	at       source
}

type numberMember struct {
	value decimal
	index int32
}

func (m numberMember) compare(d decimal) int { return m.value.compare(d) }

type numberRule struct {
	keyword string
	value   decimal
	// short is the value as an integer, if it is one.
	short   int64
	isShort bool
	// check is a format that numbers have.
	check func(text []byte) bool
	// least and below bound short integers that the format has for certain.
	least, below int64
	// brief are the numbers that the format has for certain when they are written briefly.
	brief types
	want  string
	at    source
}

type stringRule struct {
	keyword string
	limit   int
	check   func(text []byte) bool
	want    string
	at      source
}

type countRule struct {
	keyword string
	limit   int
	at      source
}

type arrayRules struct {
	counts []countRule
	prefix []*node
	items  *node // nil for anything
	unique []source
	// contains are evaluated for every element.
	contains    []containsRule
	unevaluated *unevaluatedRule
	// covered is how many elements prefixItems has looked at; all when items is there.
	covered  int
	coverAll bool
}

type containsRule struct {
	node    *node
	least   int
	most    int // -1 for no limit
	leastAt source
	mostAt  source
}

// unevaluatedRule is unevaluatedProperties or unevaluatedItems.
type unevaluatedRule struct {
	node *node
	at   source
}

type objectRules struct {
	counts []countRule
	// properties has every name that a keyword mentions.
	properties []property
	index      map[string]int32
	required   []requiredRule
	dependent  []dependentRule
	names      []*node // propertyNames
	parts      []objectPart
	// patterned says that the node of an unmentioned name depends on the name.
	patterned bool
	// rest is the node of unmentioned names when nothing depends on them, nil for anything.
	rest *node
	// restForbidden are the places that forbid unmentioned names.
	restForbidden []source
	// covers says that some additionalProperties looks at every name.
	covers bool
	// free says that strict mode has nothing to compare names with.
	free        bool
	unevaluated *unevaluatedRule
	// predict is where in run.predicted the successors of this object's properties are.
	predict int32
}

type property struct {
	name      string
	quoted    string // as it most likely stands in a body, empty for a name that is not guessed
	node      *node  // nil for anything
	declared  bool
	excluded  bool // readOnly or writeOnly, in the other direction
	forbidden []forbidden
}

// forbidden is a place that refuses a property, and why.
type forbidden struct {
	keyword string
	at      source
}

type requiredRule struct {
	property int32
	at       source
}

// dependentRule wants the properties when the trigger is there.
type dependentRule struct {
	trigger int32
	wanted  []int32
	at      source
}

// objectPart is what one schema of a conjunction says of names that it does not list.
type objectPart struct {
	patterns []namePattern
	rest     *node
	forbid   bool
	at       source
}

type namePattern struct {
	match func(text []byte) bool
	node  *node
}

// groupKind is what a group of alternatives must come to.
type groupKind uint8

const (
	anyOf groupKind = iota
	oneOf
	not
	ifThenElse
	dependent
	constant // an enum with arrays or objects
)

type groupRule struct {
	kind    groupKind
	keyword string
	nodes   []*node
	at      source
	// discriminator is nil for a group without one.
	discriminator *discriminator
	trigger       int32 // of a dependent schema: the property
}

type discriminator struct {
	property string
	branches map[string]int32
	at       source
}

// part is a schema with the place it came from.
type part struct {
	schema  *openapi3.Schema
	pointer string
	// scope says what a $dynamicRef in it means, nil when nothing has one.
	scope *scope
}

func (p part) known() schemaInScope { return schemaInScope{p.schema, p.scope} }
