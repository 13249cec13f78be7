package kainexus

import (
	"slices"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// itemWrite is the writing of one item.
type itemWrite struct {
	*draft
	template *template
	before   document // nil when the item is created
	sent     document
	after    document
	fullSync bool
}

// ignoredItemKeys are read only, or never stored.
var ignoredItemKeys = []string{
	"id", "templateId", "templateName", "link", "parentSummary", "lastUpdateDate",
	"likeCount", "ackCount", "voteCount", "suppressNotifications",
}

// itemDates are the moments that a caller may set.
var itemDates = []string{
	"createDate", "startDate", "assignDate", "dueDate", "reviewDate", "resolutionSubmitDate", "completeDate",
}

// putItem updates the item of that id, or creates one.
func (d *draft) putItem(sent document, fullSync bool) (stub.WriteOutcome, error) {
	before, err := d.match(d.items, sent, "id", "item, or it was deleted,")
	if err != nil {
		return stub.WriteOutcome{}, err
	}
	if sent.text("status") == string(stub.ItemStatusDeleted) {
		return d.deleteItem(before)
	}
	t, err := findTemplate(before, sent)
	if err != nil {
		return stub.WriteOutcome{}, err
	}
	write := &itemWrite{draft: d, template: t, before: before, sent: sent, after: before.clone(), fullSync: fullSync}
	operation := stub.WriteOperationUpdate
	if before == nil {
		operation = stub.WriteOperationCreate
		write.begin()
	}
	for _, part := range []func() error{
		write.plain, write.status, write.parent, write.people, write.places,
		write.fields, write.attributes, write.milestones, write.resolutions, write.chart,
	} {
		if err := part(); err != nil {
			return stub.WriteOutcome{}, err
		}
	}
	write.after["lastUpdateDate"] = timestamp(d.now)
	if d.seeding && sent.has("lastUpdateDate") {
		write.after["lastUpdateDate"] = sent["lastUpdateDate"]
	}
	d.own(&d.items).set(write.after)
	return outcome(write.after.id(), operation), nil
}

// deleteItem takes an item out of sight for good. It counts as an update.
func (d *draft) deleteItem(item document) (stub.WriteOutcome, error) {
	if item == nil {
		return stub.WriteOutcome{}, bad(missingData, "only an item with an id can be deleted")
	}
	d.own(&d.items).remove(item.id())
	return outcome(item.id(), stub.WriteOperationUpdate), nil
}

// findTemplate is the template of an item, which never changes. An id wins over a name.
func findTemplate(before, sent document) (*template, error) {
	if before != nil && !sent.has("templateId") && !sent.has("templateName") {
		return before.template(), nil
	}
	i := slices.IndexFunc(templates, func(t template) bool {
		if sent.has("templateId") {
			return t.id == sent.integer("templateId")
		}
		return t.name == sent.text("templateName")
	})
	switch {
	case i < 0 && !sent.has("templateId") && !sent.has("templateName"):
		return nil, bad(missingData, "an item needs a templateId or a templateName")
	case i < 0:
		return nil, bad(unknownReference, "there is no template of that id or name")
	case before != nil && before.integer("templateId") != templates[i].id:
		return nil, bad(notAllowed, "the template of an item cannot be changed")
	}
	return &templates[i], nil
}

// begin gives a new item what every item has.
func (w *itemWrite) begin() {
	w.after["id"] = num(w.take(w.sent))
	w.after["templateId"] = num(w.template.id)
	w.after["templateName"] = w.template.name
	w.after["createDate"] = timestamp(w.now)
	w.after["fields"], w.after["attributes"] = []any{}, []any{}
	for _, key := range w.template.team.lists {
		w.after[key] = []any{}
	}
	for _, key := range locationLists {
		w.after[key] = []any{}
	}
	milestones := []any{}
	for _, m := range w.template.milestones {
		milestones = append(milestones, document{"id": num(m.id), "name": m.name, "status": "NOT_READY"})
	}
	w.after["milestones"] = milestones
	for _, key := range []string{"likeCount", "ackCount", "voteCount"} {
		w.after[key] = num(0)
		if w.seeding && w.sent.has(key) {
			w.after[key] = w.sent[key]
		}
	}
	if w.template.chart {
		w.after["chart"] = document{"id": num(w.nextID()), "useDate": false, "series": []any{}}
	}
}

// structuredItemKeys are written by the other parts.
var structuredItemKeys = slices.Concat(
	[]string{"status", "customStatus", "parentId", "fields", "attributes", "milestones", "chart"},
	peopleLists, peopleSingle, locationLists, resolutionKeys,
)

// plain writes the title, the dates, and the keys that nobody knows.
func (w *itemWrite) plain() error {
	if err := checkTimestamps(w.sent, append([]string{"lastUpdateDate"}, itemDates...)); err != nil {
		return err
	}
	for key, value := range w.sent {
		switch {
		case slices.Contains(ignoredItemKeys, key) || slices.Contains(structuredItemKeys, key):
		case value == nil && key == "createDate":
		case value == nil && key != "startDate" && slices.Contains(itemDates, key):
			delete(w.after, key)
		default:
			w.after[key] = value
		}
	}
	if w.after.text("summary") == "" {
		return bad(missingData, "an item needs a summary")
	}
	return nil
}

// status writes the status. The custom one wins, and decides the other.
func (w *itemWrite) status() error {
	switch {
	case w.sent.has("customStatus"):
		for status, customary := range statusNames {
			if customary == w.sent.text("customStatus") {
				w.after["status"], w.after["customStatus"] = status, customary
				return nil
			}
		}
		return bad(unknownReference, "there is no status of that name")
	case w.sent.has("status"):
		customary, ok := statusNames[w.sent.text("status")]
		if !ok {
			return bad(unknownReference, "there is no such status")
		}
		w.after["status"], w.after["customStatus"] = w.sent.text("status"), customary
	case w.before == nil:
		w.after["status"], w.after["customStatus"] = "NEW", statusNames["NEW"]
	}
	return nil
}

// parent writes the parent of the item.
func (w *itemWrite) parent() error {
	if !w.sent.has("parentId") {
		if w.sent.names("parentId") {
			delete(w.after, "parentId")
		}
		return nil
	}
	parent, ok := w.items.get(w.sent.integer("parentId"))
	if !ok {
		return bad(unknownReference, "there is no item %d to be the parent", w.sent.integer("parentId"))
	}
	for above := parent; above != nil; above = w.items.rows[above.integer("parentId")] {
		if above.id() == w.after.id() {
			return bad(notAllowed, "an item cannot be inside itself")
		}
	}
	w.after["parentId"] = num(parent.id())
	return nil
}

// people writes the team.
func (w *itemWrite) people() error {
	for _, key := range peopleLists {
		if !w.sent.names(key) {
			continue
		}
		people, err := bindAll(w.users, w.sent, key, "username", "user")
		if err != nil {
			return err
		}
		if slices.Contains(w.template.team.lists, key) {
			w.after[key] = array(people)
		} else if len(people) > 0 {
			return bad(notAllowed, "the team of this template has no %s", key)
		}
	}
	for _, key := range peopleSingle {
		switch {
		case !w.sent.names(key):
		case !w.sent.has(key):
			delete(w.after, key)
		case !slices.Contains(w.template.team.single, key):
			return bad(notAllowed, "the team of this template has no %s", key)
		default:
			person, err := bind(w.users, w.sent.object(key), "username", "user")
			if err != nil {
				return err
			}
			w.after[key] = person
		}
	}
	if len(w.after.stored("authors")) == 0 {
		return bad(missingData, "an item needs an author")
	}
	return nil
}

// places writes the locations.
func (w *itemWrite) places() error {
	for _, key := range locationLists {
		if !w.sent.names(key) {
			continue
		}
		places, err := bindAll(w.locations, w.sent, key, "name", "Network Location")
		if err != nil {
			return err
		}
		w.after[key] = array(places)
	}
	return nil
}
