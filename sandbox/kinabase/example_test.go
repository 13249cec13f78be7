package kinabase_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/kaikina/kaikina/sandbox/kinabase"
)

func Example() {
	sandbox, err := kinabase.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(sandbox)
	defer server.Close()

	call := func(method, path, token, body string) string {
		request, err := http.NewRequest(method, server.URL+kinabase.BasePath+path, strings.NewReader(body))
		if err != nil {
			return err.Error()
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := server.Client().Do(request)
		if err != nil {
			return err.Error()
		}
		defer func() { _ = response.Body.Close() }()
		answer, err := io.ReadAll(response.Body)
		if err != nil {
			return err.Error()
		}
		return response.Status + " " + strings.TrimSpace(string(answer))
	}

	app := sandbox.App()
	credentials, _ := json.Marshal(map[string]string{"appId": app.ID, "secret": app.Secret})
	_, answer, _ := strings.Cut(call("POST", "/token", "", string(credentials)), " OK ")
	var issued struct{ Token string }
	if err := json.Unmarshal([]byte(answer), &issued); err != nil {
		fmt.Println(err)
		return
	}

	fmt.Println(call("GET", "/collections/purchase-orders?pageIndex=2&pageSize=12", issued.Token, ""))
	fmt.Println(call("POST", "/collections/machines", issued.Token, `{"data": {"device_name": "Press 5"}}`))
	fmt.Println(call("POST", "/collections/machines", issued.Token, `{"data": {"Device_Name": "Press 5"}}`))
	sandbox.RevokeTokens()
	fmt.Println(call("GET", "/collections", issued.Token, ""))
	// Output:
	// 200 OK {"records":[{"id":"2d6e5bdb-09eb-5184-914c-76b2e1538859","numericId":25,"data":{"approved":true,"jobTitle":"Buyer","orderNumber":"PO-025","orderedOn":"2026-03-03","supplier":"Fenland Castings","total":1888.50},"external":null}],"totalRecords":25,"pageIndex":2,"pageSize":12}
	// 200 OK {"id":"b91d4503-14ca-5ecd-ba75-c3b52a8d68c8","numericId":5,"data":{"device_name":"Press 5"},"external":null}
	// 400 Bad Request {"error":"unknown field: \"Device_Name\", in data. Keys are case-sensitive; machines has device_name, last_seen, reading_id, status, temperatureC"}
	// 401 Unauthorized {"error":"the token is not one of this server, or was revoked"}
}

func ExampleWithCollection() {
	sandbox, err := kinabase.New(
		kinabase.WithoutSeed(),
		kinabase.WithCollection(kinabase.Collection{
			ID: "b0a6c0de-0000-4000-8000-000000000001", Slug: "jobs", Name: "Jobs",
			Fields:  []string{"jobTitle"},
			Records: []kinabase.Record{{Data: map[string]any{"JobTitle": "Buyer"}}},
		}),
	)
	fmt.Println(sandbox, err)
	// Output:
	// <nil> kinabase: collection 0 ("jobs"): record 0: unknown field: "JobTitle", in Data. Keys are case-sensitive; jobs has jobTitle
}
