// Package format checks the formats of OpenAPI 3.0, of JSON Schema 2020-12 and of OpenAPI's
// format registry. [Lookup] finds the check of a format, [Applies] the kinds of JSON value
// that the format speaks of.
//
// Each format has a file, which names the document that defines it and says what was
// decided where that document leaves a choice. A check takes time that grows linearly with
// the text, and no memory, but for host names that are not ASCII and regular expressions,
// whose length is bounded. None says why a text is wrong: to do so would be to repeat it, and
// it is somebody's data.
//
// The checks are written by hand rather than with net/netip, net/url, net/mail and time:
// those parse into something, allocate, and read other languages (a zone after an IPv6
// address, an address with a name before it, a comma for the point of a second). Fuzzing
// compares the two where the languages meet.
package format

// Kinds says which JSON values a format speaks of. Values of other kinds always conform.
type Kinds byte

const (
	Strings Kinds = 1 << iota
	Numbers
)

type format struct {
	kinds Kinds
	check func(text []byte) bool
}

var formats = map[string]format{
	// Times.
	"date":            {Strings, date},
	"date-time":       {Strings, dateTime},
	"date-time-local": {Strings, dateTimeLocal},
	"time":            {Strings, timeOfDay},
	"time-local":      {Strings, timeLocal},
	"duration":        {Strings, duration},
	"http-date":       {Strings, httpDate},

	// Names and addresses.
	"email":        {Strings, email},
	"idn-email":    {Strings, idnEmail},
	"hostname":     {Strings, hostname},
	"idn-hostname": {Strings, idnHostname},
	"ipv4":         {Strings, ipv4},
	"ipv6":         {Strings, ipv6},
	"uuid":         {Strings, uuid},

	// References.
	"uri":                   {Strings, uri},
	"uri-reference":         {Strings, uriReference},
	"iri":                   {Strings, iri},
	"iri-reference":         {Strings, iriReference},
	"uri-template":          {Strings, uriTemplate},
	"json-pointer":          {Strings, jsonPointer},
	"relative-json-pointer": {Strings, relativeJSONPointer},

	// Numbers.
	"int8":       {Numbers, int8Range},
	"int16":      {Numbers, int16Range},
	"int32":      {Numbers, int32Range},
	"int64":      {Numbers, int64Range},
	"uint8":      {Numbers, uint8Range},
	"uint16":     {Numbers, uint16Range},
	"uint32":     {Numbers, uint32Range},
	"uint64":     {Numbers, uint64Range},
	"double-int": {Numbers, doubleInt},
	"unixtime":   {Numbers, unixTime},
	"float":      {Numbers, float},
	"double":     {Numbers, double},
	"decimal":    {Numbers | Strings, fixedDecimal},
	"decimal128": {Numbers | Strings, decimal128},

	// Structured fields of HTTP.
	"sf-binary":  {Strings, sfBinary},
	"sf-boolean": {Strings, sfBoolean},
	"sf-decimal": {Numbers, sfDecimal},
	"sf-integer": {Numbers, sfInteger},
	"sf-string":  {Strings, sfString},
	"sf-token":   {Strings, sfToken},

	// Text.
	"binary":      {Strings, anyText},
	"byte":        {Strings, byteText},
	"base64url":   {Strings, base64URL},
	"char":        {Strings, char},
	"commonmark":  {Strings, anyText},
	"html":        {Strings, anyText},
	"media-range": {Strings, mediaRange},
	"password":    {Strings, anyText},
	"regex":       {Strings, regex},
}

// Lookup finds the check of a format by its name. The check takes a string without its
// quotes and escapes, or a number as it came, and tells whether it conforms; it is safe for
// concurrent use. An unknown name is no error of a schema: such a format says nothing.
func Lookup(name string) (check func(text []byte) bool, known bool) {
	found, known := formats[name]
	return found.check, known
}

// Applies tells which kinds of value a format speaks of: none, if it is unknown.
func Applies(name string) Kinds { return formats[name].kinds }
