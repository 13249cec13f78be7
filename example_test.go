package kaikina_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/gen/kainexusapi"
	"github.com/kaikina/kaikina/gen/kinabaseapi"
	sandboxes "github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	kainexussandbox "github.com/kaikina/kaikina/sandbox/kainexus"
	kinabasesandbox "github.com/kaikina/kaikina/sandbox/kinabase"
)

// listOrders prints the first orders of a Kinabase collection.
func listOrders(ctx context.Context) error {
	cred, err := auth.KinabaseFromEnv()
	if err != nil {
		return err
	}
	client, err := kinabaseapi.NewClientWithResponses(cred.BaseURL(), kinabaseapi.WithHTTPClient(cred.Doer(nil)))
	if err != nil {
		return err
	}
	page, err := client.ListRecordsWithResponse(ctx, "purchase-orders", &kinabaseapi.ListRecordsParams{PageSize: new(3)})
	if err != nil {
		return err
	}
	if page.JSON200 == nil {
		return fmt.Errorf("list purchase orders: %s", page.Status())
	}
	fmt.Println(page.JSON200.TotalRecords, "orders")
	for _, record := range page.JSON200.Records {
		fmt.Println(record.Data["orderNumber"], record.Data["supplier"])
	}
	return nil
}

func Example_kinabase() {
	sandbox, err := kinabasesandbox.New()
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(sandbox)
	defer server.Close()
	os.Setenv("KINABASE_BASE_URL", server.URL+kinabasesandbox.BasePath)
	os.Setenv("KINABASE_APP_ID", sandbox.App().ID)
	os.Setenv("KINABASE_APP_SECRET", sandbox.App().Secret)

	if err := listOrders(context.Background()); err != nil {
		panic(err)
	}
	// Output:
	// 25 orders
	// PO-001 Fenland Castings
	// PO-002 Ouse Paper
	// PO-003 Cam Bearings
}

// renameItem changes the title of a KaiNexus item, and leaves the rest of it alone.
func renameItem(ctx context.Context, id int64, title string) error {
	cred, err := auth.KaiNexusFromEnv()
	if err != nil {
		return err
	}
	client, err := kainexusapi.NewClientWithResponses(cred.BaseURL(), kainexusapi.WithHTTPClient(cred.Doer(nil)))
	if err != nil {
		return err
	}
	change := kainexusapi.Item{ID: &id, Summary: &title, SuppressNotifications: new(true)}
	written, err := client.PutItemWithResponse(ctx, nil, kainexusapi.ItemWrite{Item: change})
	if err != nil {
		return err
	}
	if written.JSON200 == nil || !written.JSON200.Success || len(written.JSON200.Results) != 1 {
		return fmt.Errorf("rename item %d: %s", id, written.Status())
	}
	fmt.Println(written.JSON200.Results[0].Operation)
	return nil
}

func Example_kainexus() {
	sandbox, err := kainexussandbox.New()
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(sandbox)
	defer server.Close()
	os.Setenv("KAINEXUS_BASE_URL", server.URL)
	os.Setenv("KAINEXUS_API_KEY", sandbox.Credentials().APIKey)

	if err := renameItem(context.Background(), 1001, "Shorter changeover on line 2"); err != nil {
		panic(err)
	}
	// Output:
	// UPDATE
}

// ordersOf makes a client of a sandbox with a collection of its own, whose first listing is
// answered 503. No socket is needed.
func ordersOf(sandbox *kinabasesandbox.Server) (*kinabaseapi.ClientWithResponses, error) {
	broken, err := fault.Wrap(sandbox, "kinabase", "unavailable@listRecords#1")
	if err != nil {
		return nil, err
	}
	doer := sandboxes.NewDoer(broken)
	const base = "https://sandbox.example" + kinabasesandbox.BasePath
	cred, err := auth.KinabaseApp(base, sandbox.App().ID, auth.NewSecret(sandbox.App().Secret), auth.TokenClient(doer))
	if err != nil {
		return nil, err
	}
	return kinabaseapi.NewClientWithResponses(base, kinabaseapi.WithHTTPClient(cred.Doer(doer)))
}

func Example_sandbox() {
	sandbox, err := kinabasesandbox.New(kinabasesandbox.WithoutSeed(), kinabasesandbox.WithCollection(kinabasesandbox.Collection{
		ID: "0f8c1d52-0000-4000-8000-000000000001", Slug: "orders", Name: "Orders",
		Fields: []kinabasesandbox.Field{
			{Label: "Order Number", Kind: kinabasesandbox.KindText, Required: true},
			{Label: "Total", Kind: kinabasesandbox.KindCurrency},
		},
		Records: []kinabasesandbox.Record{{Data: map[string]any{"orderNumber": "PO-1", "total": 12.5}}},
	}))
	if err != nil {
		panic(err)
	}
	client, err := ordersOf(sandbox)
	if err != nil {
		panic(err)
	}
	for range 2 {
		page, err := client.ListRecordsWithResponse(context.Background(), "orders", nil)
		if err != nil {
			panic(err)
		}
		fmt.Println(page.Status())
		if page.JSON200 != nil {
			fmt.Println(page.JSON200.Records[0].Data["orderNumber"])
		}
	}
	// Output:
	// 503 Service Unavailable
	// 200 OK
	// PO-1
}
