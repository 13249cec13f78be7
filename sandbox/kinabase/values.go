package kinabase

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// An encoding is how the values of a kind are written. take gives the value as it is
// stored, or false; it never sees null, which any field has that is not required.
type encoding struct {
	expected string
	take     func(f *field, raw json.RawMessage) (json.RawMessage, bool)
}

// encodings has every kind that is stored.
var encodings = map[Kind]encoding{
	// Choice(encoding-any): A field of the kind any takes any JSON value. Numbers too large for a double are refused in
	// every field.
	KindAny: {"any JSON value", taken},

	// Choice(encoding-text): Text is a string.
	KindText: {"a string", takeText},

	// Choice(encoding-rich-text): Rich text is a string of HTML, which is not looked into.
	KindRichText: {"a string of HTML", takeText},

	// Choice(encoding-email): An email address is a string with one address and no name.
	KindEmail: {"a string with one email address, such as ada@example.com", text(isEmail)},

	// Choice(encoding-website): A website is a string with an absolute http or https URL.
	KindWebsite: {"a string with an absolute URL, such as https://example.com", text(isWebsite)},

	// Choice(encoding-phone): A phone number is a string of at least three digits, which may begin with a plus and have
	// spaces and the characters ( ) - . / in between.
	KindPhone: {"a string with a phone number, such as +44 1223 000000", text(isPhone)},

	// Choice(encoding-number): A number is a JSON number and keeps its digits.
	KindNumber: {"a number", number(func(float64) bool { return true })},

	// Choice(encoding-currency): An amount of money is a JSON number in the main unit of the currency, so 12.5 is twelve
	// and a half pounds. Which currency it is belongs to the field and is not sent.
	KindCurrency: {"a number in the main unit of the currency, such as 1250.50", number(func(float64) bool { return true })},

	// Choice(encoding-percentage): A percentage is a JSON number of hundredths, so 25 is 25 %.
	KindPercentage: {"a number of hundredths, such as 25 for 25 %", number(func(float64) bool { return true })},

	// Choice(encoding-rating): A rating is a whole JSON number from 1 to 5.
	KindRating: {"a whole number from 1 to 5", number(isRating)},

	// Choice(encoding-duration): A duration is a JSON number of seconds, not negative.
	KindDuration: {"a number of seconds from 0", number(func(x float64) bool { return x >= 0 })},

	// Choice(encoding-date): A date is a string such as 2026-03-02. A moment in RFC 3339, which clients are known to send
	// for dates, is taken as well, and is stored and answered as its date in UTC.
	KindDate: {"a string with a date, such as 2026-03-02", takeDate},

	// Choice(encoding-date-and-time): A date with a time is a string in RFC 3339, answered as it was sent.
	KindDateTime: {"a string with a moment in RFC 3339, such as 2026-03-02T09:29:51.293Z", text(isMoment)},

	// Choice(encoding-yes-no): Yes and no are true and false.
	KindYesNo: {"true or false", takeYesNo},

	// Choice(encoding-select): A selected option is a string with its text, in exactly its case.
	KindSelect: {"a string", takeOption},

	// Choice(encoding-multi-select): Several selected options are an array of strings, in the order sent, none of them
	// twice.
	KindMultiSelect: {"an array of different strings", takeOptions},

	// Choice(encoding-colleague): A colleague is an object with an id, as a linked record is. The id is not checked, since
	// the emulator has no colleagues. What else the object has is dropped.
	KindColleague: {`an object with the id of a colleague, such as {"id": "..."}`, takeLink},

	// Choice(encoding-linked): A linked record is an object with its id, when it is written and when it is read. What else
	// the object has is dropped.
	KindLinked: {`an object with the id of a record, such as {"id": "..."}`, takeLink},

	// Choice(encoding-linked-many): Linked records are an array of objects with an id each, none of them twice.
	KindLinkedMany: {`an array of objects with the id of a different record each, such as [{"id": "..."}]`, takeLinks},

	// Choice(encoding-stage): A stage is a string with its name. A record may be put into any stage at any time.
	KindStage: {"a string", takeOption},

	// Choice(encoding-file): A file is an object with a name and an absolute http or https url, and whatever else was sent
	// in it. The emulator keeps no files.
	KindFile: {`an object with a name and a URL, such as {"name": "a.pdf", "url": "https://example.com/a.pdf"}`, takeFile},

	// Choice(encoding-image): An image is written as a file is.
	KindImage: {`an object with a name and a URL, such as {"name": "a.png", "url": "https://example.com/a.png"}`, takeFile},

	// Choice(encoding-location): A location is an object with latitude and longitude in degrees, an address if there is
	// one, and whatever else was sent in it.
	KindLocation: {`an object with latitude and longitude in degrees, such as {"latitude": 52.2, "longitude": 0.1}`, takeLocation},

	// Choice(encoding-json): JSON is any JSON value as such, not a string that holds one.
	KindJSON: {"any JSON value", taken},
}

// take is a value as it is stored. The error says what is expected, and never the value.
func (f *field) take(raw json.RawMessage) (json.RawMessage, error) {
	if isNull(raw) {
		if f.Required {
			return nil, fmt.Errorf("is required and cannot be null")
		}
		// Choice(null-clears): null clears a field that is not required, which then reads as null; a field that was never
		// set is absent.
		return raw, nil
	}
	encoding := encodings[f.Kind]
	value, ok := encoding.take(f, raw)
	if ok {
		return value, nil
	}
	expected := encoding.expected
	if len(f.Options) > 0 {
		expected += ", one of " + quoted(f.Options)
		if f.Kind == KindMultiSelect {
			expected = "an array of different strings out of " + quoted(f.Options)
		}
	}
	return nil, fmt.Errorf("must be %s, since the field is of the kind %s", expected, f.Kind)
}

// quoted lists texts, the first twenty of them.
func quoted(texts []string) string {
	var list []string
	for _, text := range texts[:min(20, len(texts))] {
		list = append(list, name(text))
	}
	return strings.Join(list, ", ")
}

func isNull(raw json.RawMessage) bool { return string(raw) == "null" }

// taken takes what can be read again, which numbers beyond a float64 cannot.
func taken(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
	var value any
	return raw, json.Unmarshal(raw, &value) == nil
}

func takeText(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
	_, ok := asText(raw)
	return raw, ok
}

// text makes a taker of strings that pass a test.
func text(passes func(string) bool) func(*field, json.RawMessage) (json.RawMessage, bool) {
	return func(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
		s, ok := asText(raw)
		return raw, ok && passes(s)
	}
}

// number makes a taker of numbers that pass a test.
func number(passes func(float64) bool) func(*field, json.RawMessage) (json.RawMessage, bool) {
	return func(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
		x, ok := asNumber(raw)
		return raw, ok && passes(x)
	}
}

func asText(raw json.RawMessage) (s string, ok bool) {
	return s, json.Unmarshal(raw, &s) == nil && !isNull(raw)
}

// asNumber is the value of a JSON number, if a float64 can hold one as large.
func asNumber(raw json.RawMessage) (float64, bool) {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return 0, false
	}
	x, err := strconv.ParseFloat(string(raw), 64)
	return x, err == nil
}

func isEmail(s string) bool {
	address, err := mail.ParseAddress(s)
	return err == nil && address.Address == s
}

func isWebsite(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

var phoneForm = regexp.MustCompile(`^\+?[0-9(][0-9 ()./-]*[0-9]$`)

func isPhone(s string) bool {
	digits := strings.Count(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return -1
	}, s), "0")
	return phoneForm.MatchString(s) && digits >= 3
}

func isRating(x float64) bool { return x >= 1 && x <= 5 && x == float64(int(x)) }

func isMoment(s string) bool {
	_, err := parseMoment(s)
	return err == nil
}

func takeDate(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
	s, ok := asText(raw)
	if !ok {
		return nil, false
	}
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return raw, true
	}
	moment, err := parseMoment(s)
	if err != nil || moment.UTC().Year() < 0 || moment.UTC().Year() > 9999 {
		return nil, false
	}
	return encode(moment.UTC().Format(time.DateOnly)), true
}

func takeYesNo(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
	return raw, string(raw) == "true" || string(raw) == "false"
}

func takeOption(f *field, raw json.RawMessage) (json.RawMessage, bool) {
	s, ok := asText(raw)
	return raw, ok && slices.Contains(f.Options, s)
}

func takeOptions(f *field, raw json.RawMessage) (json.RawMessage, bool) {
	var chosen []*string
	if json.Unmarshal(raw, &chosen) != nil {
		return nil, false
	}
	seen := map[string]bool{}
	for _, option := range chosen {
		if option == nil || seen[*option] || !slices.Contains(f.Options, *option) {
			return nil, false
		}
		seen[*option] = true
	}
	return raw, true
}

// reference is a link to a record, as it is written and read.
type reference struct {
	ID string `json:"id"`
}

func takeLink(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
	link, ok := asReference(raw)
	return encode(link), ok
}

func takeLinks(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
	var raws []json.RawMessage
	if json.Unmarshal(raw, &raws) != nil {
		return nil, false
	}
	links, seen := []reference{}, map[reference]bool{}
	for _, raw := range raws {
		link, ok := asReference(raw)
		if !ok || seen[link] {
			return nil, false
		}
		links, seen[link] = append(links, link), true
	}
	return encode(links), true
}

func asReference(raw json.RawMessage) (reference, bool) {
	object, err := jsonbody.Parse(raw)
	if err != nil {
		return reference{}, false
	}
	id, err := object.NonEmptyString("id")
	return reference{id}, err == nil
}

func takeFile(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
	object, err := jsonbody.Parse(raw)
	if err != nil {
		return nil, false
	}
	_, noName := object.NonEmptyString("name")
	address, noURL := object.NonEmptyString("url")
	return raw, noName == nil && noURL == nil && isWebsite(address)
}

func takeLocation(_ *field, raw json.RawMessage) (json.RawMessage, bool) {
	object, err := jsonbody.Parse(raw)
	if err != nil {
		return nil, false
	}
	latitude, hasLatitude := asNumber(object.Members()["latitude"])
	longitude, hasLongitude := asNumber(object.Members()["longitude"])
	_, badAddress := object.OptionalString("address")
	return raw, hasLatitude && hasLongitude && badAddress == nil &&
		latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180
}

// encode is a value that has been JSON before, as JSON again. Texts stay as they are.
func encode(value any) json.RawMessage {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(fmt.Sprintf("kinabase: %T is not JSON: %v", value, err))
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}
