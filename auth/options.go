package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Option changes how tokens are got. A constructor refuses an option that has
// no meaning for it.
type Option func(*options) error

type options struct {
	given   []string // names of the options used
	client  Doer
	timeout time.Duration
	issuer  string
	origins []origin // where a token endpoint may be besides the issuer's
}

const (
	optTokenClient      = "TokenClient"
	optTokenTimeout     = "TokenTimeout"
	optIssuer           = "Issuer"
	optAllowTokenOrigin = "AllowTokenOrigin"
)

// TokenClient sends the requests for tokens and metadata through d. An
// *http.Client is copied; the copy follows no redirect of a token request, and
// none of metadata to another origin. Any other Doer must keep to that itself.
func TokenClient(d Doer) Option {
	return func(o *options) error {
		if d == nil {
			return errors.New("auth: TokenClient is nil")
		}
		o.given = append(o.given, optTokenClient)
		o.client = d
		return nil
	}
}

// TokenTimeout limits one attempt to get a token, metadata included. Without it
// the limit is 30 seconds. A caller's own deadline is honoured besides.
func TokenTimeout(d time.Duration) Option {
	return func(o *options) error {
		if d <= 0 {
			return errors.New("auth: TokenTimeout must be more than zero")
		}
		o.given = append(o.given, optTokenTimeout)
		o.timeout = d
		return nil
	}
}

// Issuer names the OAuth authorization server (RFC 8414 section 2) when it is
// not the base URL's origin. The client's secret is sent there.
func Issuer(url string) Option {
	return func(o *options) error {
		base, _, err := parseBase("Issuer", url)
		if err != nil {
			return err
		}
		o.given = append(o.given, optIssuer)
		o.issuer = base
		return nil
	}
}

// AllowTokenOrigin accepts a token endpoint at an origin, such as
// "https://login.example.com", that is not the issuer's. The client's secret is
// sent there if the metadata says so. It may be given more than once.
func AllowTokenOrigin(url string) Option {
	return func(o *options) error {
		base, at, err := parseBase("AllowTokenOrigin", url)
		if err != nil {
			return err
		}
		if _, rest, _ := strings.Cut(base, "://"); strings.Contains(rest, "/") {
			return errors.New("auth: AllowTokenOrigin must be an origin, without a path")
		}
		o.given = append(o.given, optAllowTokenOrigin)
		o.origins = append(o.origins, at)
		return nil
	}
}

func settle(constructor string, opts []Option, allowed ...string) (options, error) {
	set := options{timeout: 30 * time.Second}
	for _, opt := range opts {
		if opt == nil {
			continue
		}
		if err := opt(&set); err != nil {
			return options{}, err
		}
	}
	for _, name := range set.given {
		if !slices.Contains(allowed, name) {
			return options{}, fmt.Errorf("auth: %s does not apply to %s", name, constructor)
		}
	}
	return set, nil
}
