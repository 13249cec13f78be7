package auth

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestRedactReplacesWhatTheCredentialKnows(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			cred, err := kind.make("https://api.test", doerFunc(func(req *http.Request) (*http.Response, error) {
				if req.Method == http.MethodGet {
					return answer(req, 200, `{"issuer":"https://api.test","token_endpoint":"https://api.test/t"}`), nil
				}
				return answer(req, 200, `{"token":"`+plantedToken+`","access_token":"`+plantedToken+`","token_type":"Bearer"}`), nil
			}))
			require.NoError(t, err)
			var sent string
			_, err = cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
				sent = req.Header.Get("Authorization")
				return answer(req, 200, ""), nil
			})).Do(newRequest(t, http.MethodGet, "https://api.test/x", nil))
			require.NoError(t, err)

			_, value, _ := strings.Cut(sent, " ")
			assert.Equal(t, "you sent [redacted], twice: [redacted]", cred.Redact("you sent "+value+", twice: "+value))
			if kind.name != "bearer" && kind.name != "tokens" { // these know no secret but the token
				for _, echo := range secretEchoes {
					assert.Equal(t, "a [redacted] b", cred.Redact("a "+echo+" b"))
				}
			}
			if basic := basicEchoes[kind.name]; basic != "" {
				assert.Equal(t, "Basic [redacted]", cred.Redact("Basic "+basic))
			}
			for _, harmless := range []string{"", "nothing of that kind", "Naïve ŝtring ÄÖÜ"} {
				assert.Equal(t, harmless, cred.Redact(harmless))
			}
		})
	}
	assert.Equal(t, "x", (*Credential)(nil).Redact("x"))
	assert.Equal(t, "x", new(Credential).Redact("x"))
}

func TestRedactKnowsTheTokenBefore(t *testing.T) {
	tokens := []string{"first-token", "second-token", "third-token"}
	asked := 0
	cred, err := KinabaseApp("https://api.test", "id", NewSecret("s3cret"), TokenClient(doerFunc(func(req *http.Request) (*http.Response, error) {
		asked++
		return answer(req, 200, `{"token":"`+tokens[asked-1]+`"}`), nil
	})))
	require.NoError(t, err)
	data := cred.Doer(doerFunc(func(req *http.Request) (*http.Response, error) {
		if req.Header.Get("Authorization") == "Bearer "+tokens[1] {
			return answer(req, 200, ""), nil
		}
		return answer(req, 401, ""), nil
	}))
	_, err = data.Do(newRequest(t, http.MethodGet, "https://api.test/x", nil))
	require.NoError(t, err)
	require.Equal(t, 2, asked)
	assert.Equal(t, "[redacted] [redacted] third-token", cred.Redact(strings.Join(tokens, " ")))
}

func TestRedactLeavesNoSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringMatching(`[A-Za-z0-9+/="%é ]{6,20}x`).Draw(t, "secret")
		cred, err := KaiNexusAPIKey("https://api.test", NewSecret(secret))
		if err != nil {
			return // not a key: it begins with a space
		}
		spelling := rapid.SampledFrom([]string{
			secret, url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("api:" + secret)),
		}).Draw(t, "spelling")
		before, after := rapid.StringN(0, 5, -1).Draw(t, "before"), rapid.StringN(0, 5, -1).Draw(t, "after")
		if got := cred.Redact(before + spelling + after); strings.Contains(got, spelling) {
			t.Fatalf("%q is left in %q", spelling, got)
		}
	})
}
