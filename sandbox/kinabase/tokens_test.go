package kinabase

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCreateToken(t *testing.T) {
	const id, secret = "an-app", "a-secret-of-its-own"
	c := start(t, WithApp(App{ID: id, Secret: secret}))
	for _, test := range []struct {
		name, body string
		status     int
		text       string
	}{
		{"secret", `{"appId":"an-app","secret":"a-secret-of-its-own"}`, 200, ""},
		{"appSecret", `{"appId":"an-app","appSecret":"a-secret-of-its-own"}`, 200, ""},
		{"appSecret and a null secret", `{"appId":"an-app","secret":null,"appSecret":"a-secret-of-its-own"}`, 200, ""},
		{"secret wins", `{"appId":"an-app","secret":"x","appSecret":"a-secret-of-its-own"}`, 401, "no app is registered"},
		{"wrong secret", `{"appId":"an-app","secret":"a-secret-of-its-owN"}`, 401, "no app is registered"},
		{"wrong id", `{"appId":"An-app","secret":"a-secret-of-its-own"}`, 401, "no app is registered"},
		{"the default app", fmt.Sprintf(`{"appId":%q,"secret":%q}`, sandboxApp.ID, sandboxApp.Secret), 401, "no app is registered"},
		{"no id", `{"secret":"a-secret-of-its-own"}`, 400, "appId is required"},
		{"no secret", `{"appId":"an-app"}`, 400, "secret is required"},
		{"empty secret", `{"appId":"an-app","secret":""}`, 400, "secret must not be empty"},
		{"numeric secret", `{"appId":"an-app","secret":1}`, 400, "secret is required and must be a string"},
		{"wrong case", `{"AppId":"an-app","secret":"a-secret-of-its-own"}`, 400, "appId must be written in exactly this case"},
		{"array", `[]`, 400, "must be a JSON object"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := c.call("POST", "/token", test.body)
			require.Equal(t, test.status, got.status, string(got.body))
			if test.status != http.StatusOK {
				assert.Contains(t, got.problem(t), test.text)
				assert.NotContains(t, string(got.body), secret)
				return
			}
			asker := *c
			asker.token = got.object(t)["token"].(string)
			assert.Equal(t, http.StatusOK, asker.call("GET", "/status", nil).status)
		})
	}
}

func TestTokenClaims(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	var claims jwt.MapClaims
	token, _, err := jwt.NewParser().ParseUnverified(c.token, &claims)
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"alg": "HS256", "typ": "JWT"}, token.Header)
	jti, _ := claims["jti"].(string)
	assert.NoError(t, uuid.Validate(jti))
	assert.Equal(t, jwt.MapClaims{
		"jti":   jti,
		"appid": sandboxApp.ID,
		"iat":   float64(clock.Now().Unix()),
		"exp":   float64(clock.Now().Add(time.Hour).Unix()),
	}, claims)
}

func TestAuthorization(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	revoked := c.token
	require.NoError(t, c.sandbox.RevokeTokens())
	good := c.sandbox.freshToken()
	registered := c.sandbox.store.allApps()[0]
	key := registered.tokenKey[:]

	sign := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
		claims := jwt.MapClaims{"appid": sandboxApp.ID, "iat": clock.Now().Unix(), "exp": clock.Now().Add(time.Hour).Unix()}
		change(claims)
		token, err := jwt.NewWithClaims(method, claims).SignedString(key)
		require.NoError(t, err)
		return token
	}
	same := func(jwt.MapClaims) {}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	ecdsaKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	decodedSecret, err := base64.StdEncoding.DecodeString(sandboxApp.Secret)
	require.NoError(t, err)
	// unsigned is a token that says, in some spelling, that it needs no signature.
	unsigned := func(alg string) string {
		part := func(value any) string { return base64.RawURLEncoding.EncodeToString(encode(value)) }
		return part(map[string]string{"alg": alg, "typ": "JWT"}) + "." +
			part(map[string]any{"appid": sandboxApp.ID, "exp": clock.Now().Add(time.Hour).Unix()}) + "."
	}
	elsewhere, err := New(WithClock(clock.Now))
	require.NoError(t, err)
	deleted, err := c.sandbox.Admin().CreateApp("short-lived", "")
	require.NoError(t, err)
	ofDeleted := c.sandbox.tokenOf(deleted.ID)
	require.NoError(t, c.sandbox.Admin().DeleteApp(deleted.ID))
	tampered := func(token string, part int) string {
		parts := strings.Split(token, ".")
		middle := len(parts[part]) / 2
		flipped := byte('A')
		if parts[part][middle] == flipped {
			flipped = 'B'
		}
		parts[part] = parts[part][:middle] + string(flipped) + parts[part][middle+1:]
		return strings.Join(parts, ".")
	}
	// The last character of a signature has two bits that decode to nothing.
	respelled := func(token string) string {
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		last := strings.IndexByte(alphabet, token[len(token)-1])
		return token[:len(token)-1] + string(alphabet[last^1])
	}
	for _, test := range []struct {
		name, header string
		status       int
		text         string
	}{
		{"good", "Bearer " + good, 200, ""},
		{"signed here", "Bearer " + sign(jwt.SigningMethodHS256, key, same), 200, ""},
		{"scheme in lower case", "bearer " + good, 200, ""},
		{"missing", "", 401, "a token is required"},
		{"no scheme", good, 401, "a token is required"},
		{"no token", "Bearer ", 401, "a token is required"},
		{"wrong scheme", "Basic " + good, 401, "a token is required"},
		{"garbage", "Bearer garbage", 401, "not one of this server"},
		{"tampered header", "Bearer " + tampered(good, 0), 401, "not one of this server"},
		{"tampered claims", "Bearer " + tampered(good, 1), 401, "not one of this server"},
		{"tampered signature", "Bearer " + tampered(good, 2), 401, "not one of this server"},
		{"no signature", "Bearer " + good[:strings.LastIndex(good, ".")+1], 401, "not one of this server"},
		{"signature in another spelling", "Bearer " + respelled(good), 401, "not one of this server"},
		{"alg none", "Bearer " + sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same), 401, "not one of this server"},
		{"alg none, spelled here", "Bearer " + unsigned("none"), 401, "not one of this server"},
		{"alg None", "Bearer " + unsigned("None"), 401, "not one of this server"},
		{"alg NONE", "Bearer " + unsigned("NONE"), 401, "not one of this server"},
		{"alg nOnE", "Bearer " + unsigned("nOnE"), 401, "not one of this server"},
		{"no alg", "Bearer " + unsigned(""), 401, "not one of this server"},
		{"RS256", "Bearer " + sign(jwt.SigningMethodRS256, rsaKey, same), 401, "not one of this server"},
		{"ES256", "Bearer " + sign(jwt.SigningMethodES256, ecdsaKey, same), 401, "not one of this server"},
		{"empty key", "Bearer " + sign(jwt.SigningMethodHS256, []byte{}, same), 401, "not one of this server"},
		{"id as key", "Bearer " + sign(jwt.SigningMethodHS256, []byte(sandboxApp.ID), same), 401, "not one of this server"},
		{"secret as key", "Bearer " + sign(jwt.SigningMethodHS256, []byte(sandboxApp.Secret), same), 401, "not one of this server"},
		{"decoded secret as key", "Bearer " + sign(jwt.SigningMethodHS256, decodedSecret, same), 401, "not one of this server"},
		{"hash of the secret as key", "Bearer " + sign(jwt.SigningMethodHS256, registered.secretHash[:], same), 401, "not one of this server"},
		{"another server", "Bearer " + elsewhere.freshToken(), 401, "not one of this server"},
		{"deleted app", "Bearer " + ofDeleted, 401, "not one of this server"},
		{"no app", "Bearer " + sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "appid") }), 401, "not one of this server"},
		{"another alg", "Bearer " + sign(jwt.SigningMethodHS512, key, same), 401, "not one of this server"},
		{"wrong key", "Bearer " + sign(jwt.SigningMethodHS256, []byte("another key"), same), 401, "not one of this server"},
		{"another app", "Bearer " + sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["appid"] = "x" }), 401, "not one of this server"},
		{"without end", "Bearer " + sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { delete(c, "exp") }), 401, "not one of this server"},
		{"expired", "Bearer " + sign(jwt.SigningMethodHS256, key, func(c jwt.MapClaims) { c["exp"] = clock.Now().Unix() }), 401, "the token has expired: it is good for 1h0m0s"},
		{"revoked", "Bearer " + revoked, 401, "was revoked"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, path := range []string{"/collections", "/status", "/collections/machines?pageSize=0"} {
				request := c.request("GET", path, nil)
				request.Header.Del("Authorization")
				if test.header != "" {
					request.Header.Set("Authorization", test.header)
				}
				got := c.check(request)
				if test.status == http.StatusOK && strings.Contains(path, "pageSize") {
					assert.Equal(t, http.StatusBadRequest, got.status)
					continue
				}
				require.Equal(t, test.status, got.status, "%s: %s", path, got.body)
				if test.status != http.StatusUnauthorized {
					continue
				}
				assert.Equal(t, "Bearer", got.header.Get("WWW-Authenticate"))
				if path == "/status" {
					assert.Empty(t, got.body)
					assert.NotContains(t, got.header, "Content-Type")
					continue
				}
				assert.Contains(t, got.problem(t), test.text)
			}
		})
	}
}

func TestTokenLastsAnHour(t *testing.T) {
	clock := newClock()
	c := start(t, WithClock(clock.Now))
	clock.Advance(time.Hour - time.Second)
	assert.Equal(t, http.StatusOK, c.call("GET", "/status", nil).status)
	clock.Advance(time.Second)
	assert.Equal(t, http.StatusUnauthorized, c.call("GET", "/status", nil).status)
}

func TestTokensOfAnotherServerAreRefused(t *testing.T) {
	c, other := start(t), start(t)
	c.token = other.token
	assert.Equal(t, http.StatusUnauthorized, c.call("GET", "/status", nil).status)
}
