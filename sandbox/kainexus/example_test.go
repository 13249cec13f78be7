package kainexus_test

import (
	"encoding/json"
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
func ExampleAdmin_Notifications() {
	sandbox, err := kainexus.New()
	if err != nil {
		panic(err)
	}
	body := `{"items": [{"id": 1001, "summary": "Shelves", "suppressNotifications": true}, {"id": 1002, "summary": "Racks"}]}`
	request := httptest.NewRequest(http.MethodPut, "http://sandbox.example/api/public/v1/json/itemList", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.SetBasicAuth("api", sandbox.Credentials().APIKey)
	sandbox.ServeHTTP(httptest.NewRecorder(), request)
	for _, n := range sandbox.Admin().Notifications() {
		fmt.Println(n.ItemID, n.Operation, n.Suppressed)
	}
	// Output:
	// 1001 UPDATE true
	// 1002 UPDATE false
}

// Items of one's own, in a sandbox that has no others. Templates, users and statuses are
// those of every sandbox.
func ExampleWithItems() {
	idea := kainexus.Item{
		TemplateName: new("Idea"),
		Summary:      new("Label the shelves"),
		Status:       new(kainexus.ItemStatus("ACTIVE")),
		Authors:      []kainexus.PersonRef{{Username: new("jdoe")}},
		Responsible:  &kainexus.PersonRef{Username: new("mlee")},
		DueDate:      new("2026-06-30T12:00:00.000+0000"),
		Fields:       []kainexus.Field{{Name: new("Hours"), NumericValue: new(2.5)}},
		Attributes: []kainexus.Attribute{
			{Name: new("Progress"), Values: []kainexus.AttributeValue{{Name: new("On plan")}}},
		},
	}
	trial := kainexus.Item{
		ID:           new(int64(2000)),
		TemplateName: new("Project"),
		Summary:      new("Move the press"),
		CustomStatus: new("IN TRIAL"),
		Authors:      []kainexus.PersonRef{{Username: new("bnovak")}},
	}
	sandbox, err := kainexus.New(kainexus.WithoutSeed(), kainexus.WithItems(idea, trial))
	if err != nil {
		panic(err)
	}
	for _, item := range itemsOf(sandbox, "640") {
		fmt.Println(item.ID, item.TemplateName, item.Status, item.Summary, item.Authors)
	}

	idea.Status = new(kainexus.ItemStatus("OPEN"))
	_, err = kainexus.New(kainexus.WithItems(trial, idea))
	fmt.Println(err)
	// Output:
	// 2000 Project ACTIVE Move the press [{Bo Novak}]
	// 5001 Idea ACTIVE Label the shelves [{Jo Doe}]
	// kainexus: WithItems: item 2 of 2, "Label the shelves": there is no status "OPEN"; there are ACTIVE, COMPLETE, DEFERRED, DRAFT, NEW, PLANNED, RES_SUBMITTED
}

// The API can list nothing but saved lists, so a test that wants some items makes one.
func ExampleWithList() {
	sandbox, err := kainexus.New(kainexus.WithList(kainexus.List{
		ID: 701, Name: "To discuss", Kind: kainexus.ItemList, IDs: []int64{1200, 1003},
	}))
	if err != nil {
		panic(err)
	}
	for _, item := range itemsOf(sandbox, "701") {
		fmt.Println(item.ID, item.TemplateName, item.Status, item.Summary)
	}
	// Output:
	// 1200 Project ACTIVE New layout of line 1
	// 1003 Idea ACTIVE Mark the walkway, bay 1
}

// item is what the examples print of one.
type item struct {
	ID                            int64
	TemplateName, Status, Summary string
	Authors                       []struct{ FirstName, LastName string }
}

// itemsOf are the items of a saved list.
func itemsOf(sandbox *kainexus.Server, list string) []item {
	request := httptest.NewRequest(http.MethodGet, "/api/public/v1/json/itemList?id="+list, nil)
	request.SetBasicAuth("api", sandbox.Credentials().APIKey)
	answer := httptest.NewRecorder()
	sandbox.ServeHTTP(answer, request)
	var page struct{ Items []item }
	if err := json.Unmarshal(answer.Body.Bytes(), &page); err != nil {
		panic(err)
	}
	return page.Items
}
