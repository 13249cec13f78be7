package kainexus

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
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
		{"secret of a client as a key", basic("api", "secret"), 401},
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
		"jwks_uri": "`+c.url+`/oauth2/jwks",
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
		{"an API key for a client", basic("", limitedCredentials.APIKey), "grant_type=client_credentials", 401, "invalid_client"},
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
	assert.NotEmpty(t, claims["jti"])
	delete(claims, "jti")
	assert.Equal(t, jwt.MapClaims{
		"iss": c.url, "sub": sandboxCredentials.ClientID, "iat": now, "exp": now + 3600, "knx_org_user_id": float64(integrationAccount),
	}, claims)

	clock.Advance(time.Hour - time.Second)
	assert.Equal(t, 200, c.call("GET", jsonPath+"user?id=301", nil).status, "good to the last second")
	clock.Advance(2 * time.Second)
	assert.Equal(t, 401, c.call("GET", jsonPath+"user?id=301", nil).status, "expired")
	clock.Advance(-time.Hour - time.Minute)
	assert.Equal(t, 401, c.call("GET", jsonPath+"user?id=301", nil).status, "not yet issued")
	clock.Advance(time.Hour)

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
		claims := jwt.MapClaims{}
		_, _, err := jwt.NewParser().ParseUnverified(good, claims)
		require.NoError(t, err)
		token := jwt.NewWithClaims(method, claims)
		token.Header["kid"] = c.sandbox.api.guard.tokens.keyID
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
		{"alg none, otherwise spelled", spelledNone(good, "nOnE"), 401},
		{"alg NONE with the signature", spelledNone(good, "NONE") + parts[2], 401},
		{"HS256 with the public key", forge(jwt.SigningMethodHS256, publicPEM, nothing), 401},
		{"HS256 with the public key, DER", forge(jwt.SigningMethodHS256, public, nothing), 401},
		{"RS512", forge(jwt.SigningMethodRS512, signingKey(), nothing), 401},
		{"key of a stranger", forge(jwt.SigningMethodRS256, stranger, nothing), 401},
		{"no expiry", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { delete(c, "exp") }), 401},
		{"expired", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Minute).Unix() }), 401},
		{"another issuer", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { c["iss"] = "https://api.example" }), 401},
		{"no issuer", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { delete(c, "iss") }), 401},
		{"no kid", forge(jwt.SigningMethodRS256, signingKey(), func(token *jwt.Token, _ jwt.MapClaims) { delete(token.Header, "kid") }), 401},
		{"kid of another server", forge(jwt.SigningMethodRS256, signingKey(), func(token *jwt.Token, _ jwt.MapClaims) {
			token.Header["kid"] = other.sandbox.api.guard.tokens.keyID
		}), 401},
		{"not yet issued", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { c["iat"] = time.Now().Add(time.Minute).Unix() }), 401},
		{"no subject", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { delete(c, "sub") }), 401},
		{"another subject", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { c["sub"] = limitedCredentials.ClientID }), 401},
		{"no id", forge(jwt.SigningMethodRS256, signingKey(), func(_ *jwt.Token, c jwt.MapClaims) { delete(c, "jti") }), 401},
		{"of another server", otherToken, 401},
		{"claims changed", parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"`+c.url+`","exp":9999999999}`)) + "." + parts[2], 401},
		{"signature changed", parts[0] + "." + parts[1] + "." + otherSignature(parts[2]), 401},
		{"signature of another token", parts[0] + "." + parts[1] + "." + strings.Split(c.token(), ".")[2], 401},
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

// spelledNone is a token without a signature, with a header that says so in its own way.
func spelledNone(token, alg string) string {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"` + alg + `","typ":"JWT"}`))
	return header + "." + strings.Split(token, ".")[1] + "."
}

// otherSignature is a signature with one digit changed.
func otherSignature(signature string) string {
	first := "A"
	if signature[:1] == first {
		first = "B"
	}
	return first + signature[1:]
}

// TestKeys has somebody else check a token, with the published keys alone.
func TestKeys(t *testing.T) {
	c := start(t)
	c.authorization = ""
	metadata := c.call("GET", "/.well-known/oauth-authorization-server", nil).object(t)
	request, err := http.NewRequestWithContext(t.Context(), "GET", metadata.text("jwks_uri"), nil)
	require.NoError(t, err)
	got := c.send(request)
	require.Equal(t, 200, got.status)
	assert.Equal(t, "application/json", got.header.Get("Content-Type"))
	keys := got.object(t).stored("keys")
	require.Len(t, keys, 1)
	assert.Equal(t, []string{"RSA", "sig", "RS256"}, []string{keys[0].text("kty"), keys[0].text("use"), keys[0].text("alg")})

	verify := func(token string) error {
		_, err := jwt.Parse(token, func(token *jwt.Token) (any, error) {
			if token.Header["kid"] != keys[0].text("kid") {
				return nil, jwt.ErrTokenUnverifiable
			}
			n, err := base64.RawURLEncoding.DecodeString(keys[0].text("n"))
			require.NoError(t, err)
			e, err := base64.RawURLEncoding.DecodeString(keys[0].text("e"))
			require.NoError(t, err)
			return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}, nil
		}, jwt.WithValidMethods([]string{keys[0].text("alg")}), jwt.WithIssuer(metadata.text("issuer")), jwt.WithExpirationRequired())
		return err
	}
	good := c.token()
	require.NoError(t, verify(good))
	parts := strings.Split(good, ".")
	require.Error(t, verify(parts[0]+"."+parts[1]+"."+otherSignature(parts[2])))
	require.Error(t, verify(start(t).token()), "of another server")
}
