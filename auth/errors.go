package auth

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// OriginError says that a request was for another origin than its credential.
// Nothing was sent.
type OriginError struct {
	Want string // the credential's origin, such as "https://api.kainexus.com"
	Got  string // the request's
}

func (e *OriginError) Error() string {
	return fmt.Sprintf("auth: this credential is for %s and is not sent to %s", e.Want, e.Got)
}

// RedirectError says that a server redirected to another origin. The redirect
// was not followed.
type RedirectError struct {
	From string // origin of the first request
	To   string // origin it was redirected to
}

func (e *RedirectError) Error() string {
	return fmt.Sprintf("auth: refused redirect from %s to %s", e.From, e.To)
}

// MissingError names every environment variable that is needed and not set.
type MissingError struct {
	Names []string
}

func (e *MissingError) Error() string {
	names := strings.Join(e.Names, ", ")
	text := "auth: missing in the environment: " + names
	if strings.Contains(names, "_KEY") || strings.Contains(names, "_SECRET") {
		text += "; a secret may also be in a file, named by the same variable with _FILE at its end"
	}
	return text
}

// TokenError says that no token could be had. It never holds any of the
// endpoint's answer beyond what is listed here.
type TokenError struct {
	Endpoint   string        // URL without its query; of the metadata when that is what failed
	Status     int           // HTTP status; 0 when there was no answer
	Code       string        // error code if it is one of RFC 6749 section 5.2, else empty
	RetryAfter time.Duration // what the Retry-After header asks for; 0 when absent
	Err        error         // the cause, if the status does not say it all
}

func (e *TokenError) Error() string {
	var b strings.Builder
	b.WriteString("auth: get token from " + e.Endpoint)
	if e.Status != 0 && e.Err == nil {
		fmt.Fprintf(&b, ": status %d %s", e.Status, http.StatusText(e.Status))
	}
	if e.Code != "" {
		b.WriteString(": " + e.Code)
	}
	switch {
	case e.Err != nil:
		b.WriteString(": " + e.Err.Error())
	case e.Status == http.StatusUnauthorized:
		b.WriteString(": check the id and the secret")
	case e.Status == http.StatusNotFound:
		b.WriteString(": check the base URL")
	case e.Status >= 300 && e.Status < 400:
		b.WriteString(": redirects are not followed here")
	}
	return b.String()
}

func (e *TokenError) Unwrap() error { return e.Err }
