package kainexus

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAPIModuleOff(t *testing.T) {
	c := start(t)
	admin, token := c.sandbox.Admin(), c.token()
	settings := admin.Settings()
	settings.APIModule = false
	require.NoError(t, admin.SetSettings(settings))
	for name, authorization := range map[string]string{
		"key": c.authorization, "token": "Bearer " + token, "wrong key": basic("api", "x"), "nothing": "",
	} {
		c := *c
		c.authorization = authorization
		for _, path := range []string{jsonPath + "itemList?id=640", jsonPath + "user?id=x", excelPath + "item?id=1001"} {
			got := c.call("GET", path, nil)
			assert.Equal(t, 403, got.status, name)
			assert.JSONEq(t, `{"success":false,"errorCode":"API_MODULE_DISABLED"}`, string(got.body))
			assert.Contains(t, got.header.Get(reasonHeader), "the API Module of the organization is off")
		}
	}
	got := c.check(c.tokenRequest(basic("sandbox-client", "sandbox-client-secret"), "grant_type=client_credentials"))
	assert.Equal(t, 400, got.status)
	assert.Equal(t, "unauthorized_client", got.object(t).text("error"))
	got = c.check(c.tokenRequest(basic("sandbox-client", "wrong"), "grant_type=client_credentials"))
	assert.Equal(t, "invalid_client", got.object(t).text("error"))
	assert.Equal(t, 200, c.call("GET", "/.well-known/oauth-authorization-server", nil).status)
	assert.Equal(t, 200, c.send(c.request("GET", jwksPath, nil)).status)

	settings.APIModule = true
	require.NoError(t, admin.SetSettings(settings))
	assert.Equal(t, 200, c.call("GET", jsonPath+"itemList?id=640", nil).status)
}

func TestAPISecurity(t *testing.T) {
	c := start(t)
	bearer := *c
	bearer.authorization = "Bearer " + c.token()
	for _, test := range []struct {
		security   APISecurity
		key, token int
		code       string // of the token endpoint
	}{
		{APIKeysOrOAuth, 200, 200, ""},
		{OnlyAPIKeys, 200, 401, "unauthorized_client"},
		{OnlyOAuth, 401, 200, ""},
	} {
		t.Run(string(test.security), func(t *testing.T) {
			require.NoError(t, c.sandbox.Admin().SetSettings(Settings{APIModule: true, APISecurity: test.security}))
			key, token := c.call("GET", jsonPath+"item?id=1001", nil), bearer.call("GET", jsonPath+"item?id=1001", nil)
			assert.Equal(t, test.key, key.status)
			assert.Equal(t, test.token, token.status)
			for _, got := range []answer{key, token} {
				if got.status == 401 {
					assert.Contains(t, got.header.Get(reasonHeader), "API security settings")
				}
			}
			got := c.check(c.tokenRequest(basic("sandbox-client", "sandbox-client-secret"), "grant_type=client_credentials"))
			assert.Equal(t, test.code, got.object(t).text("error"))
			assert.Equal(t, test.code == "", got.status == 200)
		})
	}
}

// TestClientIDComesBack: a token is bound to its credential, not to a client id.
func TestClientIDComesBack(t *testing.T) {
	c := start(t)
	admin := c.sandbox.Admin()
	bearer := *c
	bearer.authorization = "Bearer " + c.token()
	credentials, err := admin.Credentials(integrationAccount)
	require.NoError(t, err)
	require.Equal(t, OAuth, credentials[1].Kind)
	assert.Equal(t, 200, bearer.call("GET", jsonPath+"item?id=1001", nil).status)
	require.NoError(t, admin.DeleteCredential(credentials[1].ID))
	assert.Equal(t, 401, bearer.call("GET", jsonPath+"item?id=1001", nil).status)
	require.NoError(t, admin.change(func(d *draft) error {
		_, err := d.createCredential(credentials[1], sandboxCredentials.ClientSecret)
		return err
	}))
	assert.Equal(t, 401, bearer.call("GET", jsonPath+"item?id=1001", nil).status)
	bearer.authorization = "Bearer " + c.token()
	assert.Equal(t, 200, bearer.call("GET", jsonPath+"item?id=1001", nil).status)
}

// TestCredentialsModel makes, rotates and deletes credentials in any order. Of all secrets
// and tokens that ever were, those open the API that should: of tokens after every step,
// of secrets in the end.
func TestCredentialsModel(t *testing.T) {
	const issuer = "http://example.com" // of httptest.NewRequest
	type secret struct {
		kind     CredentialKind
		clientID string
		value    string
		owner    int64 // the id of its credential
	}
	rapid.Check(t, func(rt *rapid.T) {
		sandbox, err := New(WithoutSeed())
		require.NoError(rt, err)
		admin := sandbox.Admin()
		accounts := []int64{integrationAccount}
		live := map[int64]secret{}                  // by credential
		var dead []secret                           // rotated or deleted
		good, bad := map[string]int64{}, []string{} // tokens, the good ones by credential

		send := func(method, path, authorization, body string) *httptest.ResponseRecorder {
			request := httptest.NewRequest(method, issuer+path, strings.NewReader(body))
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.Header.Set("Authorization", authorization)
			recorder := httptest.NewRecorder()
			sandbox.ServeHTTP(recorder, request)
			return recorder
		}
		opens := func(s secret) (status int, token string) {
			if s.kind == APIKey {
				return send("GET", jsonPath+"widget?id=77", basic(basicUser, s.value), "").Code, ""
			}
			got := send("POST", "/oauth2/token", basic(s.clientID, s.value), "grant_type=client_credentials")
			return got.Code, parse(t, got.Body.String()).text("access_token")
		}
		kill := func(id int64) {
			dead = append(dead, live[id])
			delete(live, id)
			maps.DeleteFunc(good, func(token string, owner int64) bool {
				if owner == id {
					bad = append(bad, token)
				}
				return owner == id
			})
		}
		some := func(rt *rapid.T) int64 {
			if len(live) == 0 {
				// To rapid this means: this step cannot be made now, draw another. The check goes on.
				rt.Skip("no credentials")
			}
			return rapid.SampledFrom(slices.Sorted(maps.Keys(live))).Draw(rt, "credential")
		}
		rt.Repeat(map[string]func(*rapid.T){
			"create": func(rt *rapid.T) {
				account := rapid.SampledFrom(accounts).Draw(rt, "account")
				kind := rapid.SampledFrom([]CredentialKind{APIKey, OAuth}).Draw(rt, "kind")
				made, err := admin.CreateCredential(account, kind, "One")
				require.NoError(rt, err)
				live[made.ID] = secret{kind, made.ClientID, made.Secret, made.ID}
			},
			"create account": func(rt *rapid.T) {
				made, err := admin.CreateServiceAccount(ServiceAccount{Name: fmt.Sprint("A", len(accounts)), NetworkLocations: []int64{70}, Roles: []int64{integrationRole}})
				require.NoError(rt, err)
				accounts = append(accounts, made.ID)
			},
			"rotate": func(rt *rapid.T) {
				id := some(rt)
				made, err := admin.RotateCredential(id)
				require.NoError(rt, err)
				dead = append(dead, live[id])
				live[id] = secret{made.Kind, made.ClientID, made.Secret, id}
			},
			"delete": func(rt *rapid.T) {
				id := some(rt)
				require.NoError(rt, admin.DeleteCredential(id))
				kill(id)
			},
			"delete account": func(rt *rapid.T) {
				if len(accounts) < 2 {
					// As above: rapid draws another step, and the check goes on.
					rt.Skip("the last one stays")
				}
				gone := accounts[len(accounts)-1]
				credentials, err := admin.Credentials(gone)
				require.NoError(rt, err)
				require.NoError(rt, admin.DeleteServiceAccount(gone))
				for _, c := range credentials {
					kill(c.ID)
				}
				accounts = accounts[:len(accounts)-1]
			},
			"revoke tokens": func(rt *rapid.T) {
				admin.RevokeTokens()
				bad = slices.AppendSeq(bad, maps.Keys(good))
				clear(good)
			},
			"token": func(rt *rapid.T) {
				id := some(rt)
				if s := live[id]; s.kind == OAuth {
					status, token := opens(s)
					require.Equal(rt, http.StatusOK, status)
					good[token] = id
				}
			},
			"": func(rt *rapid.T) {
				for token := range good {
					require.Equal(rt, http.StatusOK, send("GET", jsonPath+"widget?id=77", "Bearer "+token, "").Code)
				}
				for _, token := range bad {
					require.Equal(rt, http.StatusUnauthorized, send("GET", jsonPath+"widget?id=77", "Bearer "+token, "").Code)
				}
			},
		})
		for _, s := range live {
			status, _ := opens(s)
			require.Equal(rt, http.StatusOK, status)
		}
		for _, s := range dead {
			status, _ := opens(s)
			require.Equal(rt, http.StatusUnauthorized, status)
		}
		status, _ := opens(secret{APIKey, "", sandboxCredentials.APIKey, 0})
		require.Equal(rt, http.StatusOK, status, "siblings stay good")
	})
}

// TestOrganizationIsKept encodes and decodes organizations after random changes.
func TestOrganizationIsKept(t *testing.T) {
	sandbox, err := New()
	require.NoError(t, err)
	admin := sandbox.Admin()
	rapid.Check(t, func(rt *rapid.T) {
		scope := rapid.SampledFrom(scopes)
		role := Role{Name: fmt.Sprint("Role ", len(admin.Roles())), Permissions: Permissions{
			View: scope.Draw(rt, "view"), Edit: scope.Draw(rt, "edit"), ViewImpact: rapid.Bool().Draw(rt, "impact"),
		}}
		if rapid.Bool().Draw(rt, "manager") {
			role.Permissions.UserManager = &UserManager{GrantableRoles: []int64{5}}
		}
		made, err := admin.CreateRole(role)
		require.NoError(rt, err)
		account, err := admin.CreateServiceAccount(ServiceAccount{
			Name: fmt.Sprint(rapid.String().Draw(rt, "name"), len(admin.ServiceAccounts())), NetworkLocations: []int64{70}, Roles: []int64{made.ID},
		})
		require.NoError(rt, err)
		_, err = admin.CreateCredential(account.ID, rapid.SampledFrom([]CredentialKind{APIKey, OAuth}).Draw(rt, "kind"), "One")
		require.NoError(rt, err)
		require.NoError(rt, admin.SetPrivate(rapid.Int64Range(1001, 1024).Draw(rt, "item"), rapid.Bool().Draw(rt, "private")))

		before := sandbox.api.store.view().organization
		text, err := json.Marshal(before)
		require.NoError(rt, err)
		after, err := decodeOrganization(text)
		require.NoError(rt, err)
		assert.Equal(rt, before, after)
		_, known := after.apiKey(sandboxCredentials.APIKey)
		assert.True(rt, known)
	})
}

func TestDecodeOrganization(t *testing.T) {
	good, err := json.Marshal(newOrganization())
	require.NoError(t, err)
	_, err = decodeOrganization(good)
	require.NoError(t, err)
	change := func(old, new string) string {
		require.Contains(t, string(good), old)
		return strings.Replace(string(good), old, new, 1)
	}
	hash := strings.Repeat("ab", 32)
	credential := func(account int, hash string) string {
		return change(`"credentials":[]`, fmt.Sprintf(`"credentials":[{"id":1,"serviceAccountId":%d,"name":"x","kind":"API_KEY","secretHash":%q}]`, account, hash))
	}
	for name, text := range map[string]string{
		"nothing":                   ``,
		"cut off":                   string(good[:40]),
		"goes on":                   string(good) + `{}`,
		"unknown key":               change(`"roles"`, `"rolls"`),
		"unknown security":          change(`API_KEY_OR_OAUTH`, `ALL`),
		"unknown scope":             change(`OWN_AND_BELOW`, `ALL`),
		"grants what is not there":  change(`"grantableRoles":[5`, `"grantableRoles":[50`),
		"roles out of order":        change(`{"id":5`, `{"id":50`),
		"private out of order":      change(`"privateItems":[]`, `"privateItems":[2,1]`),
		"account without its Role":  change(`"serviceAccounts":[]`, `"serviceAccounts":[{"id":1,"name":"x","networkLocations":[70],"roles":[1]}]`),
		"credential of nobody":      credential(4, hash),
		"hash too short":            credential(4, hash[2:]),
		"hash too long":             credential(4, hash+"ab"),
		"hash of another alphabet":  credential(4, "x"+hash[1:]),
		"hash half a byte too long": credential(4, hash+"a"),
	} {
		_, err := decodeOrganization([]byte(text))
		assert.ErrorContains(t, err, "kainexus: the stored organization", name)
	}
}

// FuzzDecodeOrganization takes anything, and what it accepts it can make again.
func FuzzDecodeOrganization(f *testing.F) {
	sandbox, err := New()
	require.NoError(f, err)
	good, err := json.Marshal(sandbox.api.store.view().organization)
	require.NoError(f, err)
	f.Add(good)
	f.Add([]byte(`{"settings":{"apiModule":true,"apiSecurity":"OAUTH"}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := decodeOrganization(text)
		if err != nil {
			return
		}
		again, err := json.Marshal(o)
		require.NoError(t, err)
		decoded, err := decodeOrganization(again)
		require.NoError(t, err)
		require.Equal(t, o, decoded)
	})
}

// FuzzAdmin sends anything as a body. Nothing but a refusal in words or what was asked for
// comes back, and the organization can still be kept.
func FuzzAdmin(f *testing.F) {
	for i, body := range []string{
		`{"apiModule":false}`, `{"name":"X","permissions":{"view":"OWN","userManager":{"grantableRoles":[5]}}}`,
		`{"name":"X","networkLocations":[70],"roles":[5]}`, `{"private":true}`, `{"name":"x","kind":"OAUTH"}`, `{"id":-1}`,
		`{"name":"x","kind":"items","ids":[1003],"order":{"key":"id","descending":true}}`, `{"only":{"templates":[45],"charts":true}}`,
	} {
		f.Add(i, body)
	}
	sandbox, err := New()
	require.NoError(f, err)
	pristine := sandbox.api.store.view()
	f.Fuzz(func(t *testing.T, i int, body string) {
		sandbox.api.store.current.Store(pristine)
		route := adminRoutes[uint(i)%uint(len(adminRoutes))]
		request := httptest.NewRequest(route.Method, AdminPath+strings.ReplaceAll(route.Path, "{id}", "398"), strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		recorder := httptest.NewRecorder()
		sandbox.ServeHTTP(recorder, request)
		require.Less(t, recorder.Code, 500, "%s", recorder.Body)
		if recorder.Code >= 400 {
			require.NotEmpty(t, parse(t, recorder.Body.String()).text("error"))
			require.Same(t, pristine, sandbox.api.store.view(), "a refused call changes nothing")
		}
		text, err := json.Marshal(sandbox.api.store.view().organization)
		require.NoError(t, err)
		_, err = decodeOrganization(text)
		require.NoError(t, err)
	})
}
