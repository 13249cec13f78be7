package kinabase

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Collection is a collection to start with. It needs an ID, a Slug and a Name.
type Collection struct {
	ID     string // a UUID in the real service
	Slug   string // how the address of the collection has it, such as purchase-orders
	Name   string
	Fields []string // the keys of its fields
	// Records are added in this order, and numbered from 1.
	Records []Record
}

// Record is a record to start with.
type Record struct {
	// ID is chosen by the emulator when empty.
	ID string
	// Data are values by field key. They are encoded as JSON; a json.Number keeps
	// its digits.
	Data     map[string]any
	External []ExternalLink
	// CreatedAt and UpdatedAt are the time of New when zero.
	CreatedAt, UpdatedAt time.Time
}

// ExternalLink says that a record is known to another service.
type ExternalLink struct {
	Key        string         `json:"key"` // the name of the service
	ID         string         `json:"id"`  // the record's id there
	Properties map[string]any `json:"properties,omitempty"`
}

// unreachable are ids that no path could address: these segments stand for
// operations, or for nothing.
var unreachable = []string{"all", "bulk", "ingest", "ext", ".", ".."}

// answered2023 are the keys that a record answers itself. A field of the same key
// would hide one in the edition that has no data object, or be taken for it.
var answered2023 = []string{"id", "recordId", "numericId", "data", "external", "lists", "fileStorage", "createdAt", "updatedAt", "updatedBy"}

// load makes the collections of a server.
func load(contents []Collection, o options) ([]*collection, error) {
	now := o.clock()
	var loaded []*collection
	taken := map[string]bool{}
	for i, content := range contents {
		c, err := loadCollection(content, now)
		if err == nil && o.edition2023 {
			err = checkEdition2023(content.Fields)
		}
		if err == nil && (taken[content.ID] || taken[content.Slug] || content.ID == content.Slug) {
			err = errors.New("another collection has this ID or Slug")
		}
		if err != nil {
			return nil, fmt.Errorf("kinabase: collection %d (%s): %w", i, name(content.Slug), err)
		}
		taken[content.ID], taken[content.Slug] = true, true
		loaded = append(loaded, c)
	}
	return loaded, nil
}

func loadCollection(content Collection, now time.Time) (*collection, error) {
	if content.ID == "" || content.Slug == "" || content.Name == "" {
		return nil, errors.New("ID, Slug and Name are required")
	}
	c := newCollection(content)
	for _, key := range content.Fields {
		if key == "" || c.fields[key] {
			return nil, fmt.Errorf("field key %s is empty or given twice", name(key))
		}
		c.fields[key] = true
	}
	for i, content := range content.Records {
		if err := loadRecord(c, content, now); err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
	}
	return c, nil
}

func loadRecord(c *collection, content Record, now time.Time) error {
	if slices.Contains(unreachable, content.ID) {
		return fmt.Errorf("no path could address the ID %s", name(content.ID))
	}
	if _, taken := c.byID[content.ID]; taken {
		return fmt.Errorf("another record has the ID %s", name(content.ID))
	}
	in := input{data: map[string]json.RawMessage{}, relink: true}
	for key, value := range content.Data {
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("field %s: %w", name(key), err)
		}
		in.data[key] = text
	}
	if err := c.checkKeys("Data", in.data); err != nil {
		return err
	}
	for i, external := range content.External {
		if external.Key == "" || external.ID == "" {
			return fmt.Errorf("external link %d: Key and ID are required", i)
		}
		text, err := json.Marshal(external)
		if err != nil {
			return fmt.Errorf("external link %d: %w", i, err)
		}
		in.links = append(in.links, link{service: external.Key, id: external.ID, text: text})
	}
	r := c.next(in, now)
	if content.ID != "" {
		r.id = content.ID
	}
	if !content.CreatedAt.IsZero() {
		r.createdAt = content.CreatedAt
	}
	if !content.UpdatedAt.IsZero() {
		r.updatedAt = content.UpdatedAt
	}
	c.append(r)
	return nil
}

func checkEdition2023(fields []string) error {
	for _, key := range fields {
		if slices.Contains(answered2023, key) {
			return fmt.Errorf("the 2023 edition answers %s beside the field values: no field can have this key", name(key))
		}
	}
	return nil
}
