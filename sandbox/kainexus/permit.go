package kainexus

import (
	"net/http"
	"path"
	"slices"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// permit is what one Service Account may do at one moment. The nil permit is that of the
// emulator itself, which may do everything.
type permit struct {
	account ServiceAccount
	may     Permissions // those of all its Roles together
	at      *state      // where the network is, and which items are private
}

// permitOf is the permit of a Service Account. One that is gone may do nothing.
func (s *state) permitOf(account int64) *permit {
	p := &permit{at: s}
	if i := s.organization.account(account); i >= 0 {
		p.account = s.organization.Accounts[i]
	}
	// Choice(roles-add-up): The Roles of a Service Account add up: the widest scope of each
	// permission counts. Every permission holds for items of all templates and Workflows.
	for _, role := range s.organization.Roles {
		if slices.Contains(p.account.Roles, role.ID) {
			p.may = p.may.and(role.Permissions)
		}
	}
	return p
}

// views tells whether an item may be seen.
func (p *permit) views(item document) bool { return p.viewsOutline(item.id(), item) }

// viewsOutline is views for the outline of the item of an id, which need not have it.
func (p *permit) viewsOutline(id int64, item document) bool {
	if p == nil {
		return true
	}
	// Choice(view-kinds): Each item falls under one permission: a private item under View
	// Private, whatever its status, another item with the status NEW under View New, and any
	// other, drafts included, under View. A Service Account has no items of its own: those it
	// made are seen by the same rule.
	scope := p.may.View
	switch {
	case p.at.organization.isPrivate(id):
		scope = p.may.ViewPrivate
	case item.text("status") == string(stub.ItemStatusNew):
		scope = p.may.ViewNew
	}
	return p.reaches(scope, item)
}

// edits tells whether an item that may be seen may also be changed.
func (p *permit) edits(item document) bool { return p == nil || p.reaches(p.may.Edit, item) }

// reaches tells whether an item is within a scope.
func (p *permit) reaches(scope Scope, item document) bool {
	if scope == Nowhere || scope == Everywhere {
		return scope == Everywhere
	}
	// Choice(location-of-item): An item is at every Network Location of its participating,
	// originating and responsible locations, and one of them within the scope is enough. An
	// item without locations is seen and changed with the scope EVERYWHERE only.
	for _, key := range locationLists {
		for _, location := range item.stored(key) {
			if p.owns(location.id(), scope == OwnAndBelow) {
				return true
			}
		}
	}
	return false
}

// owns tells whether a location is one of the account's, or under one of them.
func (p *permit) owns(location int64, orUnder bool) bool {
	for here, ok := p.at.locations.get(location); ok; here, ok = p.at.locations.get(here.object("parent").id()) {
		if slices.Contains(p.account.NetworkLocations, here.id()) {
			return true
		}
		if !orUnder {
			return false
		}
	}
	return false
}

// decides tells whether a Milestone with these approver Roles may be decided.
func (p *permit) decides(approvers []int64) bool {
	// Choice(milestone-without-approvers): A Milestone without approver Roles is decided by
	// anyone who may edit the item.
	return p == nil || len(approvers) == 0 || slices.ContainsFunc(approvers, func(role int64) bool {
		return slices.Contains(p.account.Roles, role)
	})
}

// areas tell what permission the calls of each path need, by the last part of it. The
// permissions for items depend on the item, and are looked at there.
var areas = map[string]struct {
	permission string
	given      func(Permissions) bool
}{
	// Choice(user-manager-everywhere): User Manager always holds everywhere: it shows and
	// changes all users, and without it none.
	"user":     {"User Manager", managesUsers},
	"userList": {"User Manager", managesUsers},

	// Choice(quality-administrator): Reading the network and values needs Quality
	// Administrator, just as changing them does.
	"networkLocation":     {"Quality Administrator", administersQuality},
	"networkLocationList": {"Quality Administrator", administersQuality},
	"impactValue":         {"Quality Administrator", administersQuality},
	"impactValueList":     {"Quality Administrator", administersQuality},
	"attributeValue":      {"Quality Administrator", administersQuality},
	"attributeValueList":  {"Quality Administrator", administersQuality},

	"widget": {"View Report Data", func(p Permissions) bool { return p.ViewReportData }},

	// Choice(import-without-edit): An import of charts by an account without any Edit
	// permission is refused as a whole. With some, a chart that it may not edit is a failure
	// of the import, and one that it may not see is unknown.
	"multiChartImport": {"Edit", func(p Permissions) bool { return p.Edit != Nowhere }},
}

func managesUsers(p Permissions) bool       { return p.UserManager != nil }
func administersQuality(p Permissions) bool { return p.QualityAdministrator }

// enter refuses a call for which an account lacks the permission whatever it asks for.
func (p *permit) enter(pattern string) error {
	area, ok := areas[path.Base(pattern)]
	if ok && !area.given(p.may) {
		return denied("the Roles of the Service Account lack the permission %s", area.permission)
	}
	return nil
}

// access is the organization as one Service Account may see it. It hides the methods of
// state that give more.
type access struct {
	*state
	permit *permit
}

// seen is what the caller of a request may see.
func (o *operations) seen(r *http.Request) *access {
	s := o.store.view()
	return &access{s, s.permitOf(caller(r))}
}

// item is an item that may be seen. What may not is answered as if it did not exist.
func (a *access) item(id int64) (document, error) {
	item, err := a.state.item(id)
	if err == nil && !a.permit.views(item) {
		return nil, noItem(id)
	}
	return item, err
}

// listed are the ids of the items of a saved list that may be seen. The others are left out,
// and not counted.
func (a *access) listed(list int64) ([]int64, error) {
	ids, err := a.state.listed(list, ItemList)
	return slices.DeleteFunc(ids, func(id int64) bool { return !a.permit.viewsOutline(id, a.items.outline(id)) }), err
}

// showItem is a stored item as it reads now, for the caller.
func (a *access) showItem(item document, withChart bool) document {
	shown := a.state.showItem(item, withChart)
	// Choice(hidden-parent): The parentId and parentSummary of an item are left out where the
	// parent is not to be seen.
	if parent, ok := a.items.get(item.integer("parentId")); ok && !a.permit.views(parent) {
		delete(shown, "parentId")
		delete(shown, "parentSummary")
	}
	return shown
}

// unseenItem is what is missing where an item is, and where it is not to be seen: callers
// are not told which.
const unseenItem = "item to be seen, with the id"

func noItem(id int64) error { return denied("there is no %s %d", unseenItem, id) }

// mayChange refuses to change an item that is not to be seen, or not to be edited.
func (p *permit) mayChange(item document) error {
	switch {
	case item == nil:
		return nil // it is to be created, see mayCreate
	case !p.views(item):
		return noItem(item.id())
	case !p.edits(item):
		// Choice(edit-where-it-was): An update is judged by where the item was before it. So an
		// item may be moved to a Network Location where one may not edit or see it.
		return denied("the Roles of the Service Account lack the permission Edit at every location of item %d", item.id())
	}
	return nil
}

// mayCreate refuses a new item that would be at no location where one may edit.
func (p *permit) mayCreate(item document) error {
	// Choice(create-needs-edit) [putItem]: Creating an item needs Edit at one of its Network Locations,
	// or everywhere where it has none. It need not be one that the account may see.
	if !p.edits(item) {
		return denied("the Roles of the Service Account lack the permission Edit at every location of the new item")
	}
	return nil
}

// mayDecide refuses to decide a Milestone, or to take a decision back, without one of its
// approver Roles.
func (p *permit) mayDecide(m milestone, before, after string) error {
	isDecision := func(status string) bool { return status == "APPROVED" || status == "NOT_APPROVED" }
	// Choice(milestone-decisions): Setting a Milestone to APPROVED or NOT_APPROVED needs one
	// of its approver Roles, and so does taking that back. Sending the status that it has
	// already is no decision.
	if before == after || !isDecision(before) && !isDecision(after) || p.decides(m.approvers) {
		return nil
	}
	return denied("the Service Account has none of the approver Roles of the Milestone %s", name(m.name))
}

// mayPutUser refuses to create a user, or to give out Roles, where that is not allowed.
func (p *permit) mayPutUser(before, after document) error {
	if p == nil {
		return nil
	}
	manager := p.may.UserManager
	switch {
	case manager == nil:
		return denied("the Roles of the Service Account lack the permission User Manager")
	case before == nil && !manager.CreateNewUsers:
		return denied("the Roles of the Service Account lack the permission Create New Users")
	}
	held := before.stored("roles")
	for _, role := range after.stored("roles") {
		had := slices.ContainsFunc(held, func(h document) bool { return h.id() == role.id() })
		// Choice(grantable-roles): A Role that a user gets must be grantable. Those that the
		// user has may stay, and be taken away, without.
		if !had && !slices.Contains(manager.GrantableRoles, role.id()) {
			return denied("the Role %d is not a grantable one of the Service Account", role.id())
		}
	}
	return nil
}
