package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
)

// quick has retries that need no waiting for.
var quick = Retry{Attempts: 3, Base: 1, Max: 1}

// chainTo is a chain to a server that listens.
func chainTo(t *testing.T, base string, cfg Config) Doer {
	t.Helper()
	credential, err := auth.Bearer(base, auth.NewSecret("s3cret"))
	require.NoError(t, err)
	doer, err := New(cfg, credential, testOperations)
	require.NoError(t, err)
	return doer
}

func post(t *testing.T, base string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", base+"/collections/c", strings.NewReader("{}"))
	require.NoError(t, err)
	return r
}

// A POST is sent again when no connection was had, and never after one was.
func TestWritesAreRepeatedOnlyWhenNothingWasSent(t *testing.T) {
	refusing := func(t *testing.T, fail int32) (*http.Transport, *atomic.Int32) {
		var dials atomic.Int32
		own := http.DefaultTransport.(*http.Transport).Clone()
		dial := own.DialContext
		own.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if dials.Add(1) <= fail {
				return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
			}
			return dial(ctx, network, addr)
		}
		t.Cleanup(own.CloseIdleConnections)
		return own, &dials
	}
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("http2 %v", http2), func(t *testing.T) {
			var posts atomic.Int32
			breaks := atomic.Bool{}
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				posts.Add(1)
				if breaks.Load() {
					panic(http.ErrAbortHandler)
				}
			}))
			server.EnableHTTP2 = http2
			server.StartTLS()
			defer server.Close()

			own, dials := refusing(t, 2)
			own.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
			own.ForceAttemptHTTP2 = http2
			doer := chainTo(t, server.URL, Config{Base: &http.Client{Transport: own}, Retry: quick})
			answer, err := doer.Do(post(t, server.URL))
			require.NoError(t, err)
			assert.Equal(t, 3, AttemptsOf(answer, nil))
			assert.EqualValues(t, 3, dials.Load())
			assert.EqualValues(t, 1, posts.Load())
			assert.Equal(t, http2, answer.ProtoMajor == 2)

			breaks.Store(true)
			posts.Store(0)
			_, err = doer.Do(post(t, server.URL))
			require.Error(t, err)
			assert.EqualValues(t, 1, posts.Load(), "it was carried out, perhaps")
			assert.Equal(t, 1, AttemptsOf(nil, err))
		})
	}

	t.Run("a transport that does not tell", func(t *testing.T) {
		silent := roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		})
		for name, base := range map[string]Doer{"client": &http.Client{Transport: silent}, "Doer": DoerFunc(silent)} {
			_, err := chainTo(t, testBase, Config{Base: base, Retry: quick}).Do(post(t, testBase))
			require.Error(t, err)
			assert.Equal(t, 1, AttemptsOf(nil, err), name)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRedirectsStayInTheOrigin(t *testing.T) {
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch r.URL.Path {
		case "/status":
			http.Redirect(w, r, other.URL+"/status?s3cret", http.StatusTemporaryRedirect)
		case "/collections/c/r":
			http.Redirect(w, r, "/there", http.StatusTemporaryRedirect)
		case "/collections/c/loop":
			http.Redirect(w, r, "/collections/c/loop", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	for name, base := range map[string]Doer{"own": nil, "client": &http.Client{}} {
		t.Run(name, func(t *testing.T) {
			doer := chainTo(t, server.URL, Config{Base: base, Retry: quick})
			get := func(path string) (*http.Response, error) {
				r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+path, nil)
				require.NoError(t, err)
				asked.Store(0)
				return doer.Do(r)
			}
			_, err := get("/status")
			var refused *auth.RedirectError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, "no answer after 3 attempts: transport: auth: refused redirect from "+server.URL+" to "+other.URL, err.Error())
			assert.EqualValues(t, 3, asked.Load(), "it may have been for a moment")
			assert.Zero(t, elsewhere.Load())

			answer, err := get("/collections/c/r")
			require.NoError(t, err)
			assert.Equal(t, "/there", answer.Request.URL.Path)
			assert.Equal(t, 1, AttemptsOf(answer, nil))

			_, err = get("/collections/c/loop")
			require.ErrorContains(t, err, "10 redirects")
			assert.EqualValues(t, 3*10, asked.Load())
		})
	}
}

func TestCertificatesNobodyTrustsAreNotAskedForAgain(t *testing.T) {
	var dials atomic.Int32
	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Config.ErrorLog = nil
	defer server.Close()
	own := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		dials.Add(1)
		return new(net.Dialer).DialContext(ctx, network, addr)
	}}
	_, err := chainTo(t, server.URL, Config{Base: &http.Client{Transport: own}, Retry: quick}).Do(post(t, server.URL))
	var untrusted *tls.CertificateVerificationError
	require.ErrorAs(t, err, &untrusted)
	assert.EqualValues(t, 1, dials.Load())
}

func TestFailuresShowNoValues(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"URL", &url.Error{Op: "Get", URL: testBase + "/collections/private/7?q=hidden", Err: errors.New("connection refused")}, "transport: connection refused"},
		{"quotation", errors.New(`net/http: malformed HTTP response "hidden"`), "transport: net/http: malformed HTTP response (a quotation is left out)"},
		{"nothing but a quotation", errors.New(`"hidden"`), "transport: the request failed; the reason is withheld because it repeats what was sent"},
		{"query", errors.New("cannot get q=hidden"), "transport: the request failed; the reason is withheld because it repeats what was sent"},
		{"path", errors.New("cannot get /v1/collections/private/7"), "transport: the request failed; the reason is withheld because it repeats what was sent"},
		{"control characters", errors.New("a\x1bb"), `transport: a\x1bb`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := newChain(t, Config{Base: steps(failing(test.err)), Retry: Retry{Attempts: 1}}).
				Do(request(t, t.Context(), "GET", "/collections/private/7?q=hidden"))
			assert.Equal(t, test.want, err.Error())
			require.ErrorIs(t, err, test.err)
			for err != nil {
				for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%x"} {
					text := fmt.Sprintf(verb, err)
					assert.NotContains(t, text, "hidden", verb)
					assert.NotContains(t, text, "private", verb)
				}
				err = errors.Unwrap(err)
			}
		})
	}
}

// What a server that speaks no HTTP says is not repeated.
func TestMalformedHeadersAreNotShown(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 4096))
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nhidden\r\n\r\n")
			_ = conn.Close()
		}
	}()
	base := "http://" + listener.Addr().String()
	_, err = chainTo(t, base, Config{Retry: quick, Timeouts: Timeouts{Attempt: 10 * time.Second}}).Do(post(t, base))
	require.EqualError(t, err, "transport: the header of the answer is malformed")
}

func TestDoerThatReturnsNothingIsAnError(t *testing.T) {
	nothing := DoerFunc(func(*http.Request) (*http.Response, error) { return nil, nil })
	_, err := newChain(t, Config{Base: nothing, Retry: quick}).Do(request(t, t.Context(), "GET", "/status"))
	require.ErrorContains(t, err, "neither an answer nor an error")
}

// A redirect by 301, 302 or 303 makes a GET of what should have changed something. Its 200
// would pass for the success of a call that was never carried out.
func TestARedirectMakesNoGETOfAWrite(t *testing.T) {
	for _, code := range []int{301, 302, 303} {
		for _, method := range []string{"POST", "PATCH", "DELETE"} {
			t.Run(fmt.Sprint(code, method), func(t *testing.T) {
				var followed atomic.Int32
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/there" {
						followed.Add(1)
						return
					}
					http.Redirect(w, r, "/there", code)
				}))
				defer server.Close()
				for _, cfg := range []Config{{Retry: quick}, {Retry: quick, ReadOnly: NewReadOnly("createRecord", "deleteRecord")}} {
					path := "/collections/c"
					if method != "POST" {
						path += "/r"
					}
					r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader("{}"))
					require.NoError(t, err)
					answer, err := chainTo(t, server.URL, cfg).Do(r)
					if err == nil {
						assert.Equal(t, code, answer.StatusCode)
						_ = answer.Body.Close()
					}
				}
				assert.Zero(t, followed.Load())
			})
		}
	}
}
