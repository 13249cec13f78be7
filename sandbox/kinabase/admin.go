package kinabase

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/stored"
)

// Admin does what an administrator of the product can do on its screens, and the API
// cannot. The same is offered over HTTP below [AdminPath]. The error of a method wraps a
// [*sandbox.AdminError], or that of the Storage.
type Admin struct{ server *Server }

// Apps are the registered apps, in the order of their registration, without secrets.
func (a *Admin) Apps() []App {
	var apps []App
	for _, app := range a.server.store.allApps() {
		apps = append(apps, app.public())
	}
	return apps
}

// App is the app of an id, without its secret.
func (a *Admin) App(id string) (App, error) {
	found, ok := a.server.store.app(id)
	if !ok {
		return App{}, adminError("app", noApp(id))
	}
	return found.public(), nil
}

func noApp(id string) error { return notFound("there is no app %s", name(id)) }

// CreateApp registers an app, which needs a name. The answer has its secret, which cannot
// be had again.
//
// Choice(app-description): An app needs a name. A description is optional, as in all editions of the guide but the newest.
func (a *Admin) CreateApp(appName, description string) (App, error) {
	if err := checkAppName(appName); err != nil {
		return App{}, adminError("create app", err)
	}
	created := App{Name: appName, Description: description, CreatedAt: a.server.clock()}
	created.ID, created.Secret = newCredentials()
	err := a.server.store.change(func(ch *change) error {
		position := 0
		for _, other := range ch.store.apps {
			position = max(position, other.position+1)
		}
		ch.register(newApp(created, position))
		return nil
	})
	if err != nil {
		return App{}, adminError("create app", err)
	}
	return created, nil
}

func checkAppName(appName string) error {
	if strings.TrimSpace(appName) == "" {
		return errors.New("name is required")
	}
	return nil
}

// UpdateApp gives an app another name and description. Its credentials and its tokens stay
// good.
func (a *Admin) UpdateApp(id, appName, description string) error {
	_, err := a.describeApp(id, func(after *app) { after.name, after.description = appName, description })
	return err
}

func (a *Admin) describeApp(id string, describe func(*app)) (described App, err error) {
	err = a.changeApp(id, func(ch *change, before *app) error {
		after := *before
		describe(&after)
		ch.replaceApp(before, &after)
		described = after.public()
		return checkAppName(after.name)
	})
	return described, adminError("update app", err)
}

// DeleteApp removes an app. Its credentials and its tokens are good for nothing from now
// on.
func (a *Admin) DeleteApp(id string) error {
	return adminError("delete app", a.changeApp(id, func(ch *change, app *app) error { ch.unregister(app); return nil }))
}

// RevokeTokens makes every token of one app answer 401.
func (a *Admin) RevokeTokens(appID string) error {
	return adminError("revoke tokens", a.changeApp(appID, func(ch *change, app *app) error { ch.revoke(app); return nil }))
}

// RevokeAllTokens makes every token issued so far answer 401.
func (a *Admin) RevokeAllTokens() error {
	return adminError("revoke all tokens", a.server.store.change(func(ch *change) error {
		for _, app := range ch.store.apps {
			ch.revoke(app)
		}
		return nil
	}))
}

func (a *Admin) changeApp(id string, plan func(*change, *app) error) error {
	return a.server.store.change(func(ch *change) error {
		at := slices.IndexFunc(ch.store.apps, func(app *app) bool { return app.id == id })
		if at < 0 {
			return noApp(id)
		}
		return plan(ch, ch.store.apps[at])
	})
}

// Collections are the collections in the order of their creation, without records.
func (a *Admin) Collections() []Collection {
	var collections []Collection
	for _, c := range a.server.store.allCollections() {
		collections = append(collections, c.public())
	}
	return collections
}

// CreateCollection adds a collection, by the rules of [WithCollection]. It is answered
// without records. The fields may link to collections that are there, and to the new one.
func (a *Admin) CreateCollection(content Collection) (Collection, error) {
	var created *collection
	err := a.server.store.change(func(ch *change) (err error) {
		created, err = ch.addCollection(content.named(), a.server)
		return err
	})
	if err != nil {
		return Collection{}, adminError("create collection", err)
	}
	return created.public(), nil
}

func (ch *change) addCollection(content Collection, server *Server) (*collection, error) {
	c, err := ch.store.newCollection(content)
	if err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() error { return c.resolveFields(append(slices.Clone(ch.store.collections), c)) },
		func() error { return c.addContents(content.Records, server.clock()) },
		c.checkAllLinks,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if server.edition2023 {
		if err := c.checkEdition2023(); err != nil {
			return nil, err
		}
	}
	ch.putContents(c)
	ch.then(func() { ch.store.collections = append(ch.store.collections, c) })
	return c, nil
}

// public is a collection as it is described, without its records.
func (c *collection) public() Collection {
	described := Collection{ID: c.id, Slug: c.slug, Name: c.title, Fields: []Field{}}
	for _, f := range c.fields {
		described.Fields = append(described.Fields, f.named())
	}
	return described
}

// adminError names the call that an error is of. Over HTTP the text is that of the
// AdminError alone.
func adminError(call string, err error) error {
	if err == nil {
		return nil
	}
	if failure := (*stored.Failure)(nil); !errors.As(err, &failure) {
		err = &sandbox.AdminError{Status: statusOf(err), Message: err.Error()}
	}
	return fmt.Errorf("kinabase: %s: %w", call, err)
}
