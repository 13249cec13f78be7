package kinabase

import (
	"encoding/json"
	"maps"
	"math"
	"strconv"
)

// shown are the values of a record as it is answered. They may be shared: do not change
// them. The caller must not hold the lock of the store, though it may be planning a
// change.
func (s *store) shown(c *collection, r *record) map[string]json.RawMessage {
	stored := r.values()
	if !c.follows {
		return stored
	}
	shown := maps.Clone(stored)
	if shown == nil {
		shown = map[string]json.RawMessage{}
	}
	s.mu.RLock()
	for _, f := range c.fields {
		switch {
		case f.links():
			if raw, set := stored[f.Key]; set {
				shown[f.Key] = f.alive(raw)
			}
		case f.Kind == KindLookup:
			shown[f.Key] = f.lookup(stored[f.Through])
		case f.Kind == KindAggregation:
			shown[f.Key] = f.aggregate(stored[f.Through])
		}
	}
	s.mu.RUnlock()
	compute(c, shown)
	return shown
}

// compute fills in the computed fields. The rules are somebody else's code, so no lock
// is held.
//
// Choice(computed-fields): The rule of a computed field is a function in Go that gets the other values of the record,
// lookups and aggregations among them, as encoding/json decodes them. It is never stored.
func compute(c *collection, shown map[string]json.RawMessage) {
	var values map[string]any
	for _, f := range c.fields {
		if f.ComputeText == nil && f.ComputeNumber == nil {
			continue
		}
		if values == nil {
			values = decoded(shown)
		}
		shown[f.Key] = f.compute(maps.Clone(values))
	}
}

func (f *field) compute(values map[string]any) json.RawMessage {
	if f.ComputeText != nil {
		if text, ok := f.ComputeText(values); ok {
			return encode(text)
		}
		return json.RawMessage("null")
	}
	if x, ok := f.ComputeNumber(values); ok && !math.IsNaN(x) && !math.IsInf(x, 0) {
		return encode(x)
	}
	return json.RawMessage("null")
}

func decoded(raws map[string]json.RawMessage) map[string]any {
	values := make(map[string]any, len(raws))
	for key, raw := range raws {
		var value any
		// A number beyond float64 is the one thing that does not decode; it counts as null.
		_ = json.Unmarshal(raw, &value)
		values[key] = value
	}
	return values
}

// linksIn are the links in a value of a linked field, which may be null or absent.
func (f *field) linksIn(raw json.RawMessage) []reference {
	if len(raw) == 0 || isNull(raw) {
		return nil
	}
	if f.Kind == KindLinkedMany {
		var many []reference
		_ = json.Unmarshal(raw, &many) // it was taken as this
		return many
	}
	var one reference
	_ = json.Unmarshal(raw, &one)
	return []reference{one}
}

// alive is a value of a linked field without the links to records that are gone.
func (f *field) alive(raw json.RawMessage) json.RawMessage {
	links := f.linksIn(raw)
	kept := make([]reference, 0, len(links))
	for _, link := range links {
		if f.target.byID[link.ID] != nil {
			kept = append(kept, link)
		}
	}
	switch {
	case len(kept) == len(links):
		return raw
	case f.Kind == KindLinked:
		return json.RawMessage("null")
	}
	return encode(kept)
}

// linked are the records that a value of a linked field links to.
func (f *field) linked(raw json.RawMessage) []*record {
	var records []*record
	for _, link := range f.linksIn(raw) {
		if r := f.target.byID[link.ID]; r != nil {
			records = append(records, r)
		}
	}
	return records
}

// lookup is the value that the linked record has in the field looked up.
//
// Choice(lookup-values): A lookup reads as the linked record's value, and as null where there is no link or no value.
// Through a field with many links it reads as an array of the values, in the order of the links.
func (f *field) lookup(through json.RawMessage) json.RawMessage {
	values := []json.RawMessage{}
	for _, r := range f.through.linked(through) {
		value, set := r.values()[f.Of]
		if !set {
			value = json.RawMessage("null")
		} else if f.of.links() {
			value = f.of.alive(value)
		}
		values = append(values, value)
	}
	if f.through.Kind == KindLinkedMany {
		return encode(values)
	}
	if len(values) == 0 {
		return json.RawMessage("null")
	}
	return values[0]
}

// aggregate is a count or a sum over the linked records.
//
// Choice(aggregations): An aggregation counts the linked records, or sums one of their fields, where a value that is not
// a number counts as 0. A sum has 15 significant digits, and is null when it is too large for a float64.
func (f *field) aggregate(through json.RawMessage) json.RawMessage {
	records := f.through.linked(through)
	if f.of == nil {
		return encode(len(records))
	}
	sum := 0.0
	for _, r := range records {
		x, _ := asNumber(r.values()[f.Of])
		sum += x
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return json.RawMessage("null")
	}
	return json.RawMessage(strconv.FormatFloat(sum, 'g', 15, 64))
}
