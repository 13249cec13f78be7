package admin_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/admin"
	"github.com/kaikina/kaikina/sandbox/internal/sandboxtest"
	"github.com/kaikina/kaikina/sandbox/internal/stored"
)

// thing has a field of every kind that bodies have.
type thing struct {
	embedded
	Name   string   `json:"name"`
	Ready  bool     `json:"ready,omitempty"`
	Counts []int64  `json:"counts,omitempty"`
	Parts  []part   `json:"parts,omitempty"`
	Label  *string  `json:"label,omitempty"`
	Of     *part    `json:"of,omitempty"`
	Hidden string   `json:"-"`
	Words  []string `json:"words,omitempty"`
}

type embedded struct {
	ID int64 `json:"id,omitempty"`
}

type part struct {
	Size int64 `json:"size"`
}

// shelf is what the routes are about.
type shelf struct{ done []string }

func (s *shelf) note(what string) { s.done = append(s.done, what) }

func (s *shelf) things() []thing { return nil }

func (s *shelf) get(id int64) (part, error) {
	if id != 7 {
		return part{}, &sandbox.AdminError{Status: 404, Message: "there is none"}
	}
	return part{id}, nil
}

func (s *shelf) create(t thing) (thing, error) {
	s.note("create " + t.Name)
	return t, nil
}

func (s *shelf) change(id string, p part) (part, error) {
	s.note("change " + id)
	return p, nil
}

func (s *shelf) remove(id string) error {
	s.note("delete " + id)
	if id == "broken" {
		return stored.Commit(&sandboxtest.Memory{Err: errors.New("/srv/secret.db: disk full")}, []sandbox.Change{{}})
	}
	return nil
}

var routes = []admin.Route[*shelf]{
	admin.On("GET /things", 200, admin.List("things", (*shelf).things)),
	admin.On("POST /things", 201, admin.Send((*shelf).create)),
	admin.On("GET /things/{id}", 200, admin.Get((*shelf).get)),
	admin.On("GET /things/{id}/words", 200, admin.ListOf("words", func(_ *shelf, id string) ([]string, error) { return []string{id}, nil })),
	admin.On("PATCH /named/{id}", 200, admin.SendTo((*shelf).change)),
	admin.On("DELETE /named/{id}", 204, admin.Delete((*shelf).remove)),
	admin.On("GET /one", 200, admin.Show(func(*shelf) part { return part{1} })),
	admin.On("DELETE /one", 204, admin.Clear(func(s *shelf) error { s.note("clear"); return nil })),
	admin.On("POST /fails", 200, admin.Send(func(*shelf, struct{}) (int, error) { return 0, errors.New("a defect") })),
}

func send(s *shelf, method, path, body string, header http.Header) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, "http://sandbox.example:8080/sandbox/shelf"+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	for key, values := range header {
		request.Header[key] = values
	}
	recorder := httptest.NewRecorder()
	admin.New("/sandbox/shelf", s, routes).ServeHTTP(recorder, request)
	return recorder
}

func TestRoutes(t *testing.T) {
	for _, test := range []struct {
		name, method, path, body string
		status                   int
		want                     string // JSON, or "" for no body
		done                     string // what the shelf was asked to do
	}{
		{"no list is empty", "GET", "/things", "", 200, `{"things":[]}`, ""},
		{"a list of something", "GET", "/things/a%2Fb/words", "", 200, `{"words":["a/b"]}`, ""},
		{"one", "GET", "/one", "", 200, `{"size":1}`, ""},
		{"by number", "GET", "/things/7", "", 200, `{"size":7}`, ""},
		{"not there", "GET", "/things/8", "", 404, `{"error":"there is none"}`, ""},
		{"no number", "GET", "/things/a%20b", "", 404, `{"error":"\"a b\" is no id: ids are whole numbers above 0"}`, ""},
		{"not above 0", "GET", "/things/0", "", 404, `{"error":"\"0\" is no id: ids are whole numbers above 0"}`, ""},
		{"create", "POST", "/things", `{"name":"x","counts":[1],"label":null,"id":3}`, 201, `{"name":"x","counts":[1],"id":3}`, "create x"},
		{"change", "PATCH", "/named/a%2Fb", `{"size":2}`, 200, `{"size":2}`, "change a/b"},
		{"delete", "DELETE", "/named/x", "no JSON", 204, ``, "delete x"},
		{"clear", "DELETE", "/one", "", 204, ``, "clear"},
		{"the storage fails", "DELETE", "/named/broken", "", 500, `{"error":"the change could not be stored, so nothing was changed"}`, "delete broken"},
		{"a defect", "POST", "/fails", `{}`, 500, `{"error":"a defect"}`, ""},
		{"unknown path", "GET", "/nothing", "", 404, `{"error":"there is no operation at \"/sandbox/shelf/nothing\""}`, ""},
		{"wrong method", "PUT", "/one", "{}", 405, `{"error":"\"PUT\" is not allowed at \"/sandbox/shelf/one\", only DELETE, GET, HEAD"}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &shelf{}
			got := send(s, test.method, test.path, test.body, nil)
			assert.Equal(t, test.status, got.Code)
			assert.Equal(t, test.done, strings.Join(s.done, ", "))
			assert.Equal(t, "no-store", got.Header().Get("Cache-Control"))
			if test.want == "" {
				assert.Empty(t, got.Body.String())
				return
			}
			assert.JSONEq(t, test.want, got.Body.String())
			assert.Equal(t, "application/json", got.Header().Get("Content-Type"))
		})
	}
}

func TestOrigin(t *testing.T) {
	const own = "http://sandbox.example:8080"
	for _, test := range []struct {
		name   string
		origin []string
		want   int
	}{
		{"missing", nil, 204},
		{"own", []string{own}, 204},
		{"upper case", []string{strings.ToUpper(own)}, 204},
		{"empty", []string{""}, 403},
		{"other host", []string{"http://evil.example:8080"}, 403},
		{"a longer host", []string{"http://sandbox.example:80800"}, 403},
		{"other scheme", []string{"https://sandbox.example:8080"}, 403},
		{"other port", []string{"http://sandbox.example:8081"}, 403},
		{"no port", []string{"http://sandbox.example"}, 403},
		{"null", []string{"null"}, 403},
		{"no origin", []string{own + "/"}, 403},
		{"two headers", []string{own, own}, 403},
		{"one of two", []string{own, "http://evil.example"}, 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &shelf{}
			got := send(s, "DELETE", "/one", "", http.Header{"Origin": test.origin})
			assert.Equal(t, test.want, got.Code)
			assert.Equal(t, test.want == 204, len(s.done) == 1)
			if test.want == 403 {
				assert.JSONEq(t, `{"error":"web pages of another origin may not do this"}`, got.Body.String())
				assert.Equal(t, 403, send(s, "GET", "/one", "", http.Header{"Origin": test.origin}).Code, "nor may they read")
			}
		})
	}
}

func TestBodies(t *testing.T) {
	for _, test := range []struct {
		name, body, want string
	}{
		{"nothing", ``, "the body is empty; it must be a JSON object"},
		{"no JSON", `{`, "the body is not valid JSON at byte 1"},
		{"an array", `[]`, "the body must be a JSON object"},
		{"unknown key", `{"nam":"x"}`, `there is no key "nam"; there are counts, id, label, name, of, parts, ready, words`},
		{"another case", `{"Name":"x"}`, `there is no key "Name"; there are`},
		{"a key of Go only", `{"Hidden":"x"}`, `there is no key "Hidden"; there are`},
		{"unknown key of a part", `{"parts":[{"size":1},{"sise":1}]}`, `there is no key "sise" in parts[1]; there are size`},
		{"unknown key of an object", `{"of":{"sise":1}}`, `there is no key "sise" in of; there are size`},
		{"no string", `{"name":1}`, "name must be a string"},
		{"no string, or null", `{"label":[]}`, "label must be a string"},
		{"neither true nor false", `{"ready":"yes"}`, "ready must be true or false"},
		{"no number", `{"id":"7"}`, "id must be a whole number"},
		{"no whole number", `{"counts":[1,1.5]}`, "counts[1] must be a whole number"},
		{"too large a number", `{"id":9223372036854775808}`, "id must be a whole number"},
		{"no array", `{"counts":7}`, "counts must be an array"},
		{"no object", `{"of":"x"}`, "of must be an object"},
		{"no array of objects", `{"parts":["x"]}`, "parts[0] must be an object"},
		{"no array of strings", `{"words":[1]}`, "words[0] must be a string"},
		{"too deep", `{"of":` + strings.Repeat(`[`, 1001) + strings.Repeat(`]`, 1001) + `}`, "levels deep"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &shelf{}
			got := send(s, "POST", "/things", test.body, nil)
			assert.Equal(t, 400, got.Code)
			var answer struct{ Error string }
			require.NoError(t, json.Unmarshal(got.Body.Bytes(), &answer))
			assert.Contains(t, answer.Error, test.want)
			assert.Empty(t, s.done)
		})
	}
	assert.JSONEq(t, `{"error":"there is no key \"x\"; there are none"}`, send(&shelf{}, "POST", "/fails", `{"x":1}`, nil).Body.String())
	assert.Equal(t, 201, send(&shelf{}, "POST", "/things", `{"name":null,"ready":null,"counts":null,"parts":[null],"of":null}`, nil).Code, "null is as good as nothing")
}

func TestContentType(t *testing.T) {
	for contentType, want := range map[string]int{
		"application/json": 201, "application/json; charset=utf-8": 201, "Application/JSON": 201,
		"": 415, "text/plain": 415, "application/x-www-form-urlencoded": 415, "multipart/form-data; boundary=x": 415, "application/jsonp": 415,
	} {
		s := &shelf{}
		got := send(s, "POST", "/things", `{}`, http.Header{"Content-Type": {contentType}})
		assert.Equal(t, want, got.Code, contentType)
		assert.Equal(t, want == 201, len(s.done) == 1, contentType)
	}
	assert.Equal(t, 415, send(&shelf{}, "PATCH", "/named/x", `{}`, http.Header{"Content-Type": {"text/plain"}}).Code)
	assert.Equal(t, 200, send(&shelf{}, "GET", "/one", ``, http.Header{"Content-Type": nil}).Code)
}

func TestPut(t *testing.T) {
	there, sent := "before", "after"
	admin.Put(&there, nil)
	assert.Equal(t, "before", there)
	admin.Put(&there, &sent)
	assert.Equal(t, "after", there)
}

// FuzzBody sends anything. What is not refused in words fits encoding/json too.
func FuzzBody(f *testing.F) {
	for _, body := range []string{`{"name":"x","parts":[{"size":1}]}`, `{"of":{}}`, `{"counts":[1e400]}`, `{"name":"a","name":"b"}`, `{"id":1e2}`, "{\"\xff\":1}"} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		got := send(&shelf{}, "POST", "/things", body, nil)
		require.Contains(t, []int{201, 400}, got.Code, "%s", got.Body)
		if got.Code == 201 {
			require.NoError(t, json.Unmarshal([]byte(body), &thing{}))
		}
	})
}
