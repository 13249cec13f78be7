package kinabase

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
)

// App is an app registration, under which a program asks for tokens. Formatting one
// with fmt or logging it with slog leaves the secret out.
type App struct {
	ID          string // a UUID in the real service
	Name        string
	Description string
	CreatedAt   time.Time
	// Secret is 64 bytes in base64 in the real service. It is empty wherever an app is
	// not just being registered: only a hash of it is kept.
	Secret string `json:"-"`
}

// sandboxApp is the registration of a Server that was given no other. It opens
// nothing but an emulator, hence it may stand here.
var sandboxApp = App{
	ID:     "6f1c2b9e-58a3-4a37-9d0c-2f6f0c7a4d15",
	Name:   "Sandbox",
	Secret: "S2Fpa2luYSBzYW5kYm94LCBub3QgYSBzZWNyZXQ6IHRoZXNlIDY0IGJ5dGVzIG9wZW4gbm90aGluZyByZWFsLg==",
}

// Format implements [fmt.Formatter] for every verb.
func (a App) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "app %s (secret redacted)", a.ID) }

// LogValue implements [slog.LogValuer].
func (a App) LogValue() slog.Value { return slog.GroupValue(slog.String("id", a.ID)) }

// app is a registration as it is kept. It never changes: a change makes another one.
type app struct {
	id, name, description string
	position              int
	createdAt             time.Time
	secretHash            [sha256.Size]byte
	tokenKey              [sha256.Size]byte // what its tokens are signed with
}

// public is what anybody may know of a registration.
func (a *app) public() App {
	return App{ID: a.id, Name: a.name, Description: a.description, CreatedAt: a.createdAt}
}

// revoked is the registration after all of its tokens were revoked.
func (a *app) revoked() *app {
	after := *a
	_, _ = rand.Read(after.tokenKey[:]) // never fails
	return &after
}

// newApp is what is kept of a registration.
func newApp(registered App, position int) *app {
	a := &app{
		id: registered.ID, name: registered.Name, description: registered.Description,
		position: position, createdAt: registered.CreatedAt,
		secretHash: sha256.Sum256([]byte(registered.Secret)),
	}
	return a.revoked()
}

// newCredentials are an id and a secret in the form of the real service.
func newCredentials() (id, secret string) {
	bytes := make([]byte, 64)
	_, _ = rand.Read(bytes) // never fails
	return uuid.NewString(), base64.StdEncoding.EncodeToString(bytes)
}

// app finds a registration.
func (s *store) app(id string) (*app, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at := slices.IndexFunc(s.apps, func(a *app) bool { return a.id == id })
	if at < 0 {
		return nil, false
	}
	return s.apps[at], true
}

func (s *store) allApps() []*app {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.apps)
}

// register plans a registration.
func (ch *change) register(a *app) {
	ch.putApp(a)
	ch.then(func() { ch.store.apps = append(ch.store.apps, a) })
}

// unregister plans that a registration goes, and with it the key of its tokens.
func (ch *change) unregister(a *app) {
	ch.drop(keyFor("apps", a.id))
	ch.then(func() {
		ch.store.apps = slices.DeleteFunc(ch.store.apps, func(other *app) bool { return other == a })
	})
}

// revoke plans that no token of a registration is good any longer.
func (ch *change) revoke(a *app) { ch.replaceApp(a, a.revoked()) }

// replaceApp plans that a registration becomes another one.
func (ch *change) replaceApp(before, after *app) {
	ch.putApp(after)
	ch.then(func() { ch.store.apps[slices.Index(ch.store.apps, before)] = after })
}
