// Command sync keeps a Kinabase collection in step with a KaiNexus list: a record for each
// item, found again by a link that holds the item's id. It can be run as often as one likes,
// and stopped at any time.
//
//	go run ./examples/sync 640 improvements
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strconv"

	"github.com/kaikina/kaikina/kainexus"
	"github.com/kaikina/kaikina/kinabase"
	"github.com/kaikina/kaikina/transport"
)

// Improvement is what the collection holds of an item.
type Improvement struct {
	Title  string `json:"title"`
	Status string `json:"status"`
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sync LIST COLLECTION")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "sync:", err)
		os.Exit(1)
	}
}

func run(list, collection string) error {
	id, err := strconv.ParseInt(list, 10, 64)
	if err != nil {
		return fmt.Errorf("the list %q is no number", list)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	from, err := kainexus.New(kainexus.WithEnv(), kainexus.WithTransport(transport.Config{ReadOnly: transport.NewReadOnly()}))
	if err != nil {
		return err
	}
	into, err := kinabase.New(kinabase.WithEnv(), kinabase.WithTransport(transport.Config{
		Limiter: transport.NewLimiter(kinabase.PerMinute, 10),
	}))
	if err != nil {
		return err
	}
	created, updated, err := sync(ctx, from, id, into, collection)
	fmt.Println(created, "created,", updated, "updated")
	return err
}

// sync copies the items of a list.
func sync(ctx context.Context, from *kainexus.Client, list int64, into *kinabase.Client, collection string) (created, updated int, err error) {
	for item, err := range from.Items(ctx, list) {
		if err != nil {
			return created, updated, err
		}
		if item.ID == nil { // it was left out, and nothing is there to link to
			return created, updated, fmt.Errorf("list %d: an item has no id", list)
		}
		improvement := Improvement{Title: text(item.Summary), Status: string(text(item.Status))}
		_, isNew, err := into.CreateOrUpdate(ctx, collection, "kainexus", strconv.FormatInt(*item.ID, 10), improvement)
		if err != nil {
			return created, updated, fmt.Errorf("item %d: %w", *item.ID, err)
		}
		if isNew {
			created++
		} else {
			updated++
		}
	}
	return created, updated, nil
}

// text is a value that may be absent.
func text[T ~string](v *T) T {
	if v == nil {
		return ""
	}
	return *v
}
