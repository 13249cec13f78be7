package kainexus

import (
	"context"
	"crypto/subtle"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
)

// Credentials are those of one Service Account.
type Credentials struct {
	APIKey       string `json:"-"` // the password of HTTP Basic, with the user name "api"
	ClientID     string // for OAuth 2.0, at /oauth2/token
	ClientSecret string `json:"-"`
}

// Format implements [fmt.Formatter] for every verb: secrets are left out.
func (c Credentials) Format(f fmt.State, _ rune) {
	_, _ = fmt.Fprintf(f, "credentials of the client %q (secrets redacted)", c.ClientID)
}

// LogValue implements [slog.LogValuer].
func (c Credentials) LogValue() slog.Value {
	return slog.GroupValue(slog.String("clientID", c.ClientID))
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
	jwksPattern     = http.MethodGet + " " + jwksPath
)

// publicPatterns are of what a client begins with.
var publicPatterns = []string{tokenPattern, metadataPattern, jwksPattern}

// guard decides who is let in.
type guard struct {
	store  *store
	tokens *tokens
}

// callerKey is where a request keeps the id of the Service Account that makes it.
type callerKey struct{}

// caller is the id of the Service Account that makes a request.
func caller(r *http.Request) int64 {
	id, _ := r.Context().Value(callerKey{}).(int64)
	return id
}

// wrap lets a request pass to its operation only when the organization uses the API, with
// a good credential, and with the permission that all such calls need.
func (g *guard) wrap(pattern string, next http.Handler) http.Handler {
	if slices.Contains(publicPatterns, pattern) {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := g.store.view()
		// Choice(api-module-off): Without the API Module every call answers 403
		// API_MODULE_DISABLED, whatever its credential. The metadata document and the keys stay
		// public, and the token endpoint answers unauthorized_client to a client it knows.
		if !s.organization.Settings.APIModule {
			refuse(w, &refusal{http.StatusForbidden, moduleDisabled, moduleReason})
			return
		}
		account, reason := g.check(s.organization, r)
		if reason != "" {
			w.Header().Add("WWW-Authenticate", `Basic realm="KaiNexus"`)
			w.Header().Add("WWW-Authenticate", "Bearer")
			refuse(w, &refusal{http.StatusUnauthorized, unauthorized, reason})
			return
		}
		// Choice(order-of-checks): A call is judged by its credential first, then by the
		// permissions that all such calls need, then by its parameters, then by its body, and
		// last by the permissions for what it names.
		if err := s.permitOf(account).enter(pattern); err != nil {
			refuse(w, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, account)))
	})
}

// check is the Service Account that a request comes from, or the reason why not.
func (g *guard) check(o *organization, r *http.Request) (account int64, reason string) {
	if user, key, ok := r.BasicAuth(); ok {
		c, known := o.apiKey(key)
		if user != basicUser || !known {
			return 0, "the user name must be api, and the password an API key of this server"
		}
		if !o.Settings.APISecurity.allows(APIKey) {
			return 0, "the API security settings of the organization do not allow API keys"
		}
		return c.ServiceAccountID, ""
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return 0, "an API key as HTTP Basic, or an access token as Bearer, is required"
	}
	// Choice(api-security): A kind of credential that the API security settings do not allow
	// answers 401, access tokens issued earlier included, and unauthorized_client at the
	// token endpoint.
	if !o.Settings.APISecurity.allows(OAuth) {
		return 0, "the API security settings of the organization do not allow OAuth"
	}
	return g.tokens.check(o, token, issuer(r))
}

// apiKey finds the credential of an API key. How long it takes depends on how many there
// are, and on nothing else.
func (o *organization) apiKey(key string) (found Credential, ok bool) {
	hash := hashOf(key)
	for _, c := range o.Credentials {
		if c.Kind == APIKey && subtle.ConstantTimeCompare(hash[:], c.SecretHash[:]) == 1 {
			found, ok = c.Credential, true
		}
	}
	return found, ok
}

// client finds the credential of a client of OAuth, likewise.
func (o *organization) client(id, secret string) (found Credential, ok bool) {
	idHash, hash := hashOf(id), hashOf(secret)
	for _, c := range o.Credentials {
		known := hashOf(c.ClientID)
		if c.Kind == OAuth && subtle.ConstantTimeCompare(idHash[:], known[:])&subtle.ConstantTimeCompare(hash[:], c.SecretHash[:]) == 1 {
			found, ok = c.Credential, true
		}
	}
	return found, ok
}
