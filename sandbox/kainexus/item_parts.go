package kainexus

import (
	"maps"
	"slices"
)

// Choice(merged-parts): Entries of fields, attributes and milestones that are sent replace
// those of the same Field, Attribute or Milestone, and the others stay. Null clears all
// fields or attributes; an item always has all milestones of its template.

// fields writes the values of Fields.
func (w *itemWrite) fields() error {
	entries := w.merged("fields")
	if entries == nil {
		return nil
	}
	kinds := catalog{}
	for _, f := range w.template.fields {
		kinds = append(kinds, f.entry)
	}
	err := w.eachSent("fields", func(sent document) error {
		bound, err := bindEntry(kinds, sent, "Field on this template")
		if err != nil {
			return err
		}
		i := slices.IndexFunc(w.template.fields, func(f field) bool { return f.id == bound.id() })
		return setField(entries, w.template.fields[i], bound)
	})
	if err != nil {
		return err
	}
	ordered := []document{}
	for _, f := range w.template.fields {
		if entry, ok := entries[f.id]; ok {
			ordered = append(ordered, entry)
		}
	}
	w.after["fields"] = array(ordered)
	return nil
}

// setField puts an entry in its place. Without a value it changes nothing, and with null
// for a value it takes the entry away.
func setField(entries map[int64]document, f field, sent document) error {
	named, valued := false, false
	for _, key := range fieldKeys {
		if slices.Contains(fieldKinds[f.kind], key) {
			named = named || sent.names(key)
			valued = valued || sent.has(key)
		} else if sent.has(key) {
			return bad(invalidBody, "%s does not go with the Field %s", key, name(f.name))
		}
		if !sent.has(key) {
			delete(sent, key)
		}
	}
	if err := checkTimestamps(sent, []string{"dateValue"}); err != nil {
		return err
	}
	switch {
	case valued:
		entries[f.id] = sent
	case named:
		delete(entries, f.id)
	}
	return nil
}

// attributes writes what is selected in Attributes.
func (w *itemWrite) attributes() error {
	entries := w.merged("attributes")
	if entries == nil {
		return nil
	}
	kinds := catalog{}
	for _, a := range w.template.attributes {
		kinds = append(kinds, a.entry)
	}
	err := w.eachSent("attributes", func(sent document) error {
		bound, err := bindEntry(kinds, sent, "Attribute on this template")
		if err != nil {
			return err
		}
		return w.setAttribute(entries, w.template.attribute(bound.id()), bound)
	})
	if err != nil {
		return err
	}
	ordered := []document{}
	for _, a := range w.template.attributes {
		if entry, ok := entries[a.id]; ok {
			ordered = append(ordered, entry)
		}
	}
	w.after["attributes"] = array(ordered)
	return nil
}

func (w *itemWrite) setAttribute(entries map[int64]document, a attribute, sent document) error {
	if !sent.names("values") {
		return nil
	}
	// Choice(weighted-score): Where an Attribute belongs to a Weighted Score, score must name
	// it, by its name or its id as text, and is returned by name.
	if score := sent.text("score"); score != a.score && score != scoreIDs[a.score] {
		return bad(missingData, "the Attribute %s goes with the score %s", name(a.name), name(a.score))
	}
	delete(sent, "score")
	if a.score != "" {
		sent["score"] = a.score
	}
	t, key, what := w.values[attributeOwner(a.id)], "name", "value of this Attribute"
	switch a.kind {
	case "location":
		t, what = w.locations, "Network Location"
	case "person":
		t, key, what = w.users, "username", "user"
	}
	values, err := bindAll(t, sent, "values", key, what)
	if err != nil {
		return err
	}
	for _, value := range values {
		if row, _ := t.get(value.id()); a.kind == "value" && row.flag("folder") {
			return bad(notAllowed, "a Folder of values cannot be selected")
		}
		// Choice(attribute-notes): A note on a value of an Attribute without notes is refused.
		if value.has("note") && !a.notes {
			return bad(notAllowed, "values of the Attribute %s have no notes", name(a.name))
		}
	}
	if len(values) == 0 {
		delete(entries, a.id)
		return nil
	}
	sent["values"] = array(values)
	entries[a.id] = sent
	return nil
}

// milestoneStatuses are what is decided of a Milestone. The documentation prints the
// last with a space.
var milestoneStatuses = map[string]string{
	"APPROVED": "APPROVED", "NOT_APPROVED": "NOT_APPROVED", "READY": "READY", "NOT_READY": "NOT_READY", "NOT READY": "NOT_READY",
}

const milestoneStatusNames = "APPROVED, NOT_APPROVED, READY, NOT_READY"

// milestones writes the state of Milestones, of which an item always has all.
func (w *itemWrite) milestones() error {
	if !w.sent.has("milestones") {
		return nil
	}
	entries := w.merged("milestones")
	kinds := catalog{}
	for _, m := range w.template.milestones {
		kinds = append(kinds, m.entry)
	}
	err := w.eachSent("milestones", func(sent document) error {
		bound, err := bindEntry(kinds, sent, "Milestone on this template")
		if err != nil {
			return err
		}
		merged := entries[bound.id()].clone()
		maps.Copy(merged, bound)
		if bound.has("status") {
			status, ok := milestoneStatuses[bound.text("status")]
			if !ok {
				return bad(unknownReference, "there is no status %s of a Milestone; there are %s", name(bound.text("status")), milestoneStatusNames)
			}
			i := slices.IndexFunc(w.template.milestones, func(m milestone) bool { return m.id == bound.id() })
			if err := w.by.mayDecide(w.template.milestones[i], entries[bound.id()].text("status"), status); err != nil {
				return err
			}
			merged["status"] = status
		} else {
			merged["status"] = entries[bound.id()]["status"]
		}
		if !merged.has("notes") {
			delete(merged, "notes")
		}
		entries[bound.id()] = merged
		return nil
	})
	if err != nil {
		return err
	}
	ordered := []document{}
	for _, m := range w.template.milestones {
		ordered = append(ordered, entries[m.id])
	}
	w.after["milestones"] = array(ordered)
	return nil
}

// merged are the entries to merge what is sent into, by id. It is nil when nothing is to
// be written.
func (w *itemWrite) merged(key string) map[int64]document {
	if !w.sent.names(key) {
		return nil
	}
	entries := map[int64]document{}
	if w.sent.has(key) {
		for _, entry := range w.after.stored(key) {
			entries[entry.id()] = entry
		}
	}
	return entries
}

func (w *itemWrite) eachSent(key string, write func(document) error) error {
	entries, err := w.sent.objects(key)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if err := write(entry); err != nil {
			return err
		}
	}
	return nil
}
