package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Credential is what one origin accepts: an API key, or tokens and the way to
// get them. Make one with a constructor; the zero Credential refuses to work.
// It is safe for concurrent use.
type Credential struct {
	kind   string // for people: "KaiNexus API key"
	base   string
	origin origin

	fixed  *grant // set for a credential that does not change
	tokens *cache // set for one that does

	clientID     string // of an OAuth client or an app; empty for other kinds
	clientSecret Secret
}

// grant is what goes into one Authorization header.
type grant struct {
	scheme  string // "Basic" or "Bearer"
	value   Secret
	secrets []Secret // what must not come back in an error, value included
	lease   *lease   // the token's place in the cache; nil for fixed credentials
}

// BaseURL returns the URL the credential was made for, without trailing slash.
func (c *Credential) BaseURL() string { return c.base }

// Client returns what a KaiNexus OAuth client or a Kinabase app is known by, which
// lets the request for a token be tested as a call like any other. Other kinds of
// credential have an empty id and a zero secret.
func (c *Credential) Client() (id string, secret Secret) { return c.clientID, c.clientSecret }

// String says what kind of credential it is and for which origin.
func (c *Credential) String() string {
	if c == nil || c.kind == "" {
		return "no credential"
	}
	return c.kind + " for " + c.origin.String()
}

// Edit sets the Authorization header of req. It is an [Editor]. A request for
// another origin is refused with an [*OriginError] before any token is fetched.
//
// An Authorization header that is already there is overwritten: it is most
// often an older token of this very credential, put there before a retry, and
// two of them would let the server choose.
//
// An editor cannot see redirects. Send the request with a client from
// [GuardRedirects].
func (c *Credential) Edit(ctx context.Context, req *http.Request) error {
	g, err := c.grant(ctx, req)
	if err != nil {
		return err
	}
	g.set(req)
	return nil
}

// Token returns the current token, and fetches one if need be. It is for
// checking a login early and for handing tokens to other libraries. A KaiNexus
// API key has no token.
func (c *Credential) Token(ctx context.Context) (Token, error) {
	switch {
	case c.tokens != nil:
		l, err := c.tokens.get(ctx)
		if err != nil {
			return Token{}, err
		}
		return l.token, nil
	case c.fixed != nil && c.fixed.scheme == "Bearer":
		return Token{Value: c.fixed.value}, nil
	}
	return Token{}, fmt.Errorf("auth: %s has no token", c)
}

// grant checks where req goes before it asks for the token to send there.
func (c *Credential) grant(ctx context.Context, req *http.Request) (*grant, error) {
	if c.fixed == nil && c.tokens == nil {
		return nil, errors.New("auth: zero Credential; make one with a constructor")
	}
	if err := c.origin.check(req); err != nil {
		return nil, err
	}
	if c.fixed != nil {
		return c.fixed, nil
	}
	l, err := c.tokens.get(ctx)
	if err != nil {
		return nil, err
	}
	return &grant{scheme: "Bearer", value: l.token.Value, secrets: []Secret{l.token.Value}, lease: l}, nil
}

func (g *grant) set(req *http.Request) {
	if req.Header == nil {
		req.Header = make(http.Header)
	}
	dropAuthorization(req.Header)
	req.Header.Set("Authorization", g.scheme+" "+g.value.Reveal())
}

// dropAuthorization also finds the header under a name that was put into the
// map as it is; net/http would send both.
func dropAuthorization(h http.Header) {
	for name := range h {
		if strings.EqualFold(name, "Authorization") {
			delete(h, name)
		}
	}
}
