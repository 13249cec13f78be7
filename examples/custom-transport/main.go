// Command custom-transport puts layers of its own into a client: an HTTP client that goes
// through the proxy of the company, a header on each attempt, and a count of what each
// operation took.
//
//	go run ./examples/custom-transport 640
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/kaikina/kaikina/kainexus"
	"github.com/kaikina/kaikina/transport"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: custom-transport LIST")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "custom-transport:", err)
		os.Exit(1)
	}
}

func run(list string) error {
	id, err := strconv.ParseInt(list, 10, 64)
	if err != nil {
		return fmt.Errorf("the list %q is no number", list)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	proxied := http.DefaultTransport.(*http.Transport).Clone()
	proxied.Proxy = http.ProxyFromEnvironment
	proxied.MaxConnsPerHost = 4
	var spent stopwatch
	client, err := kainexus.New(kainexus.WithEnv(), kainexus.WithTransport(layers(&http.Client{Transport: proxied}, &spent)))
	if err != nil {
		return err
	}
	n := 0
	for _, err := range client.Items(ctx, id) {
		if err != nil {
			return err
		}
		n++
	}
	fmt.Println(n, "items")
	return spent.print(os.Stdout)
}

// layers are put around each attempt, the first one outermost. They see no credential.
func layers(base transport.Doer, spent *stopwatch) transport.Config {
	return transport.Config{
		Base:       base,
		Middleware: []transport.Middleware{spent.layer, header("X-Cost-Center", "4711")},
	}
}

func header(name, value string) transport.Middleware {
	return func(next transport.Doer) transport.Doer {
		return transport.DoerFunc(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context()) // a layer must not change what its caller has
			r.Header.Set(name, value)
			return next.Do(r)
		})
	}
}

// stopwatch adds up the time until an answer came, by operation.
type stopwatch struct {
	mu    sync.Mutex
	spent map[string]time.Duration
}

func (s *stopwatch) layer(next transport.Doer) transport.Doer {
	return transport.DoerFunc(func(r *http.Request) (*http.Response, error) {
		start := time.Now()
		answer, err := next.Do(r)
		operation, _ := transport.OperationOf(r.Context())
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.spent == nil {
			s.spent = map[string]time.Duration{}
		}
		s.spent[operation.ID] += time.Since(start)
		return answer, err
	})
}

func (s *stopwatch) print(to io.Writer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var operations []string
	for id := range s.spent {
		operations = append(operations, id)
	}
	slices.Sort(operations)
	for _, id := range operations {
		if _, err := fmt.Fprintf(to, "%-20s %v\n", id, s.spent[id].Round(time.Millisecond)); err != nil {
			return err
		}
	}
	return nil
}
