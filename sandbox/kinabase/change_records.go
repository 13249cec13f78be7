package kinabase

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// edit is an input and the record it is meant for.
type edit struct {
	find selector
	in   input
}

// add plans a record for each input.
func (ch *change) add(c *collection, inputs []input, now time.Time) ([]*record, error) {
	added := make([]*record, len(inputs))
	numbered := c.numbered
	for i, in := range inputs {
		r := &record{data: in.data, links: in.links, createdAt: now, updatedAt: now}
		numbered, r.id = c.next(numbered)
		r.number = numbered
		if err := ch.store.settle(c, in, nil, r); err != nil {
			return nil, err
		}
		added[i] = r
		ch.putRecord(c, r)
	}
	if len(added) == 0 {
		return nil, nil
	}
	ch.putCounters(c, numbered, c.logged)
	ch.then(func() {
		c.numbered = numbered
		for _, r := range added {
			c.append(r)
		}
	})
	return added, nil
}

// edit plans all of the edits, in order. A record may be edited twice.
func (ch *change) edit(c *collection, edits []edit, now time.Time) ([]*record, error) {
	changed := make([]*record, len(edits))
	latest := map[string]*record{}
	for i, e := range edits {
		before, err := e.find(c)
		if err != nil {
			return nil, err
		}
		before = cmp.Or(latest[before.id], before)
		changed[i] = before.changed(e.in, now)
		if err := ch.store.settle(c, e.in, before, changed[i]); err != nil {
			return nil, err
		}
		latest[before.id] = changed[i]
	}
	ch.replace(c, latest)
	return changed, nil
}

// replace plans that records take the place of those with their numbers.
func (ch *change) replace(c *collection, latest map[string]*record) {
	for _, r := range latest {
		ch.putRecord(c, r)
	}
	ch.then(func() {
		for _, r := range latest {
			c.replace(r)
		}
	})
}

// remove plans that records go, with what was written about them. One that is named
// twice goes once.
//
// Choice(deletion): Deletion is final: what was written about a record goes with it, and neither its id nor its number is
// given again.
func (ch *change) remove(c *collection, finds []selector) error {
	doomed := map[*record]bool{}
	for _, find := range finds {
		r, err := find(c)
		if err != nil {
			return err
		}
		doomed[r] = true
	}
	for r := range doomed {
		ch.removeRecord(c, r)
	}
	ch.then(func() {
		c.records = slices.DeleteFunc(c.records, func(r *record) bool { return doomed[r] })
	})
	return nil
}

func (ch *change) removeRecord(c *collection, r *record) {
	if r.batch == nil {
		ch.drop(recordKey(c, r.id))
	}
	for _, a := range c.activities[r.id] {
		ch.drop(activityKey(c, r.id, a.number))
	}
	// A generated record would be drawn again, and an id that was given to a record could
	// be that of a number to come.
	returns := r.id != c.recordID(r.number) || slices.ContainsFunc(c.batches, func(b *batch) bool { return b.has(r.number) })
	if returns {
		ch.put(removedKey(c, r.id), struct{}{})
	}
	ch.then(func() {
		delete(c.byID, r.id)
		delete(c.activities, r.id)
		if returns {
			c.removed[r.id] = true
		}
	})
}

// log plans an activity and gives it its id.
func (ch *change) log(c *collection, recordID string, a activity) (activity, error) {
	if _, err := byID(recordID)(c); err != nil {
		return activity{}, err
	}
	a.number = c.logged + 1
	a.ID = c.uuid("activities", a.number)
	ch.putActivity(c, recordID, a)
	ch.putCounters(c, c.numbered, a.number)
	ch.then(func() {
		c.logged = a.number
		c.activities[recordID] = append(c.activities[recordID], a)
	})
	return a, nil
}

// settle refuses an input that does not go with the record it makes, or with other
// records. There is no record before one that is added.
func (s *store) settle(c *collection, in input, before, after *record) error {
	if before == nil {
		var missing []string
		for _, f := range c.fields {
			if _, given := in.data[f.Key]; f.Required && !given {
				missing = append(missing, name(f.Key))
			}
		}
		if len(missing) > 0 {
			return fmt.Errorf("%s lacks required fields: %s", in.where, strings.Join(missing, ", "))
		}
	}
	if err := c.checkLinks(in.where, in.data); err != nil {
		return err
	}
	return s.checkDerived(c, in, before, after)
}

// checkLinks refuses a link to a record that is not there.
//
// Choice(unknown-linked-record): A link to a record that does not exist is refused with 400. A link to a record that was
// deleted since reads as if it had not been set: a single one as null, one of many is left out.
func (c *collection) checkLinks(where string, data map[string]json.RawMessage) error {
	for _, f := range c.fields {
		raw, given := data[f.Key]
		if !given || !f.links() {
			continue
		}
		for i, link := range f.linksIn(raw) {
			if f.target.byID[link.ID] != nil {
				continue
			}
			at := f.Key
			if f.Kind == KindLinkedMany {
				at = fmt.Sprintf("%s[%d]", f.Key, i)
			}
			return fmt.Errorf("%s.%s.id must be the id of a record of %s, and there is none with this one", where, at, f.target.slug)
		}
	}
	return nil
}

// checkDerived refuses a value for a field that follows from others.
//
// Choice(read-only-values): A value that is sent for a lookup, an aggregation or a computed field is ignored when it is
// what the field reads before the change or after it, so that a record can be sent back as it was read. Any other value
// is refused with 400.
func (s *store) checkDerived(c *collection, in input, before, after *record) error {
	if len(in.derived) == 0 {
		return nil
	}
	reads := []map[string]json.RawMessage{s.shown(c, after)}
	if before != nil {
		reads = append(reads, s.shown(c, before))
	}
	for _, f := range c.fields {
		sent, given := in.derived[f.Key]
		if given && !slices.ContainsFunc(reads, func(shown map[string]json.RawMessage) bool { return sameJSON(shown[f.Key], sent) }) {
			return fmt.Errorf("%s.%s cannot be set, since a field of the kind %s follows from other fields: leave it out, or send back what was read", in.where, f.Key, f.Kind)
		}
	}
	return nil
}

// sameJSON tells whether two values are the same, however their numbers are written: a client
// that reads 1250.50 may send back 1250.5.
func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
