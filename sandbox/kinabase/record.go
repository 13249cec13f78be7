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
	id                   string
	number               int64
	data                 map[string]json.RawMessage
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

// changed is the record after a change.
func (r *record) changed(in input, now time.Time) *record {
	after := *r
	after.data = maps.Clone(r.data)
	maps.Copy(after.data, in.data)
	if in.relink {
		after.links = in.links
	}
	after.updatedAt = now
	return &after
}

// sampled is the record after samples were ingested, in their order. Of the values of
// a field the newest stays, whatever the order in which they arrive.
func (r *record) sampled(samples []sample, now time.Time) *record {
	after := *r
	after.data = maps.Clone(r.data)
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
	return &after
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

// edition2023Time is how that edition prints a moment.
const edition2023Time = "02/01/2006 15:04:05 -07:00"

// body is the record as the chosen edition answers it.
func (o *operations) body(r *record, includeLists bool) any {
	var lists any
	if includeLists {
		lists = []any{}
	}
	if !o.edition2023 {
		var external []json.RawMessage
		for _, l := range r.links {
			external = append(external, l.text)
		}
		return recordBody{ID: r.id, NumericID: r.number, Data: r.data, External: external, Lists: lists}
	}
	flat := make(map[string]any, len(r.data)+len(answered2023))
	for key, value := range r.data {
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
