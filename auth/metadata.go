package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// metadata is the document of an OAuth authorization server (RFC 8414) and
// whom to believe about it.
type metadata struct {
	issuer  string // expected, without trailing slash
	url     *url.URL
	origins []origin // where its token endpoint may be
	client  Doer
	secrets []Secret // not to be repeated from the document
}

func newMetadata(issuer string, set options, clientID string, secret Secret) (*metadata, error) {
	at, err := url.Parse(issuer)
	if err != nil {
		return nil, errors.New("auth: the issuer is not a URL")
	}
	own := originOf(at)
	// RFC 8414 section 3.1 puts the well-known part before the issuer's path.
	where, err := url.Parse(own.String() + "/.well-known/oauth-authorization-server" + at.EscapedPath())
	if err != nil {
		return nil, errors.New("auth: the issuer is not a URL")
	}
	return &metadata{
		issuer:  issuer,
		url:     where,
		origins: append([]origin{own}, set.origins...),
		client:  guarded(set.client),
		secrets: []Secret{secret, basic(url.QueryEscape(clientID), url.QueryEscape(secret.Reveal()))},
	}, nil
}

func (m *metadata) tokenEndpoint(ctx context.Context) (*url.URL, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("auth: request metadata: %w", withoutURL(err))
	}
	req.Header.Set("Accept", "application/json")
	var endpoint *url.URL
	err = exchange(m.client, req, func(body []byte) (err error) {
		endpoint, err = m.parse(body)
		return err
	}, m.secrets...)
	return endpoint, err
}

// parse returns the token endpoint of a document that is the expected issuer's
// own (RFC 8414 section 3.3) and that offers what this package does.
func (m *metadata) parse(body []byte) (*url.URL, error) {
	fields, err := jsonObject(body)
	if err != nil {
		return nil, err
	}
	// One trailing slash more or less is a common difference that no two real
	// issuers have.
	if issuer, _ := jsonString(fields["issuer"]); strings.TrimSuffix(issuer, "/") != m.issuer {
		return nil, fmt.Errorf("its issuer is %s, not %q; if that is right, name it with the Issuer option",
			quoted(issuer, m.secrets), m.issuer)
	}
	if err := offers(fields["token_endpoint_auth_methods_supported"], "client_secret_basic"); err != nil {
		return nil, fmt.Errorf("token_endpoint_auth_methods_supported %w", err)
	}
	if err := offers(fields["grant_types_supported"], "client_credentials"); err != nil {
		return nil, fmt.Errorf("grant_types_supported %w", err)
	}
	raw, _ := jsonString(fields["token_endpoint"])
	endpoint, err := parseEndpoint("token_endpoint", raw)
	if err != nil {
		return nil, err
	}
	if at := originOf(endpoint); !slices.Contains(m.origins, at) {
		return nil, fmt.Errorf("its token_endpoint is at %s, not at %s; if that is right, add AllowTokenOrigin",
			quoted(at.String(), m.secrets), m.origins[0])
	}
	if leaks(endpoint.String(), m.secrets) { // its path would be in every error
		return nil, errors.New("its token_endpoint repeats the credential")
	}
	return endpoint, nil
}

// offers reports a list that lacks want. An absent list is fine: RFC 8414
// section 2 gives both lists defaults, and a server that does not bother to
// state them is better asked than refused.
func offers(raw json.RawMessage, want string) error {
	if raw == nil || string(raw) == "null" {
		return nil
	}
	var list []string
	if json.Unmarshal(raw, &list) != nil {
		return errors.New("is not a list of strings")
	}
	if !slices.Contains(list, want) {
		return fmt.Errorf("lacks %s", want)
	}
	return nil
}
