package reference

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/kaikina/kaikina/internal/openapi"
)

var both = []API{{Name: "kainexus"}, {Name: "kinabase", Path: "/api/v1"}}

func newPage(t *testing.T, c Config) http.Handler {
	t.Helper()
	page, err := New(c)
	require.NoError(t, err)
	return page
}

func get(page http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	page.ServeHTTP(w, r)
	return w
}

func TestConfig(t *testing.T) {
	for name, test := range map[string]struct {
		config Config
		want   string
	}{
		"no API":           {Config{}, "has no APIs"},
		"unknown API":      {Config{APIs: []API{{Name: "kainexsu"}}}, `there is no API "kainexsu"; there are kainexus and kinabase`},
		"the same twice":   {Config{APIs: []API{both[0], both[0]}}, "kainexus is named twice"},
		"slash at the end": {Config{APIs: []API{{Name: "kinabase", Path: "/api/v1/"}}}, `the path "/api/v1/" of kinabase`},
		"no slash":         {Config{APIs: []API{{Name: "kinabase", Path: "api"}}}, `the path "api" of kinabase`},
		"origin with path": {Config{APIs: both, Origin: "http://127.0.0.1/"}, "want scheme and host only"},
		"password":         {Config{APIs: both, Origin: "http://a:hunter2@127.0.0.1"}, "want scheme and host only"},
		"no scheme":        {Config{APIs: both, Origin: "127.0.0.1:80"}, "want scheme and host only"},
	} {
		t.Run(name, func(t *testing.T) {
			page, err := New(test.config)
			require.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "hunter2")
			assert.Nil(t, page)
		})
	}
}

func TestWhatIsServed(t *testing.T) {
	page := newPage(t, Config{APIs: both})
	for _, test := range []struct {
		path, contentType, text string
	}{
		{"/", "text/html; charset=utf-8", "<title>Sandbox reference</title>"},
		{"/reference/reference.js", "text/javascript; charset=utf-8", "validatorUrl: null"},
		{"/reference/swagger-ui-bundle.js", "text/javascript; charset=utf-8", "SwaggerUIBundle"},
		{"/reference/swagger-ui-standalone-preset.js", "text/javascript; charset=utf-8", "SwaggerUIStandalonePreset"},
		{"/reference/swagger-ui.css", "text/css; charset=utf-8", ".swagger-ui"},
		{"/reference/favicon-32x32.png", "image/png", "PNG"},
		{"/reference/favicon-16x16.png", "image/png", "PNG"},
		{"/reference/LICENSE", "text/plain; charset=utf-8", "Apache License"},
		{"/reference/NOTICE", "text/plain; charset=utf-8", "SmartBear"},
		{"/reference/swagger-ui-bundle.js.LICENSE.txt", "text/plain; charset=utf-8", "license"},
		{"/reference/kainexus.json", "application/json", `"openapi":"3.0.3"`},
		{"/reference/kinabase.json", "application/json", `"openapi":"3.0.3"`},
	} {
		t.Run(test.path, func(t *testing.T) {
			w := get(page, test.path)
			require.Equal(t, http.StatusOK, w.Code)
			assert.Equal(t, test.contentType, w.Header().Get("Content-Type"))
			assert.Contains(t, w.Body.String(), test.text)
			assert.Empty(t, w.Header().Get("Content-Encoding"), "it was not asked for")
			assertProtected(t, w.Header())

			// What a browser has it need not load again.
			assert.Equal(t, "no-cache", w.Header().Get("Cache-Control"))
			again := get(page, test.path, "If-None-Match", w.Header().Get("ETag"))
			assert.Equal(t, http.StatusNotModified, again.Code)
			assert.Empty(t, again.Body.Bytes())
		})
	}
}

func assertProtected(t *testing.T, header http.Header) {
	t.Helper()
	assert.Equal(t, "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "+
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", header.Get("Content-Security-Policy"))
	assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
	assert.Equal(t, "DENY", header.Get("X-Frame-Options"))
	assert.Equal(t, "no-referrer", header.Get("Referrer-Policy"))
}

func TestWhatIsNotServed(t *testing.T) {
	page := newPage(t, Config{APIs: both[1:]})
	for _, path := range []string{
		"/reference/nothing", "/reference/index.html", "/reference/kainexus.json", "/reference/swagger-ui-bundle.js.gz",
		"/reference/package.json", "/reference/../reference/LICENSE", "/nothing",
	} {
		w := get(page, path)
		assert.Equal(t, http.StatusNotFound, w.Code, path)
		assertProtected(t, w.Header())
	}
	for _, path := range []string{"/reference", "/reference/"} {
		w := get(page, path)
		assert.Equal(t, http.StatusFound, w.Code, path)
		assert.Equal(t, "/", w.Header().Get("Location"))
	}
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
	assert.Equal(t, "GET, HEAD", w.Header().Get("Allow"))
}

func TestLargeFilesAreSentCompressed(t *testing.T) {
	page := newPage(t, Config{APIs: both})
	plain := get(page, "/reference/swagger-ui.css")
	for accepted, want := range map[string]string{
		"gzip": "gzip", "br, GZIP;q=0.5": "gzip", "deflate, gzip ": "gzip",
		"": "", "identity": "", "gzip;q=0": "", "br, gzip; q=0.0": "", "gzipped": "",
	} {
		w := get(page, "/reference/swagger-ui.css", "Accept-Encoding", accepted)
		require.Equal(t, http.StatusOK, w.Code, accepted)
		assert.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
		assert.Equal(t, want, w.Header().Get("Content-Encoding"), accepted)
		body := w.Body.Bytes()
		if want != "" {
			reader, err := gzip.NewReader(w.Body)
			require.NoError(t, err)
			body, err = io.ReadAll(reader)
			require.NoError(t, err)
			assert.NotEqual(t, plain.Header().Get("ETag"), w.Header().Get("ETag"), "other bytes have another tag")
		}
		assert.True(t, bytes.Equal(plain.Body.Bytes(), body), accepted)
	}
}

// The page lists the products that are served, in their order, and no others.
func TestThePageOffersWhatIsServed(t *testing.T) {
	list := regexp.MustCompile(`data-descriptions="([^"]*)"`)
	for want, apis := range map[string][]API{
		`[{"name":"KaiNexus","url":"/reference/kainexus.json"},{"name":"Kinabase","url":"/reference/kinabase.json"}]`: both,
		`[{"name":"Kinabase","url":"/reference/kinabase.json"}]`:                                                      both[1:],
	} {
		found := list.FindStringSubmatch(get(newPage(t, Config{APIs: apis}), "/").Body.String())
		require.NotNil(t, found)
		assert.Equal(t, want, strings.ReplaceAll(found[1], "&#34;", `"`))
	}
}

func TestDescriptionsLeadToTheSandbox(t *testing.T) {
	for _, test := range []struct {
		name, origin, target, want string
	}{
		{"the host of the request", "", "http://127.0.0.1:8080", "http://127.0.0.1:8080"},
		{"another name of it", "", "http://localhost:8080", "http://localhost:8080"},
		{"TLS", "", "https://sandbox.example.test", "https://sandbox.example.test"},
		{"as configured", "https://sandbox.example.test", "http://10.0.0.1:80", "https://sandbox.example.test"},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := newPage(t, Config{APIs: both, Origin: test.origin})
			for _, api := range both {
				w := get(page, test.target+"/reference/"+api.Name+".json")
				require.Equal(t, http.StatusOK, w.Code)
				doc, err := openapi.Parse(context.Background(), api.Name+".json", w.Body.Bytes())
				require.NoError(t, err, "it is a valid description")
				require.Len(t, doc.Servers, 1)
				assert.Equal(t, test.want+api.Path, doc.Servers[0].URL)
				assert.NotEmpty(t, doc.Operations)
				for _, op := range doc.Operations {
					assert.Nil(t, op.Spec.Servers)
					assert.Empty(t, op.Item.Servers)
				}
				if scheme := doc.Components.SecuritySchemes["oauth2"]; api.Name == "kainexus" {
					require.NotNil(t, scheme)
					assert.Equal(t, test.want+"/oauth2/token", scheme.Value.Flows.ClientCredentials.TokenURL)
				}
			}
		})
	}
}

// Nothing but the addresses, and what would be filled into filters, is another than in our
// own files.
func TestDescriptionsAreOtherwiseOurs(t *testing.T) {
	page := newPage(t, Config{APIs: both})
	for _, api := range both {
		t.Run(api.Name, func(t *testing.T) {
			var shown, want map[string]any
			require.NoError(t, json.Unmarshal(get(page, "/reference/"+api.Name+".json").Body.Bytes(), &shown))
			source, err := os.ReadFile("../../api/" + api.Name + ".yaml")
			require.NoError(t, err)
			require.NoError(t, yaml.Unmarshal(source, &want))
			// Numbers are compared as JSON has them.
			text, err := json.Marshal(want)
			require.NoError(t, err)
			want = nil
			require.NoError(t, json.Unmarshal(text, &want))

			if api.Name == "kainexus" {
				flow := func(doc map[string]any) map[string]any {
					for _, key := range []string{"components", "securitySchemes", "oauth2", "flows", "clientCredentials"} {
						doc = doc[key].(map[string]any)
					}
					return doc
				}
				assert.NotEqual(t, flow(want)["tokenUrl"], flow(shown)["tokenUrl"])
				flow(shown)["tokenUrl"] = flow(want)["tokenUrl"]
			}
			assert.NotEqual(t, want["servers"], shown["servers"])
			shown["servers"] = want["servers"]
			emptied := 0
			for _, parameter := range want["components"].(map[string]any)["parameters"].(map[string]any) {
				parameter := parameter.(map[string]any)
				if _, has := parameter["example"]; has && parameter["in"] == "query" && parameter["required"] != true {
					delete(parameter, "example")
					emptied++
				}
			}
			assert.Positive(t, emptied, "what would filter is not filled in")
			assert.Equal(t, want, shown)
		})
	}
}

// Operations are listed in the order of the file, which a map of Go would lose.
func TestDescriptionsKeepTheirOrder(t *testing.T) {
	doc, err := openapi.Ours("kinabase")
	require.NoError(t, err)
	shown := get(newPage(t, Config{APIs: both}), "/reference/kinabase.json").Body.String()
	last := 0
	for _, op := range doc.Operations {
		at := strings.Index(shown, `"`+op.Path+`":{`)
		assert.GreaterOrEqual(t, at, last, op.ID)
		last = at
	}
}

// Whoever looks at the page learns no credential from it.
func TestThePageKnowsNoCredentials(t *testing.T) {
	page := newPage(t, Config{APIs: both}).(*pageHandler)
	for path := range page.files {
		assert.NotContains(t, get(page, path).Body.String(), "sandbox-api-key", path)
		assert.NotContains(t, get(page, path).Body.String(), "sandbox-client", path)
	}
}
