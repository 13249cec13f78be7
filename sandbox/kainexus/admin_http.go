package kainexus

import (
	"net/http"

	"github.com/kaikina/kaikina/sandbox/internal/admin"
)

// AdminPath is where a Server answers what [Admin] does over HTTP. The vendor has nothing
// there.
const AdminPath = "/sandbox/kainexus"

// adminRoutes are all that there are. docs/sandbox-admin.md names each.
//
// Choice(admin-without-credential): What administrators do in the vendor's screens is done
// under /sandbox/kainexus, without any credential. Web pages of other origins are refused.
var adminRoutes = []admin.Route[*Admin]{
	admin.On("GET /organization", 200, admin.Show((*Admin).Settings)),
	admin.On("PATCH /organization", 200, admin.Send(patchOrganization)),
	admin.On("GET /roles", 200, admin.List("roles", (*Admin).Roles)),
	admin.On("POST /roles", 201, admin.Send((*Admin).CreateRole)),
	admin.On("GET /roles/{id}", 200, admin.Get((*Admin).Role)),
	admin.On("PATCH /roles/{id}", 200, admin.SendTo(patchRole)),
	admin.On("DELETE /roles/{id}", 204, admin.Delete((*Admin).DeleteRole)),
	admin.On("GET /serviceAccounts", 200, admin.List("serviceAccounts", (*Admin).ServiceAccounts)),
	admin.On("POST /serviceAccounts", 201, admin.Send((*Admin).CreateServiceAccount)),
	admin.On("GET /serviceAccounts/{id}", 200, admin.Get((*Admin).ServiceAccount)),
	admin.On("PATCH /serviceAccounts/{id}", 200, admin.SendTo(patchAccount)),
	admin.On("DELETE /serviceAccounts/{id}", 204, admin.Delete((*Admin).DeleteServiceAccount)),
	admin.On("GET /serviceAccounts/{id}/credentials", 200, admin.ListOf("credentials", (*Admin).Credentials)),
	admin.On("POST /serviceAccounts/{id}/credentials", 201, admin.SendTo(createCredential)),
	admin.On("GET /credentials/{id}", 200, admin.Get((*Admin).Credential)),
	admin.On("DELETE /credentials/{id}", 204, admin.Delete((*Admin).DeleteCredential)),
	admin.On("POST /credentials/{id}/rotation", 200, admin.SendTo(rotateCredential)),
	admin.On("DELETE /tokens", 204, admin.Clear(func(a *Admin) error { a.RevokeTokens(); return nil })),
	admin.On("GET /items/{id}", 200, admin.Get(getPrivacy)),
	admin.On("PATCH /items/{id}", 200, admin.SendTo(patchPrivacy)),
	admin.On("GET /lists", 200, admin.List("lists", (*Admin).Lists)),
	admin.On("POST /lists", 201, admin.Send((*Admin).CreateList)),
	admin.On("GET /lists/{id}", 200, admin.Get((*Admin).List)),
	admin.On("PATCH /lists/{id}", 200, admin.SendTo(patchList)),
	admin.On("DELETE /lists/{id}", 204, admin.Delete((*Admin).DeleteList)),
	admin.On("GET /templates", 200, admin.List("templates", (*Admin).Templates)),
	admin.On("GET /notifications", 200, admin.List("notifications", (*Admin).Notifications)),
	admin.On("DELETE /notifications", 204, admin.Clear(func(a *Admin) error { a.ClearNotifications(); return nil })),
}

func adminHandler(a *Admin) http.Handler { return admin.New(AdminPath, a, adminRoutes) }
