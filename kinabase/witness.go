package kinabase

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/transport"
)

// witness sees the attempts of one call.
type witness struct{ doubt atomic.Bool }

type witnessKey struct{}

// watch lets a witness see the attempts of the calls in a context.
func watch(ctx context.Context) (context.Context, *witness) {
	w := &witness{}
	return context.WithValue(ctx, witnessKey{}, w), w
}

// witnessed is a layer around each attempt. It tells the witness of the call, if there is
// one, when an attempt may have been carried out.
func witnessed(next transport.Doer) transport.Doer {
	return transport.DoerFunc(func(request *http.Request) (*http.Response, error) {
		response, err := next.Do(request)
		if w, ok := request.Context().Value(witnessKey{}).(*witness); ok && inDoubt(response, err) {
			w.doubt.Store(true)
		}
		return response, err
	})
}

// inDoubt tells whether an attempt may have been carried out: any that was neither refused by
// the server nor kept from being sent.
func inDoubt(response *http.Response, err error) bool {
	if err == nil {
		status := response.StatusCode
		return status/100 != 4 || status == http.StatusRequestTimeout
	}
	_, noToken := errors.AsType[*auth.TokenError](err)
	_, elsewhere := errors.AsType[*auth.OriginError](err)
	_, readOnly := errors.AsType[*transport.ReadOnlyError](err)
	network, ok := errors.AsType[*net.OpError](err)
	noConnection := ok && network.Op == "dial"
	return !noToken && !elsewhere && !readOnly && !noConnection
}
