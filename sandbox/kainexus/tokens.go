package kainexus

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// tokenLifetime is the documented one.
const tokenLifetime = time.Hour

// signingKey is one for the whole process, since making one takes long. Tokens of one
// server are still worth nothing at another: see tokens.keyID.
//
// Choice(signing-key): The key that signs access tokens is made anew in every process, so
// no token outlives it.
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
	// keyID is the name of the key at this server. It is random, so that a token of another
	// server is not taken.
	keyID string
	// generation is in the id of every token, and random, so that a token of before revoke is
	// not taken.
	generation atomic.Pointer[string]
}

// claims are those of the vendor's token that are known, and the usual ones: iss, sub
// with the client id, iat, exp and jti.
//
// Choice(token-claims) [requestToken]: Besides knx_org_user_id an access token has iss, sub (the client
// id), iat, exp and jti, and no aud. The jti means nothing to clients.
type claims struct {
	OrgUserID int64 `json:"knx_org_user_id"`
	jwt.RegisteredClaims
}

func newTokens(clock func() time.Time) *tokens {
	t := &tokens{clock: clock, keyID: rand.Text()}
	t.revoke()
	return t
}

func (t *tokens) revoke() {
	generation := rand.Text()
	t.generation.Store(&generation)
}

// idPrefix begins the id of every token of a credential that is not revoked. It has the
// id of the credential, since a client id might come back after its credential is deleted.
func (t *tokens) idPrefix(c Credential) string {
	return fmt.Sprintf("%s.%d.", *t.generation.Load(), c.ID)
}

func (t *tokens) issue(issuer string, c Credential) (string, error) {
	now := t.clock()
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims{
		OrgUserID: c.ServiceAccountID,
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    issuer,
			Subject:   c.ClientID,
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(tokenLifetime)),
			ID:        t.idPrefix(c) + rand.Text(),
		},
	})
	token.Header["kid"] = t.keyID
	return token.SignedString(signingKey())
}

// check is the Service Account that a token was issued to, or what is wrong with it.
func (t *tokens) check(o *organization, token, issuer string) (account int64, reason string) {
	const stranger = "the token is not one that this server issued at this address, or was revoked"
	var sent claims
	_, err := jwt.ParseWithClaims(token, &sent, t.keyOf,
		jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithIssuedAt(),
		jwt.WithIssuer(issuer),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(t.clock),
	)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return 0, fmt.Sprintf("the token has expired: it is good for %s", tokenLifetime)
	case errors.Is(err, jwt.ErrTokenUsedBeforeIssued):
		return 0, "the token is of a time to come"
	case err != nil:
		return 0, stranger
	}
	i := slices.IndexFunc(o.Credentials, func(c storedCredential) bool {
		return c.Kind == OAuth && c.ClientID == sent.Subject && strings.HasPrefix(sent.ID, t.idPrefix(c.Credential))
	})
	if i < 0 {
		return 0, stranger
	}
	return o.Credentials[i].ServiceAccountID, ""
}

// keyOf refuses a token of another server.
func (t *tokens) keyOf(token *jwt.Token) (any, error) {
	if token.Header["kid"] != t.keyID {
		return nil, errors.New("unknown key")
	}
	return &signingKey().PublicKey, nil
}
