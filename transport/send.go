package transport

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"

	"github.com/kaikina/kaikina/auth"
)

// newSender is the innermost layer. It asks check about every request that a redirect leads
// to; nil asks nobody.
func newSender(base Doer, check func(*http.Request) error) Doer {
	if base == nil {
		base = &http.Client{Transport: sharedTransport()}
	}
	client, ok := base.(*http.Client)
	if !ok {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			answer, err := base.Do(r)
			return received(r, answer, err, false)
		})
	}
	client = checkRedirects(client, check)
	return DoerFunc(func(r *http.Request) (*http.Response, error) {
		if repeatable(r) {
			answer, err := client.Do(r)
			return received(r, answer, err, false)
		}
		var conn connection
		answer, err := client.Do(r.WithContext(conn.watch(r)))
		return received(r, answer, err, conn.neverHad())
	})
}

// sharedTransport differs from net/http's own in keeping more than two connections to a
// server open.
var sharedTransport = sync.OnceValue(func() http.RoundTripper {
	own, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // the program has put something else there on purpose
		return http.DefaultTransport
	}
	own = own.Clone()
	own.MaxIdleConnsPerHost = 32
	return own
})

// checkRedirects is a copy of client that stays in the origin and asks check, too. It does not
// follow what makes another method of a request: the answer to a GET says nothing of whether
// something was changed.
func checkRedirects(client *http.Client, check func(*http.Request) error) *http.Client {
	checked := *client
	checked.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if r.Method != cmp.Or(via[0].Method, http.MethodGet) {
			return http.ErrUseLastResponse
		}
		if check != nil {
			if err := check(r); err != nil {
				return err
			}
		}
		if client.CheckRedirect != nil {
			return client.CheckRedirect(r, via)
		}
		return nil
	}
	return auth.GuardRedirects(&checked)
}

// connection watches whether a request gets one. A transport says when it starts to look for
// a connection, and when it has one, before it writes to it, in HTTP/2 as well. That the
// header was written it says only afterwards, so that part of it may have left before.
type connection struct{ wanted, had atomic.Bool }

func (c *connection) watch(r *http.Request) context.Context {
	return httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { c.wanted.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { c.had.Store(true) },
	})
}

// neverHad is certain. It is false for a client whose Transport does not tell.
func (c *connection) neverHad() bool { return c.wanted.Load() && !c.had.Load() }

// received makes an answer complete, and a failure fit to be shown.
func received(r *http.Request, answer *http.Response, err error, neverSent bool) (*http.Response, error) {
	if err == nil && answer == nil {
		err = errors.New("neither an answer nor an error came back")
	}
	if err != nil {
		// An http.Client returns both when it refuses a redirect.
		if answer != nil && answer.Body != nil {
			_ = answer.Body.Close()
		}
		_, readOnly := errors.AsType[*ReadOnlyError](err)
		return nil, &failure{text: describe(r, err), cause: err, final: readOnly || r.Context().Err() != nil, neverSent: neverSent}
	}
	if answer.Request == nil {
		answer.Request = r
	}
	switch answer.Body {
	case nil:
		answer.Body = http.NoBody
	case http.NoBody:
	default:
		answer.Body = &incoming{answer.Body, r}
	}
	return answer, nil
}
