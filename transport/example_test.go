package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/transport"
)

// vendor stands for a server in these examples: it is unavailable at first.
var vendor = transport.DoerFunc(func(r *http.Request) (*http.Response, error) {
	code := http.StatusServiceUnavailable
	if r.Header.Get(transport.AttemptHeader) != "1" {
		code = http.StatusNoContent
	}
	return &http.Response{StatusCode: code, Body: http.NoBody}, nil
})

// The packages kainexus and kinabase call New for their clients.
func ExampleNew() {
	credential, err := auth.Bearer("https://api.example/v1", auth.NewSecret("token"))
	if err != nil {
		panic(err)
	}
	doer, err := transport.New(transport.Config{Base: vendor}, credential, []transport.Operation{
		{ID: "getStatus", Method: "GET", Path: "/status"},
	})
	if err != nil {
		panic(err)
	}
	request, err := http.NewRequestWithContext(context.Background(), "GET", "https://api.example/v1/status", nil)
	if err != nil {
		panic(err)
	}
	answer, err := doer.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	fmt.Println(answer.StatusCode, "after", transport.AttemptsOf(answer, nil), "attempts")
	// Output: 204 after 2 attempts
}

// A report proves that it changed nothing.
func ExampleNewReadOnly() {
	guard := transport.NewReadOnly()
	credential, err := auth.Bearer("https://api.example/v1", auth.NewSecret("token"))
	if err != nil {
		panic(err)
	}
	doer, err := transport.New(transport.Config{Base: vendor, ReadOnly: guard}, credential, []transport.Operation{
		{ID: "getRecord", Method: "GET", Path: "/records/{recordId}"},
		{ID: "deleteRecord", Method: "DELETE", Path: "/records/{recordId}"},
	})
	if err != nil {
		panic(err)
	}
	for _, method := range []string{"GET", "DELETE"} {
		request, err := http.NewRequestWithContext(context.Background(), method, "https://api.example/v1/records/7", nil)
		if err != nil {
			panic(err)
		}
		answer, err := doer.Do(request)
		if err != nil {
			fmt.Println(err)
			continue
		}
		answer.Body.Close()
	}
	told, err := json.Marshal(guard.Attest())
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(os.Stdout, string(told))
	// Output:
	// transport: read-only: deleteRecord (DELETE) was not sent; NewReadOnly("deleteRecord") allows it
	// {"allowed":[],"operations":[{"operation":"deleteRecord","method":"DELETE","sent":0,"refused":1},{"operation":"getRecord","method":"GET","sent":2,"refused":0}]}
}

func ExamplePathSegment() {
	for _, id := range []string{"PO 7/2026", "..", ""} {
		fmt.Println(transport.PathSegment("recordId", id))
	}
	// Output:
	// <nil>
	// transport: path parameter recordId is or holds a dot segment, and the request would be for another path
	// transport: path parameter recordId is empty, and the request would be for another path
}

func ExampleIsNotFound() {
	var err error = &transport.Error{
		API: "kinabase", Operation: "getRecord", Status: 404, Message: "Record not found", RequestID: "7f2c", Attempts: 3,
	}
	fmt.Println(err)
	fmt.Println(transport.IsNotFound(err), strings.Contains(fmt.Sprintf("%#v", err), "Attempts"))
	// Output:
	// kinabase: getRecord: 404 Not Found: Record not found (request id 7f2c, 3 attempts)
	// true false
}
