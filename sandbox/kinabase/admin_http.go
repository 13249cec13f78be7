package kinabase

import (
	"net/http"
	"time"

	"github.com/kaikina/kaikina/sandbox/internal/admin"
)

// AdminPath is the prefix of the calls that administer the emulator. They are listed in
// docs/sandbox-admin.md.
const AdminPath = "/sandbox/kinabase"

// adminRoutes are all calls, below AdminPath.
//
// Choice(admin-without-credential): The calls below /sandbox/kinabase need no credential, since they open nothing but an
// emulator. A page in a browser cannot make them: a request with an Origin header of another origin is refused with 403.
var adminRoutes = []admin.Route[*Admin]{
	admin.On("GET /apps", 200, admin.List("apps", listApps)),
	admin.On("POST /apps", 201, admin.Send(createApp)),
	admin.On("GET /apps/{id}", 200, admin.Get(getApp)),
	admin.On("PATCH /apps/{id}", 200, admin.SendTo(patchApp)),
	admin.On("DELETE /apps/{id}", 204, admin.Delete((*Admin).DeleteApp)),
	admin.On("DELETE /apps/{id}/tokens", 204, admin.Delete((*Admin).RevokeTokens)),
	admin.On("DELETE /tokens", 204, admin.Clear((*Admin).RevokeAllTokens)),
	admin.On("GET /collections", 200, admin.List("collections", listCollections)),
	admin.On("POST /collections", 201, admin.Send(createCollection)),
}

func newAdminHandler(a *Admin) http.Handler { return admin.New(AdminPath, a, adminRoutes) }

// appBody is a registration as JSON, with the secret when it was just created.
type appBody struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	CreatedAt   time.Time `json:"createdAt"`
	Secret      string    `json:"secret,omitempty"`
}

func listApps(a *Admin) (apps []appBody) {
	for _, app := range a.Apps() {
		apps = append(apps, appBody(app))
	}
	return apps
}

func getApp(a *Admin, id string) (appBody, error) {
	app, err := a.App(id)
	return appBody(app), err
}

type newAppBody struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

func createApp(a *Admin, sent newAppBody) (appBody, error) {
	created, err := a.CreateApp(sent.Name, sent.Description)
	return appBody(created), err
}

type appPatch struct {
	Name        *string `json:"name"`
	Description *string `json:"description"`
}

func patchApp(a *Admin, id string, sent appPatch) (appBody, error) {
	described, err := a.describeApp(id, func(after *app) {
		admin.Put(&after.name, sent.Name)
		admin.Put(&after.description, sent.Description)
	})
	return appBody(described), err
}

// collectionBody is a collection as JSON.
//
// Choice(admin-computed-fields): A collection that is created over HTTP cannot have computed fields, since their rules are
// functions in Go.
type collectionBody struct {
	ID     string  `json:"id"`
	Slug   string  `json:"slug"`
	Name   string  `json:"name"`
	Fields []Field `json:"fields"`
}

func bodyOf(c Collection) collectionBody { return collectionBody{c.ID, c.Slug, c.Name, c.Fields} }

func listCollections(a *Admin) (collections []collectionBody) {
	for _, c := range a.Collections() {
		collections = append(collections, bodyOf(c))
	}
	return collections
}

func createCollection(a *Admin, sent collectionBody) (collectionBody, error) {
	created, err := a.CreateCollection(Collection{ID: sent.ID, Slug: sent.Slug, Name: sent.Name, Fields: sent.Fields})
	return bodyOf(created), err
}
