// Command soak reads and writes many records of both sandboxes through the clients, while one
// call in five goes wrong in one of all the ways that connections and servers can, and counts
// what came of it: on reads every record has to arrive exactly once; on writes none may be
// lost, and none be there twice that the API lets a client tell apart.
//
//	go run ./internal/soak -n 100000
//
// It exits with 1 if that is not so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/kaikina/kaikina/transport"
)

func main() {
	n := flag.Int("n", 100_000, "how many records to read and to write, of each product")
	seed := flag.Uint64("seed", 1, "decides which calls go wrong, and how")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := soak(ctx, os.Stdout, *n, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func soak(ctx context.Context, to io.Writer, n int, seed uint64) error {
	return errors.Join(soakKinabase(ctx, to, n, seed), soakKaiNexus(ctx, to, n, seed))
}

// config is patient with a server that fails so often, and quick to give an attempt up.
func config() transport.Config {
	return transport.Config{
		Retry:    transport.Retry{Attempts: 12, Base: time.Millisecond, Max: 20 * time.Millisecond, Budget: -1},
		Timeouts: transport.Timeouts{Attempt: 500 * time.Millisecond, Stall: 300 * time.Millisecond},
	}
}

// tally counts how often each record came.
type tally []int

func (t tally) add(i int) error {
	if i < 0 || i >= len(t) {
		return fmt.Errorf("record %d is none of the %d", i, len(t))
	}
	t[i]++
	return nil
}

// verdict is an error unless every record was counted once.
func (t tally) verdict(to io.Writer, what string) error {
	missing, once, more := 0, 0, 0
	for _, times := range t {
		switch times {
		case 0:
			missing++
		case 1:
			once++
		default:
			more++
		}
	}
	fmt.Fprintf(to, "  %s: %d of %d exactly once, %d missing, %d more than once\n", what, once, len(t), missing, more)
	if missing+more > 0 {
		return fmt.Errorf("%s: %d missing, %d more than once", what, missing, more)
	}
	return nil
}
