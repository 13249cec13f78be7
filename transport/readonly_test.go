package transport

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
)

func TestReadOnlyLetsListedOperationsLeave(t *testing.T) {
	tests := []struct {
		name, method, path string
		header             string
		leaves             bool
	}{
		{"read", "GET", "/collections/c/r", "", true},
		{"allowed write", "PATCH", "/collections/c/r", "", true},
		{"write", "DELETE", "/collections/c/r", "", false},
		{"write beside the allowed one", "PATCH", "/collections/c/bulk", "", false},
		{"write beside the allowed one, escaped", "PATCH", "/collections/c/%62ulk", "", false},
		{"create", "POST", "/collections/c", "", false},
		{"no operation", "POST", "/unknown", "", false},
		{"read that is no operation", "GET", "/unknown", "", false},
		{"HEAD that is no operation", "HEAD", "/status", "", false},
		{"read in name only", "GET", "/collections/c/r", "X-HTTP-Method-Override", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := steps(status(200))
			doer := newChain(t, Config{Base: server, ReadOnly: NewReadOnly("updateRecord")})
			r := request(t, t.Context(), test.method, test.path, "{}")
			if test.header != "" {
				r.Header.Set(test.header, "DELETE")
			}
			answer, err := doer.Do(r)
			if test.leaves {
				require.NoError(t, err)
				assert.Len(t, server.sent, 1)
				return
			}
			var refused *ReadOnlyError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, test.method, refused.Method)
			assert.Empty(t, server.sent)
			assert.Zero(t, AttemptsOf(answer, err))
		})
	}
}

func TestReadOnlyErrorNamesTheWayOut(t *testing.T) {
	assert.Equal(t, `transport: read-only: deleteRecord (DELETE) was not sent; NewReadOnly("deleteRecord") allows it`,
		(&ReadOnlyError{Operation: "deleteRecord", Method: "DELETE"}).Error())
	assert.Equal(t, "transport: read-only: a POST that is no operation of the description was not sent; leave ReadOnly out to send it",
		(&ReadOnlyError{Method: "POST"}).Error())
}

// The guard looks at what is sent, not at what it was called before.
func TestReadOnlySeesWhatMiddlewareMade(t *testing.T) {
	server := steps(status(200))
	change := func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.Method = "DELETE"
			return next.Do(r)
		})
	}
	_, err := newChain(t, Config{Base: server, ReadOnly: NewReadOnly(), Middleware: []Middleware{change}}).
		Do(request(t, t.Context(), "GET", "/collections/c/r"))
	var refused *ReadOnlyError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, "deleteRecord", refused.Operation)
	assert.Empty(t, server.sent)
}

func TestReadOnlyAttests(t *testing.T) {
	guard := NewReadOnly("updateRecord", "createRecord")
	doer := newChain(t, Config{Base: steps(status(200)), ReadOnly: guard})
	for _, call := range [][2]string{
		{"GET", "/status"}, {"GET", "/collections/c/r"}, {"GET", "/collections/c/r2"}, {"DELETE", "/collections/c/r"},
		{"PATCH", "/collections/c/r"}, {"PUT", "/nowhere"}, {"STEAL", "/nowhere"},
	} {
		_, _ = doer.Do(request(t, t.Context(), call[0], call[1]))
	}
	told, err := json.Marshal(guard.Attest())
	require.NoError(t, err)
	assert.JSONEq(t, `{"allowed":["createRecord","updateRecord"],"operations":[
		{"operation":"","method":"PUT","sent":0,"refused":1},
		{"operation":"","method":"request","sent":0,"refused":1},
		{"operation":"deleteRecord","method":"DELETE","sent":0,"refused":1},
		{"operation":"getRecord","method":"GET","sent":2,"refused":0},
		{"operation":"getStatus","method":"GET","sent":1,"refused":0},
		{"operation":"updateRecord","method":"PATCH","sent":1,"refused":0}]}`, string(told))

	empty, err := json.Marshal(new(ReadOnly).Attest())
	require.NoError(t, err)
	assert.JSONEq(t, `{"allowed":[],"operations":[]}`, string(empty))
}

func TestRedirectsAreReadOnlyToo(t *testing.T) {
	var reached []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached = append(reached, r.Method+" "+r.URL.Path)
		switch r.URL.Path {
		case "/v1/status":
			http.Redirect(w, r, "/v1/collections/c/r", http.StatusTemporaryRedirect)
		case "/v1/collections/c/r":
			http.Redirect(w, r, "/internal/reset", http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	credential, err := auth.Bearer(server.URL+"/v1", auth.NewSecret("s3cret"))
	require.NoError(t, err)
	guard := NewReadOnly()
	asked := 0
	own := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { asked++; return nil }}
	doer, err := New(Config{ReadOnly: guard, Base: own}, credential, testOperations)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/v1/status", nil)
	require.NoError(t, err)
	_, err = doer.Do(r)
	var refused *ReadOnlyError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, []string{"GET /v1/status", "GET /v1/collections/c/r"}, reached)
	assert.Equal(t, 1, asked, "the client's own check is asked about what is allowed")
	assert.Equal(t, []OperationCount{
		{Operation: "", Method: "GET", Refused: 1},
		{Operation: "getRecord", Method: "GET", Sent: 1},
		{Operation: "getStatus", Method: "GET", Sent: 1},
	}, guard.Attest().Operations)
}
