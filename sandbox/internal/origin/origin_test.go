package origin_test

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/kaikina/kaikina/sandbox/internal/origin"
)

func TestOf(t *testing.T) {
	for _, test := range []struct {
		name, want string
		request    http.Request
	}{
		{"over a socket", "http://127.0.0.1:8080", http.Request{Host: "127.0.0.1:8080", URL: &url.URL{Path: "/x"}}},
		{"encrypted", "https://a.example", http.Request{Host: "a.example", URL: &url.URL{Path: "/x"}, TLS: &tls.ConnectionState{}}},
		{"without a socket", "https://a.example", http.Request{URL: &url.URL{Scheme: "https", Host: "a.example"}}},
		{"the header counts", "http://b.example", http.Request{Host: "b.example", URL: &url.URL{Host: "a.example"}}},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, origin.Of(&test.request)) })
	}
}
