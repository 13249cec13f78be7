package auth

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFromEnv(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	kainexus := func() (*Credential, error) { return KaiNexusFromEnv(TokenTimeout(1)) }
	kinabase := func() (*Credential, error) { return KinabaseFromEnv(TokenTimeout(1)) }
	const hint = "; a secret may also be in a file, named by the same variable with _FILE at its end"
	type vars map[string]string
	for _, tt := range []struct {
		name    string
		from    func() (*Credential, error)
		vars    vars
		want    string // the credential as text
		missing []string
		problem string
	}{
		{name: "API key", from: kainexus,
			vars: vars{"KAINEXUS_BASE_URL": "https://api.test", "KAINEXUS_API_KEY": "hunter2"},
			want: "KaiNexus API key for https://api.test"},
		{name: "API key in a file", from: kainexus,
			vars: vars{"KAINEXUS_BASE_URL": "https://api.test", "KAINEXUS_API_KEY_FILE": file("key", "hunter2\n")},
			want: "KaiNexus API key for https://api.test"},
		{name: "OAuth", from: kainexus,
			vars: vars{"KAINEXUS_BASE_URL": "https://api.test", "KAINEXUS_CLIENT_ID": "id", "KAINEXUS_CLIENT_SECRET": "hunter2"},
			want: "KaiNexus OAuth client for https://api.test"},
		{name: "OAuth with a file", from: kainexus,
			vars: vars{"KAINEXUS_BASE_URL": "https://api.test", "KAINEXUS_CLIENT_ID": "id", "KAINEXUS_CLIENT_SECRET_FILE": file("crlf", "hunter2\r\n")},
			want: "KaiNexus OAuth client for https://api.test"},
		{name: "Kinabase", from: kinabase,
			vars: vars{"KINABASE_BASE_URL": "https://api.test/api/v1", "KINABASE_APP_ID": "id", "KINABASE_APP_SECRET": "hunter2"},
			want: "Kinabase app for https://api.test"},
		{name: "Kinabase with a file", from: kinabase,
			vars: vars{"KINABASE_BASE_URL": "https://api.test", "KINABASE_APP_ID": "id", "KINABASE_APP_SECRET_FILE": file("app", "hunter2")},
			want: "Kinabase app for https://api.test"},

		{name: "nothing for KaiNexus", from: kainexus,
			missing: []string{"KAINEXUS_BASE_URL", "KAINEXUS_API_KEY (or KAINEXUS_CLIENT_ID and KAINEXUS_CLIENT_SECRET)"},
			problem: "auth: missing in the environment: KAINEXUS_BASE_URL, KAINEXUS_API_KEY (or KAINEXUS_CLIENT_ID and KAINEXUS_CLIENT_SECRET)" + hint},
		{name: "nothing for Kinabase", from: kinabase,
			missing: []string{"KINABASE_BASE_URL", "KINABASE_APP_ID", "KINABASE_APP_SECRET"},
			problem: "auth: missing in the environment: KINABASE_BASE_URL, KINABASE_APP_ID, KINABASE_APP_SECRET" + hint},
		{name: "empty is missing", from: kinabase,
			vars:    vars{"KINABASE_BASE_URL": "https://api.test", "KINABASE_APP_ID": "", "KINABASE_APP_SECRET": "hunter2"},
			missing: []string{"KINABASE_APP_ID"}, problem: "KINABASE_APP_ID"},
		{name: "id alone", from: kainexus, vars: vars{"KAINEXUS_CLIENT_ID": "id"},
			missing: []string{"KAINEXUS_BASE_URL", "KAINEXUS_CLIENT_SECRET"}, problem: "KAINEXUS_CLIENT_SECRET"},
		{name: "client secret alone", from: kainexus,
			vars:    vars{"KAINEXUS_BASE_URL": "https://api.test", "KAINEXUS_CLIENT_SECRET": "hunter2"},
			missing: []string{"KAINEXUS_CLIENT_ID"}, problem: "KAINEXUS_CLIENT_ID"},

		{name: "both kinds", from: kainexus,
			vars:    vars{"KAINEXUS_BASE_URL": "https://api.test", "KAINEXUS_API_KEY": "hunter2", "KAINEXUS_CLIENT_ID": "id"},
			problem: "both a KAINEXUS_API_KEY and a KAINEXUS_CLIENT_ID or _SECRET"},
		{name: "variable and file", from: kinabase,
			vars:    vars{"KINABASE_BASE_URL": "https://api.test", "KINABASE_APP_ID": "id", "KINABASE_APP_SECRET": "hunter2", "KINABASE_APP_SECRET_FILE": file("x", "hunter2")},
			problem: "both KINABASE_APP_SECRET and KINABASE_APP_SECRET_FILE"},
		{name: "secret instead of a path", from: kinabase,
			vars:    vars{"KINABASE_BASE_URL": "https://api.test", "KINABASE_APP_ID": "id", "KINABASE_APP_SECRET_FILE": "hunter2"},
			problem: "auth: KINABASE_APP_SECRET_FILE: "},
		{name: "directory", from: kinabase,
			vars:    vars{"KINABASE_BASE_URL": "https://api.test", "KINABASE_APP_ID": "id", "KINABASE_APP_SECRET_FILE": dir},
			problem: "auth: KINABASE_APP_SECRET_FILE: is a directory"},
		{name: "bad file and missing name", from: kinabase,
			vars:    vars{"KINABASE_BASE_URL": "https://api.test", "KINABASE_APP_SECRET_FILE": dir},
			missing: []string{"KINABASE_APP_ID"}, problem: "auth: KINABASE_APP_SECRET_FILE: is a directory"},
		{name: "empty file", from: kinabase,
			vars:    vars{"KINABASE_BASE_URL": "https://api.test", "KINABASE_APP_ID": "id", "KINABASE_APP_SECRET_FILE": file("empty", "\n")},
			problem: "auth: KINABASE_APP_SECRET_FILE is empty"},
		{name: "two line breaks", from: kinabase,
			vars:    vars{"KINABASE_BASE_URL": "https://api.test", "KINABASE_APP_ID": "id", "KINABASE_APP_SECRET_FILE": file("two", "hunter2\n\n")},
			problem: "auth: KINABASE_APP_SECRET_FILE begins or ends with white space"},
		{name: "huge file", from: kinabase,
			vars:    vars{"KINABASE_BASE_URL": "https://api.test", "KINABASE_APP_ID": "id", "KINABASE_APP_SECRET_FILE": file("huge", strings.Repeat("hunter2", 10000))},
			problem: "auth: KINABASE_APP_SECRET_FILE: the file is too large for a secret"},
		{name: "bad base", from: kainexus,
			vars:    vars{"KAINEXUS_BASE_URL": "http://api.test", "KAINEXUS_API_KEY": "hunter2"},
			problem: "auth: KAINEXUS_BASE_URL must be https"},
		{name: "bad key", from: kainexus,
			vars:    vars{"KAINEXUS_BASE_URL": "https://api.test", "KAINEXUS_API_KEY": "hunter2 "},
			problem: "auth: KAINEXUS_API_KEY begins or ends with white space"},
		{name: "bad id", from: kainexus,
			vars:    vars{"KAINEXUS_BASE_URL": "https://api.test", "KAINEXUS_CLIENT_ID": "i\td", "KAINEXUS_CLIENT_SECRET": "hunter2"},
			problem: "auth: KAINEXUS_CLIENT_ID holds a control character"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			clearEnv(t)
			for name, value := range tt.vars {
				t.Setenv(name, value)
			}
			cred, err := tt.from()
			if tt.want != "" {
				require.NoError(t, err)
				assert.Equal(t, tt.want, cred.String())
				return
			}
			require.ErrorContains(t, err, tt.problem)
			assert.NotContains(t, err.Error(), "hunter2")
			var missing *MissingError
			if tt.missing == nil {
				assert.NotErrorAs(t, err, &missing)
			} else if assert.ErrorAs(t, err, &missing) {
				assert.Equal(t, tt.missing, missing.Names)
			}
		})
	}
}

func TestBadOptionBesideAnAPIKey(t *testing.T) {
	clearEnv(t)
	t.Setenv("KAINEXUS_BASE_URL", "https://api.test")
	t.Setenv("KAINEXUS_API_KEY", "hunter2")
	_, err := KaiNexusFromEnv(TokenTimeout(-1))
	require.EqualError(t, err, "auth: TokenTimeout must be more than zero")
}

func TestFileContentIsTheSecret(t *testing.T) {
	clearEnv(t)
	path := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(path, []byte("hunter2\r\n"), 0o600))
	t.Setenv("KAINEXUS_BASE_URL", "https://api.test")
	t.Setenv("KAINEXUS_API_KEY_FILE", path)
	cred, err := KaiNexusFromEnv()
	require.NoError(t, err)
	req := newRequest(t, http.MethodGet, "https://api.test/x", nil)
	require.NoError(t, cred.Edit(t.Context(), req))
	_, password, _ := req.BasicAuth()
	assert.Equal(t, "hunter2", password)

	t.Setenv("KAINEXUS_API_KEY_FILE", path+".not")
	_, err = KaiNexusFromEnv()
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// clearEnv removes what the machine running the tests may have set.
func clearEnv(t *testing.T) {
	for _, line := range os.Environ() {
		if name, _, _ := strings.Cut(line, "="); strings.HasPrefix(name, "KAINEXUS_") || strings.HasPrefix(name, "KINABASE_") {
			t.Setenv(name, "")
		}
	}
}
