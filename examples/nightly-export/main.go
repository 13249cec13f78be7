// Command nightly-export writes what changed in a Kinabase collection since yesterday to a
// file, a JSON object a line. It reads only, logs what it sends, and leaves the file of the
// night before alone until the new one is complete.
//
//	go run ./examples/nightly-export purchase-orders orders.ndjson
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/transport"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: nightly-export COLLECTION FILE")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	client, err := kinabase.New(kinabase.WithEnv(), kinabase.WithTransport(transport.Config{
		UserAgent: "nightly-export/1",
		Limiter:   transport.NewLimiter(kinabase.PerMinute, 10),
		ReadOnly:  transport.NewReadOnly(), // nothing that writes can leave
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, nil)),
	}))
	if err == nil {
		var n int
		if n, err = export(ctx, client, os.Args[1], os.Args[2], time.Now().AddDate(0, 0, -1)); err == nil {
			fmt.Println(n, "records")
			return
		}
	}
	fmt.Fprintln(os.Stderr, "nightly-export:", err)
	os.Exit(1)
}

// export returns how many records it wrote.
func export(ctx context.Context, client *kinabase.Client, collection, name string, since time.Time) (n int, err error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".nightly-export-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(file.Name()) // in vain once it has been renamed
	defer file.Close()
	buffer := bufio.NewWriter(file)
	lines := json.NewEncoder(buffer)
	for record, err := range client.Records(ctx, collection, kinabase.UpdatedAfter(since)) {
		if err != nil {
			return n, err
		}
		if err := lines.Encode(record); err != nil {
			return n, err
		}
		n++
	}
	if err := buffer.Flush(); err != nil {
		return n, err
	}
	if err := file.Close(); err != nil {
		return n, err
	}
	return n, os.Rename(file.Name(), name)
}
