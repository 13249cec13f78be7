package kinabase

import (
	"errors"
	"net/http"
	"time"

	"github.com/kaikina/kaikina/sandbox/internal/jsonmux"
	"github.com/kaikina/kaikina/sandbox/kinabase/internal/stub"
)

// BasePath is the prefix of every operation.
const BasePath = "/api/v1"

// Server is an emulated Kinabase. It is made by [New], and safe for concurrent use.
type Server struct {
	handler http.Handler
	tokens  *tokens
}

// New is a Server with one registered app and, unless [WithoutSeed] says otherwise,
// two collections: purchase-orders and machines.
func New(opts ...Option) (*Server, error) {
	o := options{clock: time.Now, app: sandboxApp, seeded: true}
	for _, opt := range opts {
		if err := opt(&o); err != nil {
			return nil, err
		}
	}
	contents := o.collections
	if o.seeded {
		contents = append(seed(), contents...)
	}
	collections, err := load(contents, o)
	if err != nil {
		return nil, err
	}
	tokens := newTokens(o.app, o.clock)
	api := &operations{tokens: tokens, clock: o.clock, edition2023: o.edition2023, collections: collections}
	handler := stub.HandlerWithOptions(api, stub.StdHTTPServerOptions{
		BaseURL:          BasePath,
		BaseRouter:       jsonmux.New(answerError, tokens.guard),
		ErrorHandlerFunc: refuseParameter,
	})
	return &Server{handler: handler, tokens: tokens}, nil
}

// ServeHTTP answers one call of the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.handler.ServeHTTP(w, r)
}

// App is the registered app: what a client needs to ask for a token.
func (s *Server) App() App { return s.tokens.app() }

// RevokeTokens does what an administrator can: every token issued so far answers 401
// from now on.
func (s *Server) RevokeTokens() { s.tokens.revoke() }

// operations are the calls of the API, a file for each group of them.
type operations struct {
	tokens      *tokens
	clock       func() time.Time
	edition2023 bool
	collections []*collection // in the order given, and never another set
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
