package kainexus

import (
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/internal/origin"
	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// maxForm bounds the form of a token request, which takes a few dozen bytes.
const maxForm = 64 << 10

// issuer is the address under which the server is being called.
func issuer(r *http.Request) string {
	// Choice(issuer): Tokens are good at the address that issued them only, since the issuer
	// is taken from the request.
	return origin.Of(r)
}

// GetAuthorizationServerMetadata is GET /.well-known/oauth-authorization-server.
func (o *operations) GetAuthorizationServerMetadata(w http.ResponseWriter, r *http.Request) {
	// Choice(metadata) [getAuthorizationServerMetadata]: The metadata document has the issuer,
	// which is the address under which it was asked for, the token endpoint /oauth2/token, the
	// keys, the one grant and the one way of authenticating a client.
	keys := issuer(r) + jwksPath
	jsonbody.Write(w, http.StatusOK, stub.AuthorizationServerMetadata{
		Issuer:                            issuer(r),
		TokenEndpoint:                     issuer(r) + "/oauth2/token",
		JwksURI:                           &keys,
		GrantTypesSupported:               []string{string(stub.GrantTypeClientCredentials)},
		TokenEndpointAuthMethodsSupported: []string{"client_secret_basic"},
	})
}

// RequestToken is POST /oauth2/token. The client is looked at first, then its form.
//
// Choice(token-errors) [requestToken]: The token endpoint answers what RFC 6749 says, in its
// words: 401 invalid_client, and 400 invalid_request, unsupported_grant_type or
// unauthorized_client. A secret in the form is refused, since clients authenticate in the
// header only.
func (o *operations) RequestToken(w http.ResponseWriter, r *http.Request) {
	// RFC 6749, 5.1: what is said here is not to be kept on the way.
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Pragma", "no-cache")
	organization := o.store.view().organization
	client, ok := organization.client(clientOf(r))
	if !ok {
		w.Header().Set("WWW-Authenticate", `Basic realm="KaiNexus"`)
		refuseToken(w, http.StatusUnauthorized, "invalid_client", "the client id or the client secret is missing or wrong; send them as HTTP Basic")
		return
	}
	// Choice(token-scope) [requestToken]: The token endpoint ignores scope, since scopes are not used.
	form, problem := readForm(w, r)
	if problem != "" {
		refuseToken(w, http.StatusBadRequest, "invalid_request", problem)
		return
	}
	switch grant := form.Get("grant_type"); {
	case grant == "":
		refuseToken(w, http.StatusBadRequest, "invalid_request", "grant_type is missing")
		return
	case grant != string(stub.GrantTypeClientCredentials):
		refuseToken(w, http.StatusBadRequest, "unsupported_grant_type", "the only grant is client_credentials")
		return
	}
	if !organization.Settings.APIModule {
		refuseToken(w, http.StatusBadRequest, "unauthorized_client", moduleReason)
		return
	}
	if !organization.Settings.APISecurity.allows(OAuth) {
		refuseToken(w, http.StatusBadRequest, "unauthorized_client", "the API security settings of the organization do not allow OAuth")
		return
	}
	token, err := o.guard.tokens.issue(issuer(r), client)
	if err != nil {
		refuse(w, err)
		return
	}
	seconds := int(tokenLifetime.Seconds())
	jsonbody.Write(w, http.StatusOK, stub.AccessToken{AccessToken: token, TokenType: "Bearer", ExpiresIn: &seconds})
}

// clientOf reads client_secret_basic, whose two parts are form-encoded before they are
// joined (RFC 6749, 2.3.1). What cannot be read is no client.
func clientOf(r *http.Request) (id, secret string) {
	user, password, _ := r.BasicAuth()
	id, err := url.QueryUnescape(user)
	if err != nil {
		return "", ""
	}
	secret, err = url.QueryUnescape(password)
	if err != nil {
		return "", ""
	}
	return id, secret
}

// readForm reads the parameters of a token request, each of which may come once.
func readForm(w http.ResponseWriter, r *http.Request) (form url.Values, problem string) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/x-www-form-urlencoded" {
		return nil, "the body must be application/x-www-form-urlencoded"
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if err != nil {
		return nil, "the body is too large, or broke off"
	}
	if form, err = url.ParseQuery(string(text)); err != nil {
		return nil, "the body is not form-encoded"
	}
	for _, values := range form {
		if len(values) > 1 {
			return nil, "a parameter occurs twice"
		}
	}
	if form.Has("client_secret") {
		return nil, "the client secret belongs into the Authorization header only"
	}
	return form, ""
}

func refuseToken(w http.ResponseWriter, status int, code, description string) {
	jsonbody.Write(w, status, stub.OAuthError{Error: code, ErrorDescription: &description})
}
