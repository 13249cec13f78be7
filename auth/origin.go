package auth

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/kaikina/kaikina/internal/loopback"
)

// origin is where a credential may go (RFC 6454 section 4): scheme and host in
// lower case, the port always written out.
type origin struct {
	scheme, host, port string
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

func originOf(u *url.URL) origin {
	o := origin{scheme: lowerASCII(u.Scheme), host: lowerASCII(u.Hostname()), port: u.Port()}
	if o.port == "" {
		o.port = defaultPorts[o.scheme]
	}
	return o
}

// lowerASCII leaves other letters alone: strings.ToLower turns the Kelvin sign
// into a k, which would make two different hosts equal.
func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// String omits the default port, as RFC 6454 section 6.2 does.
func (o origin) String() string {
	host := o.host
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if o.port != "" && o.port != defaultPorts[o.scheme] {
		host += ":" + o.port
	}
	return o.scheme + "://" + host
}

// check refuses a request that would take the credential elsewhere. Besides the
// URL, two things choose the recipient: a Host header picks another site behind
// the same address, and URL.Opaque replaces the request line.
func (o origin) check(req *http.Request) error {
	if req.URL == nil {
		return &OriginError{Want: o.String(), Got: "a request without URL"}
	}
	if got := originOf(req.URL); got != o {
		return &OriginError{Want: o.String(), Got: got.String()}
	}
	if req.URL.Opaque != "" {
		return &OriginError{Want: o.String(), Got: "an opaque URL"}
	}
	if req.Host != "" {
		if got := originOf(&url.URL{Scheme: req.URL.Scheme, Host: req.Host}); got != o {
			return &OriginError{Want: o.String(), Got: got.String() + " (Host header)"}
		}
	}
	return nil
}

// parseEndpoint accepts https URLs, and http ones on loopback, where nobody can
// listen in. Its errors begin with name and never quote raw, which might hold a
// password.
func parseEndpoint(name, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case raw == "":
		return nil, fmt.Errorf("%s is empty", name)
	case strings.TrimSpace(raw) != raw:
		return nil, fmt.Errorf("%s begins or ends with white space", name)
	case err != nil: // the error of url.Parse quotes its input
		return nil, fmt.Errorf("%s is not a URL", name)
	case u.User != nil:
		return nil, fmt.Errorf("%s must not hold a user or password", name)
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("%s must begin with https://", name)
	case u.Hostname() == "" || u.Opaque != "":
		return nil, fmt.Errorf("%s has no host", name)
	case !visibleASCII(u.Host):
		return nil, fmt.Errorf("%s must have its host in ASCII (punycode)", name)
	case strings.Contains(raw, "#"):
		return nil, fmt.Errorf("%s must not have a fragment", name)
	}
	if p := u.Port(); p != "" {
		if n, err := strconv.ParseUint(p, 10, 16); err != nil || n == 0 || p[0] == '0' {
			return nil, fmt.Errorf("%s has a bad port", name)
		}
	}
	if u.Scheme == "http" && !loopback.Host(originOf(u).host) {
		return nil, fmt.Errorf("%s must be https; plain http is only for loopback", name)
	}
	return u, nil
}

// parseBase is parseEndpoint for a URL that paths are appended to. A query
// would end up before them, so it is refused.
func parseBase(name, raw string) (base string, at origin, err error) {
	u, err := parseEndpoint(name, raw)
	if err != nil {
		return "", origin{}, fmt.Errorf("auth: %w", err)
	}
	if u.RawQuery != "" || u.ForceQuery {
		return "", origin{}, fmt.Errorf("auth: %s must not have a query", name)
	}
	return strings.TrimRight(u.String(), "/"), originOf(u), nil
}
