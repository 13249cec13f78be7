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

// A server with as many items as a large organization has, and a Card that shows some.
func ExampleWithGeneratedItems() {
	sandbox, err := kainexus.New(
		kainexus.WithGeneratedItems(100_000, 1),
		kainexus.WithList(kainexus.List{
			ID: 800, Name: "Late ideas", Kind: kainexus.ItemList, Board: "Morning meeting",
			Only:  kainexus.Filter{Templates: []int64{45}, Statuses: []string{"ACTIVE"}},
			Order: kainexus.ListOrder{Key: "dueDate"},
		}),
	)
	if err != nil {
		panic(err)
	}
	for _, list := range []string{"700", "800"} {
		request := httptest.NewRequest(http.MethodGet, "http://sandbox.example/api/public/v1/json/itemList?limit=1&id="+list, nil)
		request.SetBasicAuth("api", sandbox.Credentials().APIKey)
		answer := httptest.NewRecorder()
		sandbox.ServeHTTP(answer, request)
		page, _, _ := strings.Cut(answer.Body.String(), ",\"offset\"")
		fmt.Println(page)
	}
	// Output:
	// {"count":1,"totalCount":100000
	// {"count":1,"totalCount":4861
}

// A client that should notify nobody is found out.
func ExampleServer_Notifications() {
	sandbox, err := kainexus.New()
	if err != nil {
		panic(err)
	}
	body := `{"items": [{"id": 1001, "summary": "Shelves", "suppressNotifications": true}, {"id": 1002, "summary": "Racks"}]}`
	request := httptest.NewRequest(http.MethodPut, "http://sandbox.example/api/public/v1/json/itemList", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth("api", sandbox.Credentials().APIKey)
	sandbox.ServeHTTP(httptest.NewRecorder(), request)
	for _, n := range sandbox.Notifications() {
		fmt.Println(n.ItemID, n.Operation, n.Suppressed)
	}
	// Output:
	// 1001 UPDATE true
	// 1002 UPDATE false
}
