package kainexus

import (
	"net/http"
	"slices"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// ListNetworkLocations is GET /api/public/v1/json/networkLocationList.
func (o *operations) ListNetworkLocations(w http.ResponseWriter, r *http.Request) {
	start, s := o.clock(), o.store.view()
	o.answerPage(w, r, start, whole(s.locations, s.showLocation))
}

// GetNetworkLocation is GET /api/public/v1/json/networkLocation.
func (o *operations) GetNetworkLocation(w http.ResponseWriter, _ *http.Request, params stub.GetNetworkLocationParams) {
	start, s := o.clock(), o.store.view()
	location, ok := s.locations.get(params.ID)
	if !ok {
		refuse(w, denied("there is no Network Location %d", params.ID))
		return
	}
	o.answerItem(w, start, s.showLocation(location))
}

// PutNetworkLocation is PUT /api/public/v1/json/networkLocation.
func (o *operations) PutNetworkLocation(w http.ResponseWriter, r *http.Request) {
	writeOne[stub.NetworkLocation](o, w, r, (*draft).putLocation)
}

// PutNetworkLocations is PUT /api/public/v1/json/networkLocationList.
func (o *operations) PutNetworkLocations(w http.ResponseWriter, r *http.Request) {
	writeMany[stub.NetworkLocation](o, w, r, (*draft).putLocation)
}

func (s *state) showLocation(location document) document {
	shown := location.clone()
	if location.has("parent") {
		shown["parent"] = show(s.locations, location.object("parent"), nameKeys)
	}
	return shown
}

// putLocation updates or deletes the location of that id, or else of that name, or else
// creates one.
func (d *draft) putLocation(sent document) (stub.WriteOutcome, error) {
	before, err := d.match(d.locations, sent, "name", "Network Location")
	if err != nil {
		return stub.WriteOutcome{}, err
	}
	if sent.flag("delete") {
		return d.deleteLocation(before)
	}
	after := before.clone()
	for key, value := range sent {
		if key != "id" && key != "delete" {
			after[key] = value
		}
	}
	operation := stub.WriteOperationUpdate
	if before == nil {
		operation = stub.WriteOperationCreate
		after["id"] = num(d.take(sent))
	}
	if err := d.checkLocation(before, after); err != nil {
		return stub.WriteOutcome{}, err
	}
	d.own(&d.locations).set(after)
	return outcome(after.id(), operation), nil
}

// checkLocation binds the references of a location and tells what is wrong with it.
//
// Choice(location-rules): A new Network Location needs a name, which no other may have, a
// level type, and a parent, which only the root is without. It cannot be inside itself.
func (d *draft) checkLocation(before, after document) error {
	title := after.text("name")
	if title == "" || !after.has("levelType") {
		return bad(missingData, "a Network Location needs a name and a levelType")
	}
	if other, ok := d.locations.find("name", title); ok && other.id() != after.id() {
		return bad(notAllowed, "another Network Location has the name %s", name(title))
	}
	level, err := bindEntry(levelTypes, after.object("levelType"), "level type")
	if err != nil {
		return err
	}
	after["levelType"] = level
	if !after.has("parent") {
		delete(after, "parent")
		isRoot := before != nil && !before.has("parent")
		if !isRoot && d.locations.size > 0 {
			return bad(missingData, "a Network Location needs a parent, unless it is the root")
		}
		return nil
	}
	parent, err := bind(d.locations, after.object("parent"), "name", "Network Location")
	if err != nil {
		return err
	}
	for above := parent; above != nil; {
		if above.id() == after.id() {
			return bad(notAllowed, "a Network Location cannot be inside itself")
		}
		stored, _ := d.locations.get(above.id())
		above = stored.object("parent")
	}
	after["parent"] = parent
	return nil
}

// deleteLocation takes a location away from which nothing hangs.
//
// Choice(delete-location): A Network Location that has others inside, or users, cannot be
// deleted. Items and values that refer to one that was deleted no longer show it.
func (d *draft) deleteLocation(location document) (stub.WriteOutcome, error) {
	if location == nil {
		return stub.WriteOutcome{}, bad(unknownReference, "there is no such Network Location to delete")
	}
	id := location.id()
	for other := range d.locations.all() {
		if other.object("parent").id() == id {
			return stub.WriteOutcome{}, bad(notAllowed, "Network Location %d has others inside", id)
		}
	}
	for user := range d.users.all() {
		for _, ref := range user.stored("networkLocations") {
			if ref.id() == id {
				return stub.WriteOutcome{}, bad(notAllowed, "Network Location %d has users", id)
			}
		}
	}
	// Choice(location-of-account): A Network Location of a Service Account cannot be deleted,
	// as one of a user cannot.
	for _, account := range d.organization.Accounts {
		if slices.Contains(account.NetworkLocations, id) {
			return stub.WriteOutcome{}, bad(notAllowed, "Network Location %d has service accounts", id)
		}
	}
	d.own(&d.locations).remove(id)
	return outcome(id, stub.WriteOperationDelete), nil
}
