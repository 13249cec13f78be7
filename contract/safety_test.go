package contract_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/contract/report"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// remote answers for a host that is not this machine, and keeps what it was asked.
type remote struct {
	handler http.Handler
	mu      sync.Mutex
	calls   []string
}

func (r *remote) Do(request *http.Request) (*http.Response, error) {
	if err := request.Context().Err(); err != nil {
		return nil, err
	}
	r.mu.Lock()
	r.calls = append(r.calls, request.Method+" "+request.URL.Path)
	r.mu.Unlock()
	recorder := httptest.NewRecorder()
	incoming := request.Clone(request.Context())
	if incoming.Body == nil {
		incoming.Body = http.NoBody
	}
	r.handler.ServeHTTP(recorder, incoming)
	return recorder.Result(), nil
}

const remoteBase = "https://kinabase.example.test" + kinabase.BasePath

func remoteTarget(t *testing.T) (contract.Target, *remote) {
	t.Helper()
	sandbox, err := kinabase.New()
	require.NoError(t, err)
	server := &remote{handler: sandbox}
	app := sandbox.App()
	cred, err := auth.KinabaseApp(remoteBase, app.ID, auth.NewSecret(app.Secret), auth.TokenClient(server))
	require.NoError(t, err)
	return contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}}, server
}

func writesIn(calls []string) []string {
	var writes []string
	for _, call := range calls {
		if !strings.HasPrefix(call, "GET ") && call != "POST "+kinabase.BasePath+"/token" {
			writes = append(writes, call)
		}
	}
	return writes
}

func TestARemoteTargetIsReadOnly(t *testing.T) {
	target, server := remoteTarget(t)
	r, err := contract.Verify(t.Context(), target, contract.WithDoer(server))
	require.NoError(t, err)
	assert.False(t, r.Writable)
	assert.Empty(t, writesIn(server.calls))
	assert.Empty(t, r.Findings)
	verdicts := map[string]contract.OperationReport{}
	for _, op := range r.Operations {
		verdicts[op.ID] = op
	}
	assert.Equal(t, contract.Conforms, verdicts["listRecords"].Verdict)
	assert.Equal(t, contract.NeverEvidenced, verdicts["createRecord"].Verdict)
	assert.Contains(t, verdicts["createRecord"].Note, "--allow-writes")
	assert.Zero(t, verdicts["createRecord"].Calls)
}

func TestWritesAreAllowedByNameAndUndone(t *testing.T) {
	target, server := remoteTarget(t)
	target.AllowWrites = []string{"createRecords", "updateRecords", "deleteRecords"}
	r, err := contract.Verify(t.Context(), target, contract.WithDoer(server))
	require.NoError(t, err)
	assert.Empty(t, r.Findings)
	bulk := kinabase.BasePath + "/collections/purchase-orders/bulk"
	assert.Equal(t, []string{"POST " + bulk, "PATCH " + bulk, "DELETE " + bulk}, writesIn(server.calls))

	target.AllowWrites = []string{"createRecords"}
	server.calls = nil
	_, err = contract.Verify(t.Context(), target, contract.WithDoer(server))
	require.NoError(t, err)
	assert.Empty(t, writesIn(server.calls), "what could not be undone is not begun")
}

// A server that ignores the filter by external service answers other people's records
// too. Those must not be changed or deleted.
func TestOtherPeoplesRecordsAreLeftAlone(t *testing.T) {
	sandbox, err := kinabase.New()
	require.NoError(t, err)
	ignoring := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		query.Del("externalService")
		r.URL.RawQuery = query.Encode()
		sandbox.ServeHTTP(w, r)
	})
	server := httptest.NewServer(ignoring)
	defer server.Close()
	app := sandbox.App()
	cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, app.ID, auth.NewSecret(app.Secret))
	require.NoError(t, err)
	before := everything(t, cred)
	_, err = contract.Verify(t.Context(), contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}})
	require.NoError(t, err)
	assert.Equal(t, before, everything(t, cred))
}

func everything(t *testing.T, cred *auth.Credential) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, cred.BaseURL()+"/collections/purchase-orders/all", nil)
	require.NoError(t, err)
	response, err := cred.Doer(nil).Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	var body bytes.Buffer
	_, err = body.ReadFrom(response.Body)
	require.NoError(t, err)
	return body.String()
}

// However early the run is cut short, nothing of its own is left behind.
func TestAnInterruptedRunCleansUp(t *testing.T) {
	sandbox, err := kinabase.New()
	require.NoError(t, err)
	server := httptest.NewServer(sandbox)
	defer server.Close()
	app := sandbox.App()
	cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, app.ID, auth.NewSecret(app.Secret))
	require.NoError(t, err)
	target := contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}}
	before := everything(t, cred)
	whole := 0
	_, err = contract.Verify(t.Context(), target, contract.WithProgress(func(contract.Call) { whole++ }))
	require.NoError(t, err)
	require.Greater(t, whole, 20)
	for stop := 1; stop < whole; stop++ {
		ctx, cancel := context.WithCancel(t.Context())
		made := 0
		r, err := contract.Verify(ctx, target, contract.WithProgress(func(contract.Call) {
			if made++; made == stop {
				cancel()
			}
		}))
		cancel()
		require.ErrorIs(t, err, context.Canceled, "cut short after %d calls", stop)
		require.NotNil(t, r)
		require.True(t, before == everything(t, cred), "cut short after %d calls", stop)
	}
}

func TestNothingTestedIsNoPass(t *testing.T) {
	refusing := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/status" {
			w.Header().Del("Content-Type")
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"error":"no"}`)
	})
	server := httptest.NewServer(refusing)
	defer server.Close()
	cred, err := auth.Bearer(server.URL, auth.NewSecret("a-token"))
	require.NoError(t, err)
	r, err := contract.Verify(t.Context(), contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "x"}})
	require.ErrorIs(t, err, contract.ErrNothingTested)
	require.NotNil(t, r)
	assert.Empty(t, r.Findings)
}

func TestAServerThatIsNotThere(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	cred, err := auth.Bearer(server.URL, auth.NewSecret("a-token"))
	require.NoError(t, err)
	r, err := contract.Verify(t.Context(), contract.Target{API: contract.Kinabase, Credential: cred})
	require.ErrorContains(t, err, "refused")
	assert.LessOrEqual(t, r.Totals.Calls, 1, "it is not tried again and again")
}

func TestBadTargets(t *testing.T) {
	cred, err := auth.Bearer("http://127.0.0.1:1", auth.NewSecret("a-token"))
	require.NoError(t, err)
	tests := []struct {
		name   string
		target contract.Target
		want   string
	}{
		{"no API", contract.Target{Credential: cred}, `no description of ""`},
		{"no credential", contract.Target{API: contract.Kinabase}, "has no credential"},
		{"zero credential", contract.Target{API: contract.Kinabase, Credential: new(auth.Credential)}, "was not made by a constructor"},
		{"empty id", contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": ""}}, "the id collection of kinabase is empty"},
		{"id that is no number", contract.Target{API: contract.KaiNexus, Credential: cred, IDs: map[string]string{"itemList": "abc"}}, `is "abc", which is not a number`},
		{"unknown id", contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"widget": "1"}}, `no id called "widget"; there are collection`},
		{"unknown operation", contract.Target{API: contract.Kinabase, Credential: cred, AllowWrites: []string{"putItem"}}, `no operation "putItem"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := contract.Verify(t.Context(), test.target)
			require.ErrorContains(t, err, test.want)
		})
	}
}

// Values are people's data: no report has them unless asked. Secrets are in none at all.
func TestReportsKeepQuiet(t *testing.T) {
	const planted = "Ada Lovelace, 1 Main Street"
	for _, shown := range []bool{false, true} {
		t.Run(fmt.Sprintf("show values %t", shown), func(t *testing.T) {
			sandbox, err := kinabase.New()
			require.NoError(t, err)
			app := sandbox.App()
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case strings.HasSuffix(r.URL.Path, "/token"):
					sent, err := io.ReadAll(r.Body)
					if err != nil {
						panic(http.ErrAbortHandler)
					}
					if !strings.Contains(string(sent), "appSecret") {
						r.Body = io.NopCloser(bytes.NewReader(sent))
						sandbox.ServeHTTP(w, r)
						return
					}
					// Only the operation under test sends this key. What it gets breaks the schema.
					w.Header().Set("Content-Type", "application/json")
					fmt.Fprintf(w, `{"token":["%s"]}`, planted)
				case strings.HasSuffix(r.URL.Path, "/all"):
					w.Header().Set("Content-Type", "application/json")
					fmt.Fprintf(w, `[{"id":["%s"]},{"id":"%s","createdAt":"%s"}]`, planted, planted, planted)
				case strings.HasSuffix(r.URL.Path, "/status") && r.Header.Get("Authorization") != "":
					w.Header().Set("Content-Type", "application/json")
					fmt.Fprintf(w, "{%q", planted)
				default:
					sandbox.ServeHTTP(w, r)
				}
			})
			server := httptest.NewServer(handler)
			defer server.Close()
			cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, app.ID, auth.NewSecret(app.Secret))
			require.NoError(t, err)
			var options []contract.Option
			if shown {
				options = append(options, contract.WithShowValues())
			}
			r, err := contract.Verify(t.Context(), contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}}, options...)
			require.ErrorIs(t, err, contract.ErrLeftovers, "records that /all does not show cannot be found again")
			assert.NotContains(t, err.Error(), planted)
			require.NotEmpty(t, r.Findings)
			token, err := cred.Token(t.Context())
			require.NoError(t, err)

			var text, structured bytes.Buffer
			require.NoError(t, report.Terminal(&text, []*contract.Report{r}, true))
			require.NoError(t, report.JSON(&structured, []*contract.Report{r}))
			for _, output := range []string{text.String(), structured.String()} {
				assert.Equal(t, shown, strings.Contains(output, planted))
				assert.NotContains(t, output, app.Secret)
				assert.NotContains(t, output, token.Value.Reveal())
				assert.Contains(t, output, "$KINABASE_APP_SECRET", "the call can still be repeated")
			}
			require.True(t, json.Valid(structured.Bytes()))
		})
	}
}

// A server may repeat the credential in what it answers, as a name or as a value.
func TestReportsRepeatNoCredential(t *testing.T) {
	sandbox, err := kinabase.New()
	require.NoError(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !strings.HasSuffix(r.URL.Path, "/all") || token == "" {
			sandbox.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `[{"id":"a","data":{},"a %s":1,"a %s":2,"createdAt":"\u00%x%s"}]`, token, token, token[0], token[1:])
	}))
	defer server.Close()
	app := sandbox.App()
	cred, err := auth.KinabaseApp(server.URL+kinabase.BasePath, app.ID, auth.NewSecret(app.Secret))
	require.NoError(t, err)
	r, err := contract.Verify(t.Context(), contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}}, contract.WithShowValues())
	require.NotNil(t, r, err)
	token, err := cred.Token(t.Context())
	require.NoError(t, err)
	secret := token.Value.Reveal()
	var pointers, values []string
	for _, f := range r.Findings {
		pointers, values = append(pointers, f.Pointer), append(values, f.Value)
		assert.NotContains(t, fmt.Sprintf("%+v", f), secret[1:])
	}
	assert.Contains(t, strings.Join(pointers, " "), "/0/a ", "the name is there but for the credential")
	assert.Contains(t, pointers, "/0/createdAt")
	assert.NotEmpty(t, strings.Join(values, ""))
}
