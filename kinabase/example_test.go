package kinabase_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/contract/validate"
	"github.com/kaikina/kaikina/kinabase"
	sandboxes "github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	emulator "github.com/kaikina/kaikina/sandbox/kinabase"
	"github.com/kaikina/kaikina/transport"
)

// exampleClient is a client of a sandbox in this process, so that the examples run without
// an account.
func exampleClient() *kinabase.Client {
	sandbox, err := emulator.New()
	if err != nil {
		panic(err)
	}
	app := sandbox.App()
	client, err := kinabase.New(
		kinabase.WithApp(app.ID, auth.NewSecret(app.Secret)),
		kinabase.WithTransport(transport.Config{Base: sandbox.Doer()}),
	)
	if err != nil {
		panic(err)
	}
	return client
}

func ExampleNew() {
	client, err := kinabase.New(
		kinabase.WithApp("6f1c2b9e-58a3-4a37-9d0c-2f6f0c7a4d15", auth.NewSecret("the app's secret")),
		kinabase.WithTransport(transport.Config{
			Limiter:  transport.NewLimiter(kinabase.PerMinute, 10),
			Timeouts: transport.Timeouts{Call: 5 * time.Minute},
		}),
	)
	fmt.Println(client, err)

	_, err = kinabase.New()
	fmt.Println(err)
	// Output:
	// Kinabase client for https://app.kinabase.com/api/v1 <nil>
	// kinabase: New: no credential; give WithApp(id, secret), WithEnv() or WithCredential(credential)
}

// A sandbox takes the place of the service: nothing leaves the process.
func ExampleNew_sandbox() {
	sandbox, err := emulator.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	app := sandbox.App()
	client, err := kinabase.New(
		kinabase.WithApp(app.ID, auth.NewSecret(app.Secret)),
		kinabase.WithTransport(transport.Config{Base: sandbox.Doer()}),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Record(context.Background(), "machines", "no-such-record")
	fmt.Println(kinabase.IsNotFound(err))
	// Output:
	// true
}

// Every answer is held against the description on the way. Here the server leaves out what a
// page must have.
func ExampleWithValidation() {
	sandbox, err := emulator.New()
	if err != nil {
		panic(err)
	}
	drifting, err := fault.Wrap(sandbox, "kinabase", "total-missing")
	if err != nil {
		panic(err)
	}
	validator, err := validate.Kinabase(schema.Options{})
	if err != nil {
		panic(err)
	}
	connect := func(report func(*kinabase.Error) error) *kinabase.Client {
		client, err := kinabase.New(
			kinabase.WithApp(sandbox.App().ID, auth.NewSecret(sandbox.App().Secret)),
			kinabase.WithTransport(transport.Config{Base: sandboxes.NewDoer(drifting)}),
			kinabase.WithValidation(validator, report),
		)
		if err != nil {
			panic(err)
		}
		return client
	}
	count := func(client *kinabase.Client) {
		records := 0
		for _, err := range client.Records(context.Background(), "machines") {
			if err != nil {
				var finding *validate.Finding
				fmt.Println(errors.As(err, &finding), finding.Operation, finding.Pointer, finding.Keyword)
				break
			}
			records++
		}
		fmt.Println(records, "machines")
	}

	fmt.Println("Strict: the first finding ends the list.")
	count(connect(nil))
	fmt.Println("Lenient: findings are told, and the list goes on.")
	count(connect(func(e *kinabase.Error) error {
		fmt.Println("drift of", e.Operation)
		return nil
	}))
	// Output:
	// Strict: the first finding ends the list.
	// true listRecords /totalRecords required
	// 4 machines
	// Lenient: findings are told, and the list goes on.
	// drift of listRecords
	// drift of listRecords
	// 4 machines
}

func ExampleClient_Records() {
	client, ctx := exampleClient(), context.Background()
	orders := 0
	for record, err := range client.Records(ctx, "purchase-orders", kinabase.LinkedTo("xero")) {
		if err != nil {
			fmt.Println(err)
			return
		}
		orders++
		fmt.Printf("%s %s\n", record.Data["orderNumber"], record.Data["total"])
	}
	fmt.Println(orders, "orders are linked")
	// Output:
	// "PO-006" 1185.50
	// "PO-012" 1407.50
	// "PO-018" 1629.50
	// "PO-024" 1851.50
	// 4 orders are linked
}

func ExampleClient_AllRecords() {
	client, ctx := exampleClient(), context.Background()
	count := 0
	for _, err := range client.AllRecords(ctx, "purchase-orders") {
		var incomplete *kinabase.IncompleteError
		if errors.As(err, &incomplete) {
			fmt.Println("there may be more than", incomplete.Seen)
			return
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		count++
	}
	fmt.Println(count)
	// Output:
	// 25
}

func ExampleDecode() {
	type Order struct {
		Number    string  `json:"orderNumber"`
		Supplier  string  `json:"supplier"`
		Total     float64 `json:"total"`
		Approved  *bool   `json:"approved"` // nil until somebody decides
		OrderedOn string  `json:"orderedOn"`
	}
	for record, err := range exampleClient().Records(context.Background(), "purchase-orders") {
		if err != nil {
			fmt.Println(err)
			return
		}
		order, err := kinabase.Decode[Order](record)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(order.Number, order.Supplier, order.Total, order.Approved == nil, order.OrderedOn)
		break
	}
	// Output:
	// PO-001 Fenland Castings 1000.5 true 2026-03-02
}

func ExampleClient_Update() {
	client, ctx := exampleClient(), context.Background()
	created, err := client.Create(ctx, "purchase-orders", map[string]any{"orderNumber": "PO-100", "notes": "urgent"})
	if err != nil {
		fmt.Println(err)
		return
	}
	changed, err := client.Update(ctx, "purchase-orders", created.ID, map[string]any{"supplier": "Ouse Paper", "notes": nil})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s %s %s\n", changed.Data["orderNumber"], changed.Data["supplier"], changed.Data["notes"])
	// Output:
	// "PO-100" "Ouse Paper" null
}

func ExampleClient_CreateOrUpdate() {
	client, ctx := exampleClient(), context.Background()
	for _, status := range []string{"online", "maintenance"} {
		machine, created, err := client.CreateOrUpdate(ctx, "machines", "influxdb", "sensor-40", map[string]any{
			"device_name": "Lathe 40",
			"status":      status,
		})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s %v\n", machine.Data["status"], created)
	}
	// Output:
	// "online" true
	// "maintenance" false
}

// One of the records has a key that the collection does not know. The links let the others
// through.
func ExampleClient_CreateAll() {
	client, ctx := exampleClient(), context.Background()
	lathe := func(id, key string) kinabase.Input {
		return kinabase.Input{
			Data:     map[string]any{key: "Lathe " + id},
			External: []kinabase.ExternalLink{kinabase.Link("plc", id)},
		}
	}
	inputs := []kinabase.Input{lathe("1", "device_name"), lathe("2", "label"), lathe("3", "device_name")}
	for outcome, err := range client.CreateAll(ctx, "machines", slices.Values(inputs)) {
		fmt.Println(outcome)
		var failed *kinabase.Error
		if errors.As(err, &failed) {
			fmt.Println(failed.Status, failed.Message)
		}
	}
	// Output:
	// record 0: done
	// record 1: refused
	// 400 unknown field: "label", in records[0].data. Keys are case-sensitive; machines has device_name, last_seen, reading_id, status, temperatureC
	// record 2: done
}

func ExampleClient_Ingest() {
	client, ctx := exampleClient(), context.Background()
	machine, err := client.RecordByLink(ctx, "machines", "influxdb", "sensor-17")
	if err != nil {
		fmt.Println(err)
		return
	}
	at := time.Date(2027, time.March, 2, 9, 29, 51, 0, time.UTC)
	result, err := client.Ingest(ctx, "machines", []kinabase.IngestRecord{
		{ID: machine.ID, Changes: []kinabase.IngestChange{{Timestamp: at, Data: map[string]any{"temperatureC": 21.5}}}},
		{ID: "no-such-machine", Changes: []kinabase.IngestChange{{Timestamp: at, Data: map[string]any{"temperatureC": 22}}}},
	})
	var failed *kinabase.IngestError
	if errors.As(err, &failed) {
		for _, failure := range failed.Result.Errors {
			fmt.Println(*failure.RecordID)
		}
	}
	fmt.Println(result.ProcessedRecords, "of", result.TotalRecords)
	// Output:
	// no-such-machine
	// 1 of 2
}

func ExampleClient_CheckKeys() {
	client, ctx := exampleClient(), context.Background()
	keys, err := client.Keys(ctx, "purchase-orders")
	if err != nil {
		fmt.Println(err)
		return
	}
	client = client.CheckKeys("purchase-orders", keys)
	_, err = client.Create(ctx, "purchase-orders", map[string]any{"Order Number": "PO-101"})
	fmt.Println(err)
	// Output:
	// kinabase: createRecord: purchase-orders: no field key is known as "Order Number", but "orderNumber" is; keys are case-sensitive
}
