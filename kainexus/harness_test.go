package kainexus

import (
	"context"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/transport"
)

// emulated is a client of a sandbox in this process.
func emulated(t testing.TB, opts ...emulator.Option) (*Client, *emulator.Server) {
	t.Helper()
	server, err := emulator.New(opts...)
	require.NoError(t, err)
	return clientOf(t, server, server.Credentials().APIKey), server
}

// broken is a client of a sandbox that does not keep its word.
func broken(t testing.TB, faults []string, opts ...emulator.Option) (*Client, *emulator.Server) {
	t.Helper()
	server, err := emulator.New(opts...)
	require.NoError(t, err)
	handler, err := fault.Wrap(server, "kainexus", faults...)
	require.NoError(t, err)
	return clientOf(t, handler, server.Credentials().APIKey), server
}

// answering is a client of a server written by hand.
func answering(t testing.TB, handler http.HandlerFunc) *Client {
	t.Helper()
	return clientOf(t, handler, "a key")
}

func clientOf(t testing.TB, handler http.Handler, key string) *Client {
	t.Helper()
	return clientWith(t, handler, key, func(*transport.Config) {})
}

func clientWith(t testing.TB, handler http.Handler, key string, change func(*transport.Config)) *Client {
	t.Helper()
	cfg := transport.Config{
		Base:  sandbox.NewDoer(handler),
		Retry: transport.Retry{Base: 1, Max: 1, Budget: -1}, // no test waits
	}
	change(&cfg)
	client, err := New(WithAPIKey(auth.NewSecret(key)), WithTransport(cfg))
	require.NoError(t, err)
	return client
}

// collect reads an iterator to its end.
func collect[T any](t testing.TB, from iter.Seq2[T, error]) (all []T, err error) {
	t.Helper()
	for one, e := range from {
		require.NoError(t, err, "an error is the last thing")
		if err = e; err == nil {
			all = append(all, one)
		}
	}
	return all, err
}

func ctx(t testing.TB) context.Context { return t.Context() }

func locations(ids ...int64) (refs []NetworkLocationRef) {
	for _, id := range ids {
		refs = append(refs, NetworkLocationRef{ID: &id})
	}
	return refs
}
