package auth

import (
	"errors"
	"net/http"
)

// GuardRedirects returns a copy of client that refuses redirects to another
// origin with a [*RedirectError]. That includes those from https down to http
// and those to another port. It follows up to 10 redirects within the origin,
// and asks the client's own CheckRedirect about each. The client itself is not
// changed; nil stands for a client with default settings.
func GuardRedirects(client *http.Client) *http.Client {
	if client == nil {
		client = new(http.Client)
	}
	own := client.CheckRedirect
	guarded := *client
	guarded.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if from, to := originOf(via[0].URL), originOf(req.URL); from != to {
			return &RedirectError{From: from.String(), To: to.String()}
		}
		if len(via) >= 10 { // net/http's own limit, lost with a CheckRedirect
			return errors.New("auth: stopped after 10 redirects")
		}
		if own != nil {
			return own(req, via)
		}
		return nil
	}
	return &guarded
}

// guarded makes next safe to hand a credential to, as far as it can.
func guarded(next Doer) Doer {
	switch next := next.(type) {
	case nil:
		return GuardRedirects(nil)
	case *http.Client:
		return GuardRedirects(next)
	}
	return next
}

// RefuseRedirects returns a copy of client that follows no redirect at all: an answer
// with a 3xx status is returned as it is, without its Location. The client itself is not
// changed; nil stands for a client with default settings.
func RefuseRedirects(client *http.Client) *http.Client {
	if client == nil {
		client = new(http.Client)
	}
	still := *client
	still.Transport = withoutLocation{client.Transport}
	return &still
}

// neverRedirected is guarded for requests that carry a secret in their body or
// that no honest server redirects.
func neverRedirected(next Doer) Doer {
	switch client := next.(type) {
	case nil:
		return RefuseRedirects(nil)
	case *http.Client:
		return RefuseRedirects(client)
	}
	return next
}

// withoutLocation hides the Location of every response, which is how net/http
// comes to return a 3xx response as it is. A CheckRedirect would be asked too
// late: net/http parses the Location first, and its error quotes it.
type withoutLocation struct{ next http.RoundTripper }

func (t withoutLocation) RoundTrip(req *http.Request) (*http.Response, error) {
	next := t.next
	if next == nil {
		next = http.DefaultTransport
	}
	resp, err := next.RoundTrip(req)
	if resp != nil {
		resp.Header = resp.Header.Clone() // it may be shared, as a fake's is
		resp.Header.Del("Location")
	}
	return resp, err
}
