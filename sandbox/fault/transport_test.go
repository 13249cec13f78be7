package fault_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/sandbox/fault"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

// aWord is a stand-in for a sandbox: it counts its calls, and answers one word of JSON.
type aWord struct {
	mu    sync.Mutex
	calls int
	uris  []string
}

// count is how many calls there were. A connection that was broken off says nothing of when
// the server is done with it.
func (a *aWord) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.calls
}

const word = `"abcdefghijklmnopqrstuvwxyz"`

func (a *aWord) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls++
	a.uris = append(a.uris, r.RequestURI)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, word)
}

// overSocket sends GET /status with some more header lines, and gives all bytes that
// come until the connection ends, and how it ends.
func overSocket(t *testing.T, faultName string, lines ...string) (got string, calls int, err error) {
	t.Helper()
	inner := &aWord{}
	handler, err := fault.Wrap(inner, "kinabase", faultName)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	request := append([]string{"GET /status HTTP/1.1", "Host: sandbox.example", "Connection: close"}, lines...)
	_, err = io.WriteString(conn, strings.Join(request, "\r\n")+"\r\n\r\n")
	require.NoError(t, err)
	raw, err := io.ReadAll(conn)
	return string(raw), inner.count(), err
}

// TestTransport shows the bytes that transport faults send, and whether the call was
// carried out.
func TestTransport(t *testing.T) {
	length := fmt.Sprint(len(word))
	tests := []struct {
		fault       string
		header      string // sent with the call
		carriedOut  bool
		has, hasNot []string
		// end is how the connection ends, if not well.
		end error
	}{
		{fault: "latency:1ms", carriedOut: true, has: []string{"200 OK", word}},
		{fault: "latency-after:1ms", carriedOut: true, has: []string{"200 OK", word}},
		{fault: "slow-body:1ms", carriedOut: true, has: []string{"200 OK", word, "Content-Length: " + length}},
		{fault: "reset", end: syscall.ECONNRESET, hasNot: []string{"HTTP"}},
		{fault: "reset-after", carriedOut: true, end: syscall.ECONNRESET, hasNot: []string{"HTTP"}},
		{fault: "close", hasNot: []string{"HTTP"}},
		{fault: "close-after", carriedOut: true, hasNot: []string{"HTTP"}},
		{fault: "truncated", carriedOut: true, has: []string{"Content-Length: " + length, word[:len(word)/2]}, hasNot: []string{"z"}},
		{fault: "truncated-chunked", carriedOut: true, has: []string{"Transfer-Encoding: chunked", word[:len(word)/2]}, hasNot: []string{"z", "\r\n0\r\n"}},
		{fault: "length-long", carriedOut: true, has: []string{"Content-Length: 38\r\n", "\r\n\r\n" + word}},
		{fault: "length-short", carriedOut: true, has: []string{"Content-Length: 14\r\n", "\r\n\r\n" + word}},
		{fault: "flood:1", carriedOut: true, has: []string{word, strings.Repeat(" ", 1000)}},
		{fault: "server-error", has: []string{"500 Internal", `"errorCode":"INTERNAL_SERVER_ERROR"`}},
		{fault: "server-error-after", carriedOut: true, has: []string{"500 Internal"}, hasNot: []string{word}},
		{fault: "bad-gateway", has: []string{"502 Bad", "Content-Type: application/json", "<html>"}},
		{fault: "bad-gateway-after", carriedOut: true, has: []string{"502 Bad", "Content-Type: application/json", "<html>"}},
		{fault: "unavailable:7", has: []string{"503 Service", "Retry-After: 7\r\n"}},
		{fault: "unavailable-after", carriedOut: true, has: []string{"503 Service", "Retry-After: 1\r\n"}},
		{fault: "too-many-requests:0", has: []string{"429 Too", "Retry-After: 0\r\n", `"error":"Too Many Requests"`}},
		{fault: "too-many-requests-date", has: []string{"429 Too", "Retry-After: ", " GMT\r\n"}},
		{fault: "too-many-requests-bare", has: []string{"429 Too"}, hasNot: []string{"Retry-After"}},
		{fault: "status", has: []string{"504 Gateway"}},
		{fault: "status:418", has: []string{"418 I'm"}},
		{fault: "status-after:409", carriedOut: true, has: []string{"409 Conflict"}},
		{fault: "gzip", carriedOut: true, has: []string{word, "Vary: Accept-Encoding"}, hasNot: []string{"Content-Encoding"}},
		{fault: "gzip", header: "Accept-Encoding: br, GZIP;q=0.5", carriedOut: true, has: []string{"Content-Encoding: gzip", "\x1f\x8b"}, hasNot: []string{word}},
		{fault: "gzip", header: "Accept-Encoding: gzip; q=0.0, br", carriedOut: true, has: []string{word}, hasNot: []string{"Content-Encoding"}},
		{fault: "gzip-unasked", carriedOut: true, has: []string{"Content-Encoding: gzip", "\x1f\x8b"}, hasNot: []string{word}},
		{fault: "gzip-mislabelled", carriedOut: true, has: []string{"Content-Encoding: gzip", word}},
		{fault: "redirect", has: []string{"307 Temp", "Location: /status?redirected=1\r\n"}},
		{fault: "redirect:303", has: []string{"303 See", "Location: /status?redirected=1\r\n"}},
		{fault: "redirect-elsewhere", has: []string{"307 Temp", "Location: https://elsewhere.example/status\r\n"}},
		{fault: "redirect-elsewhere:http://127.0.0.1:9", has: []string{"Location: http://127.0.0.1:9/status\r\n"}},
		{fault: "redirect-downgrade", has: []string{"307 Temp", "Location: http://sandbox.example/status\r\n"}},
		{fault: "redirect-loop", has: []string{"307 Temp", "Location: /status\r\n"}},
		{fault: "redirect-nowhere", has: []string{"307 Temp"}, hasNot: []string{"Location"}},
	}
	tested := map[string]bool{
		// These have no end of their own; there is a test for them below.
		"hang": true, "hang-after": true, "stall": true,
	}
	for _, test := range tests {
		tested[idOf(test.fault)] = true
		t.Run(test.fault, func(t *testing.T) {
			var lines []string
			if test.header != "" {
				lines = append(lines, test.header)
			}
			raw, calls, err := overSocket(t, test.fault, lines...)
			require.ErrorIs(t, err, test.end)
			assert.Equal(t, test.carriedOut, calls == 1)
			for _, part := range test.has {
				assert.Contains(t, raw, part)
			}
			for _, part := range test.hasNot {
				assert.NotContains(t, raw, part)
			}
		})
	}
	for _, f := range fault.Catalogue() {
		assert.True(t, f.Class == fault.Contract || tested[f.ID], "%s has no test", f.ID)
	}
}

// What the faults send is what they say, also for a client that knows its trade.
func TestTransportAsAClientSeesIt(t *testing.T) {
	get := func(t *testing.T, name string) (string, error) {
		handler, err := fault.Wrap(&aWord{}, "kinabase", name)
		require.NoError(t, err)
		server := httptest.NewServer(handler)
		defer server.Close()
		response, err := server.Client().Get(server.URL + "/status")
		if err != nil {
			return "", err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		return string(body), err
	}
	for _, name := range []string{"truncated", "truncated-chunked", "length-long"} {
		_, err := get(t, name)
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, name)
	}
	body, err := get(t, "length-short")
	require.NoError(t, err)
	assert.Equal(t, word[:len(word)/2], body, "what is too much is not part of the answer")
	body, err = get(t, "gzip")
	require.NoError(t, err)
	assert.Equal(t, word, body)
	_, err = get(t, "gzip-mislabelled")
	require.ErrorIs(t, err, gzip.ErrHeader)
	body, err = get(t, "flood:2")
	require.NoError(t, err)
	assert.Len(t, body, len(word)+2<<20)
	_, err = get(t, "redirect-loop")
	require.ErrorContains(t, err, "stopped after 10 redirects")
}

func TestRedirectIsCarriedOutWhenItComesBack(t *testing.T) {
	inner := &aWord{}
	handler, err := fault.Wrap(inner, "kinabase", "redirect:308")
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	defer server.Close()
	response, err := server.Client().Get(server.URL + "/status?a=b")
	require.NoError(t, err)
	defer response.Body.Close()
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Equal(t, []string{"/status?a=b"}, inner.uris, "the sandbox sees nothing of it")
}

// A reset after the call leaves what the call did, and one before leaves nothing.
func TestBeforeAndAfter(t *testing.T) {
	for name, want := range map[string]int{
		"reset@createRecord": 0, "reset-after@createRecord": 1, "server-error@createRecord": 0,
		"server-error-after@createRecord": 1, "unavailable-after@createRecord": 1, "close@createRecord": 0,
	} {
		t.Run(name, func(t *testing.T) {
			box := newSandbox(t, "kinabase")
			server := httptest.NewServer(box.wrap(t, name))
			defer server.Close()
			call := func(method, path, body string) []byte {
				request, err := http.NewRequestWithContext(t.Context(), method, server.URL+kinabase.BasePath+path, strings.NewReader(body))
				require.NoError(t, err)
				request.Header.Set("Content-Type", "application/json")
				box.authorize(request)
				response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
				if err != nil {
					return nil
				}
				defer response.Body.Close()
				answer, err := io.ReadAll(response.Body)
				require.NoError(t, err)
				return answer
			}
			call("POST", "/collections/machines", `{"data":{"device_name":"Lathe"}}`)
			got := call("GET", "/collections/machines/all", "")
			assert.Equal(t, want, bytes.Count(got, []byte("Lathe")))
		})
	}
}

// served answers a call of GET /status without a socket. The context is the call's.
func served(ctx context.Context, handler http.Handler) (got *httptest.ResponseRecorder, aborted bool) {
	got = httptest.NewRecorder()
	defer func() {
		if thrown := recover(); thrown != nil {
			if err, ok := thrown.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				panic(thrown)
			}
			aborted = true
		}
	}()
	handler.ServeHTTP(got, httptest.NewRequestWithContext(ctx, http.MethodGet, "/status", nil))
	return got, false
}

func TestDelays(t *testing.T) {
	for _, test := range []struct {
		fault string
		want  time.Duration
	}{
		{"latency", 200 * time.Millisecond}, {"latency:3s", 3 * time.Second}, {"latency-after:2s", 2 * time.Second},
		{"slow-body:100ms", 800 * time.Millisecond}, {"teapot@getStatus", 0},
	} {
		t.Run(test.fault, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				handler, err := fault.Wrap(&aWord{}, "kinabase", test.fault)
				require.NoError(t, err)
				start := time.Now()
				got, aborted := served(t.Context(), handler)
				assert.False(t, aborted)
				assert.Equal(t, test.want, time.Since(start))
				assert.Equal(t, word, got.Body.String())
			})
		})
	}
}

// Whoever gives up is not waited for, and a call that was not begun is not begun.
func TestWaitingEndsWithTheCaller(t *testing.T) {
	for name, calls := range map[string]int{
		"latency:1h": 0, "latency-after:1h": 1, "slow-body:1h": 1, "hang": 0, "hang-after": 1, "stall": 1,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				inner := &aWord{}
				handler, err := fault.Wrap(inner, "kinabase", name)
				require.NoError(t, err)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				start := time.Now()
				_, aborted := served(ctx, handler)
				assert.True(t, aborted)
				assert.Equal(t, time.Second, time.Since(start))
				assert.Equal(t, calls, inner.calls)
			})
		})
	}
}

func TestStallSendsHalf(t *testing.T) {
	handler, err := fault.Wrap(&aWord{}, "kinabase", "stall")
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/status", nil)
	require.NoError(t, err)
	response, err := server.Client().Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	half := make([]byte, len(word)/2)
	_, err = io.ReadFull(response.Body, half)
	require.NoError(t, err)
	assert.Equal(t, word[:len(half)], string(half))
	cancel()
	_, err = response.Body.Read(half)
	require.ErrorIs(t, err, context.Canceled)
}

// A caller who hangs up in the middle of a write is noticed, though nobody reads the
// write's body.
func TestHangingUpEndsAHangingWrite(t *testing.T) {
	handler, err := fault.Wrap(&aWord{}, "kinabase", "hang")
	require.NoError(t, err)
	ended := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	_, err = io.WriteString(conn, "POST /token HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	<-ended
}

// Retry-After as a date is never too early.
func TestRetryAfterDate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(300 * time.Millisecond)
		handler, err := fault.Wrap(&aWord{}, "kinabase", "too-many-requests-date:5")
		require.NoError(t, err)
		got, _ := served(t.Context(), handler)
		at, err := http.ParseTime(got.Header().Get("Retry-After"))
		require.NoError(t, err)
		assert.Equal(t, 5700*time.Millisecond, time.Until(at))
	})
}

// Where there is no connection to break, the handler is aborted.
func TestWithoutAConnection(t *testing.T) {
	for _, name := range []string{"reset", "reset-after", "close", "truncated", "length-long", "length-short"} {
		handler, err := fault.Wrap(&aWord{}, "kinabase", name)
		require.NoError(t, err)
		_, aborted := served(t.Context(), handler)
		assert.True(t, aborted, name)
	}
}

func TestResetOverTLS(t *testing.T) {
	handler, err := fault.Wrap(&aWord{}, "kinabase", "reset")
	require.NoError(t, err)
	server := httptest.NewTLSServer(handler)
	defer server.Close()
	_, err = server.Client().Get(server.URL + "/status")
	require.ErrorIs(t, err, syscall.ECONNRESET)
}

// HTTP/2 has no connection to hand out: its stream is reset instead.
func TestOverHTTP2(t *testing.T) {
	for _, name := range []string{"reset", "truncated", "length-long", "length-short"} {
		handler, err := fault.Wrap(&aWord{}, "kinabase", name)
		require.NoError(t, err)
		server := httptest.NewUnstartedServer(handler)
		server.EnableHTTP2 = true
		server.StartTLS()
		response, err := server.Client().Get(server.URL + "/status")
		if err == nil {
			assert.Equal(t, 2, response.ProtoMajor)
			_, err = io.ReadAll(response.Body)
			response.Body.Close()
		}
		require.Error(t, err, name)
		server.Close()
	}
}

// A call that no fault hits has the connection to itself: it can be sent piece by piece,
// and be taken over.
func TestUntouchedCallsGoThrough(t *testing.T) {
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := w.(http.Flusher); !ok {
			t.Error("no Flusher")
		}
		conn, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _ = buffered.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
		_ = buffered.Flush()
	})
	handler, err := fault.Wrap(inner, "kinabase", "server-error@getStatus#2-", "reset@listCollections", "latency@getStatus:1ms")
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	defer server.Close()
	for _, path := range []string{"/status", "/nothing/that/is/declared"} {
		response, err := server.Client().Get(server.URL + path)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, "hi", string(body))
	}
	response, err := server.Client().Get(server.URL + "/status")
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, http.StatusInternalServerError, response.StatusCode, "the second call")
}

// An answer that comes in chunks still does when a fault changes it.
func TestChunksStayChunks(t *testing.T) {
	box := newSandbox(t, "kinabase")
	server := httptest.NewServer(box.wrap(t, "all-short"))
	defer server.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+kinabase.BasePath+"/collections/machines/all", nil)
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	box.authorize(request)
	response, err := server.Client().Do(request)
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, []string{"chunked"}, response.TransferEncoding)
}

func TestFaultsCompose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handler, err := fault.Wrap(&aWord{}, "kinabase", "unavailable@getStatus#1-2:9", "latency@getStatus#2:1s", "teapot@getStatus#3", "gzip-mislabelled@*#3")
		require.NoError(t, err)
		var statuses []int
		start := time.Now()
		for range 4 {
			got, _ := served(t.Context(), handler)
			statuses = append(statuses, got.Code)
			assert.Equal(t, got.Code == http.StatusTeapot, got.Header().Get("Content-Encoding") == "gzip")
		}
		assert.Equal(t, []int{503, 503, 418, 200}, statuses)
		assert.Equal(t, time.Second, time.Since(start))
	})
}

// Many callers at once are each hit or not, and as often as was said.
func TestConcurrentCalls(t *testing.T) {
	handler, err := fault.Config{Product: "kinabase", Seed: 7, Faults: []string{"teapot@getStatus%50", "status@getStatus#101-:503"}}.Wrap(&aWord{})
	require.NoError(t, err)
	counts := map[int]int{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 25 {
				got, _ := served(context.Background(), handler)
				mu.Lock()
				counts[got.Code]++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	assert.Equal(t, 200, counts[200]+counts[418]+counts[503])
	assert.InDelta(t, 100, counts[418], 40)
	assert.LessOrEqual(t, counts[503], 100)
	assert.NotZero(t, counts[503])
}

func TestSeedDecides(t *testing.T) {
	run := func(seed uint64) (statuses []int) {
		handler, err := fault.Config{Product: "kinabase", Seed: seed, Faults: []string{"server-error@getStatus%50"}}.Wrap(&aWord{})
		require.NoError(t, err)
		for range 40 {
			got, _ := served(t.Context(), handler)
			statuses = append(statuses, got.Code)
		}
		return statuses
	}
	assert.Equal(t, run(1), run(1))
	assert.NotEqual(t, run(1), run(2))
}

// A body that is too large to keep reaches the sandbox whole.
func TestLargeBodiesGoThrough(t *testing.T) {
	const size = 40 << 20
	var got int64
	handler, err := fault.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got, _ = io.Copy(io.Discard, r.Body)
	}), "kinabase", "latency:0s")
	require.NoError(t, err)
	request := httptest.NewRequest("POST", "/token", bufio.NewReader(io.LimitReader(zeros{}, size)))
	handler.ServeHTTP(httptest.NewRecorder(), request)
	assert.EqualValues(t, size, got)
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }
