package kainexus

import (
	"maps"
	"net/http"
	"slices"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// ListUsers is GET /api/public/v1/json/userList.
func (o *operations) ListUsers(w http.ResponseWriter, r *http.Request, params stub.ListUsersParams) {
	start, s := o.clock(), o.store.view()
	withBadges, err := readFlag("includeBadges", params.IncludeBadges)
	if err != nil {
		refuse(w, err)
		return
	}
	show := func(user document) document { return s.showUser(user, withBadges) }
	if params.ID == nil {
		o.answerPage(w, r, start, whole(s.users, show))
		return
	}
	ids, err := s.listed(*params.ID, PeopleList)
	if err != nil {
		refuse(w, err)
		return
	}
	o.answerPage(w, r, start, paged(s.users, ids, 0, max(maxLimit, len(ids)), show))
}

// GetUser is GET /api/public/v1/json/user.
func (o *operations) GetUser(w http.ResponseWriter, _ *http.Request, params stub.GetUserParams) {
	start, s := o.clock(), o.store.view()
	withBadges, err := readFlag("includeBadges", params.IncludeBadges)
	if err != nil {
		refuse(w, err)
		return
	}
	user, ok := s.users.get(params.ID)
	if !ok {
		refuse(w, denied("there is no user %d", params.ID))
		return
	}
	o.answerItem(w, start, s.showUser(user, withBadges))
}

// PutUser is PUT /api/public/v1/json/user.
func (o *operations) PutUser(w http.ResponseWriter, r *http.Request) {
	writeOne[stub.User](o, w, r, (*draft).putUser)
}

// PutUsers is PUT /api/public/v1/json/userList.
func (o *operations) PutUsers(w http.ResponseWriter, r *http.Request) {
	writeMany[stub.User](o, w, r, (*draft).putUser)
}

func (s *state) showUser(user document, withBadges bool) document {
	shown := user.clone()
	shown["networkLocations"] = showAll(s.locations, user.stored("networkLocations"), nameKeys)
	if user.has("roles") {
		shown["roles"] = s.organization.showRoles(user.stored("roles"))
	}
	if withBadges {
		shown["badges"] = append([]any{}, badges[user.id()]...)
	}
	return shown
}

// putUser updates the user of that id, or else of that username, or else creates one.
//
// Choice(new-user): A new user needs userType, firstName, lastName, username and a Network
// Location. Any userType is taken. Usernames are unique. Badges that are sent are ignored,
// and delete is refused.
func (d *draft) putUser(sent document) (stub.WriteOutcome, error) {
	before, err := d.match(d.users, sent, "username", "user")
	if err != nil {
		return stub.WriteOutcome{}, err
	}
	if sent.flag("delete") {
		return stub.WriteOutcome{}, bad(notAllowed, "a user cannot be deleted; set userType to INACTIVE")
	}
	after := before.clone()
	for key, value := range sent {
		if key != "id" && key != "badges" && key != "delete" {
			after[key] = value
		}
	}
	for _, key := range []string{"userType", "firstName", "lastName", "username"} {
		if after.text(key) == "" {
			return stub.WriteOutcome{}, bad(missingData, "a user needs %s", key)
		}
	}
	if err := d.bindUser(sent, after); err != nil {
		return stub.WriteOutcome{}, err
	}
	if err := d.by.mayPutUser(before, after); err != nil {
		return stub.WriteOutcome{}, err
	}
	operation := stub.WriteOperationUpdate
	if before == nil {
		operation = stub.WriteOperationCreate
		after["id"] = num(d.take(sent))
	}
	if other, ok := d.users.find("username", after.text("username")); ok && other.id() != after.id() {
		return stub.WriteOutcome{}, bad(notAllowed, "another user has the username %s", name(after.text("username")))
	}
	if !after.has("email") {
		delete(after, "email")
	}
	d.own(&d.users).set(after)
	return outcome(after.id(), operation), nil
}

// bindUser binds the references that were sent.
func (d *draft) bindUser(sent, after document) error {
	if sent.names("networkLocations") {
		locations, err := bindAll(d.locations, sent, "networkLocations", "name", "Network Location")
		if err != nil {
			return err
		}
		after["networkLocations"] = array(locations)
	}
	if len(after.stored("networkLocations")) == 0 {
		return bad(missingData, "a user needs at least one Network Location")
	}
	catalogs := maps.Clone(profiles)
	catalogs["roles"] = d.organization.roleCatalog()
	for _, key := range slices.Sorted(maps.Keys(catalogs)) {
		if !sent.names(key) {
			continue
		}
		refs, err := sent.objects(key)
		if err != nil {
			return err
		}
		for i, ref := range refs {
			if refs[i], err = bindEntry(catalogs[key], ref, "entry of "+key); err != nil {
				return err
			}
		}
		after[key] = array(refs)
	}
	return nil
}

// match finds the record that a body means: by its id, or else by the text under key.
// It is nil when there is none and one is to be created.
func (d *draft) match(t *table, sent document, key, what string) (document, error) {
	if sent.has("id") {
		before, ok := t.get(sent.id())
		if !ok && !d.seeding {
			return nil, denied("there is no %s %d", what, sent.id())
		}
		return before, nil
	}
	if !sent.has(key) {
		return nil, nil
	}
	before, _ := t.find(key, sent.text(key))
	return before, nil
}
