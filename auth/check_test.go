package auth

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSecretsThatWereCopiedBadly(t *testing.T) {
	makers := []struct {
		argument string
		make     func(s string) (*Credential, error)
	}{
		{"API key", func(s string) (*Credential, error) { return KaiNexusAPIKey("https://api.test", NewSecret(s)) }},
		{"client id", func(s string) (*Credential, error) { return KaiNexusOAuth("https://api.test", s, NewSecret("x")) }},
		{"client secret", func(s string) (*Credential, error) { return KaiNexusOAuth("https://api.test", "x", NewSecret(s)) }},
		{"app id", func(s string) (*Credential, error) { return KinabaseApp("https://api.test", s, NewSecret("x")) }},
		{"app secret", func(s string) (*Credential, error) { return KinabaseApp("https://api.test", "x", NewSecret(s)) }},
		{"token", func(s string) (*Credential, error) { return Bearer("https://api.test", NewSecret(s)) }},
	}
	for _, tt := range []struct{ name, secret, problem string }{
		{"empty", "", "is empty"},
		{"trailing line break", "hunter2\n", "begins or ends with white space"},
		{"leading space", " hunter2", "begins or ends with white space"},
		{"no-break space", "hunter2\u00a0", "begins or ends with white space"},
		{"NUL", "hunter2\x00x", "holds a control character"},
		{"line break inside", "hunter2\r\nX: y", "holds a control character"},
		{"DEL", "hunter2\x7fx", "holds a control character"},
		{"byte order mark", "\ufeffhunter2", "holds a control character"},
		{"zero width space", "hunter2\u200bx", "holds a control character"},
		{"not UTF-8", "hunter2\xff", "is not valid UTF-8"},
	} {
		for _, m := range makers {
			t.Run(tt.name+"/"+m.argument, func(t *testing.T) {
				_, err := m.make(tt.secret)
				require.EqualError(t, err, "auth: "+m.argument+" "+tt.problem)
			})
		}
	}
	_, err := Bearer("https://api.test", NewSecret("a hunter2"))
	require.EqualError(t, err, "auth: token is empty or holds characters that a header does not allow")
}

// A passphrase may have spaces and letters of any language inside.
func TestSecretsThatAreUnusual(t *testing.T) {
	cred, err := KaiNexusAPIKey("https://api.test", NewSecret(`pässwörd: with "all" of <it>`))
	require.NoError(t, err)
	req := newRequest(t, http.MethodGet, "https://api.test/x", nil)
	require.NoError(t, cred.Edit(t.Context(), req))
	user, password, ok := req.BasicAuth()
	require.True(t, ok)
	assert.Equal(t, "api", user)
	assert.Equal(t, `pässwörd: with "all" of <it>`, password)
}
