package kainexus_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/kaikina/kaikina/sandbox/kainexus"
)

// A program that may only see what is at Plant B, and what it is told of the rest.
func ExampleServer_Admin() {
	sandbox, err := kainexus.New()
	if err != nil {
		panic(err)
	}
	admin := sandbox.Admin()
	role, err := admin.CreateRole(kainexus.Role{
		Name:        "Reader",
		Permissions: kainexus.Permissions{View: kainexus.Own},
	})
	if err != nil {
		panic(err)
	}
	account, err := admin.CreateServiceAccount(kainexus.ServiceAccount{
		Name:             "Reports of Plant B",
		NetworkLocations: []int64{71},
		Roles:            []int64{role.ID},
	})
	if err != nil {
		panic(err)
	}
	credential, err := admin.CreateCredential(account.ID, kainexus.APIKey, "Nightly export")
	if err != nil {
		panic(err)
	}

	status := func(key, item string) int {
		request := httptest.NewRequest(http.MethodGet, "/api/public/v1/json/item?id="+item, nil)
		request.SetBasicAuth("api", key)
		recorder := httptest.NewRecorder()
		sandbox.ServeHTTP(recorder, request)
		return recorder.Code
	}
	fmt.Println("at Plant B:", status(credential.Secret, "1002"))
	fmt.Println("elsewhere:", status(credential.Secret, "1004"))

	rotated, err := admin.RotateCredential(credential.ID)
	if err != nil {
		panic(err)
	}
	fmt.Println("the old key:", status(credential.Secret, "1002"))
	fmt.Println("the new key:", status(rotated.Secret, "1002"))
	// Output:
	// at Plant B: 200
	// elsewhere: 403
	// the old key: 401
	// the new key: 200
}

// Options make the same for a test that needs it from the beginning.
func ExampleWithServiceAccount() {
	sandbox, err := kainexus.New(
		kainexus.WithRole(kainexus.Role{ID: 100, Name: "Reader", Permissions: kainexus.Permissions{View: kainexus.OwnAndBelow}}),
		kainexus.WithServiceAccount(
			kainexus.ServiceAccount{Name: "Reports of Plant B", NetworkLocations: []int64{71}, Roles: []int64{100}},
			kainexus.Credentials{APIKey: "reports-key"},
		),
	)
	if err != nil {
		panic(err)
	}
	for _, account := range sandbox.Admin().ServiceAccounts() {
		fmt.Println(account.Name, account.NetworkLocations, account.Roles)
	}
	// Output:
	// Plant A reader [70] [7]
	// Integration [1] [6 8 9]
	// Reports of Plant B [71] [100]
}
