package kainexus

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
)

// admin does something over HTTP, without a credential.
func (c *client) admin(method, path string, body any) answer {
	c.t.Helper()
	request := c.request(method, AdminPath+path, body)
	request.Header.Del("Authorization")
	return c.send(request)
}

// TestAdminPage holds the page against the routes there are, and carries out its lines.
// What every sandbox has is the same afterwards.
func TestAdminPage(t *testing.T) {
	c := start(t)
	admin := c.sandbox.Admin()
	has := func() []any {
		credentials := [][]Credential{}
		for _, account := range admin.ServiceAccounts() {
			of, err := admin.Credentials(account.ID)
			require.NoError(t, err)
			credentials = append(credentials, of)
		}
		return []any{admin.Settings(), admin.Roles(), admin.ServiceAccounts(), credentials, admin.Lists(), c.list("itemList?id=640"), c.list("userList")}
	}
	before := has()
	var routes []string
	for _, route := range adminRoutes {
		routes = append(routes, route.Method+" "+route.Path)
	}
	sandboxtest.CheckAdminPage(t, "KaiNexus", routes, c.sandbox)
	assert.Equal(t, before, has())
	assert.Len(t, c.as(c.sandbox.Credentials()).list("itemList?id=640"), 40)
	assert.Len(t, c.as(c.sandbox.LimitedCredentials()).list("itemList?id=640"), 25)
}

func TestAdminOverHTTP(t *testing.T) {
	c := start(t)
	for _, step := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/organization", "", 200, `{"apiModule":true,"apiSecurity":"API_KEY_OR_OAUTH"}`},
		{"PATCH", "/organization", `{"apiSecurity":"OAUTH"}`, 200, `{"apiModule":true,"apiSecurity":"OAUTH"}`},
		{"PATCH", "/organization", `{"apiModule":false}`, 200, `{"apiModule":false,"apiSecurity":"OAUTH"}`},
		{"PATCH", "/organization", `{"apiSecurity":"NONE"}`, 400, `{"error":"apiSecurity must be API_KEY, OAUTH or API_KEY_OR_OAUTH"}`},
		{"PATCH", "/organization", `{"apiModule":1}`, 400, `{"error":"apiModule must be true or false"}`},
		{"PATCH", "/organization", `{"module":true}`, 400, `{"error":"there is no key \"module\"; there are apiModule, apiSecurity"}`},
		{"PATCH", "/organization", `[]`, 400, `{"error":"the body must be a JSON object"}`},
		{"PATCH", "/organization", ``, 400, `{"error":"the body is empty; it must be a JSON object"}`},
		{"GET", "/roles/7", "", 200, `{"id":7,"name":"Viewer","permissions":{"view":"OWN_AND_BELOW"}}`},
		{"POST", "/roles", `{"name":"Clerk","permissions":{"edit":"OWN","userManager":{"grantableRoles":[7]}}}`, 201,
			`{"id":18090,"name":"Clerk","permissions":{"edit":"OWN","userManager":{"grantableRoles":[7]}}}`},
		{"POST", "/roles", `{"name":"Clerk"}`, 409, `{"error":"another Role has the name \"Clerk\""}`},
		{"POST", "/roles", `{}`, 400, `{"error":"a Role needs a name"}`},
		{"POST", "/roles", `{"id":50,"name":"Mine"}`, 400, `{"error":"the id of a new Role is given to it; leave it out"}`},
		{"POST", "/roles", `{"name":"X","permissions":{"view":"ALL"}}`, 400, `{"error":"the scope of view must be OWN, OWN_AND_BELOW or EVERYWHERE, or be left out"}`},
		{"POST", "/roles", `{"name":"X","permissions":{"userManager":{"grantableRoles":[1]}}}`, 400, `{"error":"there is no Role 1 to be grantable"}`},
		{"PATCH", "/roles/18090", `{"name":"Writer"}`, 200, `{"id":18090,"name":"Writer","permissions":{"edit":"OWN","userManager":{"grantableRoles":[7]}}}`},
		{"PATCH", "/roles/18090", `{"permissions":{"view":"OWN"}}`, 200, `{"id":18090,"name":"Writer","permissions":{"view":"OWN"}}`},
		{"POST", "/serviceAccounts", `{"name":"Reports","networkLocations":[71],"roles":[18090]}`, 201,
			`{"id":18091,"name":"Reports","networkLocations":[71],"roles":[18090]}`},
		{"POST", "/serviceAccounts", `{"name":"Reports","networkLocations":[71]}`, 409, `{"error":"another service account has the name \"Reports\""}`},
		{"POST", "/serviceAccounts", `{"name":"X"}`, 400, `{"error":"a service account needs a name and at least one of networkLocations"}`},
		{"POST", "/serviceAccounts", `{"name":"X","networkLocations":[5]}`, 400, `{"error":"there is no Network Location 5"}`},
		{"POST", "/serviceAccounts", `{"name":"X","networkLocations":[70],"roles":[1]}`, 400, `{"error":"there is no Role 1"}`},
		{"POST", "/serviceAccounts", `{"name":"X","networkLocations":["Plant A"]}`, 400, `{"error":"networkLocations[0] must be a whole number"}`},
		{"PATCH", "/serviceAccounts/18091", `{"networkLocations":[70,74]}`, 200, `{"id":18091,"name":"Reports","networkLocations":[70,74],"roles":[18090]}`},
		{"PATCH", "/serviceAccounts/18091", `{"networkLocations":[]}`, 400, `{"error":"a service account needs a name and at least one of networkLocations"}`},
		{"DELETE", "/roles/18090", "", 204, ""},
		{"GET", "/roles/18090", "", 404, `{"error":"there is no Role 18090"}`},
		{"DELETE", "/roles/18090", "", 404, `{"error":"there is no Role 18090"}`},
		{"PATCH", "/roles/18090", `{}`, 404, `{"error":"there is no Role 18090"}`},
		{"DELETE", "/roles/6", "", 409, `{"error":"the Role 6 is an approver Role of the Milestone \"Review of the plan\""}`},
		{"GET", "/serviceAccounts/18091", "", 200, `{"id":18091,"name":"Reports","networkLocations":[70,74],"roles":[]}`},
		{"GET", "/serviceAccounts/18091/credentials", "", 200, `{"credentials":[]}`},
		{"POST", "/serviceAccounts/18091/credentials", `{"name":"x","kind":"PASSWORD"}`, 400, `{"error":"the kind of a credential must be API_KEY or OAUTH"}`},
		{"POST", "/serviceAccounts/18091/credentials", `{"kind":"OAUTH"}`, 400, `{"error":"a credential needs a name"}`},
		{"POST", "/serviceAccounts/1/credentials", `{"name":"x","kind":"OAUTH"}`, 404, `{"error":"there is no service account 1"}`},
		{"GET", "/serviceAccounts/1/credentials", "", 404, `{"error":"there is no service account 1"}`},
		{"DELETE", "/serviceAccounts/18091", "", 204, ""},
		{"GET", "/serviceAccounts/18091", "", 404, `{"error":"there is no service account 18091"}`},
		{"PATCH", "/serviceAccounts/18091", `{}`, 404, `{"error":"there is no service account 18091"}`},
		{"DELETE", "/serviceAccounts/18091", "", 404, `{"error":"there is no service account 18091"}`},
		{"GET", "/credentials/1", "", 404, `{"error":"there is no credential 1"}`},
		{"DELETE", "/credentials/1", "", 404, `{"error":"there is no credential 1"}`},
		{"POST", "/credentials/1/rotation", `{}`, 404, `{"error":"there is no credential 1"}`},
		{"GET", "/items/1003", "", 200, `{"id":1003,"private":false}`},
		{"PATCH", "/items/1003", `{"private":true}`, 200, `{"id":1003,"private":true}`},
		{"PATCH", "/items/1003", `{}`, 200, `{"id":1003,"private":true}`},
		{"PATCH", "/items/1003", `{"private":false}`, 200, `{"id":1003,"private":false}`},
		{"PATCH", "/items/9", `{"private":true}`, 404, `{"error":"there is no item 9"}`},
		{"GET", "/items/9", "", 404, `{"error":"there is no item 9"}`},
		{"GET", "/items/nine", "", 404, `{"error":"\"nine\" is no id: ids are whole numbers above 0"}`},
		{"DELETE", "/tokens", "", 204, ""},
		{"GET", "/tokens", "", 405, `{"error":"\"GET\" is not allowed at \"/sandbox/kainexus/tokens\", only DELETE"}`},
		{"GET", "", "", 404, `{"error":"there is no operation at \"/sandbox/kainexus\""}`},
		{"GET", "/users", "", 404, `{"error":"there is no operation at \"/sandbox/kainexus/users\""}`},
	} {
		t.Run(step.method+" "+step.path, func(t *testing.T) {
			var body any
			if step.method == "POST" || step.method == "PATCH" {
				body = step.body
			}
			got := c.admin(step.method, step.path, body)
			assert.Equal(t, step.status, got.status, "%s", got.body)
			if step.want == "" {
				assert.Empty(t, got.body)
				return
			}
			assert.Equal(t, "application/json", got.header.Get("Content-Type"))
			assert.JSONEq(t, step.want, string(got.body))
		})
	}
	assert.Len(t, c.admin("GET", "/roles", nil).object(t).stored("roles"), 5)
	assert.Len(t, c.admin("GET", "/serviceAccounts", nil).object(t).stored("serviceAccounts"), 2)
}

// TestAdminFromAWebPage is refused, unless the page is the server's own. What a form sends is
// no JSON.
func TestAdminFromAWebPage(t *testing.T) {
	c := start(t)
	for _, test := range []struct {
		name, origin, contentType string
		want                      int
	}{
		{"own page", c.url, "application/json", 200},
		{"another page", "https://evil.example", "application/json", 403},
		{"a form", c.url, "application/x-www-form-urlencoded", 415},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := c.sandbox.Admin().Settings()
			request := c.request("PATCH", AdminPath+"/organization", `{"apiModule":`+fmt.Sprint(!before.APIModule)+`}`)
			request.Header.Set("Content-Type", test.contentType)
			request.Header.Set("Origin", test.origin)
			assert.Equal(t, test.want, c.send(request).status)
			assert.Equal(t, test.want == 200, before != c.sandbox.Admin().Settings())
		})
	}
	request := c.request("POST", AdminPath+"/credentials/1/rotation", nil)
	request.Header.Del("Content-Type")
	assert.Equal(t, 415, c.send(request).status, "a form without a body")
}

// TestSecretsAreShownOnce looks for a secret wherever something is answered or printed.
func TestSecretsAreShownOnce(t *testing.T) {
	c := start(t)
	secrets := []string{sandboxCredentials.APIKey, sandboxCredentials.ClientSecret, limitedCredentials.ClientSecret}
	var paths []string
	for _, kind := range []CredentialKind{APIKey, OAuth} {
		got := c.admin("POST", "/serviceAccounts/399/credentials", map[string]any{"name": "Mine", "kind": kind})
		require.Equal(t, 201, got.status, "%s", got.body)
		assert.Equal(t, "no-store", got.header.Get("Cache-Control"))
		created := got.object(t)
		assert.Equal(t, []string{"Mine", string(kind)}, []string{created.text("name"), created.text("kind")})
		assert.Equal(t, kind == OAuth, created.text("clientId") != "")
		path := fmt.Sprintf("/credentials/%d", created.id())
		rotated := c.admin("POST", path+"/rotation", `{}`).object(t)
		assert.NotEqual(t, created.text("secret"), rotated.text("secret"))
		assert.GreaterOrEqual(t, len(rotated.text("secret")), 26)
		secrets, paths = append(secrets, created.text("secret"), rotated.text("secret")), append(paths, path)
		delete(created, "secret")
		assert.Equal(t, created, c.admin("GET", path, nil).object(t))
	}
	admin := c.sandbox.Admin()
	issued, err := admin.CreateCredential(399, APIKey, "Printed")
	require.NoError(t, err)
	secrets = append(secrets, issued.Secret)
	blob, err := json.Marshal(c.sandbox.api.store.view().organization)
	require.NoError(t, err)
	asJSON, err := json.Marshal(issued)
	require.NoError(t, err)
	told := []string{string(blob), string(asJSON), string(c.admin("GET", "/serviceAccounts/399/credentials", nil).body)}
	for _, path := range paths {
		told = append(told, string(c.admin("GET", path, nil).body))
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		told = append(told, fmt.Sprintf(verb, issued), fmt.Sprintf(verb, &issued), fmt.Sprintf(verb, []IssuedCredential{issued}), fmt.Sprintf(verb, c.sandbox))
	}
	assert.Contains(t, fmt.Sprintf("%+v", issued), "Name:Printed")
	for _, text := range told {
		for _, secret := range secrets {
			assert.NotContains(t, text, secret)
		}
	}
}

// TestAdminSharesNothing changes what it was given, and finds the server unchanged.
func TestAdminSharesNothing(t *testing.T) {
	admin := start(t).sandbox.Admin()
	given := Role{Name: "Mine", Permissions: Permissions{UserManager: &UserManager{GrantableRoles: []int64{5}}}}
	created, err := admin.CreateRole(given)
	require.NoError(t, err)
	account := ServiceAccount{Name: "Mine", NetworkLocations: []int64{70}, Roles: []int64{created.ID}}
	made, err := admin.CreateServiceAccount(account)
	require.NoError(t, err)
	given.Permissions.UserManager.CreateNewUsers = true
	created.Permissions.UserManager.GrantableRoles[0] = 9
	account.NetworkLocations[0], made.Roles[0] = 71, 5
	admin.Roles()[len(admin.Roles())-1].Permissions.UserManager.CreateNewUsers = true
	admin.ServiceAccounts()[2].Roles[0] = 6

	role, err := admin.Role(created.ID)
	require.NoError(t, err)
	assert.Equal(t, &UserManager{GrantableRoles: []int64{5}}, role.Permissions.UserManager)
	kept, err := admin.ServiceAccount(made.ID)
	require.NoError(t, err)
	assert.Equal(t, ServiceAccount{made.ID, "Mine", []int64{70}, []int64{created.ID}}, kept)
}

func TestAdminErrors(t *testing.T) {
	admin := start(t).sandbox.Admin()
	_, err := admin.Role(1)
	var refused *sandbox.AdminError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, http.StatusNotFound, refused.Status)
	assert.EqualError(t, err, "kainexus: there is no Role 1")
	require.ErrorContains(t, admin.SetSettings(Settings{APIModule: true}), "apiSecurity must be")
	assert.Equal(t, APIKeysOrOAuth, admin.Settings().APISecurity)
}

// TestRolesOfUsers follow the Roles there are.
func TestRolesOfUsers(t *testing.T) {
	c := start(t)
	admin := c.sandbox.Admin()
	roles := func() []document { return c.get("user?id=301").stored("roles") }
	assert.Equal(t, []document{{"id": num(5), "name": "Contributor"}}, roles())
	role, err := admin.Role(contributorRole)
	require.NoError(t, err)
	role.Name = "Giver"
	require.NoError(t, admin.UpdateRole(role))
	assert.Equal(t, []document{{"id": num(5), "name": "Giver"}}, roles())
	require.NoError(t, admin.DeleteRole(contributorRole))
	assert.Empty(t, roles())
	integration, err := admin.Role(integrationRole)
	require.NoError(t, err)
	assert.NotContains(t, integration.Permissions.UserManager.GrantableRoles, int64(contributorRole))
	assert.Equal(t, unknownReference, c.refused("user", `{"id":301,"roles":[{"id":5}]}`))
}

func TestLocationOfAccount(t *testing.T) {
	c := start(t)
	id, _ := c.put("networkLocation", `{"name":"Lab","levelType":{"id":6},"parent":{"id":1}}`)
	account, err := c.sandbox.Admin().CreateServiceAccount(ServiceAccount{Name: "Lab", NetworkLocations: []int64{id}})
	require.NoError(t, err)
	assert.Equal(t, notAllowed, c.refused("networkLocation", fmt.Sprintf(`{"id":%d,"delete":true}`, id)))
	require.NoError(t, c.sandbox.Admin().DeleteServiceAccount(account.ID))
	c.put("networkLocation", fmt.Sprintf(`{"id":%d,"delete":true}`, id))
}
