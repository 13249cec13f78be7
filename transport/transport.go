// Package transport holds the layers that a request of a client passes, one idea a file:
// path guard, retry, rate limit, read-only guard, log, timeouts and body limit.
//
// The two calls you want are [New], which puts them together around a credential, and
// [Config], which says how:
//
//	doer, err := transport.New(transport.Config{Logger: logger}, credential, operations)
//
// The packages kainexus and kinabase do that for their clients, and take a Config.
//
// Errors of this package quote no credential, no query, no value in a path and no header.
// A call that failed is an [*Error] in both clients.
package transport

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/kaikina/kaikina/auth"
)

// Doer sends one request. *http.Client is one, and so is what the sandboxes offer.
type Doer = interface {
	Do(*http.Request) (*http.Response, error)
}

// DoerFunc is a function that is a Doer.
type DoerFunc func(*http.Request) (*http.Response, error)

// Do calls f.
func (f DoerFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// Middleware puts a layer around a Doer. It is an alias of a function type made of types of
// the standard library, so that a package can offer one without importing this.
type Middleware = func(Doer) Doer

// Chain puts layers around a Doer, the outermost first. Layers that are nil are left out.
func Chain(base Doer, layers ...Middleware) Doer {
	for i := len(layers) - 1; i >= 0; i-- {
		if layers[i] != nil {
			base = layers[i](base)
		}
	}
	return base
}

// New puts the layers around cfg.Base, the outermost first: operation and path guard,
// timeout of the call, retry, rate limit, cfg.Middleware, auth, read-only guard, log,
// timeouts of an attempt and body limit.
//
// Nothing leaves for another origin than the credential's, and nothing for a path that is
// not below its base URL. Redirects are followed within the origin, with the same method, if
// cfg.Base is nil or an *http.Client; any other Doer has to keep to that itself.
//
// The operations are those of the description. They say what a request is called in logs
// and errors, and which ones a [ReadOnly] lets through.
func New(cfg Config, credential *auth.Credential, operations []Operation) (Doer, error) {
	if credential == nil || credential.BaseURL() == "" {
		return nil, errors.New("transport: there is no credential; make one with a constructor of the package auth")
	}
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	table, err := newTable(credential.BaseURL(), operations)
	if err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	if err := cfg.ReadOnly.check(table); err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	layers := []Middleware{
		table.layer(cfg.userAgent()),
		cfg.Timeouts.callLayer(),
		cfg.Retry.layer(),
		buffer,
		cfg.Limiter.layer(),
	}
	layers = append(layers, cfg.Middleware...)
	layers = append(layers,
		func(next Doer) Doer { return credential.Doer(next) },
		cfg.ReadOnly.layer(table),
		logLayer(cfg.Logger, credential.Redact),
		cfg.Timeouts.attemptLayer(),
		limitLayer(cfg.limits()),
	)
	return Chain(newSender(cfg.Base, cfg.ReadOnly.redirects(table)), layers...), nil
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}
