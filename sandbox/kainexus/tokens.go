package kainexus

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// tokenLifetime is the documented one.
const tokenLifetime = time.Hour

// serviceAccountID is the user behind every credential.
const serviceAccountID = 399

// signingKey is one for the whole process, since making one takes long. Tokens of one
// server are still worth nothing at another: see tokens.generation.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(fmt.Sprintf("kainexus: %v", err)) // crypto/rand does not fail
	}
	return key
})

// tokens issues and checks the access tokens of one server.
type tokens struct {
	clock func() time.Time
	// generation is in the signed header of every token, and random, so that a token of
	// another server, or of before revoke, is not taken.
	generation atomic.Pointer[string]
}

type claims struct {
	OrgUserID int64 `json:"knx_org_user_id"`
	jwt.RegisteredClaims
}

func newTokens(clock func() time.Time) *tokens {
	t := &tokens{clock: clock}
	t.revoke()
	return t
}

func (t *tokens) revoke() {
	generation := rand.Text()
	t.generation.Store(&generation)
}

func (t *tokens) issue(issuer string) (string, error) {
	now := t.clock()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims{
		OrgUserID: serviceAccountID,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    issuer,
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(tokenLifetime)),
		},
	})
	token.Header["kid"] = *t.generation.Load()
	return token.SignedString(signingKey())
}

// check tells what is wrong with a token, or nothing.
func (t *tokens) check(token, issuer string) string {
	_, err := jwt.ParseWithClaims(token, &claims{}, t.keyOf,
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithIssuer(issuer),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(t.clock),
	)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return fmt.Sprintf("the token has expired: it is good for %s", tokenLifetime)
	case err != nil:
		return "the token is not one that this server issued at this address, or was revoked"
	}
	return ""
}

// keyOf refuses a token of another generation.
func (t *tokens) keyOf(token *jwt.Token) (any, error) {
	if token.Header["kid"] != *t.generation.Load() {
		return nil, errors.New("unknown key")
	}
	return &signingKey().PublicKey, nil
}
