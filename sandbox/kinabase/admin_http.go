package kinabase

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/internal/jsonmux"
)

// AdminPath is the prefix of the calls that administer the emulator. They are listed in
// docs/sandbox-admin-kinabase.md.
const AdminPath = "/sandbox/kinabase"

// An adminCall answers with a status and a value, which is nil for no body.
type adminCall func(a *Admin, w http.ResponseWriter, r *http.Request) (status int, answer any, err error)

// adminRoutes are all calls, below AdminPath.
var adminRoutes = map[string]adminCall{
	"GET /apps":                listApps,
	"POST /apps":               createApp,
	"DELETE /apps/{id}":        deleteApp,
	"DELETE /apps/{id}/tokens": revokeTokens,
	"DELETE /tokens":           revokeAllTokens,
	"GET /collections":         listCollections,
	"POST /collections":        createCollection,
}

// newAdminHandler serves an Admin over HTTP.
//
// Choice(admin-without-credentials): The calls below /sandbox/kinabase need no credential, since they open nothing but an
// emulator. A page in a browser cannot make them: a request with an Origin header of another origin is refused with 403.
func newAdminHandler(a *Admin) http.Handler {
	mux := jsonmux.New(answerError, sameOrigin)
	for _, route := range slices.Sorted(maps.Keys(adminRoutes)) {
		call := adminRoutes[route]
		method, path, _ := strings.Cut(route, " ")
		mux.HandleFunc(method+" "+AdminPath+path, func(w http.ResponseWriter, r *http.Request) {
			status, answer, err := call(a, w, r)
			switch {
			case err != nil:
				answerError(w, status, err.Error())
			case answer == nil:
				w.WriteHeader(status)
			default:
				jsonbody.Write(w, status, answer)
			}
		})
	}
	return mux
}

// sameOrigin lets a request pass unless a page of another origin made it.
func sameOrigin(_ string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, origin := range r.Header.Values("Origin") {
			u, err := url.Parse(origin)
			if err != nil || u.Host == "" || u.Host != r.Host || u.Scheme != "http" && u.Scheme != "https" {
				answerError(w, http.StatusForbidden, "pages of another origin cannot administer the sandbox")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// appBody is a registration as JSON, with the secret when it was just created.
type appBody struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	CreatedAt   time.Time `json:"createdAt"`
	Secret      string    `json:"secret,omitempty"`
}

func listApps(a *Admin, _ http.ResponseWriter, _ *http.Request) (int, any, error) {
	apps := []appBody{}
	for _, app := range a.Apps() {
		apps = append(apps, appBody(app))
	}
	return http.StatusOK, map[string]any{"apps": apps}, nil
}

func createApp(a *Admin, w http.ResponseWriter, r *http.Request) (int, any, error) {
	body, status, err := readAdminBody(w, r, "name", "description")
	if err != nil {
		return status, nil, err
	}
	appName, err := body.NonEmptyString("name")
	if err != nil {
		return http.StatusBadRequest, nil, err
	}
	description, err := optional(body, "description")
	if err != nil {
		return http.StatusBadRequest, nil, err
	}
	created, err := a.CreateApp(appName, description)
	if err != nil {
		return failed(err)
	}
	return http.StatusCreated, appBody(created), nil
}

func deleteApp(a *Admin, _ http.ResponseWriter, r *http.Request) (int, any, error) {
	return done(a.DeleteApp(r.PathValue("id")))
}

func revokeTokens(a *Admin, _ http.ResponseWriter, r *http.Request) (int, any, error) {
	return done(a.RevokeTokens(r.PathValue("id")))
}

func revokeAllTokens(a *Admin, _ http.ResponseWriter, _ *http.Request) (int, any, error) {
	return done(a.RevokeAllTokens())
}

// collectionBody is a collection as JSON.
type collectionBody struct {
	ID     string  `json:"id"`
	Slug   string  `json:"slug"`
	Name   string  `json:"name"`
	Fields []Field `json:"fields"`
}

func listCollections(a *Admin, _ http.ResponseWriter, _ *http.Request) (int, any, error) {
	collections := []collectionBody{}
	for _, c := range a.Collections() {
		collections = append(collections, collectionBody{c.ID, c.Slug, c.Name, c.Fields})
	}
	return http.StatusOK, map[string]any{"collections": collections}, nil
}

// createCollection adds a collection.
//
// Choice(admin-computed-fields): A collection that is created over HTTP cannot have computed fields, since their rules are
// functions in Go.
func createCollection(a *Admin, w http.ResponseWriter, r *http.Request) (int, any, error) {
	body, status, err := readAdminBody(w, r, "name", "slug", "id", "fields")
	if err != nil {
		return status, nil, err
	}
	content, err := readCollection(body)
	if err != nil {
		return http.StatusBadRequest, nil, err
	}
	created, err := a.CreateCollection(content)
	if err != nil {
		return failed(err)
	}
	return http.StatusCreated, collectionBody{created.ID, created.Slug, created.Name, created.Fields}, nil
}

func readCollection(body jsonbody.Object) (c Collection, err error) {
	if c.Name, err = body.NonEmptyString("name"); err != nil {
		return Collection{}, err
	}
	if c.Slug, err = optional(body, "slug"); err != nil {
		return Collection{}, err
	}
	if c.ID, err = optional(body, "id"); err != nil || !body.Has("fields") {
		return c, err
	}
	fields, err := body.Objects("fields", jsonbody.MaxBytes)
	if err != nil {
		return Collection{}, err
	}
	for _, field := range fields {
		f, err := readField(field)
		if err != nil {
			return Collection{}, err
		}
		c.Fields = append(c.Fields, f)
	}
	return c, nil
}

func readField(body jsonbody.Object) (f Field, err error) {
	if err := only(body, "label", "key", "kind", "options", "target", "through", "of", "required", "tracked"); err != nil {
		return Field{}, err
	}
	var kind string
	for key, into := range map[string]*string{
		"label": &f.Label, "key": &f.Key, "kind": &kind, "target": &f.Target, "through": &f.Through, "of": &f.Of,
	} {
		if *into, err = optional(body, key); err != nil {
			return Field{}, err
		}
	}
	for key, into := range map[string]*bool{"required": &f.Required, "tracked": &f.Tracked} {
		if body.Has(key) && json.Unmarshal(body.Members()[key], into) != nil {
			return Field{}, fmt.Errorf("%s.%s must be true or false", body.Path(), key)
		}
	}
	if body.Has("options") {
		f.Options, err = body.Strings("options", jsonbody.MaxBytes)
	}
	f.Kind = Kind(kind)
	return f, err
}

// readAdminBody reads a body that has no other properties than these.
func readAdminBody(w http.ResponseWriter, r *http.Request, properties ...string) (jsonbody.Object, int, error) {
	if err := jsonbody.CheckType(r); err != nil {
		return jsonbody.Object{}, http.StatusUnsupportedMediaType, err
	}
	body, err := jsonbody.ReadUntyped(w, r)
	if err == nil {
		err = only(body, properties...)
	}
	return body, http.StatusBadRequest, err
}

func only(body jsonbody.Object, properties ...string) error {
	for _, key := range slices.Sorted(maps.Keys(body.Members())) {
		if !slices.Contains(properties, key) {
			return fmt.Errorf("there is no property %s; there are %s", name(key), strings.Join(properties, ", "))
		}
	}
	return nil
}

// optional is a text that may be absent or null, and then empty.
func optional(body jsonbody.Object, key string) (string, error) {
	text, err := body.OptionalString(key)
	if text == nil {
		return "", err
	}
	return *text, nil
}

func done(err error) (int, any, error) {
	if err != nil {
		return failed(err)
	}
	return http.StatusNoContent, nil, nil
}

// failed answers an error of an Admin in the words of its cause.
func failed(err error) (int, any, error) {
	return statusOf(err), nil, errors.Unwrap(err)
}
