package kainexus_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/kaikina/kaikina/sandbox/kainexus"
)

func Example() {
	sandbox, err := kainexus.New()
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(sandbox)
	defer server.Close()

	body := `{"item": {"templateId": 45, "summary": "Label the shelves", "authors": [{"username": "jdoe"}]}}`
	request, err := http.NewRequest(http.MethodPut, server.URL+"/api/public/v1/json/item", strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth("api", sandbox.Credentials().APIKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		panic(err)
	}
	fmt.Println(response.Status)
	fmt.Println(string(answer))
	// Output:
	// 200 OK
	// {"results":[{"id":18090,"operation":"CREATE"}],"success":true}
}
