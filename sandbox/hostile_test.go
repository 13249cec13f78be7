package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/internal/openapi"
	"github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// emulator is a server over HTTP, and how to be let in.
type emulator struct {
	product, base string
	authorize     func(*http.Request)
	description   *openapi.Document
}

func emulators(t *testing.T) []emulator {
	t.Helper()
	serve := func(product, basePath string, handler http.Handler) emulator {
		server := httptest.NewServer(handler)
		t.Cleanup(server.Close)
		description, err := openapi.Ours(product)
		require.NoError(t, err)
		return emulator{product: product, base: server.URL + basePath, description: description}
	}
	ours, err := kainexus.New()
	require.NoError(t, err)
	first := serve("kainexus", "", ours)
	first.authorize = func(r *http.Request) { r.SetBasicAuth("api", ours.Credentials().APIKey) }

	theirs, err := kinabase.New()
	require.NoError(t, err)
	second := serve("kinabase", kinabase.BasePath, theirs)
	response, err := http.Post(second.base+"/token", "application/json",
		strings.NewReader(fmt.Sprintf(`{"appId":%q,"secret":%q}`, theirs.App().ID, theirs.App().Secret)))
	require.NoError(t, err)
	token, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	bearer := strings.Split(string(token), `"`)[3]
	second.authorize = func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+bearer) }
	return []emulator{first, second}
}

// call sends a body as it is to a path as it is.
func (e emulator) call(t assert.TestingT, method, path string, body io.Reader) (status int, text string) {
	request, err := http.NewRequest(method, e.base+path, body)
	if !assert.NoError(t, err) {
		return 0, ""
	}
	e.authorize(request)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if !assert.NoError(t, err) {
		return 0, ""
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	assert.NoError(t, err)
	return response.StatusCode, string(answer)
}

// No text in a path leads anywhere but to a refusal in the emulator's own words.
func TestHostilePaths(t *testing.T) {
	hostile := []string{
		"..", ".", "%2e%2e", "%2E", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2fstatus", "..%5c..", "%00", "a%00b", "%ff%fe",
		"%252e%252e", "a%2fb", "%20", "%0d%0aSet-Cookie:%20a=b", "..;", "~", "*", "%7b%7d", "'%20OR%201=1--", "$%7bjndi:x%7d",
		"<script>", strings.Repeat("a", 100_000), strings.Repeat("%2e%2e%2f", 5000),
	}
	for _, e := range emulators(t) {
		for _, op := range e.description.Operations {
			for _, text := range hostile {
				path := op.Path
				if strings.Contains(path, "{") {
					// Each parameter alone, the others as they should be.
					for _, parameter := range op.Spec.Parameters {
						if parameter.Value.In != "path" {
							continue
						}
						refused(t, e, op, strings.ReplaceAll(op.Path, "{"+parameter.Value.Name+"}", text))
					}
					continue
				}
				refused(t, e, op, path+"/"+text)
			}
		}
		status, _ := e.call(t, http.MethodGet, map[string]string{"kainexus": "/api/public/v1/json/networkLocationList", "kinabase": "/status"}[e.product], nil)
		assert.Equal(t, http.StatusOK, status, "the emulator still answers")
	}
}

func refused(t *testing.T, e emulator, op *openapi.Operation, path string) {
	t.Helper()
	for name, known := range map[string]string{"collectionId": "purchase-orders", "recordId": "x", "externalService": "xero", "externalId": "order-6"} {
		path = strings.ReplaceAll(path, "{"+name+"}", known)
	}
	status, text := e.call(t, op.Method, path, strings.NewReader(`{"data":{},"records":[],"recordIds":[],"content":"x","changes":[]}`))
	shown := fmt.Sprintf("%s %.200s", op.Method, path)
	assert.Contains(t, []int{400, 403, 404, 405, 414, 431}, status, shown)
	assert.True(t, strings.HasPrefix(text, "{") || status == 400, "%s: %.200s", shown, text) // net/http itself refuses some with 400
	assert.Less(t, len(text), 2000, "%s: the answer repeats too much", shown)
}

// hostileBodies are bodies that take much and mean nothing.
func hostileBodies() map[string]string {
	const levels = 10_000
	return map[string]string{
		"more than 10 MiB":           `{"data":{"notes":"` + strings.Repeat("a", 10<<20) + `"}}`,
		"10 MiB of zeros":            strings.Repeat("0", 10<<20),
		"10 MiB of opening brackets": strings.Repeat("[", 10<<20),
		"nested objects":             strings.Repeat(`{"data":`, levels) + "1" + strings.Repeat("}", levels),
		"nested arrays":              `{"data":{"notes":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `},"item":{"x":` + strings.Repeat("[", levels) + strings.Repeat("]", levels) + `}}`,
		"an endless number":          `{"data":{"total":` + strings.Repeat("9", 1<<20) + `},"item":{"id":` + strings.Repeat("9", 1<<20) + `}}`,
		"many keys":                  `{"data":{` + strings.Repeat(`"k":1,`, 1<<18) + `"k":1}}`,
	}
}

// Bodies of that kind are refused, all at the same time as well, and memory comes back.
func TestHostileBodies(t *testing.T) {
	bodies := hostileBodies()
	runtime.GC()
	var before, peak atomic.Uint64
	heap := func() uint64 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before.Store(heap())
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
				peak.Store(max(peak.Load(), heap()))
			}
		}
	})
	for _, e := range emulators(t) {
		for _, op := range e.description.Operations {
			if op.Spec.RequestBody == nil {
				continue
			}
			path := op.Path
			for name, known := range map[string]string{"collectionId": "purchase-orders", "recordId": "x", "externalService": "xero", "externalId": "order-6"} {
				path = strings.ReplaceAll(path, "{"+name+"}", known)
			}
			var all sync.WaitGroup
			for name, body := range bodies {
				all.Go(func() {
					status, _ := e.call(t, op.Method, path, struct{ io.Reader }{strings.NewReader(body)}) // chunked
					assert.GreaterOrEqual(t, status, 400, "%s with %s", op.ID, name)
					assert.Less(t, status, 500, "%s with %s", op.ID, name)
				})
			}
			all.Wait()
		}
	}
	close(done)
	watching.Wait()
	grown := int64(peak.Load()) - int64(before.Load())
	t.Logf("the heap grew by %d MiB at most", grown>>20)
	assert.Less(t, grown, int64(512<<20), "seven bodies of up to 10 MiB at a time, held by client and server")
}
