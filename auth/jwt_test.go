package auth

import (
	"encoding/base64"
	"math"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestJWTExpiry(t *testing.T) {
	for _, tt := range []struct {
		name, token string
		want        float64
		ok          bool
	}{
		{"whole", fakeJWT(`{"exp":1700000000}`), 1700000000, true},
		{"fraction", fakeJWT(`{"exp":1700000000.5}`), 1700000000.5, true},
		{"exponent", fakeJWT(`{"exp":1.7e9}`), 1700000000, true},
		{"negative", fakeJWT(`{"exp":-5}`), -5, true},
		{"overflows int64", fakeJWT(`{"exp":99999999999999999999}`), 1e20, true},
		{"overflows float64", fakeJWT(`{"exp":1e999}`), math.Inf(1), true},
		{"padded payload", "h." + base64.URLEncoding.EncodeToString([]byte(`{"exp":12}`)) + ".s", 12, true},
		{"other case", fakeJWT(`{"EXP":1}`), 0, false},
		{"string", fakeJWT(`{"exp":"1700000000"}`), 0, false},
		{"null", fakeJWT(`{"exp":null}`), 0, false},
		{"bool", fakeJWT(`{"exp":true}`), 0, false},
		{"absent", fakeJWT(`{}`), 0, false},
		{"payload is a list", fakeJWT(`[1]`), 0, false},
		{"payload is no JSON", fakeJWT(`x`), 0, false},
		{"payload is no base64", "h.***.s", 0, false},
		{"two parts", "h.e30", 0, false},
		{"encrypted, five parts", "a.b.c.d.e", 0, false},
		{"empty", "", 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := jwtExpiry(tt.token)
			assert.Equal(t, tt.ok, ok)
			if tt.ok {
				assert.Equal(t, tt.want, got)
			}
		})
	}
}

// Whatever a JWT library signs is read the same.
func TestJWTExpiryAgreesWithALibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		exp := rapid.Int64Range(0, 1<<40).Draw(t, "exp")
		other := rapid.String().Draw(t, "claim")
		signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"exp": exp, "x": other}).SignedString([]byte("k"))
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := jwtExpiry(signed); !ok || got != float64(exp) {
			t.Fatalf("exp %d was read as %v, %v", exp, got, ok)
		}
	})
}

// No lifetime, however absurd, makes an expiry that is further off than a day.
func TestExpiresAfter(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	for _, tt := range []struct {
		seconds float64
		want    time.Duration
	}{
		{60, time.Minute},
		{0.5, 500 * time.Millisecond},
		{-60, -time.Minute},
		{86400, 24 * time.Hour},
		{86401, time.Hour},
		{1.7e12, time.Hour}, // milliseconds
		{math.MaxFloat64, time.Hour},
		{math.Inf(1), time.Hour},
		{math.Inf(-1), -24 * time.Hour},
		{-math.MaxFloat64, -24 * time.Hour},
		{math.NaN(), -24 * time.Hour},
	} {
		assert.Equal(t, tt.want, expiresAfter(now, tt.seconds).Sub(now), "%v", tt.seconds)
	}
	rapid.Check(t, func(t *rapid.T) {
		got := expiresAfter(now, rapid.Float64().Draw(t, "seconds")).Sub(now)
		if got < -24*time.Hour || got > 24*time.Hour {
			t.Fatal(got)
		}
	})
}
