package kinabase_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

const base = "https://kinabase.test/api/v1"

// server is a sandbox, perhaps with faults, and what was asked of it but for tokens.
type server struct {
	*emulator.Server
	handler http.Handler

	mu    sync.Mutex
	calls []string
}

func start(t testing.TB, opts []emulator.Option, faults ...string) *server {
	t.Helper()
	s := &server{}
	var err error
	s.Server, err = emulator.New(append([]emulator.Option{emulator.WithStrictHeaders()}, opts...)...)
	require.NoError(t, err)
	s.handler, err = fault.Wrap(s.Server, "kinabase", faults...)
	require.NoError(t, err)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != emulator.BasePath+"/token" {
		s.mu.Lock()
		s.calls = append(s.calls, r.Method+" "+r.URL.Path[len(emulator.BasePath):])
		s.mu.Unlock()
	}
	s.handler.ServeHTTP(w, r)
}

// asked returns the calls since it was called last.
func (s *server) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := slices.Clone(s.calls)
	s.calls = nil
	return calls
}

func (s *server) client(t testing.TB, opts ...kinabase.Option) *kinabase.Client {
	t.Helper()
	app := s.App()
	client, err := kinabase.New(append([]kinabase.Option{
		kinabase.WithApp(app.ID, auth.NewSecret(app.Secret)),
		kinabase.WithBaseURL(base),
		kinabase.WithTransport(transport.Config{Base: sandbox.NewDoer(s)}),
	}, opts...)...)
	require.NoError(t, err)
	return client
}

// answering is a client of a handler, which need not bother with tokens.
func answering(t testing.TB, handler http.HandlerFunc, opts ...kinabase.Option) *kinabase.Client {
	t.Helper()
	client, err := kinabase.New(append([]kinabase.Option{
		kinabase.WithApp("app", auth.NewSecret(planted)),
		kinabase.WithBaseURL(base),
		kinabase.WithTransport(transport.Config{Base: sandbox.NewDoer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if r.URL.Path == emulator.BasePath+"/token" {
				_, _ = w.Write([]byte(`{"token":"` + plantedToken + `"}`))
				return
			}
			handler(w, r)
		}))}),
	}, opts...)...)
	require.NoError(t, err)
	return client
}

// What must not be printed.
const (
	planted      = "planted-app-secret"
	plantedToken = "planted.token.text"
	plantedValue = "planted value of a record"
)

func ids(records []kinabase.Record) []string {
	var ids []string
	for _, record := range records {
		ids = append(ids, record.ID)
	}
	return ids
}
