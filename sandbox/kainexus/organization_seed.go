package kainexus

import "fmt"

// The Roles and Service Accounts that every sandbox has.
const (
	contributorRole = 5
	managerRole     = 6
	viewerRole      = 7
	integrationRole = 8
	sponsorRole     = 9

	integrationAccount = 399
	limitedAccount     = 398
)

// limitedCredentials are those of the Service Account that sees a part only.
var limitedCredentials = Credentials{
	APIKey:       "plant-a-api-key",
	ClientID:     "plant-a-client",
	ClientSecret: "plant-a-client-secret",
}

func seedRoles() []Role {
	return []Role{
		{contributorRole, "Contributor", Permissions{View: OwnAndBelow, ViewNew: OwnAndBelow, Edit: Own}},
		{managerRole, "Manager", Permissions{
			View: OwnAndBelow, ViewNew: OwnAndBelow, ViewPrivate: Own, Edit: OwnAndBelow, ViewReportData: true, ViewImpact: true,
		}},
		{viewerRole, "Viewer", Permissions{View: OwnAndBelow}},
		{integrationRole, "Integration", Permissions{
			View: Everywhere, ViewNew: Everywhere, ViewPrivate: Everywhere, Edit: Everywhere,
			UserManager: &UserManager{
				CreateNewUsers: true,
				GrantableRoles: []int64{contributorRole, managerRole, viewerRole, integrationRole, sponsorRole},
			},
			QualityAdministrator: true, ViewReportData: true, ViewImpact: true,
		}},
		{sponsorRole, "Project sponsor", Permissions{}},
	}
}

// seedPeopleRoles are those that the users of every sandbox have, in turn.
func seedPeopleRoles() []Role { return seedRoles()[:3] }

func seedIntegration() ServiceAccount {
	return ServiceAccount{integrationAccount, "Integration", []int64{1}, []int64{managerRole, integrationRole, sponsorRole}}
}

func seedLimited() ServiceAccount {
	return ServiceAccount{limitedAccount, "Plant A reader", []int64{70}, []int64{viewerRole}}
}

// newOrganization has Roles, which users need, but nobody to call the API yet.
func newOrganization() *organization {
	return &organization{
		Settings: Settings{APIModule: true, APISecurity: APIKeysOrOAuth},
		Roles:    seedRoles(), Accounts: []ServiceAccount{}, Credentials: []storedCredential{}, Private: []int64{},
	}
}

// seedAccess lets in those whom every sandbox lets in, and whom the options name.
func seedAccess(d *draft, o options) error {
	if err := d.addAccount(seedIntegration(), o.credentials); err != nil {
		return fmt.Errorf("kainexus: WithCredentials: %w", err)
	}
	if err := d.addAccount(seedLimited(), limitedCredentials); err != nil {
		return fmt.Errorf("kainexus: WithCredentials: the service account that sees Plant A only has them: %w", err)
	}
	for _, role := range o.roles {
		if _, err := d.createRole(role); err != nil {
			return fmt.Errorf("kainexus: WithRole: %w", err)
		}
	}
	for _, a := range o.accounts {
		if err := d.addAccount(a.account, a.credentials); err != nil {
			return fmt.Errorf("kainexus: WithServiceAccount: %w", err)
		}
	}
	for _, item := range o.private {
		if err := d.setPrivate(item, true); err != nil {
			return fmt.Errorf("kainexus: WithPrivateItems: %w", err)
		}
	}
	return nil
}

// addAccount makes an account with an API key, an OAuth client, or both.
func (d *draft) addAccount(account ServiceAccount, credentials Credentials) error {
	account, err := d.createAccount(account)
	if err != nil {
		return err
	}
	if credentials.APIKey != "" {
		key := Credential{ServiceAccountID: account.ID, Name: "API key", Kind: APIKey}
		if _, err := d.createCredential(key, credentials.APIKey); err != nil {
			return err
		}
	}
	if credentials.ClientID != "" {
		client := Credential{ServiceAccountID: account.ID, Name: "OAuth client", Kind: OAuth, ClientID: credentials.ClientID}
		if _, err := d.createCredential(client, credentials.ClientSecret); err != nil {
			return err
		}
	}
	return nil
}
