package kainexus

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
)

// Credentials are those of the one service account that a Server knows.
type Credentials struct {
	APIKey       string // the password of HTTP Basic, with the user name "api"
	ClientID     string // for OAuth 2.0, at /oauth2/token
	ClientSecret string
}

// sandboxCredentials open every sandbox, and nothing else.
var sandboxCredentials = Credentials{
	APIKey:       "sandbox-api-key",
	ClientID:     "sandbox-client",
	ClientSecret: "sandbox-client-secret",
}

// basicUser is the one user name of an API key.
const basicUser = "api"

const (
	tokenPattern    = http.MethodPost + " /oauth2/token"
	metadataPattern = http.MethodGet + " /.well-known/oauth-authorization-server"
)

// guard decides who is let in.
type guard struct {
	credentials Credentials
	tokens      *tokens
}

// wrap lets a request pass to its operation only with a good credential, but for the
// two operations that a client begins with.
func (g *guard) wrap(pattern string, next http.Handler) http.Handler {
	if pattern == tokenPattern || pattern == metadataPattern {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reason := g.check(r)
		if reason == "" {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Add("WWW-Authenticate", `Basic realm="KaiNexus"`)
		w.Header().Add("WWW-Authenticate", "Bearer")
		refuse(w, &refusal{http.StatusUnauthorized, unauthorized, reason})
	})
}

// check tells what is wrong with the credential of a request, or nothing.
func (g *guard) check(r *http.Request) string {
	if user, key, ok := r.BasicAuth(); ok {
		if g.credentials.APIKey == "" || equal(user, basicUser)&equal(key, g.credentials.APIKey) != 1 {
			return "the user name must be api, and the password a key of this server"
		}
		return ""
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "an API key as HTTP Basic, or an access token as Bearer, is required"
	}
	return g.tokens.check(token, issuer(r))
}

// knowsClient compares in a time that depends on neither the id nor the secret.
func (g *guard) knowsClient(id, secret string) bool {
	c := g.credentials
	return c.ClientID != "" && equal(id, c.ClientID)&equal(secret, c.ClientSecret) == 1
}

func equal(a, b string) int {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:])
}
