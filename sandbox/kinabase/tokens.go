package kinabase

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kinabase/internal/stub"
)

// tokenLifetime is the documented one.
const tokenLifetime = time.Hour

const (
	tokenPattern  = http.MethodPost + " " + BasePath + "/token"
	statusPattern = http.MethodGet + " " + BasePath + "/status"
)

// tokens issues and checks the tokens of one app.
type tokens struct {
	// app is a func so that no way of printing a Server gets to the secret.
	app   func() App
	clock func() time.Time
	key   atomic.Pointer[[sha256.Size]byte]
}

type claims struct {
	AppID string `json:"appid"`
	jwt.RegisteredClaims
}

func newTokens(app App, clock func() time.Time) *tokens {
	t := &tokens{app: func() App { return app }, clock: clock}
	t.revoke()
	return t
}

// revoke forgets the key that every token so far was signed with.
func (t *tokens) revoke() {
	key := new([sha256.Size]byte)
	_, _ = rand.Read(key[:]) // never fails
	t.key.Store(key)
}

// knows compares in a time that depends on neither the id nor the secret.
func (t *tokens) knows(id, secret string) bool {
	return equal(id, t.app().ID)&equal(secret, t.app().Secret) == 1
}

func equal(a, b string) int {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:])
}

func (t *tokens) issue() string {
	now := t.clock()
	token, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		AppID: t.app().ID,
		RegisteredClaims: jwt.RegisteredClaims{
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(tokenLifetime)),
		},
	}).SignedString(t.key.Load()[:]) // HS256 fails on no key of bytes
	return token
}

// check tells what is wrong with an Authorization header.
func (t *tokens) check(header string) error {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return errors.New("a token is required, in a header Authorization: Bearer <token>")
	}
	var c claims
	_, err := jwt.ParseWithClaims(token, &c,
		func(*jwt.Token) (any, error) { return t.key.Load()[:], nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(t.clock),
	)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return fmt.Errorf("the token has expired: it is good for %s", tokenLifetime)
	case err != nil || c.AppID != t.app().ID:
		return errors.New("the token is not one of this server, or was revoked")
	}
	return nil
}

// guard lets a request pass to its operation only with a good token, but for the one
// operation that hands tokens out.
func (t *tokens) guard(pattern string, next http.Handler) http.Handler {
	if pattern == tokenPattern {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := t.check(r.Header.Get("Authorization"))
		if err == nil {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", "Bearer")
		if pattern == statusPattern {
			w.WriteHeader(http.StatusUnauthorized) // the one refusal without a body
			return
		}
		answerError(w, http.StatusUnauthorized, err.Error())
	})
}

// CreateToken is POST /token.
func (o *operations) CreateToken(w http.ResponseWriter, r *http.Request) {
	id, secret, err := readCredentials(w, r)
	if err != nil {
		refuse(w, err)
		return
	}
	if !o.tokens.knows(id, secret) {
		answerError(w, http.StatusUnauthorized, "no app is registered under this appId and secret")
		return
	}
	jsonbody.Write(w, http.StatusOK, stub.Token{Token: o.tokens.issue()})
}

func readCredentials(w http.ResponseWriter, r *http.Request) (id, secret string, err error) {
	body, err := jsonbody.Read(w, r)
	if err != nil {
		return "", "", err
	}
	if err := body.CheckCase("appId", "secret", "appSecret"); err != nil {
		return "", "", err
	}
	if id, err = body.NonEmptyString("appId"); err != nil {
		return "", "", err
	}
	key := "secret"
	if !body.Has(key) && body.Has("appSecret") {
		key = "appSecret"
	}
	secret, err = body.NonEmptyString(key)
	return id, secret, err
}

// GetStatus is GET /status.
func (o *operations) GetStatus(w http.ResponseWriter, _ *http.Request) {
	jsonbody.Write(w, http.StatusOK, stub.AuthStatus{})
}
