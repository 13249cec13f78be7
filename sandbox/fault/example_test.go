package fault_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/kaikina/kaikina/sandbox/fault"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// A client's own tests can see what it does when the answer is not what was promised.
func ExampleWrap() {
	sandbox, err := kinabase.New()
	if err != nil {
		panic(err)
	}
	broken, err := fault.Wrap(sandbox, "kinabase", "teapot@getStatus#2-")
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(broken)
	defer server.Close()
	for range 3 {
		response, err := http.Get(server.URL + kinabase.BasePath + "/status")
		if err != nil {
			panic(err)
		}
		response.Body.Close()
		fmt.Println(response.StatusCode)
	}
	// Output:
	// 401
	// 418
	// 418
}

// A server that is down for a moment says when to come back.
func ExampleWrap_retryAfter() {
	sandbox, err := kinabase.New()
	if err != nil {
		panic(err)
	}
	broken, err := fault.Wrap(sandbox, "kinabase", "unavailable#1:7")
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(broken)
	defer server.Close()
	for range 2 {
		body := strings.NewReader(fmt.Sprintf(`{"appId":%q,"secret":%q}`, sandbox.App().ID, sandbox.App().Secret))
		response, err := http.Post(server.URL+kinabase.BasePath+"/token", "application/json", body)
		if err != nil {
			panic(err)
		}
		response.Body.Close()
		fmt.Printf("%d %q\n", response.StatusCode, response.Header.Get("Retry-After"))
	}
	// Output:
	// 503 "7"
	// 200 ""
}

// The same seed hits the same calls.
func ExampleConfig_Wrap() {
	sandbox := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	config := fault.Config{Product: "kinabase", Faults: []string{"server-error@getStatus%25"}, Seed: 1}
	broken, err := config.Wrap(sandbox)
	if err != nil {
		panic(err)
	}
	for range 8 {
		got := httptest.NewRecorder()
		broken.ServeHTTP(got, httptest.NewRequest(http.MethodGet, "/status", nil))
		fmt.Print(got.Code, " ")
	}
	// Output: 200 500 200 500 200 200 200 200
}

func ExampleCatalogue() {
	for _, f := range fault.Catalogue() {
		if f.Kind == "lost-write" {
			fmt.Printf("%s@%s: %s\n", f.ID, f.Operation, f.Doc)
		}
	}
	// Output:
	// create-not-stored@createRecord: Answers a new record with 200, and forgets it.
	// delete-not-done@deleteRecord: Answers a deletion with 200, and deletes nothing.
	// update-not-stored@updateRecord: Answers a change with 200, and stores none of it.
	// write-not-stored@putItem: Reports a change of an item, and stores none of it.
}

func ExampleApplies() {
	for _, product := range []string{"kainexus", "kinabase"} {
		applies, err := fault.Applies(product, "total-missing#2")
		fmt.Println(product, applies, err)
	}
	_, err := fault.Applies("kinabase", "total-missing@getRecord")
	fmt.Println(err)
	// Output:
	// kainexus false <nil>
	// kinabase true <nil>
	// fault: total-missing is not for getRecord: its answer has no /totalRecords
}
