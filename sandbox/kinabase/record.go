package kinabase

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// record is a record as stored. It never changes: a change makes another one, so a
// reader needs no lock once it holds one.
type record struct {
	id     string
	number int64
	// data is what values gives, unless the record is as batch draws it.
	data                 map[string]json.RawMessage
	batch                *batch
	links                []link
	createdAt, updatedAt time.Time
	// sampledAt is when the newest ingested value of a field was true.
	sampledAt map[string]time.Time
}

// link is an external link, with its text as it was sent.
type link struct {
	service, id string
	text        json.RawMessage
}

// values are the stored values by field key. They may be shared: do not change them.
func (r *record) values() map[string]json.RawMessage {
	if r.batch != nil {
		return r.batch.draw(r.number)
	}
	return r.data
}

// copied is a copy whose values may be changed.
func (r *record) copied() *record {
	after := *r
	after.data = maps.Clone(r.values())
	if after.data == nil {
		after.data = map[string]json.RawMessage{}
	}
	after.batch = nil
	return &after
}

// changed is the record after a change.
func (r *record) changed(in input, now time.Time) *record {
	after := r.copied()
	maps.Copy(after.data, in.data)
	if in.relink {
		after.links = in.links
	}
	after.updatedAt = now
	return after
}

// sampled is the record after samples were ingested, in their order.
//
// Choice(newest-sample): An ingested value becomes the value of the field unless a newer sample came before, in whatever
// order they arrive. A change of the record by another call does not count as a sample.
func (r *record) sampled(samples []sample, now time.Time) *record {
	after := r.copied()
	after.sampledAt = maps.Clone(r.sampledAt)
	if after.sampledAt == nil {
		after.sampledAt = map[string]time.Time{}
	}
	for _, s := range samples {
		for key, value := range s.data {
			if newest, ok := after.sampledAt[key]; ok && s.at.Before(newest) {
				continue
			}
			after.data[key], after.sampledAt[key] = value, s.at
		}
	}
	after.updatedAt = now
	return after
}

// linkedTo tells whether the record has a link to the service, or to any service when
// it is anyService.
func (r *record) linkedTo(service string) bool {
	return slices.ContainsFunc(r.links, func(l link) bool {
		return service == anyService || l.service == service
	})
}

// recordBody is a record of today as JSON.
type recordBody struct {
	ID        string                     `json:"id"`
	NumericID int64                      `json:"numericId"`
	Data      map[string]json.RawMessage `json:"data"`
	External  []json.RawMessage          `json:"external"`        // null without links
	Lists     any                        `json:"lists,omitempty"` // only when asked for
}

// listBody is one list of a record.
type listBody struct {
	Key        string `json:"key"`
	Collection string `json:"collection"`
	Records    []any  `json:"records"`
}

// edition2023Time is how that edition prints a moment.
const edition2023Time = "02/01/2006 15:04:05 -07:00"

// body is the record as the chosen edition answers it.
func (o *operations) body(c *collection, r *record, includeLists bool) any {
	values := o.store.shown(c, r)
	var lists any
	if includeLists {
		lists = o.lists(c, r)
	}
	if !o.edition2023 {
		var external []json.RawMessage
		for _, l := range r.links {
			external = append(external, l.text)
		}
		return recordBody{ID: r.id, NumericID: r.number, Data: values, External: external, Lists: lists}
	}
	// Choice(edition-2023): The edition of 2023 differs in how records are answered, and in nothing else. updatedBy is
	// empty in it.
	flat := make(map[string]any, len(values)+len(answered2023))
	for key, value := range values {
		flat[key] = value
	}
	flat["id"] = r.id
	flat["recordId"] = r.number
	flat["createdAt"] = r.createdAt.UTC().Format(edition2023Time)
	flat["updatedAt"] = r.updatedAt.UTC().Format(edition2023Time)
	flat["updatedBy"] = ""
	if includeLists {
		flat["lists"] = lists
	}
	return flat
}

// lists are the lists of a record.
//
// Choice(lists): A list is a field that links to many records. lists, when it is asked for, is an array with an entry for
// each such field: its key, the slug of the collection, and the linked records, which do not show lists of their own. It
// is empty where there is no such field, and it can be asked of a page and of /all.
func (o *operations) lists(c *collection, r *record) []listBody {
	lists := []listBody{}
	for _, f := range c.fields {
		if f.Kind != KindLinkedMany {
			continue
		}
		o.store.mu.RLock()
		linked := f.linked(r.values()[f.Key])
		o.store.mu.RUnlock()
		list := listBody{Key: f.Key, Collection: f.target.slug, Records: []any{}}
		for _, child := range linked {
			list.Records = append(list.Records, o.body(f.target, child, false))
		}
		lists = append(lists, list)
	}
	return lists
}
