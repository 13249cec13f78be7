// Package reference is a page that documents the sandboxes and calls them: Swagger UI
// over our own descriptions, aimed at the server that serves it.
//
// [New] makes it, for the root of the host that also serves the sandboxes:
//
//	page, err := reference.New(reference.Config{APIs: []reference.API{{Name: "kinabase", Path: "/api/v1"}}})
//	mux.Handle("/{$}", page)
//	mux.Handle("/reference/", page)
//	mux.Handle("/api/v1/", sandbox)
//
// All that the page needs is embedded: a browser that shows it asks no other host for
// anything. It knows no credentials; whoever uses it types them.
package reference

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// An API is one product that the page offers.
type API struct {
	// Name is "kainexus" or "kinabase".
	Name string
	// Path is where the sandbox's operations start: "" or "/api/v1". It has no slash at its end.
	Path string
}

// Config says what the page offers.
type Config struct {
	// APIs are the products in the order in which the page lists them, one at least.
	APIs []API

	// Origin is where browsers reach the sandboxes, such as "http://127.0.0.1:8080". If it
	// is empty, they are where the page is: at the host that each request names. It has to
	// be given only where something in between changes the host or adds TLS.
	Origin string
}

// New is a handler for GET / and for everything below /reference/, which is at
// /reference/NAME.json for the description of a product. Other paths answer 404.
func New(c Config) (http.Handler, error) {
	if len(c.APIs) == 0 {
		return nil, errors.New("reference: the page has no APIs: give one at least")
	}
	if err := checkOrigin(c.Origin); err != nil {
		return nil, err
	}
	p := &pageHandler{origin: c.Origin, files: map[string]file{}, descriptions: map[string]*description{}}
	for _, api := range c.APIs {
		d, err := newDescription(api)
		if err != nil {
			return nil, err
		}
		if p.descriptions[folder+api.Name+".json"] != nil {
			return nil, fmt.Errorf("reference: %s is named twice", api.Name)
		}
		p.descriptions[folder+api.Name+".json"] = d
	}
	if err := p.addFiles(c.APIs); err != nil {
		return nil, err
	}
	return p, nil
}

// checkOrigin refuses what is no origin, such as a URL with a path.
func checkOrigin(origin string) error {
	if origin == "" {
		return nil
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") || origin != u.Scheme+"://"+u.Host {
		return errors.New("reference: the origin is not one: want scheme and host only, as in http://127.0.0.1:8080")
	}
	return nil
}

// folder is where everything but the page itself is.
const folder = "/reference/"

// pageHandler is what New makes. It never changes once it is made.
type pageHandler struct {
	origin       string
	files        map[string]file
	descriptions map[string]*description
}

func (p *pageHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	path := r.URL.Path
	f, found := p.files[path]
	d := p.descriptions[path]
	switch {
	case path == folder || path+"/" == folder:
		http.Redirect(w, r, "/", http.StatusFound)
	case !found && d == nil:
		http.NotFound(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "this is a page: it can only be read", http.StatusMethodNotAllowed)
	case found:
		f.serve(w, r)
	default:
		text, err := d.at(p.originOf(r))
		if err != nil {
			http.Error(w, "the description cannot be shown", http.StatusInternalServerError)
			return
		}
		file{contentType: "application/json", content: text}.serve(w, r)
	}
}

// originOf is where the browser that sent the request finds the sandboxes.
func (p *pageHandler) originOf(r *http.Request) string {
	switch {
	case p.origin != "":
		return p.origin
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// protect keeps the page to itself: it loads from, calls and is shown by no other site.
// Swagger UI sets styles as it goes, and has its icons in its style sheet.
func protect(header http.Header) {
	header.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "connect-src 'self'",
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
	}, "; "))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// The page and its script are ours. What is in swagger-ui is as its makers published it,
// in a package that swagger-ui/package-lock.json pins; large files are compressed.
//
//go:embed page/index.html page/reference.js
//go:embed swagger-ui/LICENSE swagger-ui/NOTICE swagger-ui/*.LICENSE.txt
//go:embed swagger-ui/*.gz swagger-ui/*.png
var embedded embed.FS

// contentTypes are named here, since what the system knows of them differs between machines.
var contentTypes = []struct{ end, contentType string }{
	{".js", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".png", "image/png"},
	{"", "text/plain; charset=utf-8"},
}

func (p *pageHandler) addFiles(apis []API) error {
	for _, dir := range []string{"page", "swagger-ui"} {
		entries, err := embedded.ReadDir(dir)
		if err != nil {
			return fmt.Errorf("reference: %w", err)
		}
		for _, entry := range entries {
			content, err := embedded.ReadFile(dir + "/" + entry.Name())
			if err != nil {
				return fmt.Errorf("reference: %w", err)
			}
			name, gzipped := strings.CutSuffix(entry.Name(), ".gz")
			at := slices.IndexFunc(contentTypes, func(t struct{ end, contentType string }) bool { return strings.HasSuffix(name, t.end) })
			p.files[folder+name] = file{contentType: contentTypes[at].contentType, content: content, gzipped: gzipped}
		}
	}
	delete(p.files, folder+"index.html")
	index, err := renderIndex(apis)
	p.files["/"] = file{contentType: "text/html; charset=utf-8", content: index}
	return err
}

// renderIndex writes the page. The script reads from it what there is to choose from.
func renderIndex(apis []API) ([]byte, error) {
	type choice struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	var choices []choice
	for _, api := range apis {
		choices = append(choices, choice{descriptions[api.Name].title, folder + api.Name + ".json"})
	}
	list, err := json.Marshal(choices)
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	index, err := template.ParseFS(embedded, "page/index.html")
	if err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	var b bytes.Buffer
	if err := index.Execute(&b, map[string]any{"List": string(list), "Choices": choices}); err != nil {
		return nil, fmt.Errorf("reference: %w", err)
	}
	return b.Bytes(), nil
}
