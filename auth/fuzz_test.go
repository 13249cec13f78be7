package auth

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

var fuzzNow = time.Unix(1_700_000_000, 0)

// checkParsed holds for every token a parser lets through.
func checkParsed(t *testing.T, tok Token, err error, body []byte) {
	if err != nil {
		if !tok.Value.IsZero() || !tok.Expiry.IsZero() {
			t.Fatal("a token came with an error")
		}
		// Errors are this package's own words. A body longer than any of them
		// cannot be part of one.
		if len(body) > 80 && strings.Contains(err.Error(), string(body)) {
			t.Fatalf("the error repeats the body: %v", err)
		}
		return
	}
	if strings.ContainsFunc(tok.Value.Reveal(), func(r rune) bool { return r < 0x21 || r > 0x7e }) || tok.Value.IsZero() {
		t.Fatalf("token %q does not fit a header", tok.Value.Reveal())
	}
	if d := tok.Expiry.Sub(fuzzNow); d < -24*time.Hour || d > 24*time.Hour {
		t.Fatalf("expires after %v", d)
	}
}

func FuzzOAuthToken(f *testing.F) {
	for _, s := range []string{
		`{"access_token":"tok","token_type":"Bearer","expires_in":3600}`,
		`{"access_token":"` + fakeJWT(`{"exp":1e400}`) + `","token_type":"bearer"}`,
		`{"access_token":"a\u0000b","token_type":"Bearer","expires_in":"x"}`,
		`{"error":"invalid_client"}`, `null`, `[]`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		tok, err := parseOAuthToken(body, fuzzNow)
		checkParsed(t, tok, err, body)
		oauthCode(body)
	})
}

func FuzzKinabaseToken(f *testing.F) {
	for _, s := range []string{`{"token":"tok"}`, `{"token":"` + fakeJWT(`{"exp":-1e400}`) + `"}`, `{"token":1}`, `{`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		tok, err := parseKinabaseToken(body, fuzzNow)
		checkParsed(t, tok, err, body)
	})
}

// The payload is fuzzed inside a well-formed token, since random bytes hardly
// ever are one, and as the whole token.
func FuzzJWT(f *testing.F) {
	for _, s := range []string{`{"exp":1700000000}`, `{"exp":1e999}`, `{"exp":-0}`, `{"exp":"1"}`, `{}`, `a.b.c`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		for _, token := range []string{payload, fakeJWT(payload)} {
			exp, ok := jwtExpiry(token)
			if !ok && exp != 0 || exp != exp {
				t.Fatalf("%v, %v", exp, ok)
			}
			if d := expiryOf(token, fuzzNow).Sub(fuzzNow); d < -24*time.Hour || d > 24*time.Hour {
				t.Fatalf("expires after %v", d)
			}
		}
	})
}

func FuzzMetadata(f *testing.F) {
	for _, s := range []string{
		`{"issuer":"https://api.test","token_endpoint":"https://api.test/t"}`,
		`{"issuer":"https://api.test/","token_endpoint":"HTTPS://API.TEST:443/t?x=y","grant_types_supported":["client_credentials"]}`,
		`{"issuer":"https://api.test","token_endpoint":"https://api.test@evil.test/t"}`,
		`{"issuer":"https://api.test","token_endpoint":"//api.test/t"}`,
		`{"issuer":"https://api.test","token_endpoint":"http://api.test:443/t"}`,
	} {
		f.Add([]byte(s))
	}
	m, err := newMetadata("https://api.test", options{}, "id", NewSecret("s"+plantedSecret))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		endpoint, err := m.parse(body)
		if err != nil {
			if endpoint != nil {
				t.Fatal("an endpoint came with an error")
			}
			return
		}
		// What is put on the wire is parsed once more, as net/http does.
		again, err := url.Parse(endpoint.String())
		if err != nil {
			t.Fatalf("%q does not parse again: %v", endpoint, err)
		}
		if at := originOf(again); at.String() != "https://api.test" || again.User != nil {
			t.Fatalf("the secret would go to %v", again)
		}
	})
}
