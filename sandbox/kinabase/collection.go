package kinabase

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

// collection holds records. What stands above mu never changes.
type collection struct {
	id, slug, title string
	fields          map[string]bool

	mu         sync.RWMutex
	records    []*record // in the order of their numbers
	byID       map[string]*record
	activities map[string][]activity // by the id of the record
	numbered   int64                 // the last number given to a record
	logged     int64                 // the last number given to an activity
}

func newCollection(content Collection) *collection {
	return &collection{
		id: content.ID, slug: content.Slug, title: content.Name,
		fields:     map[string]bool{},
		byID:       map[string]*record{},
		activities: map[string][]activity{},
	}
}

// checkKeys refuses a field key that the collection does not have in this case.
func (c *collection) checkKeys(where string, data map[string]json.RawMessage) error {
	unknown := c.unknownKeys(data)
	if len(unknown) == 0 {
		return nil
	}
	return fmt.Errorf("unknown field: %s, in %s. Keys are case-sensitive; %s has %s",
		strings.Join(unknown, ", "), where, c.slug, strings.Join(slices.Sorted(maps.Keys(c.fields)), ", "))
}

// unknownKeys are those keys of data that the collection does not have, quoted: the
// first ten of them.
func (c *collection) unknownKeys(data map[string]json.RawMessage) []string {
	var unknown []string
	for _, key := range slices.Sorted(maps.Keys(data)) {
		if !c.fields[key] && len(unknown) < 10 {
			unknown = append(unknown, name(key))
		}
	}
	return unknown
}

// matching are the records that a filter lets through, in order.
func (c *collection) matching(f filter) []*record {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var records []*record
	for _, r := range c.records {
		if f.matches(r) {
			records = append(records, r)
		}
	}
	return records
}

// get is one record.
func (c *collection) get(find selector) (*record, error) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return find(c)
}

// add adds a record for each input.
func (c *collection) add(inputs []input, now time.Time) []*record {
	c.mu.Lock()
	defer c.mu.Unlock()
	added := make([]*record, len(inputs))
	for i, in := range inputs {
		added[i] = c.next(in, now)
		c.append(added[i])
	}
	return added
}

// edit is an input and the record it is meant for.
type edit struct {
	find selector
	in   input
}

// change carries out all of the edits, in order, or none.
func (c *collection) change(edits []edit, now time.Time) ([]*record, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	changed := make([]*record, len(edits))
	latest := map[string]*record{} // a record may be edited twice
	for i, e := range edits {
		before, err := e.find(c)
		if err != nil {
			return nil, err
		}
		before = cmp.Or(latest[before.id], before)
		changed[i] = before.changed(e.in, now)
		latest[before.id] = changed[i]
	}
	for _, r := range latest {
		c.replace(r)
	}
	return changed, nil
}

// remove removes all of the records, or none. One that is named twice goes once.
func (c *collection) remove(finds ...selector) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	doomed := map[*record]bool{}
	for _, find := range finds {
		r, err := find(c)
		if err != nil {
			return err
		}
		doomed[r] = true
	}
	for r := range doomed {
		delete(c.byID, r.id)
		delete(c.activities, r.id)
	}
	c.records = slices.DeleteFunc(c.records, func(r *record) bool { return doomed[r] })
	return nil
}

// A selector finds a record. It is called with the lock held.
type selector func(*collection) (*record, error)

func byID(id string) selector {
	return func(c *collection) (*record, error) {
		if r, ok := c.byID[id]; ok {
			return r, nil
		}
		return nil, notFound("%s has no record %s", c.slug, name(id))
	}
}

func byLink(service, id string) selector {
	return func(c *collection) (*record, error) {
		for _, r := range c.records {
			if slices.ContainsFunc(r.links, func(l link) bool { return l.service == service && l.id == id }) {
				return r, nil
			}
		}
		return nil, notFound("no record of %s is linked to %s of %s", c.slug, name(id), name(service))
	}
}

// next makes the next record, without adding it. Its id follows from its number. A
// record that was loaded may have been given that id: then the number is passed over.
func (c *collection) next(in input, now time.Time) *record {
	for {
		c.numbered++
		id := c.uuid("records", c.numbered)
		if c.byID[id] == nil {
			return &record{id: id, number: c.numbered, data: in.data, links: in.links, createdAt: now, updatedAt: now}
		}
	}
}

// uuid is the id of the nth thing of a kind.
func (c *collection) uuid(kind string, n int64) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, fmt.Appendf(nil, "%s/%s/%d", c.id, kind, n)).String()
}

// append adds a record that next made.
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
