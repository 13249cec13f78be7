package kainexus

import (
	"fmt"
	"net/http"
	"time"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// Impact Values and the values of Attributes behave alike: they have an owner, an
// Impact Type or an Attribute, and may be in a Folder of it.

// attributeOwner is the owner of the values of an Attribute.
func attributeOwner(id int64) string { return fmt.Sprintf("attribute-%d", id) }

func (o *operations) listValues(w http.ResponseWriter, r *http.Request, start time.Time, s *state, owner string) {
	o.answerPage(w, r, start, whole(s.values[owner], func(value document) document { return s.showValue(owner, value) }))
}

func (o *operations) getValue(w http.ResponseWriter, start time.Time, s *state, owner string, id int64) {
	value, ok := s.values[owner].get(id)
	if !ok {
		refuse(w, denied("there is no value %d of that kind", id))
		return
	}
	o.answerItem(w, start, s.showValue(owner, value))
}

func (s *state) showValue(owner string, value document) document {
	shown := value.clone()
	shown["locations"] = showAll(s.locations, value.stored("locations"), nameKeys)
	if value.has("parent") {
		shown["parent"] = show(s.values[owner], value.object("parent"), nameKeys)
	}
	return shown
}

// putValue updates or deletes the value of that id, or creates one.
//
// Choice(value-by-id) [putImpactValues]: A value or Folder is updated by its id only; without one it is
// created, even under a name that another has.
func (d *draft) putValue(owner string, sent document) (stub.WriteOutcome, error) {
	before, err := d.match(d.values[owner], sent, "id", "value")
	if err != nil {
		return stub.WriteOutcome{}, err
	}
	if sent.flag("delete") {
		return d.deleteValue(owner, before)
	}
	after := before.clone()
	for key, value := range sent {
		switch {
		case key == "id" || key == "delete":
		case value == nil:
			delete(after, key)
		default:
			after[key] = value
		}
	}
	if err := d.checkValue(owner, before, sent, after); err != nil {
		return stub.WriteOutcome{}, err
	}
	operation := stub.WriteOperationUpdate
	if before == nil {
		operation = stub.WriteOperationCreate
		after["id"] = num(d.take(sent))
	}
	d.setValue(owner, after)
	return outcome(after.id(), operation), nil
}

// checkValue binds the references of a value and tells what is wrong with it.
func (d *draft) checkValue(owner string, before, sent, after document) error {
	if after.text("name") == "" {
		return bad(missingData, "a value needs a name")
	}
	after["folder"] = after.flag("folder")
	if before != nil && before.flag("folder") != after.flag("folder") {
		return bad(notAllowed, "a value cannot become a Folder, nor a Folder a value")
	}
	if before == nil || sent.names("locations") {
		locations, err := bindAll(d.locations, sent, "locations", "name", "Network Location")
		if err != nil {
			return err
		}
		after["locations"] = array(locations)
	}
	if !after.has("parent") {
		return nil
	}
	folder, err := lookup(d.values[owner], after.object("parent"), "name", "Folder")
	if err != nil {
		return err
	}
	if !folder.flag("folder") || after.flag("folder") {
		return bad(notAllowed, "values are in Folders, and Folders are not in one another")
	}
	after["parent"], err = bind(d.values[owner], after.object("parent"), "name", "Folder")
	return err
}

// deleteValue takes a value or a Folder away that nothing needs.
//
// Choice(delete-value) [putAttributeValue putAttributeValues putImpactValue putImpactValues]: "delete": true removes a value or a Folder, by its id only, unless
// a Folder has values inside or an item uses the value.
func (d *draft) deleteValue(owner string, value document) (stub.WriteOutcome, error) {
	if value == nil {
		return stub.WriteOutcome{}, bad(unknownReference, "only a value with an id can be deleted")
	}
	id := value.id()
	for other := range d.values[owner].all() {
		if other.object("parent").id() == id {
			return stub.WriteOutcome{}, bad(notAllowed, "Folder %d has values inside", id)
		}
	}
	for item, outline := range d.items.outlines() {
		switch {
		case !usesValue(outline, id):
		case d.by.viewsOutline(item, outline):
			return stub.WriteOutcome{}, bad(notAllowed, "value %d is used by item %d", id, item)
		default: // which is not for this caller to know
			return stub.WriteOutcome{}, bad(notAllowed, "value %d is used by an item", id)
		}
	}
	t := d.values[owner]
	d.own(&t).remove(id)
	d.values[owner] = t
	return outcome(id, stub.WriteOperationDelete), nil
}

func (d *draft) setValue(owner string, value document) {
	t := d.values[owner]
	d.own(&t).set(value)
	d.values[owner] = t
}

// usesValue tells whether an item refers to an Impact Value or a value of an Attribute.
// The ids of the two kinds never meet.
func usesValue(item document, id int64) bool {
	for _, a := range item.stored("attributes") {
		if _, own := attributesByID[a.id()]; !own {
			continue // its values are locations or people
		}
		for _, value := range a.stored("values") {
			if value.id() == id {
				return true
			}
		}
	}
	for entry := range impacts(item) {
		if entry.integer(resourceIDKey) == id {
			return true
		}
	}
	return false
}
