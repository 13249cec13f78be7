package kinabase_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/gen/kinabaseapi"
	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/transport"
)

func TestNewSaysWhatIsMissing(t *testing.T) {
	secret := auth.NewSecret(planted)
	credential, err := auth.KinabaseApp(base, "app", secret)
	require.NoError(t, err)
	for _, test := range []struct {
		name, want string
		opts       []kinabase.Option
	}{
		{"nothing", "kinabase: New: no credential; give WithApp(id, secret), WithEnv() or WithCredential(credential)", nil},
		{"no id", "kinabase: New: auth: app id is empty", []kinabase.Option{kinabase.WithApp("", secret)}},
		{"no secret", "kinabase: New: auth: app secret is empty", []kinabase.Option{kinabase.WithApp("app", auth.Secret{})}},
		{"two", "kinabase: New: WithApp and WithEnv are given; give one", []kinabase.Option{kinabase.WithApp("app", secret), kinabase.WithEnv()}},
		{"an environment without", "auth: missing in the environment: KINABASE_BASE_URL, KINABASE_APP_ID, KINABASE_APP_SECRET", []kinabase.Option{kinabase.WithEnv()}},
		{"no credential", "kinabase: WithCredential: the credential is nil; make one with auth.KinabaseApp", []kinabase.Option{kinabase.WithCredential(nil)}},
		{"no URL", "kinabase: WithBaseURL: the URL is empty", []kinabase.Option{kinabase.WithApp("app", secret), kinabase.WithBaseURL("")}},
		{"a bad URL", "kinabase: New: auth: base URL", []kinabase.Option{kinabase.WithApp("app", secret), kinabase.WithBaseURL("ftp://example.com")}},
		{"two URLs", "kinabase: New: WithBaseURL does not go with WithCredential", []kinabase.Option{kinabase.WithCredential(credential), kinabase.WithBaseURL(base)}},
		{"no keys", "kinabase: WithKnownKeys: wants a collection and its field keys", []kinabase.Option{kinabase.WithApp("app", secret), kinabase.WithKnownKeys("machines")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, name := range []string{"KINABASE_BASE_URL", "KINABASE_APP_ID", "KINABASE_APP_SECRET", "KINABASE_APP_SECRET_FILE"} {
				t.Setenv(name, "")
			}
			client, err := kinabase.New(test.opts...)
			assert.ErrorContains(t, err, test.want)
			assert.Nil(t, client)
		})
	}
}

func TestNewFromEveryCredential(t *testing.T) {
	s := start(t, nil)
	app, cfg := s.App(), transport.Config{Base: sandbox.NewDoer(s)}
	t.Setenv("KINABASE_BASE_URL", base)
	t.Setenv("KINABASE_APP_ID", app.ID)
	t.Setenv("KINABASE_APP_SECRET", app.Secret)
	credential, err := auth.KinabaseApp(base, app.ID, auth.NewSecret(app.Secret), auth.TokenClient(cfg.Base))
	require.NoError(t, err)
	for name, opt := range map[string]kinabase.Option{"environment": kinabase.WithEnv(), "credential": kinabase.WithCredential(credential)} {
		t.Run(name, func(t *testing.T) {
			client, err := kinabase.New(opt, kinabase.WithTransport(cfg))
			require.NoError(t, err)
			assert.Equal(t, base, client.BaseURL())
			_, err = client.Status(t.Context())
			require.NoError(t, err)
		})
	}
	client, err := kinabase.New(kinabase.WithApp(app.ID, auth.NewSecret(app.Secret)))
	require.NoError(t, err)
	assert.Equal(t, "https://app.kinabase.com/api/v1", client.BaseURL())
}

// Every call of the generated client whose path has parameters refuses values that would
// make it another path, and sends nothing.
func TestTheGeneratedClientRefusesPathsThatClimb(t *testing.T) {
	s := start(t, nil)
	api := reflect.ValueOf(s.client(t).API().ClientInterface)
	methods := reflect.TypeFor[kinabaseapi.ClientInterface]()
	word := reflect.TypeFor[string]()
	tried := 0
	for i := range methods.NumMethod() {
		method := methods.Method(i)
		for _, bad := range []string{"", ".", "..", "%2e%2e"} {
			for parameter := range method.Type.NumIn() {
				if method.Type.In(parameter) != word || method.Type.NumIn() > parameter+2 && method.Type.In(parameter+1).String() == "io.Reader" {
					continue // no path parameter; what stands before a body is its type
				}
				in := make([]reflect.Value, method.Type.NumIn()-1) // without editors
				for j := range in {
					switch kind := method.Type.In(j); {
					case j == 0:
						in[j] = reflect.ValueOf(t.Context())
					case j == parameter:
						in[j] = reflect.ValueOf(bad)
					case kind == word:
						in[j] = reflect.ValueOf("machines")
					case kind.String() == "io.Reader":
						in[j] = reflect.ValueOf(strings.NewReader("{}"))
					default:
						in[j] = reflect.Zero(kind)
					}
				}
				out := api.Method(i).Call(in)
				err, _ := out[1].Interface().(error)
				var path *transport.PathError
				assert.ErrorAs(t, err, &path, "%s with %q as parameter %d", method.Name, bad, parameter)
				assert.Empty(t, s.asked())
				tried++
			}
		}
	}
	assert.Equal(t, 4*38, tried)
}

func TestAnIDIsNoWordThatMeansAnotherCall(t *testing.T) {
	s := start(t, nil)
	client := s.client(t)
	for _, word := range []string{"all", "bulk", "ingest", "ext", "Bulk", "ALL"} {
		_, err := client.Record(t.Context(), "machines", word)
		assert.EqualError(t, err, "kinabase: getRecord: transport: path parameter recordId is a word that means another call")
		assert.Error(t, client.Delete(t.Context(), "machines", word))
		_, err = client.Update(t.Context(), "machines", word, map[string]any{})
		assert.Error(t, err)
	}
	assert.Empty(t, s.asked())
}

func TestEveryRequestSaysThatItIsJSON(t *testing.T) {
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "application/json", r.Header.Get("Accept"))
		assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
		_, _ = w.Write([]byte(`{"id":"a"}`))
	})
	_, err := client.Record(t.Context(), "machines", "a")
	require.NoError(t, err)
	response, err := client.API().GetStatusWithResponse(t.Context())
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, response.StatusCode())
	require.NoError(t, client.Delete(t.Context(), "machines", "a"))
	_, err = client.Create(t.Context(), "machines", map[string]any{})
	require.NoError(t, err)
}

// A failure tells what it is, whatever the server makes of it, and nothing else.
func TestErrors(t *testing.T) {
	for _, test := range []struct {
		name, contentType, body string
		status                  int
		want                    string
	}{
		{"refused", "application/json", `{"error":"no such record"}`, 404, "kinabase: getRecord: 404 Not Found: no such record"},
		{"no body", "", "", 401, "kinabase: getRecord: 401 Unauthorized"},
		{"undeclared", "application/json", `{"error":"gone"}`, 410, "kinabase: getRecord: 410 Gone: gone"},
		{"undeclared success", "application/json", `{"id":"a"}`, 206, "kinabase: getRecord: 206 Partial Content"},
		{"another shape", "application/json", `{"title":"` + plantedValue + `"}`, 400, "kinabase: getRecord: 400 Bad Request"},
		{"a page", "text/html", "<h1>" + plantedValue, 403, "kinabase: getRecord: 403 Forbidden"},
		{"not JSON", "application/json", "<h1>" + plantedValue, 200, "kinabase: getRecord: 200 OK: the body: is not JSON (at byte 0)"},
		{"a success of another type", "text/html", plantedValue, 200, `kinabase: getRecord: 200 OK: the answer is "text/html", not application/json`},
		{"another kind", "application/json", `{"id":{"x":"` + plantedValue + `"}}`, 200, "kinabase: getRecord: 200 OK: /id: is an object, which cannot be used here (at byte 6)"},
		{"no id", "application/json", `{"data":{"x":"` + plantedValue + `"}}`, 200, "kinabase: getRecord: 200 OK: /id: is missing or empty (at byte 0)"},
		{"an echo", "application/json", `{"error":"what is ` + plantedToken + `"}`, 400, "kinabase: getRecord: 400 Bad Request: what is [redacted]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := answering(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", test.contentType)
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			_, err := client.Record(t.Context(), "machines", "a")
			require.EqualError(t, err, test.want)
			var failed *kinabase.Error
			require.ErrorAs(t, err, &failed)
			assert.Equal(t, test.status, failed.Status)
			assert.Equal(t, 1, failed.Attempts)
			noneIn(t, err)
			assert.Equal(t, test.status == 404, kinabase.IsNotFound(err))
			assert.Equal(t, test.status == 401, kinabase.IsUnauthorized(err))
			assert.Equal(t, test.status == 403, kinabase.IsAccessDenied(err))
			assert.False(t, kinabase.IsRateLimited(err))
		})
	}
}

// noneIn asserts that nothing planted is printed.
func noneIn(t *testing.T, values ...any) {
	t.Helper()
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			text := fmt.Sprintf(verb, value)
			for _, secret := range []string{planted, plantedToken, plantedValue} {
				assert.NotContains(t, text, secret, verb)
				assert.NotContains(t, text, fmt.Sprintf("%x", secret), verb)
			}
		}
	}
}

func TestAClientPrintsNoSecret(t *testing.T) {
	client := answering(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	_, err := client.Status(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "Kinabase client for "+base, client.String())
	noneIn(t, client, *client, client.API(), client.API().ClientInterface)
}

// A client, and its iterators, can be used by many at once.
func TestManyUseAClientAtOnce(t *testing.T) {
	client := start(t, nil).client(t, kinabase.WithKnownKeys("machines", "device_name"))
	list := client.Records(t.Context(), "purchase-orders", kinabase.PageSize(7))
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			got, err := collect(list)
			assert.NoError(t, err)
			assert.Len(t, got, 25)
			_, _, err = client.CreateOrUpdate(t.Context(), "machines", "plc", fmt.Sprint(i), map[string]any{"device_name": "x"})
			assert.NoError(t, err)
			outcomes(t, client.CreateAll(t.Context(), "machines", slices.Values(many(3, machine)), kinabase.BatchSize(1)))
			_, err = client.CheckKeys("machines", kinabase.NewKeySet("status")).Update(t.Context(), "machines", "a", map[string]any{"Status": 1})
			assert.Error(t, err)
		})
	}
	group.Wait()
}

// Layers that a caller gives are not written to, room behind them included.
func TestNewLeavesTheCallersLayersAlone(t *testing.T) {
	layers := make([]transport.Middleware, 0, 4)
	start(t, nil).client(t, kinabase.WithTransport(transport.Config{Middleware: layers}))
	assert.Nil(t, layers[:1][0])
}
