package kainexus

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/jsonmux"
	"github.com/kaikina/kaikina/sandbox/internal/ratelimit"
	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// Server is an emulated KaiNexus. It is made by [New], and safe for concurrent use.
type Server struct {
	api   *operations
	calls http.Handler // the vendor's paths
	admin http.Handler // ours
	// credentials is a func so that no way of printing a Server gets to the secrets.
	credentials func() Credentials
}

// New is a Server with one organization and, unless [WithoutSeed] says otherwise, some
// forty items in it.
func New(opts ...Option) (*Server, error) {
	o := options{clock: time.Now, credentials: sandboxCredentials, seeded: true}
	for _, opt := range opts {
		if err := opt(&o); err != nil {
			return nil, err
		}
	}
	store, err := found(o)
	if err != nil {
		return nil, err
	}
	guard := &guard{store: store, tokens: newTokens(o.clock)}
	api := &operations{store: store, clock: o.clock, guard: guard}
	router := jsonmux.New(refuseRoute, guard.wrap)
	router.HandleFunc(jwksPattern, api.getKeys)
	s := &Server{api: api, credentials: func() Credentials { return o.credentials }}
	calls := stub.HandlerWithOptions(api, stub.StdHTTPServerOptions{BaseRouter: router, ErrorHandlerFunc: refuseParameter})
	s.calls = ratelimit.New(o.rateLimit, o.clock).Wrap(calls, refuseRate)
	s.admin = adminHandler(s.Admin())
	return s, nil
}

// ServeHTTP answers one call of the API, or of what is under [AdminPath]. It is meant for
// the root of a host.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == AdminPath || strings.HasPrefix(r.URL.Path, AdminPath+"/") {
		s.admin.ServeHTTP(w, r)
		return
	}
	s.calls.ServeHTTP(w, r)
}

// Doer calls the Server without a socket, as the HTTP client of a program under test.
// Addresses of any host lead to it.
func (s *Server) Doer() *sandbox.Doer { return sandbox.NewDoer(s) }

// Credentials are what a client needs to be let in, and to do everything. They open nothing
// once they were rotated or deleted, or where a storage held others.
func (s *Server) Credentials() Credentials { return s.credentials() }

// LimitedCredentials are those of another Service Account, which only sees the items of
// Plant A and below that are neither new nor private, and changes nothing.
func (s *Server) LimitedCredentials() Credentials { return limitedCredentials }

// Admin is for what administrators do: Service Accounts, credentials, Roles and settings.
func (s *Server) Admin() *Admin {
	return &Admin{store: s.api.store, tokens: s.api.guard.tokens, clock: s.api.clock}
}

// IDs are ids to try calls with, as text. The keys are itemList, chartList, peopleList,
// widget, attribute and impactValueType.
func (s *Server) IDs() map[string]string { return maps.Clone(sandboxIDs) }

// RevokeTokens does what an administrator can: every access token issued so far
// answers 401 from now on. Credentials stay good.
func (s *Server) RevokeTokens() { s.Admin().RevokeTokens() }

// found makes the organization that a server begins with.
func found(o options) (*store, error) {
	s := newStore(o.storage)
	if o.storage != nil {
		stored, err := loadState(o.storage)
		if err != nil {
			return nil, fmt.Errorf("kainexus: WithStorage: %w", err)
		}
		if stored != nil {
			s.current.Store(stored)
			return s, nil
		}
	}
	err := s.update(o.clock(), func(d *draft) error {
		d.seeding = true
		if err := seedOrganization(d); err != nil {
			return err
		}
		if o.seeded {
			if err := seedItems(d); err != nil {
				return err
			}
		}
		for i, item := range o.items {
			if err := addItem(d, item); err != nil {
				return fmt.Errorf("kainexus: WithItems: %s: %w", numbered(i, o.items), err)
			}
		}
		if err := d.generate(o.generated); err != nil {
			return err
		}
		if err := seedAccess(d, o); err != nil {
			return err
		}
		d.lastID = max(d.lastID, firstNewID-1)
		return d.addLists(o.lists)
	})
	return s, err
}

// numbered says which of the items it is as whoever gave them counts.
func numbered(i int, items []Item) string {
	which := fmt.Sprintf("item %d of %d", i+1, len(items))
	if summary := items[i].Summary; summary != nil {
		which += ", " + name(*summary)
	}
	return which
}

func addItem(d *draft, item Item) error {
	text, err := json.Marshal(item)
	if err != nil {
		return err
	}
	sent, err := decode[stub.Item](text)
	if err != nil {
		return err
	}
	if _, taken := d.items.get(sent.id()); taken {
		return fmt.Errorf("the id %d is taken", sent.id())
	}
	_, err = d.putItem(sent, true)
	return err
}

// operations are the calls of the API, a file for each group of them.
type operations struct {
	store *store
	clock func() time.Time
	guard *guard
}

var _ stub.ServerInterface = (*operations)(nil)
