package kinabase

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/jsonmux"
	"github.com/kaikina/kaikina/sandbox/internal/ratelimit"
	"github.com/kaikina/kaikina/sandbox/kinabase/internal/stub"
)

// BasePath is the prefix of every operation.
const BasePath = "/api/v1"

// Server is an emulated Kinabase. It is made by [New], and safe for concurrent use.
type Server struct {
	api   http.Handler
	admin http.Handler
	store *store
	clock func() time.Time
	// app is a func so that no way of printing a Server gets to the secret.
	app         func() App
	edition2023 bool
}

// New is a Server with one registered app and, unless [WithoutSeed] says otherwise,
// three collections: purchase-orders, machines and inspections, of which the last has a
// field of every kind. With [WithStorage] and a storage that holds something, that is
// what the Server has instead.
func New(opts ...Option) (*Server, error) {
	o := options{clock: time.Now, seeded: true, ingestLimit: defaultIngestLimit}
	for _, opt := range opts {
		if err := opt(&o); err != nil {
			return nil, err
		}
	}
	if len(o.apps) == 0 {
		o.apps = []App{sandboxApp}
	}
	store, err := openStore(o)
	if err != nil {
		return nil, fmt.Errorf("kinabase: %w", err)
	}
	s := &Server{store: store, clock: o.clock, app: func() App { return o.apps[0] }, edition2023: o.edition2023}
	s.api = newAPI(store, o)
	s.admin = newAdminHandler(s.Admin())
	return s, nil
}

func newAPI(store *store, o options) http.Handler {
	tokens := &tokens{store: store, clock: o.clock}
	api := &operations{
		store: store, tokens: tokens, clock: o.clock, edition2023: o.edition2023,
		limit: ratelimit.New(o.ingestLimit, o.clock),
	}
	guard := tokens.guard
	if o.strictHeaders {
		guard = func(pattern string, next http.Handler) http.Handler {
			return strictHeaders(tokens.guard(pattern, next))
		}
	}
	handler := stub.HandlerWithOptions(api, stub.StdHTTPServerOptions{
		BaseURL:          BasePath,
		BaseRouter:       jsonmux.New(answerError, guard),
		ErrorHandlerFunc: refuseParameter,
	})
	return ratelimit.New(o.rateLimit, o.clock).Wrap(handler, refuseRate)
}

// ServeHTTP answers one call of the API, or one to administer the emulator: those are
// below [AdminPath].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == AdminPath || strings.HasPrefix(r.URL.Path, AdminPath+"/") {
		s.admin.ServeHTTP(w, r)
		return
	}
	s.api.ServeHTTP(w, r)
}

// Doer calls the Server without a socket, as the HTTP client of a program under test.
// Addresses of any host lead to it, if their path begins with [BasePath] or [AdminPath].
func (s *Server) Doer() *sandbox.Doer { return sandbox.NewDoer(s) }

// App is the app that [WithApp] gave first, or the one that every sandbox has: what a
// client needs to ask for a token. It opens nothing once that app was deleted, or where
// a storage held other apps.
func (s *Server) App() App { return s.app() }

// Admin does what an administrator can do on the product's screens.
func (s *Server) Admin() *Admin { return &Admin{server: s} }

// RevokeTokens makes every token issued so far answer 401. It fails only where a
// [sandbox.Storage] does.
func (s *Server) RevokeTokens() error { return s.Admin().RevokeAllTokens() }

// operations are the calls of the API, a file for each group of them.
type operations struct {
	store       *store
	tokens      *tokens
	limit       *ratelimit.Limiter // of calls to ingest, by app
	clock       func() time.Time
	edition2023 bool
}

var _ stub.ServerInterface = (*operations)(nil)

// refuseParameter answers a parameter that the generated binding could not read.
func refuseParameter(w http.ResponseWriter, _ *http.Request, err error) {
	var format *stub.InvalidParamFormatError
	if errors.As(err, &format) {
		err = badParameter(format.ParamName)
	}
	refuse(w, err)
}
