package kainexus

import "slices"

// A Scope says at which Network Locations a permission holds.
type Scope string

// The scopes, each of which includes those above it.
const (
	Nowhere     Scope = ""              // the permission is not given
	Own         Scope = "OWN"           // at the locations of the Service Account
	OwnAndBelow Scope = "OWN_AND_BELOW" // there, and at every location under them in the network
	Everywhere  Scope = "EVERYWHERE"    // at every location, and for what is at none
)

// scopes are in the order of how far they reach.
var scopes = []Scope{Nowhere, Own, OwnAndBelow, Everywhere}

func wider(a, b Scope) Scope {
	return scopes[max(slices.Index(scopes, a), slices.Index(scopes, b))]
}

// Permissions are what a [Role] allows. The zero value allows nothing.
type Permissions struct {
	// Which items may be seen. Each item falls under one of the three: a private one under
	// ViewPrivate, else one with the status NEW under ViewNew, else it falls under View.
	View        Scope `json:"view,omitempty"`
	ViewNew     Scope `json:"viewNew,omitempty"`
	ViewPrivate Scope `json:"viewPrivate,omitempty"`

	// Edit allows changing items that may be seen, and making new ones.
	Edit Scope `json:"edit,omitempty"`

	// UserManager allows reading and changing every user. It is nil where that is not
	// allowed.
	UserManager *UserManager `json:"userManager,omitempty"`

	// QualityAdministrator allows reading and changing the network, Impact Values and the
	// values of Attributes.
	QualityAdministrator bool `json:"qualityAdministrator,omitempty"`

	// ViewReportData allows reading Widgets; those about impact need ViewImpact besides.
	ViewReportData bool `json:"viewReportData,omitempty"`
	ViewImpact     bool `json:"viewImpact,omitempty"`
}

// UserManager is what goes with the permission to manage users.
type UserManager struct {
	// CreateNewUsers allows making users, not only changing them.
	CreateNewUsers bool `json:"createNewUsers,omitempty"`

	// GrantableRoles are the ids of the Roles that may be given to a user.
	GrantableRoles []int64 `json:"grantableRoles,omitempty"`
}

// clone shares nothing with p.
func (p Permissions) clone() Permissions {
	if p.UserManager != nil {
		manager := *p.UserManager
		manager.GrantableRoles = slices.Clone(manager.GrantableRoles)
		p.UserManager = &manager
	}
	return p
}

// and are both permissions together.
func (p Permissions) and(other Permissions) Permissions {
	p = p.clone()
	p.View, p.ViewNew = wider(p.View, other.View), wider(p.ViewNew, other.ViewNew)
	p.ViewPrivate, p.Edit = wider(p.ViewPrivate, other.ViewPrivate), wider(p.Edit, other.Edit)
	p.QualityAdministrator = p.QualityAdministrator || other.QualityAdministrator
	p.ViewReportData = p.ViewReportData || other.ViewReportData
	p.ViewImpact = p.ViewImpact || other.ViewImpact
	if more := other.UserManager; more != nil {
		if p.UserManager == nil {
			p.UserManager = &UserManager{}
		}
		p.UserManager.CreateNewUsers = p.UserManager.CreateNewUsers || more.CreateNewUsers
		p.UserManager.GrantableRoles = append(p.UserManager.GrantableRoles, more.GrantableRoles...)
	}
	return p
}

// check tells what is wrong with permissions, given the ids of the Roles there are.
func (p Permissions) check(roles func(id int64) bool) error {
	for _, one := range []struct {
		name  string
		scope Scope
	}{{"view", p.View}, {"viewNew", p.ViewNew}, {"viewPrivate", p.ViewPrivate}, {"edit", p.Edit}} {
		if !slices.Contains(scopes, one.scope) {
			return invalid("the scope of %s must be OWN, OWN_AND_BELOW or EVERYWHERE, or be left out", one.name)
		}
	}
	if p.UserManager == nil {
		return nil
	}
	for _, id := range p.UserManager.GrantableRoles {
		if !roles(id) {
			return invalid("there is no Role %d to be grantable", id)
		}
	}
	return nil
}
