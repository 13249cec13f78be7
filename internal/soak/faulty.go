package main

import (
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"

	"github.com/kaikina/kaikina/sandbox/fault"
)

// quick are the values of faults that would wait for long or send much.
var quick = map[string]string{
	"flood": "1", "latency": "5ms", "latency-after": "5ms", "slow-body": "2ms",
	"too-many-requests": "0", "too-many-requests-date": "0", "unavailable": "0", "unavailable-after": "0",
}

// faulty is a sandbox whose calls go wrong, one in five, each in a way that is drawn from all
// that there are.
type faulty struct {
	sandbox http.Handler
	broken  map[string]http.Handler // by fault
	ids     []string

	mu    sync.Mutex
	rand  *rand.Rand
	calls int
	hits  map[string]int
}

// share is how many calls go wrong.
const share = 0.2

func newFaulty(sandbox http.Handler, product string, seed uint64) (*faulty, error) {
	f := &faulty{sandbox: sandbox, broken: map[string]http.Handler{}, rand: rand.New(rand.NewPCG(seed, 0)), hits: map[string]int{}}
	for _, one := range fault.Catalogue() {
		if one.Class != fault.Transport {
			continue
		}
		name := one.ID
		if value := quick[name]; value != "" {
			name += ":" + value
		}
		handler, err := fault.Wrap(sandbox, product, name)
		if err != nil {
			return nil, err
		}
		f.broken[one.ID] = handler
		f.ids = append(f.ids, one.ID)
	}
	slices.Sort(f.ids)
	return f, nil
}

func (f *faulty) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.draw().ServeHTTP(w, r) }

func (f *faulty) draw() http.Handler {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if f.rand.Float64() >= share {
		return f.sandbox
	}
	id := f.ids[f.rand.IntN(len(f.ids))]
	f.hits[id]++
	return f.broken[id]
}

// report tells how many calls came and how many went wrong.
func (f *faulty) report(to io.Writer, product string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	broken := 0
	for _, n := range f.hits {
		broken += n
	}
	fmt.Fprintf(to, "%s: %d calls, %d of them broken (%.1f %%) by %d of %d kinds of fault\n",
		product, f.calls, broken, 100*float64(broken)/float64(max(f.calls, 1)), len(f.hits), len(f.ids))
}

// serve serves a handler on loopback, and keeps quiet about connections that it breaks.
func serve(handler http.Handler) *httptest.Server {
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	return server
}
