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
	before, err := d.match(d.items, sent, "id", unseenItem)
	if err != nil {
		return stub.WriteOutcome{}, err
	}
	if err := d.by.mayChange(before); err != nil {
		return stub.WriteOutcome{}, err
	}
	if sent.text("status") == string(stub.ItemStatusDeleted) {
		return d.deleteItem(before, sent)
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
	if before == nil {
		if err := d.by.mayCreate(write.after); err != nil {
			return stub.WriteOutcome{}, err
		}
	}
	write.after["lastUpdateDate"] = timestamp(d.now)
	if d.seeding && sent.has("lastUpdateDate") {
		write.after["lastUpdateDate"] = sent["lastUpdateDate"]
	}
	d.own(&d.items).set(write.after)
	d.notify(write.after.id(), string(operation), sent.flag("suppressNotifications"))
	return outcome(write.after.id(), operation), nil
}

// deleteItem takes an item out of sight for good. It counts as an update.
//
// Choice(delete-item): status DELETED deletes whatever customStatus says, and nothing else
// of the body counts then. What was inside the item loses its parent.
func (d *draft) deleteItem(item, sent document) (stub.WriteOutcome, error) {
	if item == nil {
		return stub.WriteOutcome{}, bad(missingData, "only an item with an id can be deleted")
	}
	d.forgetItem(item.id())
	d.own(&d.items).remove(item.id())
	d.notify(item.id(), string(stub.WriteOperationUpdate), sent.flag("suppressNotifications"))
	return outcome(item.id(), stub.WriteOperationUpdate), nil
}

// findTemplate is the template of an item, which never changes. An id wins over a name.
//
// Choice(template-stays): The template of an item is chosen when it is created, and
// another one is refused from then on.
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
		return nil, bad(missingData, "an item needs a templateId or a templateName; there are %s", templateCatalog())
	case i < 0:
		return nil, unknownTemplate(sent)
	case before != nil && before.integer("templateId") != templates[i].id:
		return nil, bad(notAllowed, "the template of an item cannot be changed")
	}
	return &templates[i], nil
}

func unknownTemplate(sent document) error {
	return unknown("template", document{"id": sent["templateId"], "name": sent["templateName"]}, "id", "name", templateCatalog().String())
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
//
// Choice(omitted-and-null): A key that is left out of a body keeps what is stored. Null
// clears it, except that a null startDate is stored and returned as null, and a null
// createDate changes nothing. Keys match in their exact case, and those that nobody knows
// are stored and returned.
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
//
// Choice(status-and-custom-status): customStatus wins over status, and its name must be one
// of the organization's. A status alone gives the item the customary name of that Status
// Type, even where a Custom Status of the same type was set. Statuses set no dates, and a
// new item without either is NEW.
func (w *itemWrite) status() error {
	switch {
	case w.sent.has("customStatus"):
		status, ok := typeOfStatus(w.sent.text("customStatus"))
		if !ok {
			return bad(unknownReference, "there is no status of the name %s; there are %s", name(w.sent.text("customStatus")), allStatusNames())
		}
		w.after["status"], w.after["customStatus"] = status, w.sent.text("customStatus")
	case w.sent.has("status"):
		customary, ok := statusNames[w.sent.text("status")]
		if !ok {
			return bad(unknownReference, "there is no status %s; there are %s", name(w.sent.text("status")), allStatusTypes())
		}
		w.after["status"], w.after["customStatus"] = w.sent.text("status"), customary
	case w.before == nil:
		w.after["status"], w.after["customStatus"] = "NEW", statusNames["NEW"]
	}
	return nil
}

// parent writes the parent of the item.
//
// Choice(parent-item): parentId may be written, with any item that is not inside the item
// itself.
func (w *itemWrite) parent() error {
	if !w.sent.has("parentId") {
		if w.sent.names("parentId") {
			delete(w.after, "parentId")
		}
		return nil
	}
	parent, ok := w.items.get(w.sent.integer("parentId"))
	if !ok || !w.by.views(parent) {
		return bad(unknownReference, "there is no item %d to be the parent", w.sent.integer("parentId"))
	}
	for above := parent; above != nil; above, _ = w.items.get(above.integer("parentId")) {
		if above.id() == w.after.id() {
			return bad(notAllowed, "an item cannot be inside itself")
		}
	}
	w.after["parentId"] = num(parent.id())
	return nil
}

// people writes the team.
//
// Choice(team-of-the-template): People under a key that the template's kind of team does
// not have are refused; an empty list there is not. A list of people replaces the stored
// one.
//
// Choice(new-item) [putItem putItems]: A new item needs a template, a summary and an author,
// and no update may take the last two away. Its status is NEW unless given.
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
//
// Choice(item-locations): A list of locations replaces the stored one. Any template has all
// three kinds of them.
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
