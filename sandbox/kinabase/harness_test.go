package kinabase

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
	"github.com/kaikina/kaikina/sandbox/internal/spectest"
)

// Seeded things that the tests refer to.
const (
	ordersID  = "3f0f2c58-6c1c-4f0e-8d0c-0f6f5f1f2a01"
	missingID = "00000000-0000-4000-8000-000000000000"
)

var description = sync.OnceValues(func() (*spectest.Spec, error) { return spectest.Load(api.Kinabase) })

var newClock, newMemory = sandboxtest.NewClock, sandboxtest.NewMemory

// client calls a sandbox over HTTP, with a token of its own. Every answer of call is
// held against the description of the API.
type client struct {
	t       testing.TB
	sandbox *Server
	url     string
	token   string
}

func start(t testing.TB, opts ...Option) *client {
	t.Helper()
	sandbox, err := New(opts...)
	require.NoError(t, err)
	server := httptest.NewServer(sandbox)
	t.Cleanup(server.Close)
	c := &client{t: t, sandbox: sandbox, url: server.URL + BasePath}
	app := sandbox.App()
	got := c.call(http.MethodPost, "/token", map[string]string{"appId": app.ID, "secret": app.Secret})
	require.Equal(t, http.StatusOK, got.status, string(got.body))
	c.token = got.object(t)["token"].(string)
	return c
}

// answer is an answer that the description declares.
type answer struct {
	declared spectest.Answer
	status   int
	header   http.Header
	chunked  bool
	body     []byte
}

// call sends a request and checks the answer. A body is nil, the text to send, or a
// value to send as JSON.
func (c *client) call(method, path string, body any) answer {
	c.t.Helper()
	return c.check(c.request(method, path, body))
}

func (c *client) request(method, path string, body any) *http.Request {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, bytes.NewReader(bodyText(c.t, body)))
	require.NoError(c.t, err)
	request.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	return request
}

func (c *client) check(request *http.Request) answer {
	c.t.Helper()
	got := c.send(request)
	spec, err := description()
	require.NoError(c.t, err)
	got.declared, err = spec.Check(request, got.status, got.header, got.body)
	require.NoError(c.t, err, "%s %s: %d %.300s", request.Method, request.URL, got.status, got.body)
	return got
}

// send sends a request without checking the answer.
func (c *client) send(request *http.Request) answer {
	c.t.Helper()
	response, err := http.DefaultTransport.RoundTrip(request)
	require.NoError(c.t, err)
	defer func() { require.NoError(c.t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	chunked := len(response.TransferEncoding) == 1 && response.TransferEncoding[0] == "chunked"
	return answer{status: response.StatusCode, header: response.Header, chunked: chunked, body: body}
}

func bodyText(t testing.TB, body any) []byte {
	switch body := body.(type) {
	case nil:
		return nil
	case string:
		return []byte(body)
	default:
		text, err := json.Marshal(body)
		require.NoError(t, err)
		return text
	}
}

// object is the body, which must be an object. Numbers keep their digits.
func (a answer) object(t testing.TB) map[string]any {
	t.Helper()
	object, ok := decode(t, a.body).(map[string]any)
	require.True(t, ok, "%.300s", a.body)
	return object
}

func (a answer) array(t testing.TB) []any {
	t.Helper()
	array, ok := decode(t, a.body).([]any)
	require.True(t, ok, "%.300s", a.body)
	return array
}

// problem is the text of an error.
func (a answer) problem(t testing.TB) string {
	t.Helper()
	text, _ := a.object(t)["error"].(string)
	require.NotEmpty(t, text)
	return text
}

func decode(t testing.TB, text []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	require.NoError(t, decoder.Decode(&value), "%.300s", text)
	return value
}

// create adds a record and gives its id.
func (c *client) create(collection string, data map[string]any) string {
	c.t.Helper()
	got := c.call(http.MethodPost, "/collections/"+collection, map[string]any{"data": data})
	require.Equal(c.t, http.StatusOK, got.status, string(got.body))
	return got.object(c.t)["id"].(string)
}

// read is a record as it is answered.
func (c *client) read(collection, id string) map[string]any {
	c.t.Helper()
	got := c.call(http.MethodGet, "/collections/"+collection+"/"+id, nil)
	require.Equal(c.t, http.StatusOK, got.status, string(got.body))
	return got.object(c.t)
}

// all are the records of a collection.
func (c *client) all(collection string) []any {
	c.t.Helper()
	got := c.call(http.MethodGet, "/collections/"+collection+"/all", nil)
	require.Equal(c.t, http.StatusOK, got.status, string(got.body))
	return got.array(c.t)
}

// ids are the ids of records.
func ids(records any) []string {
	var ids []string
	for _, r := range records.([]any) {
		ids = append(ids, r.(map[string]any)["id"].(string))
	}
	return ids
}

// firstID is the id of the first record of a seeded collection.
func (c *client) firstID(collection string) string {
	c.t.Helper()
	return ids(c.all(collection))[0]
}

// tracked are fields of any kind that take samples.
func tracked(keys ...string) []Field {
	fields := Keys(keys...)
	for i := range fields {
		fields[i].Tracked = true
	}
	return fields
}

// tokenOf is a token of an app, which costs no call.
func (s *Server) tokenOf(id string) string {
	a, _ := s.store.app(id)
	return (&tokens{store: s.store, clock: s.clock}).issue(a)
}

// freshToken is a token of the first app.
func (s *Server) freshToken() string { return s.tokenOf(s.store.allApps()[0].id) }

// tiny is a collection for tests that want no other.
func tiny(records ...Record) Collection {
	return Collection{ID: "tiny-id", Slug: "tiny", Name: "Tiny", Fields: tracked("name", "size"), Records: records}
}

func many(n int, element string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + "]"
}
