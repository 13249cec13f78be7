package auth

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKinabaseOnTheWire(t *testing.T) {
	home := newVendor(t, httptest.NewTLSServer)
	home.reply("/api/v1/token", tokenReply(plantedToken))
	cred, err := KinabaseApp(home.URL+"/api/v1/", "app-id", NewSecret(plantedSecret), TokenClient(home.Client()))
	require.NoError(t, err)
	assert.Empty(t, home.seen(), "something was fetched before the first use")
	_, err = cred.Token(t.Context())
	require.NoError(t, err)
	seen := home.seen()
	require.Len(t, seen, 1)
	assert.Equal(t, "POST /api/v1/token", seen[0].Method+" "+seen[0].URL.String())
	assert.Equal(t, "application/json", seen[0].Header.Get("Content-Type"))
	assert.Equal(t, "application/json", seen[0].Header.Get("Accept"))
	assert.NotContains(t, seen[0].Header, "Authorization")
	assert.JSONEq(t, `{"appId":"app-id","secret":"`+plantedSecret+`"}`, home.bodies[0])
}

func TestParseKinabaseToken(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"exp": now.Add(20 * time.Minute).Unix(), "appid": "x",
	}).SignedString([]byte("key"))
	require.NoError(t, err)
	for _, tt := range []struct {
		name, body string
		life       time.Duration
		problem    string
	}{
		{"signed by a JWT library", `{"token":"` + signed + `"}`, 20 * time.Minute, ""},
		{"no exp", `{"token":"` + fakeJWT(`{"appid":"x"}`) + `"}`, time.Hour, ""},
		{"no JWT", `{"token":"opaque"}`, time.Hour, ""},
		{"expired", `{"token":"` + fakeJWT(`{"exp":1699999999}`) + `"}`, -time.Second, ""},
		{"no token", `{}`, 0, "has no token"},
		{"name in other case", `{"Token":"tok"}`, 0, "has no token"},
		{"null", `{"token":null}`, 0, "has no token"},
		{"empty", `{"token":""}`, 0, "token is empty or"},
		{"line break", `{"token":"a\nb"}`, 0, "a header does not allow"},
		{"not JSON", `<html>`, 0, "not a JSON object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseKinabaseToken([]byte(tt.body), now)
			if tt.problem != "" {
				require.ErrorContains(t, err, tt.problem)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.life, got.Expiry.Sub(now))
		})
	}
}

func TestExpiredTokenPointsAtTheClock(t *testing.T) {
	home := newVendor(t, httptest.NewServer)
	home.reply("/token", tokenReply(fakeJWT(`{"exp":1500000000}`)))
	cred, err := KinabaseApp(home.URL, "app-id", NewSecret(plantedSecret), TokenClient(home.Client()))
	require.NoError(t, err)
	_, err = cred.Token(t.Context())
	require.ErrorContains(t, err, "auth: the token that came had expired at")
	require.ErrorContains(t, err, "this machine's clock says")
}
