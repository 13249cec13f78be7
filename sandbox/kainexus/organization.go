package kainexus

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// organization is what administrators set up about access: who may call the API, and
// what they may see. Like the state that it is a part of, it never changes: a change
// makes another one.
type organization struct {
	Settings    Settings           `json:"settings"`
	Roles       []Role             `json:"roles"`           // in the order of ids
	Accounts    []ServiceAccount   `json:"serviceAccounts"` // in the order of ids
	Credentials []storedCredential `json:"credentials"`     // in the order of ids
	Private     []int64            `json:"privateItems"`    // in order
}

// Settings are those of the whole organization.
type Settings struct {
	// APIModule tells whether the API may be used at all.
	APIModule bool `json:"apiModule"`

	// APISecurity is which kinds of credentials are let in.
	APISecurity APISecurity `json:"apiSecurity"`
}

// APISecurity is which kinds of credentials an organization lets in.
type APISecurity string

// The ways to set up an organization.
const (
	OnlyAPIKeys    APISecurity = "API_KEY"
	OnlyOAuth      APISecurity = "OAUTH"
	APIKeysOrOAuth APISecurity = "API_KEY_OR_OAUTH"
)

// allows tells whether credentials of a kind are let in.
func (s APISecurity) allows(kind CredentialKind) bool {
	return s == APIKeysOrOAuth || string(s) == string(kind)
}

func (s Settings) check() error {
	if !slices.Contains([]APISecurity{OnlyAPIKeys, OnlyOAuth, APIKeysOrOAuth}, s.APISecurity) {
		return invalid("apiSecurity must be %s, %s or %s", OnlyAPIKeys, OnlyOAuth, APIKeysOrOAuth)
	}
	return nil
}

// A Role is a named set of permissions, for Service Accounts and for users. Only those of
// Service Accounts have an effect here.
type Role struct {
	ID          int64       `json:"id"`
	Name        string      `json:"name"`
	Permissions Permissions `json:"permissions"`
}

// A ServiceAccount is somebody who only calls the API.
type ServiceAccount struct {
	// ID is also what the claim knx_org_user_id of its access tokens says.
	ID   int64  `json:"id"`
	Name string `json:"name"`

	// NetworkLocations are the ids of one or more locations.
	NetworkLocations []int64 `json:"networkLocations"`

	// Roles are the ids of the Roles that it has.
	Roles []int64 `json:"roles"`
}

// CredentialKind is what a credential is used with.
type CredentialKind string

// The kinds of credentials.
const (
	APIKey CredentialKind = "API_KEY" // HTTP Basic, the user name is api and the secret the password
	OAuth  CredentialKind = "OAUTH"   // the token endpoint, the secret is that of a client
)

// A Credential opens the API for a Service Account, with all that the account may do.
// Its secret is not part of it.
type Credential struct {
	ID               int64          `json:"id"`
	ServiceAccountID int64          `json:"serviceAccountId"`
	Name             string         `json:"name"`
	Kind             CredentialKind `json:"kind"`
	ClientID         string         `json:"clientId,omitempty"` // of OAuth only
}

// storedCredential is a credential with the only trace of its secret that is kept.
type storedCredential struct {
	Credential
	SecretHash secretHash `json:"secretHash"`
}

// secretHash is the SHA-256 of a secret, in JSON as hexadecimal digits.
type secretHash [sha256.Size]byte

func hashOf(secret string) secretHash { return sha256.Sum256([]byte(secret)) }

func (h secretHash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

func (h *secretHash) UnmarshalText(text []byte) error {
	if n, err := hex.Decode(h[:], text[:min(len(text), hex.EncodedLen(len(h)))]); err != nil || n != len(h) || hex.EncodedLen(n) != len(text) {
		return errors.New("a hash of a secret must be 64 hexadecimal digits")
	}
	return nil
}

// decodeOrganization reads the JSON of an organization, and refuses what does not hold together.
func decodeOrganization(text []byte) (*organization, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	o := &organization{}
	if err := decoder.Decode(o); err != nil {
		return nil, fmt.Errorf("kainexus: the stored organization: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("kainexus: the stored organization goes on after its JSON")
	}
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("kainexus: the stored organization: %w", err)
	}
	return o, nil
}

// check tells what is wrong with an organization, but for what else is in the state.
func (o *organization) check() error {
	err := o.Settings.check()
	for _, role := range o.Roles {
		err = errors.Join(err, role.Permissions.check(o.hasRole))
	}
	for _, account := range o.Accounts {
		err = errors.Join(err, o.checkRoles(account))
	}
	for _, c := range o.Credentials {
		if o.account(c.ServiceAccountID) < 0 {
			err = errors.Join(err, invalid("there is no service account %d for the credential %d", c.ServiceAccountID, c.ID))
		}
	}
	if !slices.IsSortedFunc(o.Roles, compareRoles) || !slices.IsSortedFunc(o.Accounts, compareAccounts) ||
		!slices.IsSortedFunc(o.Credentials, compareCredentials) || !slices.IsSorted(o.Private) {
		err = errors.Join(err, errors.New("its parts are not in order"))
	}
	return err
}

func compareRoles(a, b Role) int                   { return cmp.Compare(a.ID, b.ID) }
func compareAccounts(a, b ServiceAccount) int      { return cmp.Compare(a.ID, b.ID) }
func compareCredentials(a, b storedCredential) int { return cmp.Compare(a.ID, b.ID) }

// clone can be changed without changing o.
func (o *organization) clone() *organization {
	after := *o
	after.Roles = slices.Clone(o.Roles)
	after.Accounts = slices.Clone(o.Accounts)
	after.Credentials = slices.Clone(o.Credentials)
	after.Private = slices.Clone(o.Private)
	return &after
}

// changeOrganization makes a change to the organization of a draft.
func (d *draft) changeOrganization(change func(*organization)) {
	after := d.organization.clone()
	change(after)
	d.organization = after
}

// role, account and credential are where in the organization something is, or -1.

func (o *organization) role(id int64) int {
	return slices.IndexFunc(o.Roles, func(r Role) bool { return r.ID == id })
}

func (o *organization) account(id int64) int {
	return slices.IndexFunc(o.Accounts, func(a ServiceAccount) bool { return a.ID == id })
}

func (o *organization) credential(id int64) int {
	return slices.IndexFunc(o.Credentials, func(c storedCredential) bool { return c.ID == id })
}

func (o *organization) hasRole(id int64) bool { return o.role(id) >= 0 }

func (o *organization) isPrivate(item int64) bool {
	_, found := slices.BinarySearch(o.Private, item)
	return found
}

// roleCatalog are the Roles, to be referred to by users.
func (o *organization) roleCatalog() catalog {
	c := catalog{}
	for _, role := range o.Roles {
		c = append(c, entry{role.ID, role.Name})
	}
	return c
}

// showRoles are references to Roles by the names that these have now. A Role that is gone
// is left out.
func (o *organization) showRoles(refs []document) []any {
	shown := []any{}
	for _, ref := range refs {
		if i := o.role(ref.id()); i >= 0 {
			ref = ref.clone()
			ref["name"] = o.Roles[i].Name
			shown = append(shown, ref)
		}
	}
	return shown
}
