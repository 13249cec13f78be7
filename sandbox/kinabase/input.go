package kinabase

import (
	"encoding/json"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// input is what a caller says about a record.
type input struct {
	id     string // "" when not given
	data   map[string]json.RawMessage
	links  []link
	relink bool // whether links replace those of the record
}

// readInput takes a record out of a body. What it ignores is listed among the choices
// of the package.
func readInput(c *collection, body jsonbody.Object) (input, error) {
	if err := body.CheckCase("id", "data", "external"); err != nil {
		return input{}, err
	}
	var in input
	id, err := body.OptionalString("id")
	if err != nil {
		return input{}, err
	}
	if id != nil {
		in.id = *id
	}
	data, err := body.Object("data")
	if err != nil {
		return input{}, err
	}
	in.data = data.Members()
	if err := c.checkKeys(data.Path(), in.data); err != nil {
		return input{}, err
	}
	if !body.Has("external") {
		return in, nil
	}
	in.relink = true
	in.links, err = readLinks(body)
	return in, err
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
		service, err := external.NonEmptyString("key")
		if err != nil {
			return nil, err
		}
		id, err := external.NonEmptyString("id")
		if err != nil {
			return nil, err
		}
		if _, given := external.Members()["properties"]; given {
			if _, err := external.Object("properties"); err != nil {
				return nil, err
			}
		}
		text, _ := json.Marshal(external.Members()) // was JSON before, and is again
		links = append(links, link{service: service, id: id, text: text})
	}
	return links, nil
}
