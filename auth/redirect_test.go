package auth

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var redirectStatuses = []int{
	http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
	http.StatusTemporaryRedirect, http.StatusPermanentRedirect,
}

// network resolves made-up host names to listeners on loopback, so that a
// redirect between real-looking hosts can be watched.
type network map[string]string // "host:port" to the listener's address

func (n network) client(cert *x509.Certificate) *http.Client {
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com"},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			to, ok := n[addr]
			if !ok {
				return nil, errors.New("no listener for " + addr)
			}
			return new(net.Dialer).DialContext(ctx, network, to)
		},
	}}
}

func TestCredentialStaysAtItsOriginOnRedirect(t *testing.T) {
	home := newVendor(t, httptest.NewTLSServer)
	otherTLS := newVendor(t, httptest.NewTLSServer)
	otherPlain := newVendor(t, httptest.NewServer)
	addr := func(v *vendor) string { return v.Listener.Addr().String() }
	client := network{
		"example.com:443":        addr(home),
		"example.com:8443":       addr(otherTLS),
		"sub.example.com:443":    addr(otherTLS),
		"elsewhere.test:443":     addr(otherTLS),
		"example.com:80":         addr(otherPlain),
		"sub.example.com:80":     addr(otherPlain),
		addr(home):               addr(home),
		addr(otherPlain):         addr(otherPlain),
		"example.com:" + "10443": addr(otherTLS),
	}.client(home.Certificate())
	t.Cleanup(client.CloseIdleConnections)

	targets := []struct{ name, url string }{
		{"other host", "https://elsewhere.test/stolen"},
		{"subdomain", "https://sub.example.com/stolen"},
		{"same host, other port", "https://example.com:8443/stolen"},
		{"downgrade, same host", "http://example.com/stolen"},
		{"downgrade, subdomain", "http://sub.example.com/stolen"},
		{"downgrade, other port on loopback", otherPlain.URL + "/stolen"},
	}
	home.data = func(w http.ResponseWriter, r *http.Request) {
		var status int
		_, _ = fmt.Sscan(r.URL.Query().Get("status"), &status)
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(status)
	}
	ways := []struct {
		name string
		send func(*testing.T, *Credential, *http.Request) (*http.Response, error)
	}{
		{"Doer", func(_ *testing.T, c *Credential, req *http.Request) (*http.Response, error) {
			return c.Doer(client).Do(req)
		}},
		{"Edit and GuardRedirects", func(t *testing.T, c *Credential, req *http.Request) (*http.Response, error) {
			require.NoError(t, c.Edit(req.Context(), req))
			return GuardRedirects(client).Do(req)
		}},
	}
	strangers := func() int { return len(otherTLS.seen()) + len(otherPlain.seen()) }

	// Without a guard net/http does forward the header, so the listeners can
	// tell. This is the leak that the rest of the test rules out.
	for _, leaky := range []string{"https://sub.example.com/stolen", "https://example.com:8443/stolen", "http://example.com/stolen"} {
		req := newRequest(t, http.MethodGet, "https://example.com/v1/x?status=302&to="+leaky, nil)
		cred, err := KaiNexusAPIKey("https://example.com", NewSecret(plantedSecret))
		require.NoError(t, err)
		require.NoError(t, cred.Edit(context.Background(), req))
		resp, err := client.Do(req)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
	}
	require.Equal(t, 3, strangers())
	for _, r := range append(otherTLS.seen(), otherPlain.seen()...) {
		require.NotEmpty(t, r.Header.Get("Authorization"), "this control no longer shows a leak")
	}

	for _, kind := range kinds {
		cred, err := kind.make("https://example.com", client)
		require.NoError(t, err)
		for _, way := range ways {
			for _, target := range targets {
				for _, status := range redirectStatuses {
					t.Run(fmt.Sprintf("%s/%s/%s/%d", kind.name, way.name, target.name, status), func(t *testing.T) {
						before := strangers()
						dataBefore := len(home.seen())
						req := newRequest(t, http.MethodPost,
							fmt.Sprintf("https://example.com/v1/x?status=%d&to=%s", status, target.url), strings.NewReader("data"))
						resp, err := way.send(t, cred, req)
						if resp != nil {
							_ = resp.Body.Close()
						}
						var refused *RedirectError
						require.ErrorAs(t, err, &refused)
						assert.Equal(t, "https://example.com", refused.From)
						assert.True(t, strings.HasPrefix(target.url, refused.To), refused.To)
						assert.Equal(t, before, strangers(), "the redirect was followed")
						seen := home.seen()
						require.Greater(t, len(seen), dataBefore)
						assert.NotEmpty(t, seen[len(seen)-1].Header.Get("Authorization"), "home did not get it either")
					})
				}
			}
		}
	}
}

func TestSecretStaysAtTheTokenEndpointOnRedirect(t *testing.T) {
	home := newVendor(t, httptest.NewTLSServer)
	other := newVendor(t, httptest.NewTLSServer)
	client := home.Client()
	paths := map[string]string{"KaiNexus OAuth": "/oauth2/token", "Kinabase app": "/token"}
	for _, kind := range kinds {
		path, ok := paths[kind.name]
		if !ok {
			continue
		}
		// A token request is not redirected even within its origin.
		for _, to := range []string{other.URL + "/stolen", home.URL + "/moved", "://malformed " + plantedSecret} {
			for _, status := range redirectStatuses {
				t.Run(fmt.Sprintf("%s/%s/%d", kind.name, to, status), func(t *testing.T) {
					home.reply(path, func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Location", to)
						w.WriteHeader(status)
					})
					cred, err := kind.make(home.URL, client)
					require.NoError(t, err)
					before := len(other.seen())
					_, err = cred.Token(context.Background())
					var refused *TokenError
					require.ErrorAs(t, err, &refused)
					assert.Equal(t, status, refused.Status)
					assert.Equal(t, home.URL+path, refused.Endpoint)
					assert.NotContains(t, err.Error(), plantedSecret)
					assert.Len(t, other.seen(), before)
					seen := home.seen()
					assert.Equal(t, path, seen[len(seen)-1].URL.Path)
				})
			}
		}
	}
	assert.Nil(t, client.CheckRedirect, "the caller's client was changed")
}

func TestMetadataIsOnlyRedirectedWithinItsOrigin(t *testing.T) {
	home := newVendor(t, httptest.NewTLSServer)
	other := newVendor(t, httptest.NewTLSServer)
	const wellKnown = "/.well-known/oauth-authorization-server"
	to := other.URL + "/metadata"
	home.reply(wellKnown, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to, http.StatusFound)
	})
	home.reply("/metadata", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer":%q,"token_endpoint":%q}`, home.URL, home.URL+"/oauth2/token")
	})
	cred, err := KaiNexusOAuth(home.URL, "id", NewSecret(plantedSecret), TokenClient(home.Client()))
	require.NoError(t, err)

	_, err = cred.Token(context.Background())
	var refused *RedirectError
	require.ErrorAs(t, err, &refused)
	assert.Empty(t, other.seen())

	to = home.URL + "/metadata"
	_, err = cred.Token(context.Background())
	require.NoError(t, err)
}

func TestGuardRedirects(t *testing.T) {
	var hops int
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hops++
		if r.URL.Path != "/end" {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}
	}))
	t.Cleanup(srv.Close)

	t.Run("stops after ten within the origin", func(t *testing.T) {
		hops = 0
		_, err := GuardRedirects(srv.Client()).Get(srv.URL + "/loop")
		require.ErrorContains(t, err, "stopped after 10 redirects")
		assert.Equal(t, 10, hops)
	})
	t.Run("asks the client's own check", func(t *testing.T) {
		own := *srv.Client()
		own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		resp, err := GuardRedirects(&own).Get(srv.URL + "/loop")
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		assert.Equal(t, http.StatusFound, resp.StatusCode)
	})
	t.Run("the own check cannot allow another origin", func(t *testing.T) {
		own := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
		from := httptest.NewServer(http.RedirectHandler(srv.URL+"/end", http.StatusFound))
		defer from.Close()
		hops = 0
		_, err := GuardRedirects(own).Get(from.URL)
		var refused *RedirectError
		require.ErrorAs(t, err, &refused)
		assert.Equal(t, RedirectError{From: from.URL, To: srv.URL}, *refused)
		assert.Zero(t, hops)
	})
	t.Run("leaves the client alone", func(t *testing.T) {
		client := &http.Client{Timeout: 7}
		guard := GuardRedirects(client)
		assert.Nil(t, client.CheckRedirect)
		assert.Equal(t, client.Timeout, guard.Timeout)
	})
	t.Run("nil client", func(t *testing.T) {
		for _, next := range []Doer{nil, (*http.Client)(nil)} {
			client, ok := guarded(next).(*http.Client)
			require.True(t, ok)
			assert.NotNil(t, client.CheckRedirect)
		}
	})
}
