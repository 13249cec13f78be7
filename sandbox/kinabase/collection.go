package kinabase

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// collection holds records. What stands above records never changes once the collection
// can be found; the rest belongs to the store.
type collection struct {
	id, slug, title string
	position        int
	fields          []*field
	byKey           map[string]*field
	follows         bool // some field depends on other records or fields

	records    []*record // in the order of their numbers
	byID       map[string]*record
	activities map[string][]activity // by the id of the record
	batches    []*batch
	removed    map[string]bool // ids that must not come back
	numbered   int64           // the last number given to a record
	logged     int64           // the last number given to an activity
}

func newCollection(id, slug, title string) *collection {
	return &collection{
		id: id, slug: slug, title: title,
		byKey:      map[string]*field{},
		byID:       map[string]*record{},
		activities: map[string][]activity{},
		removed:    map[string]bool{},
	}
}

// called tells whether the collection is addressed by key.
func (c *collection) called(key string) bool { return c.id == key || c.slug == key }

// checkKeys refuses a field key that the collection does not have in this case.
func (c *collection) checkKeys(where string, data map[string]json.RawMessage) error {
	unknown := c.unknownKeys(data)
	if len(unknown) == 0 {
		return nil
	}
	return fmt.Errorf("unknown field: %s, in %s. Keys are case-sensitive; %s has %s",
		strings.Join(unknown, ", "), where, c.slug, strings.Join(slices.Sorted(maps.Keys(c.byKey)), ", "))
}

// unknownKeys are those keys of data that the collection does not have, quoted: the
// first ten of them.
func (c *collection) unknownKeys(data map[string]json.RawMessage) []string {
	var unknown []string
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if c.byKey[key] == nil && len(unknown) < 10 {
			unknown = append(unknown, name(key))
		}
	}
	return unknown
}

// A selector finds a record. Like all that follows it is called by whoever may read the
// store.
type selector func(*collection) (*record, error)

func byID(id string) selector {
	return func(c *collection) (*record, error) {
		// Choice(record-ids): Only ids address a record, not its number and not its display identifier.
		if r, ok := c.byID[id]; ok {
			return r, nil
		}
		return nil, notFound("%s has no record %s", c.slug, name(id))
	}
}

func byLink(service, id string) selector {
	return func(c *collection) (*record, error) {
		// Choice(shared-external-link): Several records may carry the same external link. The one that was added first
		// answers to it.
		for _, r := range c.records {
			if slices.ContainsFunc(r.links, func(l link) bool { return l.service == service && l.id == id }) {
				return r, nil
			}
		}
		return nil, notFound("no record of %s is linked to %s of %s", c.slug, name(id), name(service))
	}
}

// next is the number after a given one, and its id. An id that was given to a record
// when it was loaded is passed over with its number.
func (c *collection) next(after int64) (int64, string) {
	for number := after + 1; ; number++ {
		if id := c.recordID(number); c.byID[id] == nil && !c.removed[id] {
			return number, id
		}
	}
}

func (c *collection) recordID(number int64) string { return c.uuid("records", number) }

// uuid is the id of the nth thing of a kind.
func (c *collection) uuid(kind string, n int64) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s/%s/%d", c.id, kind, n)).String()
}

// append adds a record whose number is the highest.
func (c *collection) append(r *record) {
	c.records = append(c.records, r)
	c.byID[r.id] = r
}

// replace puts r in the place of the record with its number.
func (c *collection) replace(r *record) {
	i, _ := slices.BinarySearchFunc(c.records, r.number, func(r *record, number int64) int {
		return cmp.Compare(r.number, number)
	})
	c.records[i] = r
	c.byID[r.id] = r
}
