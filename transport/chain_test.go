package transport

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/auth"
)

const testBase = "https://api.test/v1"

var testOperations = []Operation{
	{ID: "getRecord", Method: "GET", Path: "/collections/{collectionId}/{recordId}"},
	{ID: "listAll", Method: "GET", Path: "/collections/{collectionId}/all"},
	{ID: "updateRecord", Method: "PATCH", Path: "/collections/{collectionId}/{recordId}"},
	{ID: "updateRecords", Method: "PATCH", Path: "/collections/{collectionId}/bulk"},
	{ID: "createRecord", Method: "POST", Path: "/collections/{collectionId}"},
	{ID: "deleteRecord", Method: "DELETE", Path: "/collections/{collectionId}/{recordId}"},
	{ID: "getStatus", Method: "GET", Path: "/status"},
}

func newChain(t testing.TB, cfg Config) Doer {
	t.Helper()
	credential, err := auth.Bearer(testBase, auth.NewSecret("t0k3n-of-the-test"))
	require.NoError(t, err)
	doer, err := New(cfg, credential, testOperations)
	require.NoError(t, err)
	return doer
}

func request(t testing.TB, ctx context.Context, method, path string, body ...string) *http.Request {
	t.Helper()
	var content io.Reader
	if len(body) > 0 {
		content = strings.NewReader(body[0])
	}
	r, err := http.NewRequestWithContext(ctx, method, testBase+path, content)
	require.NoError(t, err)
	return r
}

func answered(r *http.Request, status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Header: h, Request: r,
		ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
	}
}

// script answers with one step after the other, the last one again and again, and keeps the
// requests.
type script struct {
	steps  []func(*http.Request) (*http.Response, error)
	sent   []*http.Request
	bodies []string
}

func (s *script) Do(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		content, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		_ = r.Body.Close()
		body = string(content)
	}
	step := s.steps[min(len(s.sent), len(s.steps)-1)]
	s.sent, s.bodies = append(s.sent, r), append(s.bodies, body)
	return step(r)
}

func status(code int, header ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		return answered(r, code, fmt.Sprintf(`{"status":%d}`, code), header...), nil
	}
}

func failing(err error) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// breaking answers 200 with a body that ends with err.
func breaking(err error) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		answer := answered(r, 200, "")
		answer.ContentLength = -1
		answer.Body = io.NopCloser(io.MultiReader(strings.NewReader("half of"), broken{err}))
		return answer, nil
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func steps(s ...func(*http.Request) (*http.Response, error)) *script { return &script{steps: s} }

func content(t testing.TB, answer *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return string(body)
}

func TestChainPutsTheFirstLayerOutermost(t *testing.T) {
	var order []string
	named := func(name string) Middleware {
		return func(next Doer) Doer {
			return DoerFunc(func(r *http.Request) (*http.Response, error) {
				order = append(order, name)
				return next.Do(r)
			})
		}
	}
	_, err := Chain(steps(status(200)), named("outer"), nil, named("inner")).Do(request(t, t.Context(), "GET", "/status"))
	require.NoError(t, err)
	assert.Equal(t, []string{"outer", "inner"}, order)
}

func TestNewRefusesWhatNobodyCanMean(t *testing.T) {
	credential, err := auth.Bearer(testBase, auth.NewSecret("s3cret"))
	require.NoError(t, err)
	tests := []struct {
		name       string
		cfg        Config
		credential *auth.Credential
		operations []Operation
		want       string
	}{
		{"no credential", Config{}, nil, nil, "no credential"},
		{"zero credential", Config{}, new(auth.Credential), nil, "no credential"},
		{"attempts", Config{Retry: Retry{Attempts: -1}}, credential, nil, "Retry.Attempts"},
		{"base", Config{Retry: Retry{Base: -1}}, credential, nil, "Retry.Base"},
		{"max", Config{Retry: Retry{Max: -1}}, credential, nil, "Retry.Max"},
		{"retry-after", Config{Retry: Retry{MaxRetryAfter: -1}}, credential, nil, "Retry.MaxRetryAfter"},
		{"base over max", Config{Retry: Retry{Base: 2, Max: 1}}, credential, nil, "more than Retry.Max"},
		{"body limit", Config{BodyLimit: -1}, credential, nil, "BodyLimit"},
		{"stream limit", Config{StreamLimit: -1}, credential, nil, "StreamLimit"},
		{"user agent", Config{UserAgent: "a\nb"}, credential, nil, "UserAgent"},
		{"operation", Config{}, credential, []Operation{{ID: "x", Method: "GET", Path: "status"}}, `operation "x"`},
		{"allowed operation", Config{ReadOnly: NewReadOnly("updateRecord")}, credential, nil, `"updateRecord"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := New(test.cfg, test.credential, test.operations)
			require.ErrorContains(t, err, test.want)
			assert.Regexp(t, "^transport: ", err.Error())
		})
	}
}

// Middleware is around each attempt, and does not see what auth adds.
func TestMiddlewareSeesAttemptsWithoutCredential(t *testing.T) {
	server := steps(status(503), status(200))
	var seen []string
	spy := func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			var wire bytes.Buffer
			require.NoError(t, r.Header.Write(&wire))
			assert.NotContains(t, wire.String(), "Authorization")
			seen = append(seen, r.Header.Get(AttemptHeader)+" "+r.Pattern)
			answer, err := next.Do(r)
			assert.Empty(t, answer.Request.Header.Get("Authorization"))
			return answer, err
		})
	}
	doer := newChain(t, Config{Base: server, Middleware: []Middleware{spy}, Retry: Retry{Base: 1, Max: 1}})
	answer, err := doer.Do(request(t, t.Context(), "GET", "/collections/c/r"))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"1 GET /collections/{collectionId}/{recordId}",
		"2 GET /collections/{collectionId}/{recordId}",
	}, seen)
	assert.Equal(t, "Bearer t0k3n-of-the-test", server.sent[1].Header.Get("Authorization"))
	assert.Empty(t, answer.Request.Header.Get("Authorization"))
	assert.Equal(t, 2, AttemptsOf(answer, nil))
}

func TestMiddlewareThatReturnsNothingIsAnError(t *testing.T) {
	nothing := func(Doer) Doer {
		return DoerFunc(func(*http.Request) (*http.Response, error) { return nil, nil })
	}
	_, err := newChain(t, Config{Base: steps(status(200)), Middleware: []Middleware{nothing}}).
		Do(request(t, t.Context(), "GET", "/status"))
	require.ErrorContains(t, err, "neither an answer nor an error")
}

func TestTheCallersRequestStaysAsItWas(t *testing.T) {
	r := request(t, t.Context(), "GET", "/status")
	r.Header.Set("X-Own", "1")
	_, err := newChain(t, Config{Base: steps(status(200))}).Do(r)
	require.NoError(t, err)
	assert.Equal(t, http.Header{"X-Own": {"1"}}, r.Header)
	assert.Empty(t, r.Pattern)
}

// A middleware that answers by itself may leave out what net/http always sets.
func TestMiddlewareThatReturnsHalfAnAnswer(t *testing.T) {
	for name, answer := range map[string]*http.Response{"none": nil, "no body": {StatusCode: 503}} {
		t.Run(name, func(t *testing.T) {
			own := func(Doer) Doer {
				return DoerFunc(func(*http.Request) (*http.Response, error) { return answer, nil })
			}
			cfg := Config{Base: steps(status(200)), Middleware: []Middleware{own}, Limiter: NewLimiter(1e6, 1e6), Retry: quick}
			got, err := newChain(t, cfg).Do(request(t, t.Context(), "GET", "/status"))
			if answer == nil {
				require.ErrorContains(t, err, "neither an answer nor an error")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, 503, got.StatusCode)
			body, err := io.ReadAll(got.Body)
			require.NoError(t, err)
			assert.Empty(t, body)
		})
	}
}

// What a middleware adds to one attempt is not there in the next.
func TestAttemptsDoNotShareAHeader(t *testing.T) {
	var signed [][]string
	sign := func(next Doer) Doer {
		return DoerFunc(func(r *http.Request) (*http.Response, error) {
			r.Header.Add("X-Signature", "of attempt "+r.Header.Get(AttemptHeader))
			signed = append(signed, r.Header["X-Signature"])
			return next.Do(r)
		})
	}
	cfg := Config{Base: steps(status(503), status(503), status(200)), Middleware: []Middleware{sign}, Retry: quick}
	_, err := newChain(t, cfg).Do(request(t, t.Context(), "GET", "/status"))
	require.NoError(t, err)
	assert.Equal(t, [][]string{{"of attempt 1"}, {"of attempt 2"}, {"of attempt 3"}}, signed)
}
