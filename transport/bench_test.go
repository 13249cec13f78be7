package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/transport"
)

// BenchmarkCall compares a call over loopback through the whole chain with one through
// net/http alone, and the chain with a Doer that does nothing.
func BenchmarkCall(b *testing.B) {
	page := make([]byte, 32<<10) // as a page of 100 records
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(page) }))
	defer server.Close()
	nothing := transport.DoerFunc(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 204, Body: http.NoBody, Request: r}, nil
	})
	client := &http.Client{}
	for _, bench := range []struct {
		name string
		doer transport.Doer
	}{
		{"loopback/bare", client},
		{"loopback/auth", credential(b, server.URL).Doer(client)},
		{"loopback/chain", chain(b, server.URL, client)},
		{"nothing/bare", nothing},
		{"nothing/chain", chain(b, server.URL, nothing)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := http.NewRequestWithContext(context.Background(), "GET", server.URL+"/collections/orders/all", nil)
				if err != nil {
					b.Fatal(err)
				}
				answer, err := bench.doer.Do(r)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.ReadAll(answer.Body); err != nil { // as generated clients do
					b.Fatal(err)
				}
				_ = answer.Body.Close()
			}
		})
	}
}

func credential(b *testing.B, base string) *auth.Credential {
	c, err := auth.Bearer(base, auth.NewSecret("s3cret"))
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func chain(b *testing.B, base string, doer transport.Doer) transport.Doer {
	d, err := transport.New(transport.Config{Base: doer}, credential(b, base), operations)
	if err != nil {
		b.Fatal(err)
	}
	return d
}
