package kainexus

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/kaikina/kaikina/sandbox"
)

// Admin does what administrators of an organization do in the vendor's screens. It comes
// from [Server.Admin], and the same is there over HTTP under [AdminPath].
//
// Every change is made at once and as a whole: the next call of the API is judged by it.
// The error of a method wraps a [*sandbox.AdminError], or that of the Storage.
type Admin struct {
	store  *store
	tokens *tokens
	clock  func() time.Time
}

func invalid(format string, args ...any) error {
	return &sandbox.AdminError{Status: http.StatusBadRequest, Message: fmt.Sprintf(format, args...)}
}

func missing(format string, args ...any) error {
	return &sandbox.AdminError{Status: http.StatusNotFound, Message: fmt.Sprintf(format, args...)}
}

func conflict(format string, args ...any) error {
	return &sandbox.AdminError{Status: http.StatusConflict, Message: fmt.Sprintf(format, args...)}
}

// IssuedCredential is a credential with its secret, which is not to be had again.
// Printing it, and encoding it as JSON, leaves the secret out.
type IssuedCredential struct {
	Credential

	// Secret is the API key, or the client secret.
	Secret string `json:"-"`
}

// Format prints the credential without its secret, whatever the verb.
func (c IssuedCredential) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), c.Credential)
}

// change carries out a change, or none of it.
func (a *Admin) change(what func(*draft) error) error {
	if err := a.store.update(a.clock(), what); err != nil {
		return fmt.Errorf("kainexus: %w", err)
	}
	return nil
}

func (a *Admin) organization() *organization { return a.store.view().organization }

// Settings are those of the whole organization.
func (a *Admin) Settings() Settings { return a.organization().Settings }

// SetSettings replaces the settings of the organization.
func (a *Admin) SetSettings(settings Settings) error {
	_, err := a.changeSettings(func(s *Settings) { *s = settings })
	return err
}

func (a *Admin) changeSettings(change func(*Settings)) (after Settings, err error) {
	err = a.change(func(d *draft) error {
		after = d.organization.Settings
		change(&after)
		if err := after.check(); err != nil {
			return err
		}
		d.changeOrganization(func(o *organization) { o.Settings = after })
		return nil
	})
	return after, err
}

// Roles are all Roles, in the order of their ids.
func (a *Admin) Roles() []Role {
	roles := slices.Clone(a.organization().Roles)
	for i, role := range roles {
		roles[i] = role.clone()
	}
	return roles
}

// Role is the Role of an id.
func (a *Admin) Role(id int64) (Role, error) {
	o := a.organization()
	i := o.role(id)
	if i < 0 {
		return Role{}, fmt.Errorf("kainexus: %w", missing("there is no Role %d", id))
	}
	return o.Roles[i].clone(), nil
}

// CreateRole adds a Role. Its name must be another than those there are, and its ID 0.
func (a *Admin) CreateRole(role Role) (created Role, err error) {
	err = a.change(func(d *draft) error {
		created, err = d.createRole(role)
		return err
	})
	return created.clone(), err
}

// UpdateRole replaces the name and the permissions of the Role of that ID.
func (a *Admin) UpdateRole(role Role) error {
	_, err := a.changeRole(role.ID, func(r *Role) { *r = role })
	return err
}

func (a *Admin) changeRole(id int64, change func(*Role)) (after Role, err error) {
	err = a.change(func(d *draft) error {
		after, err = d.updateRole(id, change)
		return err
	})
	return after.clone(), err
}

// DeleteRole deletes a Role, and takes it from everybody who has it. An approver Role of a
// Milestone stays.
func (a *Admin) DeleteRole(id int64) error {
	return a.change(func(d *draft) error { return d.deleteRole(id) })
}

// ServiceAccounts are all Service Accounts, in the order of their ids.
func (a *Admin) ServiceAccounts() []ServiceAccount {
	accounts := slices.Clone(a.organization().Accounts)
	for i, account := range accounts {
		accounts[i] = account.clone()
	}
	return accounts
}

// ServiceAccount is the Service Account of an id.
func (a *Admin) ServiceAccount(id int64) (ServiceAccount, error) {
	o := a.organization()
	i := o.account(id)
	if i < 0 {
		return ServiceAccount{}, fmt.Errorf("kainexus: %w", missing("there is no service account %d", id))
	}
	return o.Accounts[i].clone(), nil
}

// CreateServiceAccount adds a Service Account, without credentials. It needs a name that
// no other has and at least one Network Location; its ID must be 0.
func (a *Admin) CreateServiceAccount(account ServiceAccount) (created ServiceAccount, err error) {
	err = a.change(func(d *draft) error {
		created, err = d.createAccount(account)
		return err
	})
	return created.clone(), err
}

// UpdateServiceAccount replaces all of the Service Account of that ID.
func (a *Admin) UpdateServiceAccount(account ServiceAccount) error {
	_, err := a.changeAccount(account.ID, func(s *ServiceAccount) { *s = account })
	return err
}

func (a *Admin) changeAccount(id int64, change func(*ServiceAccount)) (after ServiceAccount, err error) {
	err = a.change(func(d *draft) error {
		after, err = d.updateAccount(id, change)
		return err
	})
	return after.clone(), err
}

// DeleteServiceAccount deletes a Service Account with its credentials. The access tokens
// issued to them answer 401 from now on.
func (a *Admin) DeleteServiceAccount(id int64) error {
	return a.change(func(d *draft) error { return d.deleteAccount(id) })
}

// Credentials are those of a Service Account, in the order of their ids.
func (a *Admin) Credentials(account int64) ([]Credential, error) {
	o := a.organization()
	if o.account(account) < 0 {
		return nil, fmt.Errorf("kainexus: %w", missing("there is no service account %d", account))
	}
	credentials := []Credential{}
	for _, c := range o.Credentials {
		if c.ServiceAccountID == account {
			credentials = append(credentials, c.Credential)
		}
	}
	return credentials, nil
}

// Credential is the credential of an id.
func (a *Admin) Credential(id int64) (Credential, error) {
	o := a.organization()
	i := o.credential(id)
	if i < 0 {
		return Credential{}, fmt.Errorf("kainexus: %w", missing("there is no credential %d", id))
	}
	return o.Credentials[i].Credential, nil
}

// CreateCredential gives a Service Account another credential, beside those it has. The
// name says to people what it is for.
func (a *Admin) CreateCredential(account int64, kind CredentialKind, name string) (IssuedCredential, error) {
	created, secret := Credential{ServiceAccountID: account, Name: name, Kind: kind}, newSecret()
	if kind == OAuth {
		created.ClientID = newSecret() // not a secret, but nobody else's either
	}
	err := a.change(func(d *draft) (err error) {
		created, err = d.createCredential(created, secret)
		return err
	})
	return issued(created, secret, err)
}

// RotateCredential gives a credential another secret. The old one is refused from now on;
// access tokens stay good until they expire.
func (a *Admin) RotateCredential(id int64) (IssuedCredential, error) {
	var rotated Credential
	secret := newSecret()
	err := a.change(func(d *draft) (err error) {
		rotated, err = d.rotateCredential(id, secret)
		return err
	})
	return issued(rotated, secret, err)
}

func issued(c Credential, secret string, err error) (IssuedCredential, error) {
	if err != nil {
		return IssuedCredential{}, err
	}
	return IssuedCredential{c, secret}, nil
}

// DeleteCredential deletes a credential. Others of the same Service Account stay good; the
// access tokens issued to this one answer 401 from now on.
func (a *Admin) DeleteCredential(id int64) error {
	return a.change(func(d *draft) error { return d.deleteCredential(id) })
}

// SetPrivate makes an item private, or public again. To see a private one takes the
// permission View Private.
func (a *Admin) SetPrivate(item int64, private bool) error {
	return a.change(func(d *draft) error { return d.setPrivate(item, private) })
}

// IsPrivate tells whether an item is private.
func (a *Admin) IsPrivate(item int64) (bool, error) {
	s := a.store.view()
	if _, ok := s.items.get(item); !ok {
		return false, fmt.Errorf("kainexus: %w", missing("there is no item %d", item))
	}
	return s.organization.isPrivate(item), nil
}

// RevokeTokens revokes every access token issued so far. Credentials stay good.
func (a *Admin) RevokeTokens() { a.tokens.revoke() }
