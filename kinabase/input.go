package kinabase

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	v2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/kaikina/kaikina/gen/kinabaseapi"
)

// Input is a record to send, where values alone will not do. [Client.Create] and the other
// calls that write one record take an Input, or just its Data.
type Input struct {
	// ID says which record [Client.UpdateAll] changes. Other calls do not send it.
	ID string
	// Data holds the values by field key: a map, a struct with json tags, or anything else that
	// encoding/json writes as an object. Kinabase keeps the value of a field that a change does
	// not name (inferred). One that is null, such as a nil in a map or a nil pointer without
	// omitempty, is to be cleared (not documented).
	Data any
	// External are links to other services; nil says nothing of them. Not documented: whether
	// they replace the links of the record or join them. The sandbox replaces them.
	External []ExternalLink
	// More are further members beside data, by name; nil values are sent as null.
	More map[string]any
}

// InputError says what is wrong with a record to send. Nothing was sent. It does not hold
// what the record holds.
type InputError struct {
	Problem string
	Err     error // the cause, if there is one; its text may hold values
}

// Error gives the problem.
func (e *InputError) Error() string { return "the record " + e.Problem }

// Unwrap returns the cause.
func (e *InputError) Unwrap() error { return e.Err }

// Format keeps the cause, which may hold values, out of what is printed.
func (e *InputError) Format(to fmt.State, verb rune) { formatText(to, verb, e.Error()) }

// inputOf makes an Input of what a caller gave. A record that was read is sent with all it
// has, but for what Kinabase says of it by itself.
func inputOf(data any) Input {
	switch data := data.(type) {
	case Input:
		return data
	case *Input:
		if data != nil {
			return *data
		}
	case Record:
		return inputOfRecord(data)
	case *Record:
		if data != nil {
			return inputOfRecord(*data)
		}
	case kinabaseapi.RecordInput:
		return inputOfGenerated(data)
	}
	return Input{Data: data}
}

func inputOfRecord(record Record) Input {
	in := Input{ID: record.ID, Data: valuesOf(record), External: linksOf(record)}
	if record.Data != nil {
		in.More = moreOf(record.AdditionalProperties)
	}
	return in
}

func inputOfGenerated(record kinabaseapi.RecordInput) Input {
	in := Input{Data: record.Data, More: moreOf(record.AdditionalProperties)}
	in.ID, _ = record.ID.Get()
	in.External, _ = record.External.Get()
	if number, err := record.NumericID.Get(); err == nil {
		in.More["numericId"] = number
	}
	if record.Lists != nil {
		in.More["lists"] = *record.Lists
	}
	if record.FileStorage != nil {
		in.More["fileStorage"] = *record.FileStorage
	}
	return in
}

func moreOf(members map[string]json.RawMessage) map[string]any {
	more := map[string]any{}
	for name, value := range members {
		more[name] = value
	}
	return more
}

// linksOf are the links of a record.
func linksOf(record Record) []ExternalLink {
	links, _ := record.External.Get()
	return links
}

// linked is the input with a link among its links.
func (in Input) linked(service, id string) Input {
	if _, ok := in.link(func(s, i string) bool { return s == service && i == id }); !ok {
		in.External = append(slices.Clone(in.External), Link(service, id))
	}
	return in
}

type link struct{ service, id string }

// link is the first whole link that a test accepts.
func (in Input) link(accept func(service, id string) bool) (link, bool) {
	for _, l := range in.External {
		if l.Key != nil && l.ID != nil && accept(*l.Key, *l.ID) {
			return link{*l.Key, *l.ID}, true
		}
	}
	return link{}, false
}

// body is the record as it is sent, with its id if that is wanted. The field keys are checked
// against those that are known.
func (in Input) body(withID bool, known KeySet) ([]byte, error) {
	data, err := object(in.Data, known)
	if err != nil {
		return nil, err
	}
	members := maps.Clone(in.More)
	if members == nil {
		members = map[string]any{}
	}
	for _, name := range []string{"id", "data", "external"} {
		if _, twice := members[name]; twice {
			return nil, &InputError{Problem: "has " + name + " among More; it has a place of its own"}
		}
	}
	members["data"] = data
	if withID {
		members["id"] = in.ID
	}
	if in.External != nil {
		members["external"] = in.External
	}
	body, err := json.Marshal(members)
	if err != nil {
		return nil, &InputError{Problem: "cannot be written as JSON", Err: err}
	}
	return body, nil
}

// object writes values as an object, and checks its keys.
func object(data any, known KeySet) (json.RawMessage, error) {
	if data == nil {
		return nil, &InputError{Problem: "has no data; an empty map changes nothing"}
	}
	body, err := json.Marshal(data)
	if err != nil {
		return nil, &InputError{Problem: fmt.Sprintf("has data, a %T, that cannot be written as JSON", data), Err: err}
	}
	if body = bytes.TrimSpace(body); len(body) == 0 || body[0] != '{' {
		return nil, &InputError{Problem: fmt.Sprintf("has data, a %T, that is no JSON object", data)}
	}
	var members map[string]jsontext.Value
	if err := v2.Unmarshal(body, &members); err != nil {
		return nil, &InputError{Problem: fmt.Sprintf("has data, a %T, in which a key comes twice or is no text", data), Err: err}
	}
	if err := known.Check(slices.Sorted(maps.Keys(members))...); err != nil {
		return nil, err
	}
	return body, nil
}
