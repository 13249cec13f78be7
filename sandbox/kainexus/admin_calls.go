package kainexus

// What can be done over HTTP, in the order of adminRoutes. In the body of a PATCH, what is
// left out or null stays as it is.

func (c *adminCall) getOrganization() (any, error) { return c.Settings(), nil }

func (c *adminCall) patchOrganization() (any, error) {
	var sent struct {
		APIModule   *bool        `json:"apiModule"`
		APISecurity *APISecurity `json:"apiSecurity"`
	}
	if err := c.read(&sent); err != nil {
		return nil, err
	}
	return c.changeSettings(func(s *Settings) {
		replace(&s.APIModule, sent.APIModule)
		replace(&s.APISecurity, sent.APISecurity)
	})
}

// replace puts what was sent in the place of what there is.
func replace[T any](there, sent *T) {
	if sent != nil {
		*there = *sent
	}
}

func (c *adminCall) listRoles() (any, error) { return map[string][]Role{"roles": c.Roles()}, nil }

func (c *adminCall) createRole() (any, error) {
	var sent Role
	if err := c.read(&sent); err != nil {
		return nil, err
	}
	return c.CreateRole(sent)
}

func (c *adminCall) getRole() (any, error) {
	return c.Role(c.id)
}

func (c *adminCall) patchRole() (any, error) {
	var sent struct {
		Name        *string      `json:"name"`
		Permissions *Permissions `json:"permissions"`
	}
	if err := c.read(&sent); err != nil {
		return nil, err
	}
	return c.changeRole(c.id, func(r *Role) {
		replace(&r.Name, sent.Name)
		replace(&r.Permissions, sent.Permissions)
	})
}

func (c *adminCall) deleteRole() (any, error) {
	return nil, c.DeleteRole(c.id)
}

func (c *adminCall) listAccounts() (any, error) {
	return map[string][]ServiceAccount{"serviceAccounts": c.ServiceAccounts()}, nil
}

func (c *adminCall) createAccount() (any, error) {
	var sent ServiceAccount
	if err := c.read(&sent); err != nil {
		return nil, err
	}
	return c.CreateServiceAccount(sent)
}

func (c *adminCall) getAccount() (any, error) {
	return c.ServiceAccount(c.id)
}

func (c *adminCall) patchAccount() (any, error) {
	var sent struct {
		Name             *string  `json:"name"`
		NetworkLocations *[]int64 `json:"networkLocations"`
		Roles            *[]int64 `json:"roles"`
	}
	if err := c.read(&sent); err != nil {
		return nil, err
	}
	return c.changeAccount(c.id, func(a *ServiceAccount) {
		replace(&a.Name, sent.Name)
		replace(&a.NetworkLocations, sent.NetworkLocations)
		replace(&a.Roles, sent.Roles)
	})
}

func (c *adminCall) deleteAccount() (any, error) {
	return nil, c.DeleteServiceAccount(c.id)
}

func (c *adminCall) listCredentials() (any, error) {
	credentials, err := c.Credentials(c.id)
	return map[string][]Credential{"credentials": credentials}, err
}

// issuedAnswer is the one form in which a secret leaves.
type issuedAnswer struct {
	Credential
	Secret string `json:"secret"`
}

func (c *adminCall) createCredential() (any, error) {
	var sent struct {
		Name string         `json:"name"`
		Kind CredentialKind `json:"kind"`
	}
	if err := c.read(&sent); err != nil {
		return nil, err
	}
	created, err := c.CreateCredential(c.id, sent.Kind, sent.Name)
	return issuedAnswer(created), err
}

func (c *adminCall) getCredential() (any, error) {
	return c.Credential(c.id)
}

func (c *adminCall) deleteCredential() (any, error) {
	return nil, c.DeleteCredential(c.id)
}

func (c *adminCall) rotateCredential() (any, error) {
	if err := c.read(&struct{}{}); err != nil {
		return nil, err
	}
	rotated, err := c.RotateCredential(c.id)
	return issuedAnswer(rotated), err
}

// privacy is what can be set of an item here.
type privacy struct {
	ID      int64 `json:"id"`
	Private bool  `json:"private"`
}

func (c *adminCall) getItem() (any, error) {
	private, err := c.IsPrivate(c.id)
	return privacy{c.id, private}, err
}

func (c *adminCall) patchItem() (any, error) {
	var sent struct {
		Private *bool `json:"private"`
	}
	if err := c.read(&sent); err != nil {
		return nil, err
	}
	if sent.Private != nil {
		if err := c.SetPrivate(c.id, *sent.Private); err != nil {
			return nil, err
		}
	}
	return c.getItem()
}

func (c *adminCall) revokeTokens() (any, error) {
	c.RevokeTokens()
	return nil, nil
}
