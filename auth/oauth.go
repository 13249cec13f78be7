package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// KaiNexusOAuth makes the credential of a KaiNexus OAuth client: client
// credentials grant with client_secret_basic, no scope, no refresh token
// (vendor's page support.kainexus.com/authenticating-with-oauth-2.0). The token
// endpoint comes from the server's metadata. Nothing is fetched before the
// first use.
func KaiNexusOAuth(baseURL, clientID string, secret Secret, opts ...Option) (*Credential, error) {
	return kaiNexusOAuth("base URL", baseURL, "client id", clientID, "client secret", secret, opts)
}

var oauthOptions = []string{optTokenClient, optTokenTimeout, optIssuer, optAllowTokenOrigin}

func kaiNexusOAuth(baseName, baseURL, idName, clientID, secretName string, secret Secret, opts []Option) (*Credential, error) {
	set, err := settle("KaiNexusOAuth", opts, oauthOptions...)
	if err != nil {
		return nil, err
	}
	base, at, err := checkClient(baseName, baseURL, idName, clientID, secretName, secret)
	if err != nil {
		return nil, err
	}
	issuer := at.String()
	if set.issuer != "" {
		issuer = set.issuer
	}
	server, err := newMetadata(issuer, set, clientID, secret)
	if err != nil {
		return nil, err
	}
	grant := &clientCredentials{
		server: server,
		client: neverRedirected(set.client),
		id:     clientID,
		secret: secret,
	}
	return &Credential{
		kind:   "KaiNexus OAuth client",
		base:   base,
		origin: at,
		tokens: newCache(grant.fetch, set.timeout),

		clientID:     clientID,
		clientSecret: secret,
	}, nil
}

// clientCredentials is the grant of RFC 6749 section 4.4.
type clientCredentials struct {
	server *metadata
	client Doer
	id     string
	secret Secret

	mu       sync.Mutex
	endpoint *url.URL // from the metadata; nil until known
}

func (g *clientCredentials) fetch(ctx context.Context) (Token, error) {
	endpoint, err := g.tokenEndpoint(ctx)
	if err != nil {
		return Token{}, err
	}
	t, err := g.request(ctx, endpoint)
	if err != nil {
		g.remember(nil) // the endpoint may have moved
	}
	return t, err
}

// tokenEndpoint holds no lock while it asks: the cache lets one fetch through
// at a time, and one that was abandoned must not hold up the next.
func (g *clientCredentials) tokenEndpoint(ctx context.Context) (*url.URL, error) {
	g.mu.Lock()
	endpoint := g.endpoint
	g.mu.Unlock()
	if endpoint != nil {
		return endpoint, nil
	}
	endpoint, err := g.server.tokenEndpoint(ctx)
	if err != nil {
		return nil, err
	}
	g.remember(endpoint)
	return endpoint, nil
}

func (g *clientCredentials) remember(endpoint *url.URL) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.endpoint = endpoint
}

func (g *clientCredentials) request(ctx context.Context, endpoint *url.URL) (Token, error) {
	form := url.Values{"grant_type": {"client_credentials"}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint.String(), strings.NewReader(form))
	if err != nil {
		return Token{}, fmt.Errorf("auth: request a token: %w", withoutURL(err))
	}
	// Both parts are form-encoded first (RFC 6749 section 2.3.1), so that an id
	// may hold a colon.
	value := basic(url.QueryEscape(g.id), url.QueryEscape(g.secret.Reveal()))
	req.Header.Set("Authorization", "Basic "+value.Reveal())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	asked := time.Now() // a lifetime counted from here ends early, not late
	var t Token
	err = exchange(g.client, req, func(body []byte) (err error) {
		t, err = parseOAuthToken(body, asked)
		return err
	}, g.secret, value)
	return t, err
}

// parseOAuthToken reads the answer of RFC 6749 section 5.1. The lifetime is
// expires_in, else the token's own exp, else the documented one.
func parseOAuthToken(body []byte, asked time.Time) (Token, error) {
	fields, err := jsonObject(body)
	if err != nil {
		return Token{}, err
	}
	token, ok := jsonString(fields["access_token"])
	if !ok {
		return Token{}, errors.New("the answer has no access_token")
	}
	if !visibleASCII(token) {
		return Token{}, errors.New("access_token " + errTokenText.Error())
	}
	if kind, _ := jsonString(fields["token_type"]); !strings.EqualFold(kind, "Bearer") {
		return Token{}, errors.New("token_type is not Bearer")
	}
	t := Token{Value: NewSecret(token)}
	seconds, ok := expiresIn(fields["expires_in"])
	switch {
	case !ok:
		t.Expiry = expiryOf(token, asked)
	case seconds <= 0:
		return Token{}, errors.New("expires_in is not more than zero")
	default:
		t.Expiry = expiresAfter(asked, seconds)
	}
	return t, nil
}

// expiresIn also takes a number in quotes, which some servers send. Anything
// else counts as absent.
func expiresIn(raw json.RawMessage) (seconds float64, ok bool) {
	if text, ok := jsonString(raw); ok {
		n, err := strconv.ParseUint(text, 10, 32)
		return float64(n), err == nil
	}
	return jsonNumber(raw)
}
