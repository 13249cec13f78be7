package auth

import (
	"fmt"
	"io"
	"net/http"
)

// Doer returns a Doer that sends requests through next with the credential.
//
// It sets Authorization on a copy of the request, so the caller's keeps none,
// and takes it out of the response's Request again. A header that is already
// there is overwritten (see [Credential.Edit]). A request for another origin
// fails with an [*OriginError] and is not sent.
//
// On 401 it drops the token that was rejected, unless another call has replaced
// it, and sends the request once more with a new one, provided the body can be
// rewound (there is none, or GetBody is set). If not, the 401 is returned and
// the next call gets the new token. Fixed credentials are never sent again.
//
// nil stands for a client with default settings and without timeout: end calls
// by their context. An *http.Client is copied and guarded with
// [GuardRedirects]. Any other Doer is used as it is; if there is an http.Client
// at the end of it, guard that one.
func (c *Credential) Doer(next Doer) Doer {
	return &doer{credential: c, next: guarded(next)}
}

type doer struct {
	credential *Credential
	next       Doer
}

func (d *doer) Do(req *http.Request) (*http.Response, error) {
	g, err := d.credential.grant(req.Context(), req)
	if err != nil {
		closeBody(req.Body)
		return nil, err
	}
	resp, err := d.attempt(req, g, req.Body)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || g.lease == nil {
		return resp, err
	}

	d.credential.tokens.drop(g.lease)
	body, ok := rewind(req)
	if !ok {
		return resp, nil
	}
	discard(resp.Body)
	g, err = d.credential.grant(req.Context(), req)
	if err != nil {
		closeBody(body)
		return nil, fmt.Errorf("auth: renew a token that was rejected with 401: %w", err)
	}
	// A second 401 does not drop the token: it is not older than the first
	// answer, so the cause is likelier the account than the token. If it is
	// the token after all, the next call finds out.
	return d.attempt(req, g, body)
}

// attempt leaves closing body to next, as http.Client.Do and RoundTrippers do.
func (d *doer) attempt(req *http.Request, g *grant, body io.ReadCloser) (*http.Response, error) {
	try := req.Clone(req.Context())
	try.Body = body
	g.set(try)
	resp, err := d.next.Do(try)
	if resp == nil && err == nil {
		return nil, fmt.Errorf("auth: %T returned neither a response nor an error", d.next)
	}
	if resp != nil && resp.Request != nil {
		resp.Request = withoutCredential(resp.Request)
	}
	return resp, withhold(err, g.secrets)
}

// withoutCredential copies a sent request without its Authorization, for what
// logs and records responses. Its chain of earlier redirects goes too, because
// each of them leads to a request with the header.
func withoutCredential(sent *http.Request) *http.Request {
	safe := sent.WithContext(sent.Context())
	safe.Header = sent.Header.Clone()
	dropAuthorization(safe.Header)
	safe.Response = nil
	return safe
}

// rewind returns the request's body from its beginning.
func rewind(req *http.Request) (io.ReadCloser, bool) {
	if req.Body == nil || req.Body == http.NoBody {
		return req.Body, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	body, err := req.GetBody()
	return body, err == nil
}

// discard reads the little that a 401 has to say, so that its connection can be
// used again, and gives up on more.
func discard(body io.ReadCloser) {
	// In bytes. A new connection is cheaper than reading on.
	const most = 64 << 10
	if body != nil { // a fake's may be nil, net/http's never is
		_, _ = io.CopyN(io.Discard, body, most)
		closeBody(body)
	}
}

func closeBody(body io.ReadCloser) {
	if body != nil {
		_ = body.Close()
	}
}
