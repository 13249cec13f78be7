package kainexus

import (
	"crypto/rand"
	"slices"
)

// What administrators do to an organization. A draft that is seeding takes the ids that
// Roles and Service Accounts come with.

// takeID is the id of a new Role or Service Account.
func (d *draft) takeID(chosen int64, what string) (int64, error) {
	switch {
	case chosen == 0:
		return d.nextID(), nil
	case !d.seeding || chosen < 0:
		return 0, invalid("the id of a new %s is given to it; leave it out", what)
	}
	d.lastID = max(d.lastID, chosen)
	return chosen, nil
}

func (d *draft) createRole(role Role) (Role, error) {
	if d.organization.hasRole(role.ID) {
		return Role{}, conflict("another Role has the id %d", role.ID)
	}
	var err error
	if role.ID, err = d.takeID(role.ID, "Role"); err != nil {
		return Role{}, err
	}
	return d.setRole(role)
}

func (d *draft) updateRole(id int64, change func(*Role)) (Role, error) {
	i := d.organization.role(id)
	if i < 0 {
		return Role{}, missing("there is no Role %d", id)
	}
	role := d.organization.Roles[i]
	change(&role)
	role.ID = id
	return d.setRole(role)
}

// setRole adds or replaces a Role.
func (d *draft) setRole(role Role) (Role, error) {
	if role.Name == "" {
		return Role{}, invalid("a Role needs a name")
	}
	for _, other := range d.organization.Roles {
		if other.Name == role.Name && other.ID != role.ID {
			return Role{}, conflict("another Role has the name %s", name(role.Name))
		}
	}
	itself := func(id int64) bool { return id == role.ID || d.organization.hasRole(id) }
	if err := role.Permissions.check(itself); err != nil {
		return Role{}, err
	}
	role = role.clone()
	d.changeOrganization(func(o *organization) {
		at, found := slices.BinarySearchFunc(o.Roles, role, compareRoles)
		if found {
			o.Roles[at] = role
		} else {
			o.Roles = slices.Insert(o.Roles, at, role)
		}
	})
	return role, nil
}

func (d *draft) deleteRole(id int64) error {
	at := d.organization.role(id)
	if at < 0 {
		return missing("there is no Role %d", id)
	}
	// Choice(delete-role): A Role that is deleted is taken from the Service Accounts and users
	// who have it, and from the grantable ones. An approver Role of a Milestone cannot be
	// deleted.
	for _, t := range templates {
		for _, m := range t.milestones {
			if slices.Contains(m.approvers, id) {
				return conflict("the Role %d is an approver Role of the Milestone %s", id, name(m.name))
			}
		}
	}
	without := func(ids []int64) []int64 {
		return slices.DeleteFunc(slices.Clone(ids), func(other int64) bool { return other == id })
	}
	d.changeOrganization(func(o *organization) {
		o.Roles = slices.Delete(o.Roles, at, at+1)
		for i, role := range o.Roles {
			o.Roles[i].Permissions = role.Permissions.clone()
			if manager := o.Roles[i].Permissions.UserManager; manager != nil {
				manager.GrantableRoles = without(manager.GrantableRoles)
			}
		}
		for i, account := range o.Accounts {
			o.Accounts[i].Roles = without(account.Roles)
		}
	})
	return nil
}

func (d *draft) createAccount(account ServiceAccount) (ServiceAccount, error) {
	if _, isUser := d.users.get(account.ID); isUser || d.organization.account(account.ID) >= 0 {
		return ServiceAccount{}, conflict("another user or service account has the id %d", account.ID)
	}
	var err error
	if account.ID, err = d.takeID(account.ID, "service account"); err != nil {
		return ServiceAccount{}, err
	}
	return d.setAccount(account)
}

func (d *draft) updateAccount(id int64, change func(*ServiceAccount)) (ServiceAccount, error) {
	i := d.organization.account(id)
	if i < 0 {
		return ServiceAccount{}, missing("there is no service account %d", id)
	}
	account := d.organization.Accounts[i]
	change(&account)
	account.ID = id
	return d.setAccount(account)
}

// setAccount adds or replaces a Service Account.
func (d *draft) setAccount(account ServiceAccount) (ServiceAccount, error) {
	if account.Name == "" || len(account.NetworkLocations) == 0 {
		return ServiceAccount{}, invalid("a service account needs a name and at least one of networkLocations")
	}
	// Choice(account-names): No two Service Accounts have the same name, and no two Roles.
	for _, other := range d.organization.Accounts {
		if other.Name == account.Name && other.ID != account.ID {
			return ServiceAccount{}, conflict("another service account has the name %s", name(account.Name))
		}
	}
	for _, id := range account.NetworkLocations {
		if _, ok := d.locations.get(id); !ok {
			return ServiceAccount{}, invalid("there is no Network Location %d", id)
		}
	}
	if err := d.organization.checkRoles(account); err != nil {
		return ServiceAccount{}, err
	}
	account = account.clone()
	d.changeOrganization(func(o *organization) {
		at, found := slices.BinarySearchFunc(o.Accounts, account, compareAccounts)
		if found {
			o.Accounts[at] = account
		} else {
			o.Accounts = slices.Insert(o.Accounts, at, account)
		}
	})
	return account, nil
}

// clone shares nothing with r.
func (r Role) clone() Role {
	r.Permissions = r.Permissions.clone()
	return r
}

// clone shares nothing with a. Its lists are [] rather than null.
func (a ServiceAccount) clone() ServiceAccount {
	a.NetworkLocations = append([]int64{}, a.NetworkLocations...)
	a.Roles = append([]int64{}, a.Roles...)
	return a
}

// checkRoles tells whether the Roles of an account exist.
func (o *organization) checkRoles(account ServiceAccount) error {
	for _, id := range account.Roles {
		if !o.hasRole(id) {
			return invalid("there is no Role %d", id)
		}
	}
	return nil
}

// deleteAccount deletes an account with its credentials.
func (d *draft) deleteAccount(id int64) error {
	at := d.organization.account(id)
	if at < 0 {
		return missing("there is no service account %d", id)
	}
	d.changeOrganization(func(o *organization) {
		o.Accounts = slices.Delete(o.Accounts, at, at+1)
		o.Credentials = slices.DeleteFunc(o.Credentials, func(c storedCredential) bool { return c.ServiceAccountID == id })
	})
	return nil
}

// newSecret is a secret that nobody can guess. It has 130 bits.
func newSecret() string { return rand.Text() }

// createCredential gives an account another credential.
func (d *draft) createCredential(c Credential, secret string) (Credential, error) {
	if d.organization.account(c.ServiceAccountID) < 0 {
		return Credential{}, missing("there is no service account %d", c.ServiceAccountID)
	}
	if c.Name == "" {
		return Credential{}, invalid("a credential needs a name")
	}
	if c.Kind != APIKey && c.Kind != OAuth {
		return Credential{}, invalid("the kind of a credential must be %s or %s", APIKey, OAuth)
	}
	hash := hashOf(secret)
	for _, other := range d.organization.Credentials {
		// An API key alone has to tell whose it is.
		if c.Kind == OAuth && other.ClientID == c.ClientID || c.Kind == APIKey && other.Kind == APIKey && other.SecretHash == hash {
			return Credential{}, conflict("another credential has the same client id or API key")
		}
	}
	c.ID = d.nextID()
	d.changeOrganization(func(o *organization) { o.Credentials = append(o.Credentials, storedCredential{c, hash}) })
	return c, nil
}

// rotateCredential gives a credential another secret.
func (d *draft) rotateCredential(id int64, secret string) (Credential, error) {
	at := d.organization.credential(id)
	if at < 0 {
		return Credential{}, missing("there is no credential %d", id)
	}
	// Choice(rotation): Rotating a credential ends its old secret at once. Access tokens that
	// were issued before stay good until they expire, since the credential itself lives on.
	d.changeOrganization(func(o *organization) { o.Credentials[at].SecretHash = hashOf(secret) })
	return d.organization.Credentials[at].Credential, nil
}

// deleteCredential takes a credential away, and with it the tokens issued to it.
func (d *draft) deleteCredential(id int64) error {
	at := d.organization.credential(id)
	if at < 0 {
		return missing("there is no credential %d", id)
	}
	d.changeOrganization(func(o *organization) { o.Credentials = slices.Delete(o.Credentials, at, at+1) })
	return nil
}

// setPrivate makes an item private, or not.
func (d *draft) setPrivate(item int64, private bool) error {
	if _, ok := d.items.get(item); !ok {
		return missing("there is no item %d", item)
	}
	// Choice(private-items): Whether an item is private is no key of the vendor's item, so no
	// call of the API shows or changes it. Items are public until an administrator says
	// otherwise.
	at, is := slices.BinarySearch(d.organization.Private, item)
	switch {
	case private && !is:
		d.changeOrganization(func(o *organization) { o.Private = slices.Insert(o.Private, at, item) })
	case !private && is:
		d.changeOrganization(func(o *organization) { o.Private = slices.Delete(o.Private, at, at+1) })
	}
	return nil
}

// forgetItem forgets what the organization says about an item that goes.
func (d *draft) forgetItem(item int64) {
	_ = d.setPrivate(item, false) // fails for no item that is there
}
