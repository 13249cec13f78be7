package kaikina_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"time"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/kainexus"
	"github.com/kaikina/kaikina/kinabase"
	sandboxes "github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	kainexussandbox "github.com/kaikina/kaikina/sandbox/kainexus"
	kinabasesandbox "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

// Order is what this program wants to know of a purchase order.
type Order struct {
	Number   string `json:"orderNumber"`
	Supplier string `json:"supplier"`
}

// listOrders prints the orders of a Kinabase collection, however many pages they come in.
func listOrders(ctx context.Context) error {
	client, err := kinabase.New(kinabase.WithEnv())
	if err != nil {
		return err
	}
	for record, err := range client.Records(ctx, "purchase-orders") {
		if err != nil {
			return err
		}
		order, err := kinabase.Decode[Order](record)
		if err != nil {
			return err
		}
		fmt.Println(order.Number, order.Supplier)
	}
	return nil
}

func Example_kinabase() {
	sandbox, err := kinabasesandbox.New(kinabasesandbox.WithoutSeed(), kinabasesandbox.WithCollection(kinabasesandbox.Collection{
		Name: "Purchase orders", Fields: kinabasesandbox.Keys("orderNumber", "supplier"),
		Records: []kinabasesandbox.Record{
			{Data: map[string]any{"orderNumber": "PO-001", "supplier": "Fenland Castings"}},
			{Data: map[string]any{"orderNumber": "PO-002", "supplier": "Ouse Paper"}},
		},
	}))
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
	// PO-001 Fenland Castings
	// PO-002 Ouse Paper
}

// renameItem changes the title of a KaiNexus item, leaves the rest of it alone, and notifies
// nobody.
func renameItem(ctx context.Context, id int64, title string) error {
	client, err := kainexus.New(kainexus.WithEnv())
	if err != nil {
		return err
	}
	outcome, err := client.PutItem(ctx, kainexus.Item{ID: &id, Summary: &title}, kainexus.Suppress)
	if err != nil {
		return err
	}
	fmt.Println(outcome.ID, outcome.Operation)
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
	// 1001 UPDATE
}

// clientOf makes a client of a sandbox whose first listing is answered 503. No socket is
// needed.
func clientOf(sandbox *kinabasesandbox.Server) (*kinabase.Client, error) {
	broken, err := fault.Wrap(sandbox, "kinabase", "unavailable@listRecords#1:0")
	if err != nil {
		return nil, err
	}
	return kinabase.New(
		kinabase.WithApp(sandbox.App().ID, auth.NewSecret(sandbox.App().Secret)),
		kinabase.WithTransport(transport.Config{
			Base:  sandboxes.NewDoer(broken),
			Retry: transport.Retry{Base: time.Millisecond}, // no need to wait here
		}))
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
	client, err := clientOf(sandbox)
	if err != nil {
		panic(err)
	}
	for record, err := range client.Records(context.Background(), "orders") {
		if err != nil {
			panic(err)
		}
		fmt.Println(string(record.Data["orderNumber"]), string(record.Data["total"]))
	}
	// Output:
	// "PO-1" 12.5
}
