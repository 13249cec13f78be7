package kinabase

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
)

// admin calls the administration over HTTP, as JSON unless headers say otherwise.
func (c *client) admin(method, path, body string, headers ...string) answer {
	c.t.Helper()
	request := c.request(method, "", body)
	request.Header.Del("Authorization")
	u, err := request.URL.Parse(AdminPath + path)
	require.NoError(c.t, err)
	request.URL = u
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return c.send(request)
}

func TestAdminApps(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now), WithApp(App{ID: "first", Name: "First", Secret: "hush"}), WithApp(App{ID: "second", Secret: "psst"}))
	admin := c.sandbox.Admin()
	created, err := admin.CreateApp("Importer", "nightly")
	require.NoError(t, err)
	assert.NoError(t, uuid.Validate(created.ID))
	secret, err := base64.StdEncoding.DecodeString(created.Secret)
	require.NoError(t, err)
	assert.Len(t, secret, 64)
	assert.Len(t, created.Secret, 88)

	public := created
	public.Secret = ""
	assert.Equal(t, []App{{ID: "first", Name: "First", CreatedAt: clock.Now()}, {ID: "second", CreatedAt: clock.Now()}, public}, admin.Apps())

	ask := func(id, secret string) answer {
		return c.call("POST", "/token", map[string]string{"appId": id, "secret": secret})
	}
	tokenOf := func(id, secret string) *client {
		other := *c
		other.token = ask(id, secret).object(t)["token"].(string)
		return &other
	}
	status := func(c *client) int { return c.call("GET", "/status", nil).status }
	assert.Equal(t, http.StatusUnauthorized, ask("second", "hush").status, "the secret of another app")
	second, importer := tokenOf("second", "psst"), tokenOf(created.ID, created.Secret)
	assert.Equal(t, http.StatusOK, status(importer))

	require.NoError(t, admin.RevokeTokens("second"))
	assert.Equal(t, []int{401, 200, 200}, []int{status(second), status(importer), status(c)})
	assert.Equal(t, http.StatusOK, status(tokenOf("second", "psst")), "new tokens are good")

	require.NoError(t, admin.DeleteApp(created.ID))
	assert.Equal(t, http.StatusUnauthorized, status(importer))
	assert.Equal(t, http.StatusUnauthorized, ask(created.ID, created.Secret).status)
	assert.Len(t, admin.Apps(), 2)

	require.NoError(t, admin.RevokeAllTokens())
	assert.Equal(t, http.StatusUnauthorized, status(c))
	c.token = tokenOf("first", "hush").token
	assert.Equal(t, http.StatusOK, status(c))
}

func TestAdminErrors(t *testing.T) {
	server, err := New()
	require.NoError(t, err)
	admin := server.Admin()
	for text, call := range map[string]func() error{
		"kinabase: create app: name is required":                 func() error { _, err := admin.CreateApp(" ", ""); return err },
		"kinabase: update app: name is required":                 func() error { return admin.UpdateApp(sandboxApp.ID, "", "x") },
		`kinabase: update app: there is no app "x"`:              func() error { return admin.UpdateApp("x", "X", "") },
		`kinabase: app: there is no app "x"`:                     func() error { _, err := admin.App("x"); return err },
		`kinabase: delete app: there is no app "x"`:              func() error { return admin.DeleteApp("x") },
		`kinabase: revoke tokens: there is no app "x"`:           func() error { return admin.RevokeTokens("x") },
		"kinabase: create collection: a collection needs a name": func() error { _, err := admin.CreateCollection(Collection{}); return err },
		`another collection has the id or slug "machines"`:       func() error { _, err := admin.CreateCollection(Collection{Name: "Machines"}); return err },
		`fields[0], "a": there is no kind "x"; there are aggregation, any`: func() error {
			_, err := admin.CreateCollection(Collection{Name: "A", Fields: []Field{{Key: "a", Kind: "x"}}})
			return err
		},
		`field "a": its target "x" is the id or slug of no collection`: func() error {
			_, err := admin.CreateCollection(Collection{Name: "A", Fields: []Field{{Key: "a", Kind: KindLinked, Target: "x"}}})
			return err
		},
		`record 0: unknown field: "b", in Data. Keys`: func() error {
			_, err := admin.CreateCollection(Collection{Name: "A", Records: []Record{{Data: map[string]any{"b": 1}}}})
			return err
		},
	} {
		err := call()
		require.ErrorContains(t, err, text)
		assert.ErrorContains(t, err, "kinabase: ")
		var refused *sandbox.AdminError
		require.ErrorAs(t, err, &refused)
		status := http.StatusBadRequest
		switch {
		case strings.Contains(text, "there is no app"):
			status = http.StatusNotFound
		case strings.Contains(text, "another collection"):
			status = http.StatusConflict
		}
		assert.Equal(t, status, refused.Status, text)
	}
	assert.Len(t, admin.Collections(), 3, "nothing of a refused call is kept")
	app, err := admin.App(sandboxApp.ID)
	require.NoError(t, err)
	assert.Equal(t, []string{"Sandbox", "", ""}, []string{app.Name, app.Description, app.Secret})
}

func TestAdminCollections(t *testing.T) {
	c := start(t, WithoutSeed(), WithCollection(tiny()))
	admin := c.sandbox.Admin()
	created, err := admin.CreateCollection(Collection{
		Name:    "Größe & Co",
		Fields:  []Field{{Label: "Job Title", Required: true}, {Label: "Parent", Kind: KindLinked, Target: "größe-co"}},
		Records: []Record{{ID: "a", Data: map[string]any{"jobTitle": "Buyer", "parent": reference{"a"}}}},
	})
	require.NoError(t, err)
	assert.NoError(t, uuid.Validate(created.ID))
	want := []Field{
		{Label: "Job Title", Key: "jobTitle", Kind: KindAny, Required: true},
		{Label: "Parent", Key: "parent", Kind: KindLinked, Target: "größe-co"},
	}
	assert.Equal(t, Collection{ID: created.ID, Slug: "größe-co", Name: "Größe & Co", Fields: want}, created)
	assert.Equal(t, []string{"tiny", "größe-co"}, []string{admin.Collections()[0].Slug, admin.Collections()[1].Slug})
	assert.Equal(t, created, admin.Collections()[1])
	assert.Equal(t, map[string]any{"jobTitle": "Buyer", "parent": map[string]any{"id": "a"}}, c.read(created.ID, "a")["data"])
	c.create("größe-co", map[string]any{"jobTitle": "Fitter"})
	assert.Len(t, c.all("größe-co"), 2)
}

func TestAdminCollectionOfThe2023Edition(t *testing.T) {
	sandbox, err := New(WithEdition2023())
	require.NoError(t, err)
	_, err = sandbox.Admin().CreateCollection(Collection{Name: "A", Fields: Keys("updatedBy")})
	assert.ErrorContains(t, err, "no field can have this key")
}

func TestAdminOverHTTP(t *testing.T) {
	c := start(t)
	created := c.admin("POST", "/apps", `{"name":"Importer"}`)
	require.Equal(t, http.StatusCreated, created.status, string(created.body))
	app := created.object(t)
	assert.Len(t, app["secret"], 88)
	assert.Equal(t, http.StatusOK, c.call("POST", "/token", map[string]any{"appId": app["id"], "secret": app["secret"]}).status)

	listed := c.admin("GET", "/apps", "")
	require.Equal(t, http.StatusOK, listed.status)
	apps := listed.object(t)["apps"].([]any)
	require.Len(t, apps, 2)
	secret := app["secret"]
	delete(app, "secret")
	assert.Equal(t, app, apps[1])
	assert.NotContains(t, string(listed.body), "ecret")

	id := app["id"].(string)
	assert.Equal(t, app, c.admin("GET", "/apps/"+id, "").object(t))
	for _, step := range [][3]string{
		{`{"name":"Importer 2"}`, "Importer 2", ""},
		{`{"description":"hourly"}`, "Importer 2", "hourly"},
		{`{"name":"X","description":null}`, "X", "hourly"},
		{`{}`, "X", "hourly"},
	} {
		got := c.admin("PATCH", "/apps/"+id, step[0])
		require.Equal(t, http.StatusOK, got.status, string(got.body))
		app["name"], app["description"] = step[1], step[2]
		assert.Equal(t, app, got.object(t))
		assert.Equal(t, app, c.admin("GET", "/apps/"+id, "").object(t))
	}
	assert.Equal(t, http.StatusOK, c.call("POST", "/token", map[string]any{"appId": id, "secret": secret}).status, "the secret stays good")
	for _, path := range []string{"/apps/" + id + "/tokens", "/apps/" + id, "/tokens"} {
		got := c.admin("DELETE", path, "")
		assert.Equal(t, http.StatusNoContent, got.status, path)
		assert.Empty(t, got.body)
	}
	assert.Equal(t, http.StatusUnauthorized, c.call("GET", "/status", nil).status, "all tokens were revoked")

	made := c.admin("POST", "/collections", `{"name":"Visits","slug":"v","id":"v-id","fields":[
		{"label":"Stage","kind":"stage","options":["a","b"],"required":true,"tracked":true,"key":null},{"key":"m","kind":"linked","target":"machines"}]}`)
	require.Equal(t, http.StatusCreated, made.status, string(made.body))
	assert.JSONEq(t, `{"id":"v-id","slug":"v","name":"Visits","fields":[
		{"label":"Stage","key":"stage","kind":"stage","options":["a","b"],"required":true,"tracked":true},
		{"label":"m","key":"m","kind":"linked","target":"machines"}]}`, string(made.body))
	collections := c.admin("GET", "/collections", "").object(t)["collections"].([]any)
	require.Len(t, collections, 4)
	assert.Equal(t, made.object(t), collections[3])
}

func TestAdminOverHTTPRefuses(t *testing.T) {
	c := start(t)
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		text                     string
		headers                  []string
	}{
		{name: "unknown path", method: "GET", path: "/users", status: 404, text: `there is no operation at "/sandbox/kinabase/users"`},
		{name: "root", method: "GET", path: "", status: 404, text: "there is no operation"},
		{name: "wrong method", method: "PUT", path: "/apps", status: 405, text: "only GET, HEAD, POST"},
		{name: "no such app", method: "DELETE", path: "/apps/x", status: 404, text: `there is no app "x"`},
		{name: "no such app's tokens", method: "DELETE", path: "/apps/x/tokens", status: 404, text: `there is no app "x"`},
		{name: "no such app to read", method: "GET", path: "/apps/x", status: 404, text: `there is no app "x"`},
		{name: "no such app to change", method: "PATCH", path: "/apps/x", body: `{}`, status: 404, text: `there is no app "x"`},
		{name: "text", method: "POST", path: "/apps", body: `{"name":"a"}`, status: 415, text: "Content-Type must be application/json", headers: []string{"Content-Type", "text/plain"}},
		{name: "foreign origin", method: "POST", path: "/apps", body: `{"name":"a"}`, status: 403, text: "another origin", headers: []string{"Origin", "http://evil.example"}},
		{name: "own origin", method: "POST", path: "/apps", body: `{}`, status: 400, text: "name is required", headers: []string{"Origin", "http://{host}"}},
		{name: "no name", method: "POST", path: "/apps", body: `{"name":""}`, status: 400, text: "name is required"},
		{name: "blank name", method: "POST", path: "/apps", body: `{"name":" "}`, status: 400, text: "name is required"},
		{name: "name taken away", method: "PATCH", path: "/apps/" + sandboxApp.ID, body: `{"name":""}`, status: 400, text: "name is required"},
		{name: "numeric description", method: "POST", path: "/apps", body: `{"name":"a","description":1}`, status: 400, text: "description must be a string"},
		{name: "a secret of one's own", method: "POST", path: "/apps", body: `{"name":"a","secret":"mine"}`, status: 400, text: `there is no key "secret"; there are description, name`},
		{name: "no JSON", method: "POST", path: "/apps", body: `{`, status: 400, text: "not valid JSON"},
		{name: "collection without name", method: "POST", path: "/collections", body: `{}`, status: 400, text: "a collection needs a name"},
		{name: "fields without a name", method: "POST", path: "/collections", body: `{"fields":[]}`, status: 400, text: "a collection needs a name"},
		{name: "a name without words", method: "POST", path: "/collections", body: `{"name":"!"}`, status: 400, text: "give the collection a slug"},
		{name: "field without a label", method: "POST", path: "/collections", body: `{"name":"a","fields":[{"kind":"text"}]}`, status: 400, text: "fields[0]: a field needs a label or a key"},
		{name: "numeric slug", method: "POST", path: "/collections", body: `{"name":"a","slug":1}`, status: 400, text: "slug must be a string"},
		{name: "fields of text", method: "POST", path: "/collections", body: `{"name":"a","fields":["a"]}`, status: 400, text: "fields[0] must be an object"},
		{name: "misspelt property", method: "POST", path: "/collections", body: `{"name":"a","fields":[{"key":"a","requird":true}]}`, status: 400, text: `there is no key "requird" in fields[0]`},
		{name: "required as text", method: "POST", path: "/collections", body: `{"name":"a","fields":[{"key":"a","required":"yes"}]}`, status: 400, text: "fields[0].required must be true or false"},
		{name: "numeric options", method: "POST", path: "/collections", body: `{"name":"a","fields":[{"key":"a","options":[1]}]}`, status: 400, text: "fields[0].options[0] must be a string"},
		{name: "a rule", method: "POST", path: "/collections", body: `{"name":"a","fields":[{"key":"a","ComputeText":{}}]}`, status: 400, text: `there is no key "ComputeText"`},
		{name: "computed", method: "POST", path: "/collections", body: `{"name":"a","fields":[{"key":"a","kind":"computed-text"}]}`, status: 400, text: "needs its rule, in Go"},
		{name: "taken", method: "POST", path: "/collections", body: `{"name":"Machines"}`, status: 409, text: `another collection has the id or slug "machines"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i, value := range test.headers {
				test.headers[i] = strings.ReplaceAll(value, "{host}", c.request("GET", "", nil).URL.Host)
			}
			got := c.admin(test.method, test.path, test.body, test.headers...)
			require.Equal(t, test.status, got.status, string(got.body))
			assert.Contains(t, got.problem(t), test.text)
			assert.NotContains(t, got.problem(t), "kinabase: ")
		})
	}
	assert.Len(t, c.sandbox.Admin().Apps(), 1)
	assert.Len(t, c.sandbox.Admin().Collections(), 3)
	assert.Equal(t, http.StatusOK, c.call("GET", "/status", nil).status, "no token was revoked")
}

// TestAdminPage holds the page against the routes there are, and carries out its lines.
// What every sandbox has is there afterwards.
func TestAdminPage(t *testing.T) {
	c := start(t)
	admin := c.sandbox.Admin()
	has := func() string { return string(c.admin("GET", "/collections", "").body) }
	apps, collections := admin.Apps(), strings.TrimSuffix(has(), "]}\n")
	var routes []string
	for _, route := range adminRoutes {
		routes = append(routes, route.Method+" "+route.Path)
	}
	text := sandboxtest.CheckAdminPage(t, "Kinabase", routes, c.sandbox, "POST /collections")
	assert.Equal(t, apps, admin.Apps())
	assert.True(t, strings.HasPrefix(has(), collections))
	app := c.sandbox.App()
	got := c.call("POST", "/token", map[string]string{"appId": app.ID, "secret": app.Secret})
	require.Equal(t, http.StatusOK, got.status, string(got.body))
	c.token = got.object(t)["token"].(string)
	assert.Len(t, c.all("purchase-orders"), 25)
	for kind := range kinds {
		if !strings.HasPrefix(string(kind), "computed-") {
			assert.Contains(t, text, "`"+string(kind)+"`")
		}
	}
}
