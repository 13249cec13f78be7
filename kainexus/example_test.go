package kainexus_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract/schema"
	"github.com/kaikina/kaikina/contract/validate"
	"github.com/kaikina/kaikina/kainexus"
	sandboxes "github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	emulator "github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/transport"
)

// sandboxed is a client of an emulated KaiNexus, with no account and no network. Programs
// can be tested with one too.
func sandboxed(opts ...emulator.Option) (*kainexus.Client, *emulator.Server) {
	sandbox, err := emulator.New(opts...)
	if err != nil {
		panic(err)
	}
	client, err := kainexus.New(
		kainexus.WithAPIKey(auth.NewSecret(sandbox.Credentials().APIKey)),
		kainexus.WithTransport(transport.Config{Base: sandbox.Doer()}),
	)
	if err != nil {
		panic(err)
	}
	return client, sandbox
}

func ExampleNew() {
	client, err := kainexus.New(
		kainexus.WithAPIKey(auth.NewSecret(os.Getenv("NIGHTLY_SYNC_KEY"))),
		kainexus.WithBaseURL(kainexus.EU),
		kainexus.WithTransport(transport.Config{
			UserAgent: "nightly-sync/1.4",
			Timeouts:  transport.Timeouts{Call: 10 * time.Minute},
		}),
	)
	fmt.Println(client != nil, err)
	// Output: false kainexus: auth: API key is empty
}

// Every answer is held against the description on the way, and what is not as described is
// logged. Here the server sends a count as a text.
func ExampleWithValidation() {
	sandbox, err := emulator.New()
	if err != nil {
		panic(err)
	}
	drifting, err := fault.Wrap(sandbox, "kainexus", "count-string")
	if err != nil {
		panic(err)
	}
	validator, err := validate.KaiNexus(schema.Options{})
	if err != nil {
		panic(err)
	}
	client, err := kainexus.New(
		kainexus.WithAPIKey(auth.NewSecret(sandbox.Credentials().APIKey)),
		kainexus.WithTransport(transport.Config{Base: sandboxes.NewDoer(drifting)}),
		kainexus.WithValidation(validator, func(e *kainexus.Error) error {
			var finding *validate.Finding
			if errors.As(e, &finding) {
				fmt.Printf("%s %d: %s: %s\n", e.Operation, e.Status, finding.Pointer, finding.Message)
			}
			return nil // go on
		}),
	)
	if err != nil {
		panic(err)
	}
	items := 0
	for _, err := range client.Items(context.Background(), 640) {
		if err != nil {
			panic(err)
		}
		items++
	}
	fmt.Println(items > 0)
	// Output:
	// listItems 200: /count: string, where integer is declared
	// true
}

// A test gives the client a sandbox in the place of the network.
func ExampleNew_fake() {
	sandbox, err := emulator.New(emulator.WithoutSeed(), emulator.WithItems(emulator.Item{
		TemplateName: new("Idea"), Summary: new("Label the shelves"), Authors: []emulator.PersonRef{{Username: new("jdoe")}},
	}))
	if err != nil {
		panic(err)
	}
	client, err := kainexus.New(
		kainexus.WithAPIKey(auth.NewSecret(sandbox.Credentials().APIKey)),
		kainexus.WithTransport(transport.Config{Base: sandbox.Doer()}),
	)
	if err != nil {
		panic(err)
	}
	for item, err := range client.Items(context.Background(), 640) {
		fmt.Println(*item.Summary, err)
	}
	// Output: Label the shelves <nil>
}

func ExampleClient_Items() {
	client, _ := sandboxed(emulator.WithGeneratedItems(2_500, 1))
	items, active := 0, 0
	for item, err := range client.Items(context.Background(), 700, kainexus.PageSize(1000)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		items++
		if *item.Status == "ACTIVE" {
			active++
		}
	}
	fmt.Println(items, "items,", active, "of them active")
	// Output: 2500 items, 383 of them active
}

func ExampleClient_People() {
	client, _ := sandboxed()
	for person, err := range client.People(context.Background(), kainexus.InList(512)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(*person.FirstName, *person.LastName)
		break
	}
	// Output: Jo Doe
}

func ExampleClient_Item() {
	client, _ := sandboxed()
	_, err := client.Item(context.Background(), 4711)
	fmt.Println(kainexus.IsAccessDenied(err), err)
	// Output: true kainexus: getItem: 403 Forbidden: ACCESS_DENIED
}

// One item of three is refused, and the others are written all the same. Nobody is told.
func ExampleClient_PutItems() {
	client, _ := sandboxed()
	items := []kainexus.Item{
		{ID: new(int64(1001)), Summary: new("Label the shelves")},
		{ID: new(int64(4711)), Summary: new("No such item")},
		{TemplateName: new("Idea"), Summary: new("Label the racks"), Authors: []kainexus.PersonRef{{Username: new("jdoe")}}},
	}
	outcomes, err := client.PutItems(context.Background(), items, kainexus.Suppress)
	if failed, ok := errors.AsType[*kainexus.PutError](err); ok {
		fmt.Println(failed.Written, "written,", failed.Refused, "refused")
	}
	for _, outcome := range outcomes {
		fmt.Println(outcome.ID, outcome.State, outcome.Operation, outcome.Err)
	}
	// Output:
	// 2 written, 1 refused
	// 1001 written UPDATE <nil>
	// 4711 refused  kainexus: putItems: 403 Forbidden: ACCESS_DENIED
	// 18090 written CREATE <nil>
}

// A put that failed goes on with what can be sent again without doing anything twice.
func ExampleOutcome_Again() {
	client, _ := sandboxed()
	items := []kainexus.Item{{ID: new(int64(1001)), Summary: new("a")}, {ID: new(int64(1002)), Summary: new("b")}}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	outcomes, err := client.PutItems(ended, items, kainexus.Suppress)
	fmt.Println(err)

	var rest []kainexus.Item
	for _, outcome := range outcomes {
		if outcome.Again() {
			rest = append(rest, items[outcome.Index])
		}
	}
	outcomes, err = client.PutItems(context.Background(), rest, kainexus.Suppress)
	fmt.Println(len(outcomes), err)
	// Output:
	// kainexus: putItems: 0 written, 0 refused, 0 unknown, 2 not sent: context canceled
	// 2 <nil>
}

func ExampleClient_ExportItems() {
	client, _ := sandboxed()
	file, err := os.CreateTemp("", "items-*.xlsx")
	if err != nil {
		panic(err)
	}
	defer os.Remove(file.Name())
	defer file.Close()
	n, err := client.ExportItems(context.Background(), 640, file)
	fmt.Println(n > 0, err)
	// Output: true <nil>
}

// What was exported is imported again. In between, somebody may have changed its values.
func ExampleClient_ImportCharts() {
	client, _ := sandboxed()
	var workbook bytes.Buffer
	if _, err := client.ExportCharts(context.Background(), 655, &workbook); err != nil {
		panic(err)
	}
	report, err := client.ImportCharts(context.Background(), "charts.xlsx", bytes.NewReader(workbook.Bytes()))
	if undone, ok := errors.AsType[*kainexus.ImportError](err); ok {
		fmt.Println("nothing was changed:", undone)
		return
	}
	fmt.Println(len(report.Entries), "warnings,", err)
	// Output: 0 warnings, <nil>
}
