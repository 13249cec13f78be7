package auth

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestOrigins(t *testing.T) {
	for _, tt := range []struct {
		name, base, url string
		same            bool
	}{
		{"same", "https://api.test", "https://api.test/x", true},
		{"default port written out", "https://api.test", "https://api.test:443/x", true},
		{"default port in the base", "https://api.test:443", "https://api.test/x", true},
		{"default port of http", "http://localhost:80", "http://localhost/x", true},
		{"case of host and scheme", "https://API.test", "HTTPS://api.TEST/x", true},
		{"IPv6", "http://[::1]:8080", "http://[::1]:8080/x", true},
		{"path beside the base's", "https://api.test/api/v1", "https://api.test/other", true},
		{"other host", "https://api.test", "https://api.test.evil.test/x", false},
		{"subdomain", "https://api.test", "https://x.api.test/x", false},
		{"parent domain", "https://x.api.test", "https://api.test/x", false},
		{"other port", "https://api.test", "https://api.test:8443/x", false},
		{"http on the same host", "https://api.test", "http://api.test/x", false},
		{"http on port 443", "https://api.test", "http://api.test:443/x", false},
		{"https for a http base", "http://localhost:80", "https://localhost:80/x", false},
		{"trailing dot", "https://api.test", "https://api.test./x", false},
		{"another loopback", "http://127.0.0.1:80", "http://localhost:80/x", false},
		{"Kelvin sign for k", "https://kainexus.test", "https://\u212aainexus.test/x", false},
		{"user that looks like the host", "https://api.test", "https://api.test@evil.test/x", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cred, err := Bearer(tt.base, NewSecret(plantedToken))
			require.NoError(t, err)
			req := newRequest(t, http.MethodGet, tt.url, nil)
			var sent bool
			_, derr := cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
				sent = true
				return answer(req, http.StatusOK, ""), nil
			})).Do(req)
			eerr := cred.Edit(t.Context(), req)
			assert.Equal(t, tt.same, sent)
			assert.Equal(t, tt.same, req.Header.Get("Authorization") != "")
			for _, err := range []error{derr, eerr} {
				if tt.same {
					require.NoError(t, err)
					continue
				}
				var refused *OriginError
				require.ErrorAs(t, err, &refused)
				assert.NotEqual(t, refused.Want, refused.Got)
			}
		})
	}
}

func TestRequestThatHidesItsRecipient(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*http.Request)
	}{
		{"Host header", func(r *http.Request) { r.Host = "evil.test" }},
		{"Host header with a port", func(r *http.Request) { r.Host = "api.test:8443" }},
		{"opaque URL", func(r *http.Request) { r.URL.Opaque = "//evil.test/x" }},
		{"no URL", func(r *http.Request) { r.URL = nil }},
		{"no host", func(r *http.Request) { r.URL = &url.URL{Path: "/x"} }},
		{"user in the host", func(r *http.Request) { r.URL.Host = "api.test@evil.test" }},
		{"two ports", func(r *http.Request) { r.URL.Host = "api.test:443:443" }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cred, err := Bearer("https://api.test", NewSecret(plantedToken))
			require.NoError(t, err)
			req := newRequest(t, http.MethodGet, "https://api.test/x", nil)
			req.Host = "API.test:443" // the same, spelled differently
			require.NoError(t, cred.Edit(t.Context(), req))
			tt.change(req)
			var refused *OriginError
			require.ErrorAs(t, cred.Edit(t.Context(), req), &refused)
			assert.Equal(t, "https://api.test", refused.Want)
		})
	}
}

func TestBaseURL(t *testing.T) {
	for _, tt := range []struct{ raw, want, problem string }{
		{"https://api.test", "https://api.test", ""},
		{"https://api.test/", "https://api.test", ""},
		{"https://api.test/api/v1/", "https://api.test/api/v1", ""},
		{"HTTPS://api.test:8443", "https://api.test:8443", ""},
		{"http://localhost:8080", "http://localhost:8080", ""},
		{"http://127.0.0.2", "http://127.0.0.2", ""},
		{"http://[::1]:80", "http://[::1]:80", ""},
		{"", "", "base URL is empty"},
		{"api.test", "", "must begin with https://"},
		{"//api.test", "", "must begin with https://"},
		{"ftp://api.test", "", "must begin with https://"},
		{"https://", "", "has no host"},
		{"https:api.test", "", "has no host"},
		{"https:///x", "", "has no host"},
		{"http://api.test", "", "must be https"},
		{"http://127.0.0.1.evil.test", "", "must be https"},
		{"http://localhost.evil.test", "", "must be https"},
		{"http://10.0.0.1", "", "must be https"},
		{"https://me:" + plantedSecret + "@api.test", "", ""},
		{"https://me:hunter2@api.test", "", "must not hold a user or password"},
		{"https://me@api.test", "", "must not hold a user or password"},
		{"https://api.test?key=hunter2", "", "must not have a query"},
		{"https://api.test?", "", "must not have a query"},
		{"https://api.test#hunter2", "", "must not have a fragment"},
		{"https://api.test#", "", "must not have a fragment"},
		{"https://api.test:0", "", "bad port"},
		{"https://api.test:0443", "", "bad port"},
		{"https://api.test:70000", "", "bad port"},
		{"https://api.test:hunter2", "", "is not a URL"},
		{"https://api.test\n", "", "white space"},
		{" https://api.test", "", "white space"},
		{"https://ap\x00i.test", "", "is not a URL"},
		{"https://\u212aainexus.test", "", "punycode"},
	} {
		t.Run(tt.raw, func(t *testing.T) {
			for _, kind := range kinds {
				cred, err := kind.make(tt.raw, http.DefaultClient)
				if tt.want != "" {
					require.NoError(t, err)
					assert.Equal(t, tt.want, cred.BaseURL())
					continue
				}
				require.ErrorContains(t, err, tt.problem)
				assert.Nil(t, cred)
				assert.Regexp(t, `^auth: base URL `, err.Error())
				assert.NotContains(t, err.Error(), "hunter2")
				assert.NotContains(t, err.Error(), plantedSecret)
			}
		})
	}
}

// An origin's text is an accepted base URL of the same origin.
func TestOriginRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := "https://" + rapid.StringMatching(`[a-zA-Z0-9]{1,8}(\.[a-zA-Z0-9-]{1,8}){0,2}|\[::[0-9a-f]{1,4}\]`).Draw(t, "host") +
			rapid.StringMatching(`(:[1-9][0-9]{0,3}|:443|:80)?`).Draw(t, "port")
		_, at, err := parseBase("base URL", raw)
		if err != nil {
			t.Fatal(err)
		}
		_, again, err := parseBase("base URL", at.String())
		if err != nil || again != at {
			t.Fatalf("%q became %v, then %v (%v)", raw, at, again, err)
		}
	})
}
