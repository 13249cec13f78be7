package auth

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// RequestEditorFn is what oapi-codegen puts into every generated package.
type RequestEditorFn func(ctx context.Context, req *http.Request) error

func TestEditorFitsGeneratedClients(t *testing.T) {
	cred, err := Bearer("https://api.test", NewSecret(plantedToken))
	require.NoError(t, err)
	var unnamed Editor = cred.Edit
	var generated RequestEditorFn = unnamed // does not compile with a named Editor
	req := newRequest(t, http.MethodGet, "https://api.test/x", nil)
	require.NoError(t, generated(t.Context(), req))
	assert.Equal(t, "Bearer "+plantedToken, req.Header.Get("Authorization"))
}

func TestHeaderOfEachKind(t *testing.T) {
	want := map[string]string{
		// printf 'api:S3cr3t-Pl4nted+/in%%here==' | base64
		"KaiNexus API key": "Basic YXBpOlMzY3IzdC1QbDRudGVkKy9pbiVoZXJlPT0=",
		"KaiNexus OAuth":   "Bearer " + plantedToken,
		"Kinabase app":     "Bearer " + plantedToken,
		"bearer":           "Bearer " + plantedToken,
		"tokens":           "Bearer " + plantedToken,
	}
	home := newVendor(t, httptest.NewServer)
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			cred, err := kind.make(home.URL, home.Client())
			require.NoError(t, err)
			req := newRequest(t, http.MethodGet, home.URL+"/data", nil)
			resp, err := cred.Doer(home.Client()).Do(req)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			seen := home.seen()
			assert.Equal(t, []string{want[kind.name]}, seen[len(seen)-1].Header["Authorization"])
			assert.NotContains(t, req.Header, "Authorization", "the caller's request was changed")
			assert.NotContains(t, resp.Request.Header, "Authorization", "the response carries the credential")

			require.NoError(t, cred.Edit(t.Context(), req))
			assert.Equal(t, want[kind.name], req.Header.Get("Authorization"))
			assert.Equal(t, home.URL, cred.BaseURL())
		})
	}
}

func TestExistingAuthorizationIsOverwritten(t *testing.T) {
	cred, err := Bearer("https://api.test", NewSecret("new"))
	require.NoError(t, err)
	req := newRequest(t, http.MethodGet, "https://api.test/x", nil)
	req.Header = http.Header{"Authorization": {"Bearer old", "Basic older"}, "authorization": {"Bearer raw"}, "X-Kept": {"1"}}
	want := http.Header{"Authorization": {"Bearer new"}, "X-Kept": {"1"}}

	var sent http.Header
	_, err = cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
		sent = req.Header
		return answer(req, http.StatusOK, ""), nil
	})).Do(req)
	require.NoError(t, err)
	assert.Equal(t, want, sent)
	assert.Len(t, req.Header, 3, "the caller's request was changed")

	require.NoError(t, cred.Edit(t.Context(), req))
	assert.Equal(t, want, req.Header)

	req.Header = nil
	require.NoError(t, cred.Edit(t.Context(), req))
	assert.Equal(t, http.Header{"Authorization": {"Bearer new"}}, req.Header)
}

func Test401(t *testing.T) {
	rewindable := func() io.Reader { return strings.NewReader("payload") }
	stream := func() io.Reader { return body("payload") }
	for _, tt := range []struct {
		name     string
		body     func() io.Reader
		statuses []int // one an attempt
		tokens   []string
		want     int
		fetches  int // after one more call
	}{
		{"accepted", rewindable, []int{200}, []string{"tok-1"}, 200, 1},
		{"renewed without body", func() io.Reader { return nil }, []int{401, 200}, []string{"tok-1", "tok-2"}, 200, 2},
		{"renewed with NoBody", func() io.Reader { return http.NoBody }, []int{401, 200}, []string{"tok-1", "tok-2"}, 200, 2},
		{"renewed with GetBody", rewindable, []int{401, 200}, []string{"tok-1", "tok-2"}, 200, 2},
		{"twice 401", rewindable, []int{401, 401}, []string{"tok-1", "tok-2"}, 401, 2},
		{"cannot be rewound", stream, []int{401}, []string{"tok-1"}, 401, 2},
		{"403 is no matter of tokens", rewindable, []int{403}, []string{"tok-1"}, 403, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			source := &numbered{life: time.Hour}
			cred, err := FromTokens("https://api.test", source.fetch)
			require.NoError(t, err)
			var tokens, payloads []string
			var bodies []*trackedBody
			var sent []*http.Request
			client := cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
				tokens = append(tokens, strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer "))
				if req.Body != nil {
					b, err := io.ReadAll(req.Body)
					require.NoError(t, err)
					require.NoError(t, req.Body.Close())
					payloads = append(payloads, string(b))
				}
				sent = append(sent, req)
				resp := answer(req, tt.statuses[len(tokens)-1], "answer")
				bodies = append(bodies, resp.Body.(*trackedBody))
				return resp, nil
			}))
			req := newRequest(t, http.MethodPost, "https://api.test/x", tt.body())
			resp, err := client.Do(req)
			require.NoError(t, err)
			assert.Equal(t, tt.want, resp.StatusCode)
			assert.Equal(t, tt.tokens, tokens)
			for _, p := range payloads {
				assert.Contains(t, []string{"", "payload"}, p)
				assert.Equal(t, payloads[0], p, "the second attempt sent something else")
			}
			for i, b := range bodies {
				last := i == len(bodies)-1
				assert.Equal(t, !last, b.closed, "answer %d closed", i)
				assert.Equal(t, !last, b.eof, "answer %d drained", i)
			}
			text, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, "answer", string(text))
			for _, s := range sent {
				assert.NotSame(t, req, s)
			}
			assert.NotContains(t, req.Header, "Authorization")

			_, err = cred.Token(t.Context())
			require.NoError(t, err)
			assert.Equal(t, tt.fetches, source.count())
		})
	}
}

func TestFixedCredentialIsSentOnce(t *testing.T) {
	for _, kind := range kinds {
		if kind.name != "KaiNexus API key" && kind.name != "bearer" {
			continue
		}
		cred, err := kind.make("https://api.test", nil)
		require.NoError(t, err)
		var attempts int
		resp, err := cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
			attempts++
			return answer(req, http.StatusUnauthorized, "no"), nil
		})).Do(newRequest(t, http.MethodGet, "https://api.test/x", nil))
		require.NoError(t, err)
		assert.Equal(t, 1, attempts)
		assert.False(t, resp.Body.(*trackedBody).closed)
	}
}

func TestRenewalAfter401Fails(t *testing.T) {
	source := &numbered{life: time.Hour}
	cred, err := FromTokens("https://api.test", source.fetch)
	require.NoError(t, err)
	rewound := body("payload")
	req := newRequest(t, http.MethodPost, "https://api.test/x", body("payload"))
	req.GetBody = func() (io.ReadCloser, error) { return rewound, nil }
	down := errors.New("down")
	_, err = cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
		source.fail(down)
		return answer(req, http.StatusUnauthorized, ""), nil
	})).Do(req)
	require.ErrorIs(t, err, down)
	assert.True(t, rewound.closed, "the second body was not closed")
}

func TestGetBodyThatFails(t *testing.T) {
	source := &numbered{life: time.Hour}
	cred, err := FromTokens("https://api.test", source.fetch)
	require.NoError(t, err)
	req := newRequest(t, http.MethodPost, "https://api.test/x", body("payload"))
	req.GetBody = func() (io.ReadCloser, error) { return nil, errors.New("gone") }
	resp, err := cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
		return answer(req, http.StatusUnauthorized, "no"), nil
	})).Do(req)
	require.NoError(t, err)
	assert.False(t, resp.Body.(*trackedBody).closed)
	_, err = cred.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 2, source.count(), "the rejected token was kept")
}

func TestBodyIsClosedWhenNothingIsSent(t *testing.T) {
	unsent := doerFunc(func(*http.Request) (*http.Response, error) {
		panic("sent")
	})
	fromTokens := func(err error) *Credential {
		cred, cerr := FromTokens("https://api.test", func(context.Context) (Token, error) { return Token{}, err })
		require.NoError(t, cerr)
		return cred
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tt := range []struct {
		name string
		cred *Credential
		url  string
		ctx  context.Context
	}{
		{"other origin", fromTokens(nil), "https://other.test/x", t.Context()},
		{"no token", fromTokens(errors.New("down")), "https://api.test/x", t.Context()},
		{"cancelled", fromTokens(nil), "https://api.test/x", cancelled},
		{"zero credential", new(Credential), "https://api.test/x", t.Context()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := body("payload")
			_, err := tt.cred.Doer(unsent).Do(newRequest(t, http.MethodPost, tt.url, b).WithContext(tt.ctx))
			require.Error(t, err)
			assert.True(t, b.closed)
		})
	}
}

func TestNothingComesBack(t *testing.T) {
	cred, err := Bearer("https://api.test", NewSecret("tok"))
	require.NoError(t, err)
	_, err = cred.Doer(doerFunc(func(*http.Request) (*http.Response, error) { return nil, nil })).
		Do(newRequest(t, http.MethodGet, "https://api.test/x", nil))
	require.ErrorContains(t, err, "neither a response nor an error")
}

func TestToken(t *testing.T) {
	key, err := KaiNexusAPIKey("https://api.test", NewSecret("k"))
	require.NoError(t, err)
	_, err = key.Token(t.Context())
	require.EqualError(t, err, "auth: KaiNexus API key for https://api.test has no token")
	bearer, err := Bearer("https://api.test", NewSecret("tok"))
	require.NoError(t, err)
	got, err := bearer.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "tok", got.Value.Reveal())
	_, err = new(Credential).Token(t.Context())
	require.Error(t, err)
	assert.Equal(t, "no credential", new(Credential).String())
	require.ErrorContains(t, new(Credential).Edit(t.Context(), &http.Request{}), "zero Credential")
}
