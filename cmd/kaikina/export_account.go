package main

import (
	"context"
	"io"
	"net/url"
	"time"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/internal/loopback"
	"github.com/kaikina/kaikina/internal/spool"
)

// account is the server that an export reads from, and what it lets in.
type account struct {
	product    string
	credential *auth.Credential
	// rate is how many calls are made a minute; 0 for any number.
	rate    int
	sandbox *service // nil for a server of somebody's
}

// kinabaseRate is how many calls a minute Kinabase was documented to take.
const kinabaseRate = 100

// openAccount takes the credential from the environment, or serves a sandbox.
func openAccount(ctx context.Context, product string, o exportOptions, stderr io.Writer) (*account, error) {
	a := &account{product: product, rate: max(o.rate, 0)}
	if o.sandbox {
		served, err := openSandboxes(ctx, sandboxOptions{addr: "127.0.0.1:0", apis: []string{product}}, stderr)
		if err != nil {
			return nil, err
		}
		a.sandbox, a.credential = served, served.boxes[0].target.Credential
		return a, nil
	}
	credential, err := fromEnv[product].credential()
	if err != nil {
		return nil, err
	}
	a.credential = credential
	if base, err := url.Parse(credential.BaseURL()); o.rate < 0 && product == "kinabase" && err == nil && !loopback.Host(base.Hostname()) {
		a.rate = kinabaseRate
	}
	return a, nil
}

func (a *account) close() error {
	if a.sandbox == nil {
		return nil
	}
	return a.sandbox.close()
}

// request names what is asked for, without the format: what came is the same in all of them.
func (a *account) request(kind, id string, since *time.Time) spool.Request {
	r := spool.Request{"product": a.product, "server": "sandbox", kind: id}
	if a.sandbox == nil {
		r["server"] = redacted(a.credential.BaseURL())
	}
	if since != nil {
		r["since"] = since.Format(time.RFC3339Nano)
	}
	return r
}
