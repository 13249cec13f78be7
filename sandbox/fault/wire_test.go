package fault_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/internal/openapi"
	"github.com/kaikina/kaikina/sandbox/fault"
	"github.com/kaikina/kaikina/sandbox/internal/spectest"
	"github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// sandbox is an emulator, and what its callers have to know.
type sandbox struct {
	handler  http.Handler
	product  string
	basePath string
	// names are what stands in braces in the scripts.
	names map[string]string
	// authorize puts a credential into a request.
	authorize func(*http.Request)
}

func newSandbox(t *testing.T, product string) sandbox {
	t.Helper()
	if product == "kinabase" {
		server, err := kinabase.New()
		require.NoError(t, err)
		box := sandbox{handler: server, product: product, basePath: kinabase.BasePath, names: map[string]string{
			"appId": server.App().ID, "secret": server.App().Secret, "orders": "/collections/purchase-orders",
		}}
		got := httptest.NewRecorder()
		request := httptest.NewRequest("POST", box.basePath+"/token", strings.NewReader(box.fill(`{"appId":"{appId}","secret":"{secret}"}`)))
		request.Header.Set("Content-Type", "application/json")
		server.ServeHTTP(got, request)
		token := pointer(t, got.Body.Bytes(), "/token")
		box.authorize = func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
		return box
	}
	server, err := kainexus.New()
	require.NoError(t, err)
	known := server.Credentials()
	return sandbox{handler: server, product: product, names: server.IDs(), authorize: func(r *http.Request) {
		if r.URL.Path == "/oauth2/token" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.SetBasicAuth(known.ClientID, known.ClientSecret)
			return
		}
		r.SetBasicAuth("api", known.APIKey)
	}}
}

func (b sandbox) fill(text string) string {
	for name, value := range b.names {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// wrap puts faults around the sandbox.
func (b sandbox) wrap(t *testing.T, faults ...string) http.Handler {
	t.Helper()
	handler, err := fault.Wrap(b.handler, b.product, faults...)
	require.NoError(t, err)
	return handler
}

// pointer reads the text of what stands somewhere in JSON.
func pointer(t *testing.T, text []byte, pointer string) string {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal(text, &value), "%s", text)
	for _, step := range strings.Split(pointer, "/")[1:] {
		switch parent := value.(type) {
		case map[string]any:
			value = parent[step]
		case []any:
			require.NotEmpty(t, parent)
			value = parent[0]
		}
	}
	if s, ok := value.(string); ok {
		return s
	}
	encoded, err := json.Marshal(value)
	require.NoError(t, err)
	return string(encoded)
}

// message is an answer as it came.
type message struct {
	request *http.Request
	status  int
	header  http.Header
	body    []byte
}

// wire is what the scripts look at: the status line, the header and the body.
func (m message) wire() string {
	var b strings.Builder
	b.WriteString(http.StatusText(m.status) + "\n")
	_ = m.header.Write(&b)
	return b.String() + "\n" + string(m.body)
}

var scriptLine = regexp.MustCompile(`^(anyone )?(GET|PUT|POST|PATCH|DELETE) (\S+)(?: (.*))?$`)

// play runs the calls of a script, and gives the last answer. A line "= name /pointer"
// gives a name to something in the answer before.
func play(t *testing.T, script []string, faults ...string) message {
	t.Helper()
	product := script[0]
	box := newSandbox(t, product)
	server := httptest.NewServer(box.wrap(t, faults...))
	defer server.Close()
	var last message
	for _, line := range script[1:] {
		if capture, ok := strings.CutPrefix(line, "= "); ok {
			name, at, _ := strings.Cut(capture, " ")
			box.names[name] = pointer(t, last.body, at)
			continue
		}
		parts := scriptLine.FindStringSubmatch(line)
		require.NotNil(t, parts, line)
		request, err := http.NewRequestWithContext(t.Context(), parts[2], server.URL+box.basePath+box.fill(parts[3]), strings.NewReader(box.fill(parts[4])))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		if parts[1] == "" {
			box.authorize(request)
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		response.Body.Close()
		last = message{request, response.StatusCode, response.Header, body}
	}
	return last
}

// entry is what a fault does to the answer to the last call of a script.
type entry struct {
	fault  string
	script []string // the product and the calls
	// gone and come are patterns: of what only the plain answer has, and only the broken.
	gone, come []*regexp.Regexp
}

// entries reads testdata/wire.txtar.
func entries(t *testing.T) []entry {
	t.Helper()
	text, err := os.ReadFile("testdata/wire.txtar")
	require.NoError(t, err)
	var list []entry
	for _, file := range txtar.Parse(text).Files {
		e := entry{fault: file.Name}
		for line := range strings.Lines(string(file.Data)) {
			line = strings.TrimSuffix(line, "\n")
			if pattern, ok := strings.CutPrefix(line, "- "); ok {
				e.gone = append(e.gone, regexp.MustCompile(pattern))
			} else if pattern, ok := strings.CutPrefix(line, "+ "); ok {
				e.come = append(e.come, regexp.MustCompile(pattern))
			} else if line != "" {
				e.script = append(e.script, line)
			}
		}
		require.NotEmpty(t, append(e.gone, e.come...), "%s does nothing", e.fault)
		list = append(list, e)
	}
	return list
}

func idOf(name string) string { return name[:strings.IndexAny(name+"@", "@#%:")] }

func byID(t *testing.T, name string) fault.Fault {
	t.Helper()
	list := fault.Catalogue()
	at := slices.IndexFunc(list, func(f fault.Fault) bool { return f.ID == idOf(name) })
	require.GreaterOrEqual(t, at, 0, name)
	return list[at]
}

// TestWire shows, for every mutant there is, what it changes on the wire. What breaks the
// schema is refused by the description, and what is marked as still valid is not.
func TestWire(t *testing.T) {
	specs := map[string]*spectest.Spec{}
	for product, text := range map[string][]byte{"kinabase": api.Kinabase, "kainexus": api.KaiNexus} {
		spec, err := spectest.Load(text)
		require.NoError(t, err)
		specs[product] = spec
	}
	shown := map[string]bool{}
	for _, e := range entries(t) {
		f := byID(t, e.fault)
		shown[f.ID] = true
		t.Run(e.fault, func(t *testing.T) {
			plain, broken := play(t, e.script), play(t, e.script, e.fault)
			for _, pattern := range e.gone {
				assert.Regexp(t, pattern, plain.wire())
				assert.NotRegexp(t, pattern, broken.wire())
			}
			for _, pattern := range e.come {
				assert.NotRegexp(t, pattern, plain.wire())
				assert.Regexp(t, pattern, broken.wire())
			}
			spec := specs[e.script[0]]
			_, err := spec.Check(plain.request, plain.status, plain.header, plain.body)
			require.NoError(t, err, "the plain answer")
			_, err = spec.Check(broken.request, broken.status, broken.header, broken.body)
			assert.Equal(t, f.SchemaValid, fitsForALenientReader(err), "%v\n%s", err, broken.body)
		})
	}
	for _, f := range fault.Catalogue() {
		assert.True(t, f.Class == fault.Transport || shown[f.ID], "%s has no entry in testdata/wire.txtar", f.ID)
	}
}

// fitsForALenientReader tells whether there is nothing wrong but what lenient parsers pass
// over: a name that comes twice, and text that is not Unicode.
func fitsForALenientReader(err error) bool {
	body, ok := errors.AsType[*spectest.BodyError](err)
	return err == nil || ok && !slices.ContainsFunc(body.Findings, func(f schema.Finding) bool {
		return f.Keyword != "duplicate" && f.Keyword != "unicode"
	})
}

// TestLies lists the mutants that no look at a single answer finds.
func TestLies(t *testing.T) {
	var ids []string
	for _, f := range fault.Catalogue() {
		if f.SchemaValid {
			ids = append(ids, f.ID)
		}
	}
	want, err := os.ReadFile("testdata/lies.txt")
	require.NoError(t, err)
	assert.Equal(t, string(want), strings.Join(ids, "\n")+"\n")
}

func TestCatalogueIsLarge(t *testing.T) {
	mutants, kinds, products := 0, map[string]bool{}, map[string]int{}
	seen := map[string]bool{}
	for _, f := range fault.Catalogue() {
		assert.False(t, seen[f.ID], "%s is there twice", f.ID)
		seen[f.ID] = true
		assert.Regexp(t, `^[a-z][a-z0-9-]*$`, f.ID)
		assert.Regexp(t, `^[A-Z].*\.$`, f.Doc)
		assert.NotEmpty(t, f.Kind)
		if f.Class == fault.Transport {
			assert.Equal(t, "*", f.Operation, f.ID)
			continue
		}
		assert.Equal(t, fault.Contract, f.Class)
		mutants++
		kinds[f.Kind] = true
		for _, product := range openapi.Products {
			if applies, err := fault.Applies(product, f.ID); applies {
				require.NoError(t, err)
				products[product]++
			}
		}
	}
	t.Logf("%d faults, %d of them mutants of %d kinds; own operation in %v", len(seen), mutants, len(kinds), products)
	assert.GreaterOrEqual(t, mutants, 50)
	assert.GreaterOrEqual(t, len(kinds), 25)
	assert.GreaterOrEqual(t, products["kinabase"], 25)
	assert.GreaterOrEqual(t, products["kainexus"], 25)
}

// A fault may find nothing left of the answer, and must not mind.
func TestFaultsAfterOthersThatLeaveLittle(t *testing.T) {
	for product, operation := range map[string]string{"kinabase": "listRecords", "kainexus": "listItems"} {
		box := newSandbox(t, product)
		path := box.fill(map[string]string{"kinabase": "/api/v1{orders}?pageIndex=1", "kainexus": "/api/public/v1/json/itemList?id={itemList}&offset=1"}[product])
		for _, first := range []string{"empty-body", "html-as-json", "json-cut", "invalid-utf-8", "server-error-after"} {
			for _, f := range fault.Catalogue() {
				if applies, err := fault.Applies(product, f.ID+"@"+operation); err != nil || !applies || f.Class != fault.Contract {
					continue
				}
				handler := box.wrap(t, first+"@"+operation, f.ID+"@"+operation)
				request := httptest.NewRequest(http.MethodGet, path, nil)
				box.authorize(request)
				assert.NotPanics(t, func() { handler.ServeHTTP(httptest.NewRecorder(), request) }, "%s after %s", f.ID, first)
			}
		}
	}
}
