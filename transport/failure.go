package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"github.com/kaikina/kaikina/auth"
)

// failure is what the Doer at the bottom failed with, without what must not be shown. The
// cause can be matched with errors.Is and errors.As, but is not unwrapped: whoever prints
// the chain of an error would print the URL.
type failure struct {
	text      string
	cause     error
	final     bool // it would fail the same way again
	neverSent bool // nothing of the request has left, for certain
}

func (f *failure) Error() string                  { return "transport: " + f.text }
func (f *failure) Is(target error) bool           { return errors.Is(f.cause, target) }
func (f *failure) As(target any) bool             { return errors.As(f.cause, target) }
func (f *failure) Format(to fmt.State, verb rune) { formatError(to, verb, f) }

// formatError keeps %#v and %d from the fields of an error.
func formatError(to fmt.State, verb rune, err error) {
	text := err.Error()
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(to, text)
}

// describe is the text of an error without the URL that net/http puts around it, and
// without what it quotes, which is what the server sent.
func describe(r *http.Request, err error) string {
	if at, ok := errors.AsType[*url.Error](err); ok {
		err = at.Err
	}
	if ours(err) {
		return strings.TrimPrefix(err.Error(), "transport: ")
	}
	if _, ok := errors.AsType[textproto.ProtocolError](err); ok {
		return "the header of the answer is malformed"
	}
	text, _, cut := strings.Cut(err.Error(), `"`)
	text = strings.TrimRight(text, ": ")
	switch {
	case text == "", repeats(text, r.URL):
		return "the request failed; the reason is withheld because it repeats what was sent"
	case cut:
		text += " (a quotation is left out)"
	}
	return printable(text, 300)
}

// ours tells whether the text of an error is of this module.
func ours(err error) bool {
	switch err.(type) {
	case *auth.RedirectError, *auth.OriginError, *ReadOnlyError, *TimeoutError:
		return true
	}
	return false
}

func repeats(text string, u *url.URL) bool {
	for _, part := range []string{u.Path, u.EscapedPath(), u.RawQuery} {
		if len(part) > 1 && strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// incoming is the body of an answer. What breaks it off is a failure like others.
type incoming struct {
	io.ReadCloser
	request *http.Request
}

func (b *incoming) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = &failure{text: "the answer broke off: " + describe(b.request, err), cause: err, final: b.request.Context().Err() != nil}
	}
	return n, err
}

// Temporary tells whether a call that failed with err may succeed when it is made again. It
// is what this package goes by itself, and what a reader of a stream that broke off can go
// by: a connection that failed, an attempt or a read that timed out, and the answers 408,
// 429, 500, 502, 503 and 504 are temporary, of the token endpoint too. So is a redirect that
// was refused, or leads nowhere, since a balancer may point at a page on maintenance for a
// while; nothing follows it. What ends a context, a certificate nobody trusts, an answer that
// is too large, and all errors that are not of the way to the server are not.
func Temporary(err error) bool {
	if token, ok := errors.AsType[*auth.TokenError](err); ok {
		return temporaryToken(token)
	}
	if failed, ok := errors.AsType[*Error](err); ok && temporaryStatus(failed.Status) {
		return true
	}
	if timeout, ok := errors.AsType[*TimeoutError](err); ok {
		return timeout.Field != "Call"
	}
	if f, ok := errors.AsType[*failure](err); ok {
		return !f.final && !deterministic(f.cause)
	}
	return false
}

func temporaryStatus(status int) bool {
	switch status {
	// What is left of redirects leads nowhere.
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// temporaryToken: no answer came, or one that is temporary. An answer that nobody can read
// has a status and a cause.
func temporaryToken(err *auth.TokenError) bool {
	if err.Status == 0 {
		return !deterministic(err.Err)
	}
	return temporaryStatus(err.Status)
}

// deterministic tells whether an error would come again.
func deterministic(err error) bool {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok { // that is no TLS at all
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		return true
	}
	return errors.Is(err, http.ErrSchemeMismatch)
}
