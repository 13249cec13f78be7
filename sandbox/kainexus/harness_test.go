package kainexus

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
	"github.com/kaikina/kaikina/sandbox/internal/spectest"
)

const (
	jsonPath  = "/api/public/v1/json/"
	excelPath = "/api/public/v1/excel/"

	// missingID is the id of nothing.
	missingID = "999999"
)

var description = sync.OnceValues(func() (*spectest.Spec, error) { return spectest.Load(api.KaiNexus) })

var newClock, newMemory = sandboxtest.NewClock, sandboxtest.NewMemory

// client calls a sandbox over HTTP. Every answer of call is held against the description
// of the API.
type client struct {
	t             testing.TB
	sandbox       *Server
	url           string
	authorization string
	transport     http.RoundTripper
}

func start(t testing.TB, opts ...Option) *client {
	t.Helper()
	sandbox, err := New(opts...)
	require.NoError(t, err)
	server := httptest.NewServer(sandbox)
	t.Cleanup(server.Close)
	return &client{
		t: t, sandbox: sandbox, url: server.URL, transport: http.DefaultTransport,
		authorization: basic(basicUser, sandbox.Credentials().APIKey),
	}
}

// startInProcess is start without a socket, for those who make thousands of calls.
func startInProcess(t testing.TB, opts ...Option) *client {
	t.Helper()
	sandbox, err := New(opts...)
	require.NoError(t, err)
	return &client{
		t: t, sandbox: sandbox, url: "http://sandbox.example", transport: inProcess{sandbox},
		authorization: basic(basicUser, sandbox.Credentials().APIKey),
	}
}

// restart makes a server what it was at the beginning: making another takes longer.
func (c *client) restart(beginning *state) { c.sandbox.api.store.current.Store(beginning) }

// inProcess hands requests to a handler.
type inProcess struct{ handler http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	p.handler.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

func basic(user, password string) string {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(user, password)
	return r.Header.Get("Authorization")
}

// answer is an answer that the description declares.
type answer struct {
	declared spectest.Answer
	status   int
	header   http.Header
	chunked  bool
	body     []byte
}

// call sends a request and checks the answer. A body is nil, a workbook, the text to
// send, or a value to send as JSON.
func (c *client) call(method, path string, body any) answer {
	c.t.Helper()
	return c.check(c.request(method, path, body))
}

// workbook is a body that goes as the part file of a form.
type workbook []byte

func (c *client) request(method, path string, body any) *http.Request {
	c.t.Helper()
	text, contentType := []byte(nil), "application/json"
	switch body := body.(type) {
	case nil:
	case workbook:
		text, contentType = multipartBody(c.t, "file", body)
	case string:
		text = []byte(body)
	default:
		var err error
		text, err = json.Marshal(body)
		require.NoError(c.t, err)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, bytes.NewReader(text))
	require.NoError(c.t, err)
	request.Header.Set("Content-Type", contentType)
	if c.authorization != "" {
		request.Header.Set("Authorization", c.authorization)
	}
	return request
}

func multipartBody(t testing.TB, field string, content []byte) (body []byte, contentType string) {
	t.Helper()
	var text bytes.Buffer
	form := multipart.NewWriter(&text)
	part, err := form.CreateFormFile(field, "charts.xlsx")
	require.NoError(t, err)
	_, err = part.Write(content)
	require.NoError(t, err)
	require.NoError(t, form.Close())
	return text.Bytes(), form.FormDataContentType()
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
	response, err := c.transport.RoundTrip(request)
	require.NoError(c.t, err)
	defer func() { require.NoError(c.t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(c.t, err)
	chunked := len(response.TransferEncoding) == 1 && response.TransferEncoding[0] == "chunked"
	return answer{status: response.StatusCode, header: response.Header, chunked: chunked, body: body}
}

// object is the body, which must be an object. Numbers keep their digits.
func (a answer) object(t testing.TB) document {
	t.Helper()
	return parse(t, string(a.body))
}

func parse(t testing.TB, text string) document {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var d document
	require.NoError(t, decoder.Decode(&d), "%.300s", text)
	return d
}

// get is a record as it is answered. The path goes on with its parameters.
func (c *client) get(path string) document {
	c.t.Helper()
	got := c.call(http.MethodGet, jsonPath+path, nil)
	require.Equal(c.t, http.StatusOK, got.status, "%s: %s", path, got.body)
	return got.object(c.t).object("item")
}

func (c *client) item(id int64) document {
	c.t.Helper()
	return c.get("item?includeCharts=true&id=" + strconv.FormatInt(id, 10))
}

// list are the records of a list.
func (c *client) list(path string) []document {
	c.t.Helper()
	got := c.call(http.MethodGet, jsonPath+path, nil)
	require.Equal(c.t, http.StatusOK, got.status, "%s: %s", path, got.body)
	return got.object(c.t).stored("items")
}

// put writes one record, which must work, and gives its id and the operation.
func (c *client) put(path, record string) (id int64, operation string) {
	c.t.Helper()
	got := c.call(http.MethodPut, jsonPath+path, `{"item":`+record+`}`)
	require.Equal(c.t, http.StatusOK, got.status, "%s: %s: %s", record, got.body, got.header.Get(reasonHeader))
	body := got.object(c.t)
	require.True(c.t, body.flag("success"))
	results := body.stored("results")
	require.Len(c.t, results, 1)
	return results[0].id(), results[0].text("operation")
}

// refused writes one record, which must not work, and gives the code of the error.
func (c *client) refused(path, record string) string {
	c.t.Helper()
	got := c.call(http.MethodPut, jsonPath+path, `{"item":`+record+`}`)
	require.GreaterOrEqual(c.t, got.status, 400, "%s: %s", record, got.body)
	return got.code()
}

// code is the code of an error.
func (a answer) code() string {
	var body struct{ ErrorCode string }
	_ = json.Unmarshal(a.body, &body)
	return body.ErrorCode
}

func ids(records []document) []int64 {
	ids := []int64{}
	for _, r := range records {
		ids = append(ids, r.id())
	}
	return ids
}

// jsonText is a document as JSON.
func jsonText(t testing.TB, d document) string {
	t.Helper()
	text, err := json.Marshal(d)
	require.NoError(t, err)
	return string(text)
}

func number(digits string) float64 {
	f, _ := json.Number(digits).Float64()
	return f
}
