package kainexus

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBasic(t *testing.T) {
	c := start(t, WithCredentials(Credentials{APIKey: "k:ey", ClientID: "client", ClientSecret: "secret"}))
	for _, test := range []struct {
		name, authorization string
		want                int
	}{
		{"good", basic("api", "k:ey"), 200},
		{"scheme in lower case", "basic" + strings.TrimPrefix(basic("api", "k:ey"), "Basic"), 200},
		{"none", "", 401},
		{"wrong key", basic("api", "key"), 401},
		{"no key", basic("api", ""), 401},
		{"wrong user", basic("API", "k:ey"), 401},
		{"credentials of the token endpoint", basic("client", "secret"), 401},
		{"key as a token", "Bearer k:ey", 401},
		{"not base64", "Basic !", 401},
		{"another scheme", "Digest k:ey", 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.authorization = test.authorization
			got := c.call("GET", jsonPath+"user?id=301", nil)
			assert.Equal(t, test.want, got.status)
			if test.want == 401 {
				assert.JSONEq(t, `{"success":false,"errorCode":"UNAUTHORIZED"}`, string(got.body))
				assert.Equal(t, []string{`Basic realm="KaiNexus"`, "Bearer"}, got.header.Values("WWW-Authenticate"))
			}
		})
	}
	without := start(t, WithCredentials(Credentials{ClientID: "client", ClientSecret: "secret"}))
	without.authorization = basic("api", "")
	assert.Equal(t, 401, without.call("GET", jsonPath+"user?id=301", nil).status, "no key is not an empty key")
}

func TestMetadata(t *testing.T) {
	c := start(t)
	c.authorization = ""
	got := c.call("GET", "/.well-known/oauth-authorization-server", nil)
	assert.JSONEq(t, `{
		"issuer": "`+c.url+`",
		"token_endpoint": "`+c.url+`/oauth2/token",
		"grant_types_supported": ["client_credentials"],
		"token_endpoint_auth_methods_supported": ["client_secret_basic"]
	}`, string(got.body))

	recorder := httptest.NewRecorder()
	c.sandbox.ServeHTTP(recorder, httptest.NewRequest("GET", "https://api.example/.well-known/oauth-authorization-server", nil))
	assert.Contains(t, recorder.Body.String(), `"issuer":"https://api.example"`)
}

func (c *client) tokenRequest(authorization, form string) *http.Request {
	request := c.request("POST", "/oauth2/token", form)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", authorization)
	return request
}

// token is a good access token.
func (c *client) token() string {
	c.t.Helper()
	credentials := c.sandbox.Credentials()
	got := c.check(c.tokenRequest(basic(credentials.ClientID, credentials.ClientSecret), "grant_type=client_credentials"))
	require.Equal(c.t, 200, got.status, "%s", got.body)
	return got.object(c.t).text("access_token")
}

func TestRequestToken(t *testing.T) {
	const id, secret = "client one", "s%cr&t+"
	c := start(t, WithCredentials(Credentials{ClientID: id, ClientSecret: secret}))
	good := basic(url.QueryEscape(id), url.QueryEscape(secret))
	for _, test := range []struct {
		name, authorization, form string
		want                      int
		code                      string
	}{
		{"good", good, "grant_type=client_credentials", 200, ""},
		{"scope is not used", good, "grant_type=client_credentials&scope=read", 200, ""},
		{"no client", "", "grant_type=client_credentials", 401, "invalid_client"},
		{"wrong secret", basic("client+one", "s"), "grant_type=client_credentials", 401, "invalid_client"},
		{"wrong id", basic("client", url.QueryEscape(secret)), "grant_type=client_credentials", 401, "invalid_client"},
		{"not form-encoded", basic(id, secret), "grant_type=client_credentials", 401, "invalid_client"},
		{"client in the form only", "", "grant_type=client_credentials&client_id=a&client_secret=b", 401, "invalid_client"},
		{"client twice", good, "grant_type=client_credentials&client_secret=b", 400, "invalid_request"},
		{"no grant", good, "", 400, "invalid_request"},
		{"grant twice", good, "grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"},
		{"broken form", good, "grant_type=%zz", 400, "invalid_request"},
		{"too large", good, "grant_type=client_credentials&x=" + strings.Repeat("x", maxForm), 400, "invalid_request"},
		{"password grant", good, "grant_type=password", 400, "unsupported_grant_type"},
		{"refresh", good, "grant_type=refresh_token", 400, "unsupported_grant_type"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := c.check(c.tokenRequest(test.authorization, test.form))
			require.Equal(t, test.want, got.status, "%s", got.body)
			assert.Equal(t, test.code, got.object(t).text("error"))
			assert.Equal(t, "no-store", got.header.Get("Cache-Control"))
			if test.want == 401 {
				assert.Equal(t, `Basic realm="KaiNexus"`, got.header.Get("WWW-Authenticate"))
			}
			if test.want == 200 {
				assert.Equal(t, "Bearer", got.object(t).text("token_type"))
				assert.Equal(t, int64(3600), got.object(t).integer("expires_in"))
				assert.Empty(t, got.object(t).text("refresh_token"))
			}
		})
	}
	t.Run("JSON", func(t *testing.T) {
		request := c.tokenRequest(good, `{"grant_type":"client_credentials"}`)
		request.Header.Set("Content-Type", "application/json")
		got := c.check(request)
		assert.Equal(t, 400, got.status)
		assert.Equal(t, "invalid_request", got.object(t).text("error"))
	})
}

func TestToken(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	c.authorization = "Bearer " + c.token()
	assert.Equal(t, 200, c.call("GET", jsonPath+"user?id=301", nil).status)

	claims := jwt.MapClaims{}
	parsed, _, err := jwt.NewParser().ParseUnverified(strings.TrimPrefix(c.authorization, "Bearer "), claims)
	require.NoError(t, err)
	assert.Equal(t, "RS256", parsed.Header["alg"])
	now := float64(clock.Now().Unix())
	assert.Equal(t, jwt.MapClaims{"iss": c.url, "iat": now, "exp": now + 3600, "knx_org_user_id": float64(serviceAccountID)}, claims)

	clock.advance(time.Hour - time.Second)
	assert.Equal(t, 200, c.call("GET", jsonPath+"user?id=301", nil).status, "good to the last second")
	clock.advance(2 * time.Second)
	assert.Equal(t, 401, c.call("GET", jsonPath+"user?id=301", nil).status, "expired")

	c.authorization = "Bearer " + c.token()
	assert.Equal(t, 200, c.call("GET", jsonPath+"user?id=301", nil).status)
	c.sandbox.RevokeTokens()
	assert.Equal(t, 401, c.call("GET", jsonPath+"user?id=301", nil).status, "revoked")
	c.authorization = basic(basicUser, c.sandbox.Credentials().APIKey)
	assert.Equal(t, 200, c.call("GET", jsonPath+"user?id=301", nil).status, "the key is not a token")
}

// TestForgedTokens are tokens that look right, each but for one thing.
func TestForgedTokens(t *testing.T) {
	c := start(t)
	good := c.token()
	parts := strings.Split(good, ".")
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(&signingKey().PublicKey)
	require.NoError(t, err)
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})

	forge := func(method jwt.SigningMethod, key any, change func(*jwt.Token, jwt.MapClaims)) string {
		claims := jwt.MapClaims{"iss": c.url, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "knx_org_user_id": serviceAccountID}
		token := jwt.NewWithClaims(method, claims)
		token.Header["kid"] = *c.sandbox.api.guard.tokens.generation.Load()
		change(token, claims)
		text, err := token.SignedString(key)
		require.NoError(t, err)
		return text
	}
	nothing := func(*jwt.Token, jwt.MapClaims) {}
	other := start(t)
	otherToken := other.token()
	for _, test := range []struct {
		name, token string
		want        int
	}{
		{"good", good, 200},
		{"made by hand, right", forge(jwt.SigningMethodRS256, signingKey(), nothing), 200},
		{"alg none", forge(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nothing), 401},
		{"HS256 with the public key", forge(jwt.SigningMethodHS256, publicPEM, nothing), 401},
		{"HS256 with the public key, DER", forge(jwt.SigningMethodHS256, public, nothing), 401},
		{"RS512", forge(jwt.SigningMethodRS512, signingKey(), nothing), 401},
		{"key of a stranger", forge(jwt.SigningMethodRS256, stranger, nothing), 401},
		{"no expiry", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { delete(c, "exp") }), 401},
		{"expired", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Minute).Unix() }), 401},
		{"another issuer", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { c["iss"] = "https://api.example" }), 401},
		{"no issuer", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { delete(c, "iss") }), 401},
		{"no kid", forge(jwt.SigningMethodRS256, signingKey(), func(token *jwt.Token, _ jwt.MapClaims) { delete(token.Header, "kid") }), 401},
		{"another generation", forge(jwt.SigningMethodRS256, signingKey(), func(token *jwt.Token, _ jwt.MapClaims) {
			token.Header["kid"] = *other.sandbox.api.guard.tokens.generation.Load()
		}), 401},
		{"of another server", otherToken, 401},
		{"claims changed", parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"`+c.url+`","exp":9999999999}`)) + "." + parts[2], 401},
		{"no signature", parts[0] + "." + parts[1] + ".", 401},
		{"two parts", parts[0] + "." + parts[1], 401},
		{"nothing", "", 401},
		{"rubbish", "a.b.c", 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := *c
			c.authorization = "Bearer " + test.token
			got := c.call("GET", jsonPath+"user?id=301", nil)
			assert.Equal(t, test.want, got.status)
			if test.want == 401 {
				assert.Equal(t, unauthorized, got.code())
			}
		})
	}
}
