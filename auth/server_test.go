package auth

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Planted credentials. Tests look for them where they must not be.
const (
	plantedSecret = "S3cr3t-Pl4nted+/in%here=="
	plantedToken  = "tok-S3cr3t.Pl4nted-value"
)

// doerFunc is an in-memory Doer.
type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(req *http.Request) (*http.Response, error) { return f(req) }

// trackedBody knows whether it was read to its end and closed.
type trackedBody struct {
	io.Reader
	mu     sync.Mutex
	eof    bool
	closed bool
}

func body(s string) *trackedBody { return &trackedBody{Reader: strings.NewReader(s)} }

func (b *trackedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		b.mu.Lock()
		b.eof = true
		b.mu.Unlock()
	}
	return n, err
}

func (b *trackedBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}

func answer(req *http.Request, status int, text string) *http.Response {
	return &http.Response{
		StatusCode: status,
		Header:     http.Header{},
		Body:       body(text),
		Request:    req,
	}
}

func newRequest(t testing.TB, method, url string, b io.Reader) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, url, b)
	require.NoError(t, err)
	return req
}

// fakeJWT has the claims given as JSON and a signature that is none.
func fakeJWT(claims string) string {
	enc := base64.RawURLEncoding
	return enc.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
		enc.EncodeToString([]byte(claims)) + ".c2ln"
}

// numbered fetches tok-1, tok-2, ... each valid for life.
type numbered struct {
	mu   sync.Mutex
	n    int
	life time.Duration
	err  error
}

func (f *numbered) fetch(context.Context) (Token, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.n++
	if f.err != nil {
		return Token{}, f.err
	}
	return Token{Value: NewSecret(fmt.Sprintf("tok-%d", f.n)), Expiry: time.Now().Add(f.life)}, nil
}

func (f *numbered) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

func (f *numbered) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// vendor is a server with both products' token calls; data goes to its handler.
type vendor struct {
	*httptest.Server
	data http.HandlerFunc

	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
	replies  map[string]http.HandlerFunc // by path, instead of the usual reply
}

func newVendor(t testing.TB, start func(http.Handler) *httptest.Server) *vendor {
	v := &vendor{replies: map[string]http.HandlerFunc{}}
	v.Server = start(v)
	t.Cleanup(v.Close)
	return v
}

func (v *vendor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	v.mu.Lock()
	v.requests = append(v.requests, r)
	v.bodies = append(v.bodies, string(b))
	reply := v.replies[r.URL.Path]
	v.mu.Unlock()
	switch {
	case reply != nil:
		reply(w, r)
	case r.URL.Path == "/.well-known/oauth-authorization-server":
		at := "http://" + r.Host
		if r.TLS != nil {
			at = "https://" + r.Host
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": at, "token_endpoint": at + "/oauth2/token"})
	case r.URL.Path == "/oauth2/token":
		fmt.Fprintf(w, `{"access_token":%q,"token_type":"bearer","expires_in":3600}`, plantedToken)
	case r.URL.Path == "/token":
		tokenReply(plantedToken)(w, r)
	case v.data != nil:
		v.data(w, r)
	}
}

func (v *vendor) seen() []*http.Request {
	v.mu.Lock()
	defer v.mu.Unlock()
	return append([]*http.Request(nil), v.requests...)
}

func (v *vendor) reply(path string, h http.HandlerFunc) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.replies[path] = h
}

// kinds makes one credential of each kind for a base URL.
var kinds = []struct {
	name string
	make func(base string, client Doer) (*Credential, error)
}{
	{"KaiNexus API key", func(base string, _ Doer) (*Credential, error) {
		return KaiNexusAPIKey(base, NewSecret(plantedSecret))
	}},
	{"KaiNexus OAuth", func(base string, client Doer) (*Credential, error) {
		return KaiNexusOAuth(base, "id", NewSecret(plantedSecret), TokenClient(client))
	}},
	{"Kinabase app", func(base string, client Doer) (*Credential, error) {
		return KinabaseApp(base, "id", NewSecret(plantedSecret), TokenClient(client))
	}},
	{"bearer", func(base string, _ Doer) (*Credential, error) {
		return Bearer(base, NewSecret(plantedToken))
	}},
	{"tokens", func(base string, _ Doer) (*Credential, error) {
		return FromTokens(base, func(context.Context) (Token, error) {
			return Token{Value: NewSecret(plantedToken)}, nil
		})
	}},
}

// tokenReply answers as Kinabase does.
func tokenReply(token string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"token":%q}`, token) }
}
