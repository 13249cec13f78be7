package kinabase

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Admin does what an administrator of the product can do on its screens, and the API
// cannot. The same is offered over HTTP below [AdminPath].
type Admin struct{ server *Server }

// ErrNotFound is what a call about an app wraps that is not registered.
var ErrNotFound = errors.New("not found")

// Apps are the registered apps, in the order of their registration, without secrets.
func (a *Admin) Apps() []App {
	var apps []App
	for _, app := range a.server.store.allApps() {
		apps = append(apps, app.public())
	}
	return apps
}

// CreateApp registers an app. The answer has its secret, which cannot be had again. It
// fails without a name, and where a storage does.
//
// Choice(app-description): An app needs a name. A description is optional, as in all editions of the guide but the newest.
func (a *Admin) CreateApp(appName, description string) (App, error) {
	if strings.TrimSpace(appName) == "" {
		return App{}, adminError("create app", errors.New("name is required"))
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

// DeleteApp removes an app. Its credentials and its tokens are good for nothing from now
// on. The error wraps [ErrNotFound] when there is no such app.
func (a *Admin) DeleteApp(id string) error {
	return adminError("delete app", a.changeApp(id, (*change).unregister))
}

// RevokeTokens makes every token of one app answer 401. The error wraps [ErrNotFound]
// when there is no such app.
func (a *Admin) RevokeTokens(appID string) error {
	return adminError("revoke tokens", a.changeApp(appID, (*change).revoke))
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

func (a *Admin) changeApp(id string, plan func(*change, *app)) error {
	return a.server.store.change(func(ch *change) error {
		at := slices.IndexFunc(ch.store.apps, func(app *app) bool { return app.id == id })
		if at < 0 {
			return notFound("there is no app %s", name(id))
		}
		plan(ch, ch.store.apps[at])
		return nil
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

// CreateCollection adds a collection, which needs a Name and no more: the Slug follows
// from it when it is empty, and the ID from the Slug. It is answered without records. The
// fields may link to collections that are there, and to the new one.
//
// Choice(collection-slug): The slug of a collection that is created without one is its name in small letters, its words
// joined by hyphens. Its id follows from the slug.
func (a *Admin) CreateCollection(content Collection) (Collection, error) {
	if content.Slug == "" {
		content.Slug = slugOf(content.Name)
	}
	if content.ID == "" && content.Slug != "" {
		content.ID = uuid.NewSHA1(uuid.NameSpaceURL, []byte("collections/"+content.Slug)).String()
	}
	var created *collection
	err := a.server.store.change(func(ch *change) (err error) {
		created, err = ch.addCollection(content, a.server)
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

func slugOf(title string) string {
	return strings.ToLower(strings.Join(wordsOf(title), "-"))
}

// adminError names the call that an error is of. Over HTTP the text is that of the
// error alone.
func adminError(call string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("kinabase: %s: %w", call, err)
}
