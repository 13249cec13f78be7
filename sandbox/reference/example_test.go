package reference_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/sandbox/reference"
)

// A sandbox and the page that documents it, on one host.
func ExampleNew() {
	sandbox, err := kinabase.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	page, err := reference.New(reference.Config{
		APIs: []reference.API{{Name: "kinabase", Path: kinabase.BasePath}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/{$}", page)
	mux.Handle("/reference/", page)
	mux.Handle(kinabase.BasePath+"/", sandbox)
	server := httptest.NewServer(mux)
	defer server.Close()

	response, err := http.Get(server.URL + "/reference/kinabase.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	var description struct{ Servers []struct{ URL string } }
	if err := json.NewDecoder(response.Body).Decode(&description); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the page calls the sandbox:", description.Servers[0].URL == server.URL+kinabase.BasePath)
	// Output: the page calls the sandbox: true
}
