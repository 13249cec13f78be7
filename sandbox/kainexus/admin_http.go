package kainexus

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
	"github.com/kaikina/kaikina/sandbox/internal/jsonmux"
)

// AdminPath is where a Server answers what [Admin] does over HTTP. The vendor has nothing
// there.
const AdminPath = "/sandbox/kainexus"

// adminRoute is something that can be done over HTTP.
type adminRoute struct {
	method, path string // the path is under AdminPath
	status       int    // when it is done
	do           func(*adminCall) (answer any, err error)
}

// adminRoutes are all there are. docs/sandbox-admin.md names each.
var adminRoutes = []adminRoute{
	{"GET", "/organization", 200, (*adminCall).getOrganization},
	{"PATCH", "/organization", 200, (*adminCall).patchOrganization},
	{"GET", "/roles", 200, (*adminCall).listRoles},
	{"POST", "/roles", 201, (*adminCall).createRole},
	{"GET", "/roles/{id}", 200, (*adminCall).getRole},
	{"PATCH", "/roles/{id}", 200, (*adminCall).patchRole},
	{"DELETE", "/roles/{id}", 204, (*adminCall).deleteRole},
	{"GET", "/serviceAccounts", 200, (*adminCall).listAccounts},
	{"POST", "/serviceAccounts", 201, (*adminCall).createAccount},
	{"GET", "/serviceAccounts/{id}", 200, (*adminCall).getAccount},
	{"PATCH", "/serviceAccounts/{id}", 200, (*adminCall).patchAccount},
	{"DELETE", "/serviceAccounts/{id}", 204, (*adminCall).deleteAccount},
	{"GET", "/serviceAccounts/{id}/credentials", 200, (*adminCall).listCredentials},
	{"POST", "/serviceAccounts/{id}/credentials", 201, (*adminCall).createCredential},
	{"GET", "/credentials/{id}", 200, (*adminCall).getCredential},
	{"DELETE", "/credentials/{id}", 204, (*adminCall).deleteCredential},
	{"POST", "/credentials/{id}/rotation", 200, (*adminCall).rotateCredential},
	{"GET", "/items/{id}", 200, (*adminCall).getItem},
	{"PATCH", "/items/{id}", 200, (*adminCall).patchItem},
	{"DELETE", "/tokens", 204, (*adminCall).revokeTokens},
}

// adminCall is one request to do something.
type adminCall struct {
	*Admin
	id   int64  // the one in the path, if it has any
	body []byte // of POST and PATCH, a JSON object
}

func adminHandler(a *Admin) http.Handler {
	// Choice(admin-without-credential): What administrators do in the vendor's screens is done
	// under /sandbox/kainexus, without any credential. Web pages of other origins are refused.
	router := jsonmux.New(refuseAdminRoute, sameOrigin)
	for _, route := range adminRoutes {
		router.HandleFunc(route.method+" "+AdminPath+route.path, func(w http.ResponseWriter, r *http.Request) {
			answer, err := a.carryOut(route, w, r)
			switch {
			case err != nil:
				refused := asAdminError(err)
				refuseAdminRoute(w, refused.Status, refused.Message)
			case route.status == http.StatusNoContent:
				w.WriteHeader(route.status)
			default:
				w.Header().Set("Cache-Control", "no-store") // some answers hold a secret
				jsonbody.Write(w, route.status, answer)
			}
		})
	}
	return router
}

// carryOut reads the path and the body, where there is to be one, and does what is asked.
// A web page cannot send application/json elsewhere without being allowed to first.
func (a *Admin) carryOut(route adminRoute, w http.ResponseWriter, r *http.Request) (any, error) {
	call := &adminCall{Admin: a}
	if strings.Contains(route.path, "{id}") {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil || id <= 0 {
			return nil, missing("%s is no id: ids are whole numbers above 0", name(r.PathValue("id")))
		}
		call.id = id
	}
	if route.method == http.MethodPost || route.method == http.MethodPatch {
		body, err := jsonbody.Read(w, r)
		if err != nil {
			return nil, invalid("%s", err)
		}
		if call.body, err = json.Marshal(body.Members()); err != nil {
			return nil, err
		}
	}
	return route.do(call)
}

// sameOrigin refuses what a web page of another origin asks a browser to send.
func sameOrigin(_ string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if origin := r.Header.Values("Origin"); len(origin) > 0 && (len(origin) > 1 || !strings.EqualFold(origin[0], issuer(r))) {
			refuseAdminRoute(w, http.StatusForbidden, "web pages of another origin may not do this")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func refuseAdminRoute(w http.ResponseWriter, status int, message string) {
	jsonbody.Write(w, status, map[string]string{"error": message})
}

// read takes the body for what into points to. A key that is not in it is refused.
func (c *adminCall) read(into any) error {
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(into)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return invalid("%s has the wrong type: %s is not what it takes", wrong.Field, wrong.Value)
	}
	if err != nil { // the body is known to be JSON, so what is left is a key
		return invalid("%s", strings.Replace(strings.TrimPrefix(err.Error(), "json: "), "unknown field", "there is no key", 1))
	}
	return nil
}
