// Command bulk-import reads JSON objects, one a line, from standard input, and creates a
// Kinabase record from each. What was not created goes to standard output, with its line and
// the reason. What has been mended there can be given again:
//
//	go run ./examples/bulk-import purchase-orders <orders.ndjson >refused.ndjson
//	jq -c .data refused.ndjson | go run ./examples/bulk-import purchase-orders
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/signal"

	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/transport"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: bulk-import COLLECTION <objects.ndjson >refused.ndjson")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	client, err := kinabase.New(kinabase.WithEnv(), kinabase.WithTransport(transport.Config{
		Limiter: transport.NewLimiter(kinabase.PerMinute, 10),
	}))
	if err == nil {
		var done, open int
		done, open, err = importAll(ctx, client, os.Args[1], os.Stdin, os.Stdout)
		fmt.Fprintln(os.Stderr, done, "created,", open, "not")
		if err == nil && open > 0 {
			os.Exit(1)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bulk-import:", err)
		os.Exit(1)
	}
}

// refusal is a line of what comes out.
type refusal struct {
	Line  int            `json:"line"` // from 1
	State kinabase.State `json:"state"`
	Why   string         `json:"why"`
	Data  any            `json:"data"`
}

// importAll returns how many records were created, and how many were not or may not have been.
func importAll(ctx context.Context, client *kinabase.Client, collection string, from io.Reader, to io.Writer) (done, open int, err error) {
	lines, unreadable := objects(from)
	refusals := json.NewEncoder(to)
	for outcome, err := range client.CreateAll(ctx, collection, lines) {
		if err == nil {
			done++
			continue
		}
		open++
		why := err.Error()
		if refused, ok := errors.AsType[*kinabase.Error](err); ok && refused.Message != "" {
			why = refused.Message
		}
		if err := refusals.Encode(refusal{outcome.Index + 1, outcome.State, why, outcome.Input.Data}); err != nil {
			return done, open, err
		}
	}
	return done, open, errors.Join(ctx.Err(), unreadable())
}

// objects reads lines as they are needed. What stopped it before the end can be asked for
// afterwards.
func objects(from io.Reader) (lines iter.Seq[kinabase.Input], unreadable func() error) {
	var failed error
	return func(yield func(kinabase.Input) bool) {
		scanner := bufio.NewScanner(from)
		scanner.Buffer(nil, 1<<20)
		for line := 1; scanner.Scan(); line++ {
			var data map[string]json.RawMessage
			if err := json.Unmarshal(scanner.Bytes(), &data); err != nil || data == nil {
				failed = fmt.Errorf("line %d is no JSON object", line)
				return
			}
			if !yield(kinabase.Input{Data: data}) {
				return
			}
		}
		failed = scanner.Err()
	}, func() error { return failed }
}
