package kinabase

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/kinabase/internal/stub"
)

// tokenLifetime is the documented one.
const tokenLifetime = time.Hour

const (
	tokenPattern  = http.MethodPost + " " + BasePath + "/token"
	statusPattern = http.MethodGet + " " + BasePath + "/status"
)

// tokens issues and checks tokens. Each app has a key of its own, which is thrown away
// when its tokens are revoked.
//
// Choice(token-keys): The keys that sign tokens are kept with the state, so a token outlives a restart of the emulator.
type tokens struct {
	store *store
	clock func() time.Time
}

type claims struct {
	AppID string `json:"appid"`
	jwt.RegisteredClaims
}

// known is the app with these credentials. It takes as long for a wrong secret as for
// the right one.
func (t *tokens) known(id, secret string) (*app, bool) {
	a, ok := t.store.app(id)
	if !ok {
		a = &app{}
	}
	hash := sha256.Sum256([]byte(secret))
	right := subtle.ConstantTimeCompare(hash[:], a.secretHash[:]) == 1
	return a, ok && right
}

func (t *tokens) issue(a *app) string {
	now := t.clock()
	token, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		AppID: a.id,
		RegisteredClaims: jwt.RegisteredClaims{
			ID:        uuid.NewString(),
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(tokenLifetime)),
		},
	}).SignedString(a.tokenKey[:]) // HS256 fails on no key of bytes
	return token
}

// check gives the id of the app that an Authorization header speaks for, or tells what
// is wrong with it.
func (t *tokens) check(header string) (string, error) {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", errors.New("a token is required, in a header Authorization: Bearer <token>")
	}
	var c claims
	_, err := jwt.ParseWithClaims(token, &c,
		func(*jwt.Token) (any, error) {
			a, ok := t.store.app(c.AppID)
			if !ok {
				return nil, errors.New("no such app")
			}
			return a.tokenKey[:], nil
		},
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(t.clock),
	)
	switch {
	case errors.Is(err, jwt.ErrTokenExpired):
		return "", fmt.Errorf("the token has expired: it is good for %s", tokenLifetime)
	case err != nil:
		return "", errors.New("the token is not one of this server, or was revoked")
	}
	return c.AppID, nil
}

// caller is the key of the app's id in the context of a request.
type caller struct{}

// callerOf is the id of the app that makes a call, which guard let pass.
func callerOf(r *http.Request) string {
	id, _ := r.Context().Value(caller{}).(string)
	return id
}

// guard lets a request pass to its operation only with a good token, but for the one
// operation that hands tokens out.
//
// Choice(unknown-paths): An unknown path answers 404 and a wrong method 405, both with the usual error body and without a
// look at the credentials.
func (t *tokens) guard(pattern string, next http.Handler) http.Handler {
	if pattern == tokenPattern {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := t.check(r.Header.Get("Authorization"))
		if err == nil {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), caller{}, id)))
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
	a, ok := o.tokens.known(id, secret)
	if !ok {
		answerError(w, http.StatusUnauthorized, "no app is registered under this appId and secret")
		return
	}
	jsonbody.Write(w, http.StatusOK, stub.Token{Token: o.tokens.issue(a)})
}

// readCredentials takes the secret under either of the keys that the documentation has.
//
// Choice(secret-keys): The secret is taken under secret or appSecret. Where both are given and secret is not null, secret
// counts and appSecret is not looked at.
func readCredentials(w http.ResponseWriter, r *http.Request) (id, secret string, err error) {
	body, err := jsonbody.ReadUntyped(w, r)
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
