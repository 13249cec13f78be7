package kinabase_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/kaikina/kaikina/sandbox"
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
	if err := sandbox.RevokeTokens(); err != nil {
		fmt.Println(err)
		return
	}
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
			Name:    "Jobs",
			Fields:  kinabase.Keys("jobTitle"),
			Records: []kinabase.Record{{Data: map[string]any{"JobTitle": "Buyer"}}},
		}),
	)
	fmt.Println(sandbox, err)
	// Output:
	// <nil> kinabase: collection "jobs": record 0: unknown field: "JobTitle", in Data. Keys are case-sensitive; jobs has jobTitle
}

// Fields can have a kind, which their values are checked by, and follow from each other.
func ExampleWithCollection_fields() {
	sandbox, err := kinabase.New(kinabase.WithCollection(kinabase.Collection{
		ID: "b0a6c0de-0000-4000-8000-000000000002", Slug: "visits", Name: "Visits",
		Fields: []kinabase.Field{
			{Label: "Job Title", Kind: kinabase.KindText, Required: true},
			{Label: "Stage", Kind: kinabase.KindStage, Options: []string{"Planned", "Done"}},
			{Label: "Hours", Kind: kinabase.KindNumber, Tracked: true},
			{Label: "Machine", Kind: kinabase.KindLinked, Target: "machines"},
			{Label: "Machine Status", Kind: kinabase.KindLookup, Through: "machine", Of: "status"},
			{Label: "Price", Kind: kinabase.KindComputedNumber, ComputeNumber: func(values map[string]any) (float64, bool) {
				hours, ok := values["hours"].(float64)
				return 40 * hours, ok
			}},
		},
	}))
	if err != nil {
		fmt.Println(err)
		return
	}
	call := caller(sandbox)
	_, machines, _ := strings.Cut(call("GET", "/collections/machines?pageSize=1", ""), " OK ")
	var page struct{ Records []struct{ ID string } }
	if err := json.Unmarshal([]byte(machines), &page); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(call("POST", "/collections/visits", `{"data": {"jobTitle": "Fitter", "hours": 1.5, "machine": {"id": "`+page.Records[0].ID+`"}}}`))
	fmt.Println(call("POST", "/collections/visits", `{"data": {"jobTitle": "Fitter", "stage": "done"}}`))
	fmt.Println(call("POST", "/collections/visits", `{"data": {"stage": "Done"}}`))
	// Output:
	// 200 OK {"id":"eeeaf454-71b1-506a-bab4-dbab054b4d6e","numericId":1,"data":{"hours":1.5,"jobTitle":"Fitter","machine":{"id":"14d19afa-04db-5b3d-ba32-cd714f271fee"},"machineStatus":"online","price":60},"external":null}
	// 400 Bad Request {"error":"data.stage must be a string, one of \"Planned\", \"Done\", since the field is of the kind stage"}
	// 400 Bad Request {"error":"data lacks required fields: \"jobTitle\""}
}

func ExampleServer_Admin() {
	sandbox, err := kinabase.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	app, err := sandbox.Admin().CreateApp("Importer", "Nightly import")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(app.Secret), "characters, shown once")
	for _, app := range sandbox.Admin().Apps() {
		fmt.Println(app.Name, app.Secret == "")
	}
	fmt.Println(sandbox.Admin().DeleteApp("no such app"))
	// Output:
	// 88 characters, shown once
	// Sandbox true
	// Importer true
	// kinabase: delete app: there is no app "no such app"
}

func ExampleWithGeneratedRecords() {
	sandbox, err := kinabase.New(kinabase.WithGeneratedRecords("machines", 50_000, 1))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(caller(sandbox)("GET", "/collections/machines?pageIndex=2&pageSize=2", ""))
	// Output:
	// 200 OK {"records":[{"id":"b91d4503-14ca-5ecd-ba75-c3b52a8d68c8","numericId":5,"data":{"device_name":"bearing press 5","last_seen":"2026-09-25T16:39:00Z","status":"online"},"external":null},{"id":"09d2d6b6-ea9e-523a-99a1-44eb8ef90cd8","numericId":6,"data":{"device_name":"lathe engine 6","last_seen":"2026-08-03T18:49:00Z","reading_id":4192.02,"status":"maintenance"},"external":null}],"totalRecords":50004,"pageIndex":2,"pageSize":2}
}

func ExampleWithIngestLimit() {
	sandbox, err := kinabase.New(kinabase.WithIngestLimit(1))
	if err != nil {
		fmt.Println(err)
		return
	}
	call := caller(sandbox)
	for range 2 {
		fmt.Println(call("POST", "/collections/machines/ingest", `{"records": []}`))
	}
	// Output:
	// 200 OK {"totalRecords":0,"processedRecords":0,"failedRecords":0,"errors":[]}
	// 429 Too Many Requests {"error":"too many calls: the limit is 1 in a minute"}
}

func ExampleWithStrictHeaders() {
	sandbox, err := kinabase.New(kinabase.WithStrictHeaders())
	if err != nil {
		fmt.Println(err)
		return
	}
	request := httptest.NewRequest("GET", kinabase.BasePath+"/collections", nil)
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	sandbox.ServeHTTP(answer, request)
	fmt.Print(answer.Body)
	// Output:
	// {"error":"the header Accept must be application/json"}
}

// A map is enough of a storage to hand state from one sandbox to the next.
type mapStorage map[string][]byte

func (m mapStorage) Load(each func(key string, value []byte) error) error {
	for key, value := range m {
		if err := each(key, value); err != nil {
			return err
		}
	}
	return nil
}

func (m mapStorage) Commit(changes []sandbox.Change) error {
	for _, change := range changes {
		if m[change.Key] = change.Value; change.Value == nil {
			delete(m, change.Key)
		}
	}
	return nil
}

func ExampleWithStorage() {
	stored := mapStorage{}
	first, err := kinabase.New(kinabase.WithStorage(stored))
	if err != nil {
		fmt.Println(err)
		return
	}
	caller(first)("POST", "/collections/machines", `{"data": {"device_name": "Press 5"}}`)

	second, err := kinabase.New(kinabase.WithStorage(stored))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(caller(second)("GET", "/collections/machines?pageIndex=4&pageSize=1", ""))
	// Output:
	// 200 OK {"records":[{"id":"b91d4503-14ca-5ecd-ba75-c3b52a8d68c8","numericId":5,"data":{"device_name":"Press 5"},"external":null}],"totalRecords":5,"pageIndex":4,"pageSize":1}
}

// caller makes calls to a sandbox without a connection, with a token of its app.
func caller(sandbox *kinabase.Server) func(method, path, body string) string {
	token := ""
	call := func(method, path, body string) string {
		request := httptest.NewRequest(method, kinabase.BasePath+path, strings.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+token)
		recorder := httptest.NewRecorder()
		sandbox.ServeHTTP(recorder, request)
		return recorder.Result().Status + " " + strings.TrimSpace(recorder.Body.String())
	}
	app := sandbox.App()
	credentials, _ := json.Marshal(map[string]string{"appId": app.ID, "secret": app.Secret})
	_, answer, _ := strings.Cut(call("POST", "/token", string(credentials)), " OK ")
	var issued struct{ Token string }
	_ = json.Unmarshal([]byte(answer), &issued)
	token = issued.Token
	return call
}
