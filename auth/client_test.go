package auth

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestClientTellsWhatATokenIsAskedForWith(t *testing.T) {
	secret := NewSecret("hunter2hunter2")
	tests := []struct {
		name   string
		make   func() (*Credential, error)
		wantID string
	}{
		{"OAuth client", func() (*Credential, error) { return KaiNexusOAuth("https://api.test", "id", secret) }, "id"},
		{"app", func() (*Credential, error) { return KinabaseApp("https://api.test", "id", secret) }, "id"},
		{"API key", func() (*Credential, error) { return KaiNexusAPIKey("https://api.test", secret) }, ""},
		{"bearer token", func() (*Credential, error) { return Bearer("https://api.test", secret) }, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cred, err := test.make()
			require.NoError(t, err)
			id, got := cred.Client()
			assert.Equal(t, test.wantID, id)
			if test.wantID == "" {
				assert.True(t, got.IsZero())
			} else {
				assert.Equal(t, secret.Reveal(), got.Reveal())
			}
		})
	}
}
