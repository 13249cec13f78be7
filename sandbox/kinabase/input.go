package kinabase

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// input is what a caller says about a record.
type input struct {
	id      string                     // "" when not given
	where   string                     // the place of the data, for messages
	data    map[string]json.RawMessage // values to store
	derived map[string]json.RawMessage // values sent for fields that follow from others
	links   []link
	relink  bool // whether links replace those of the record
}

// readInput takes a record out of a body.
//
// Choice(ignored-properties): The id, numericId, lists and fileStorage of a record that is sent in are ignored, but for
// the id in a bulk change. Other unknown properties outside of data are ignored too, unless one is a known property in
// the wrong case: that is refused with 400.
func readInput(c *collection, body jsonbody.Object) (input, error) {
	if err := body.CheckCase("id", "data", "external"); err != nil {
		return input{}, err
	}
	id, err := body.OptionalString("id")
	if err != nil {
		return input{}, err
	}
	data, err := body.Object("data")
	if err != nil {
		return input{}, err
	}
	in, err := c.takeData(data.Path(), data.Members())
	if err != nil {
		return input{}, err
	}
	if id != nil {
		in.id = *id
	}
	// Choice(external-replaces): external replaces all links of a record when it is an array, and leaves them alone when it
	// is null or absent. A link needs key and id.
	if !body.Has("external") {
		return in, nil
	}
	in.relink = true
	in.links, err = readLinks(body)
	return in, err
}

// takeData checks field values, each by its kind.
func (c *collection) takeData(where string, data map[string]json.RawMessage) (input, error) {
	if err := c.checkKeys(where, data); err != nil {
		return input{}, err
	}
	in := input{where: where, data: map[string]json.RawMessage{}, derived: map[string]json.RawMessage{}}
	for _, key := range slices.Sorted(maps.Keys(data)) {
		f := c.byKey[key]
		if f.derived() {
			in.derived[key] = data[key]
			continue
		}
		value, err := f.take(data[key])
		if err != nil {
			return input{}, fmt.Errorf("%s.%s %w", where, key, err)
		}
		in.data[key] = value
	}
	return in, nil
}

func readLinks(body jsonbody.Object) ([]link, error) {
	externals, err := body.Objects("external", jsonbody.MaxBytes)
	if err != nil {
		return nil, err
	}
	var links []link
	for _, external := range externals {
		if err := external.CheckCase("key", "id", "properties"); err != nil {
			return nil, err
		}
		if _, given := external.Members()["properties"]; given {
			if _, err := external.Object("properties"); err != nil {
				return nil, err
			}
		}
		link, err := asLink(external)
		if err != nil {
			return nil, err
		}
		links = append(links, link)
	}
	return links, nil
}

// asLink is an external link, which needs key and id.
func asLink(external jsonbody.Object) (link, error) {
	service, err := external.NonEmptyString("key")
	if err != nil {
		return link{}, err
	}
	id, err := external.NonEmptyString("id")
	return link{service: service, id: id, text: encode(external.Members())}, err
}
