package kainexus

import "github.com/kaikina/kaikina/sandbox/internal/admin"

// What the bodies of calls under AdminPath have, where that is not a whole record.

type settingsPatch struct {
	APIModule   *bool        `json:"apiModule"`
	APISecurity *APISecurity `json:"apiSecurity"`
}

func patchOrganization(a *Admin, sent settingsPatch) (Settings, error) {
	return a.changeSettings(func(s *Settings) {
		admin.Put(&s.APIModule, sent.APIModule)
		admin.Put(&s.APISecurity, sent.APISecurity)
	})
}

type rolePatch struct {
	Name        *string      `json:"name"`
	Permissions *Permissions `json:"permissions"`
}

func patchRole(a *Admin, id int64, sent rolePatch) (Role, error) {
	return a.changeRole(id, func(r *Role) {
		admin.Put(&r.Name, sent.Name)
		admin.Put(&r.Permissions, sent.Permissions)
	})
}

type accountPatch struct {
	Name             *string  `json:"name"`
	NetworkLocations *[]int64 `json:"networkLocations"`
	Roles            *[]int64 `json:"roles"`
}

func patchAccount(a *Admin, id int64, sent accountPatch) (ServiceAccount, error) {
	return a.changeAccount(id, func(s *ServiceAccount) {
		admin.Put(&s.Name, sent.Name)
		admin.Put(&s.NetworkLocations, sent.NetworkLocations)
		admin.Put(&s.Roles, sent.Roles)
	})
}

type newCredential struct {
	Name string         `json:"name"`
	Kind CredentialKind `json:"kind"`
}

// issuedAnswer is the one form in which a secret leaves.
type issuedAnswer struct {
	Credential
	Secret string `json:"secret"`
}

func createCredential(a *Admin, account int64, sent newCredential) (issuedAnswer, error) {
	created, err := a.CreateCredential(account, sent.Kind, sent.Name)
	return issuedAnswer(created), err
}

func rotateCredential(a *Admin, id int64, _ struct{}) (issuedAnswer, error) {
	rotated, err := a.RotateCredential(id)
	return issuedAnswer(rotated), err
}

// privacy is what can be set of an item here.
type privacy struct {
	ID      int64 `json:"id"`
	Private bool  `json:"private"`
}

func getPrivacy(a *Admin, item int64) (privacy, error) {
	private, err := a.IsPrivate(item)
	return privacy{item, private}, err
}

type privacyPatch struct {
	Private *bool `json:"private"`
}

func patchPrivacy(a *Admin, item int64, sent privacyPatch) (privacy, error) {
	if sent.Private != nil {
		if err := a.SetPrivate(item, *sent.Private); err != nil {
			return privacy{}, err
		}
	}
	return getPrivacy(a, item)
}

type listPatch struct {
	Name  *string    `json:"name"`
	Kind  *ListKind  `json:"kind"`
	Board *string    `json:"board"`
	IDs   *[]int64   `json:"ids"`
	Only  *Filter    `json:"only"`
	Order *ListOrder `json:"order"`
}

// patchList changes a list. A list has ids or a filter: sending one of them takes the other
// away, unless it is sent too. The ids say the order as well, so they take away the one there
// was. An order without a key, or a filter without parts, is none.
func patchList(a *Admin, id int64, sent listPatch) (List, error) {
	return a.changeList(id, func(l *List) {
		switch {
		case sent.IDs != nil && sent.Only == nil:
			l.Only = Filter{}
		case sent.Only != nil && sent.IDs == nil:
			l.IDs = nil
		}
		if sent.IDs != nil {
			l.Order = ListOrder{}
		}
		admin.Put(&l.Name, sent.Name)
		admin.Put(&l.Kind, sent.Kind)
		admin.Put(&l.Board, sent.Board)
		admin.Put(&l.IDs, sent.IDs)
		admin.Put(&l.Only, sent.Only)
		admin.Put(&l.Order, sent.Order)
	})
}
