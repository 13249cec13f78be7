package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wire is a network without a machine: a connection has no buffers, and time on it is the
// test's. It ends with every goroutine of the server gone, or synctest fails the test.
type wire struct {
	waiting chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func newWire() *wire { return &wire{waiting: make(chan net.Conn, 1000), closed: make(chan struct{})} }

func (w *wire) Accept() (net.Conn, error) {
	select {
	case conn := <-w.waiting:
		return conn, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}

func (w *wire) Addr() net.Addr { return &net.TCPAddr{} }

func (w *wire) dial() net.Conn {
	here, there := net.Pipe()
	w.waiting <- there
	return here
}

// serveOn serves a handler on a wire.
func serveOn(w *wire, handler http.Handler, stderr io.Writer) *service {
	s := &service{server: newServer(handler, stderr), broken: make(chan error, 1)}
	s.serve(w)
	return s
}

var hello = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })

// greet makes one call on a connection of its own and gives what was answered.
func greet(w *wire) (string, error) {
	conn := w.dial()
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\n\r\n"); err != nil {
		return "", err
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(response.Body)
	return string(body), err
}

// inBubble counts the goroutines of the test that is running, and of its server.
func inBubble() int {
	stacks := make([]byte, 8<<20)
	return strings.Count(string(stacks[:runtime.Stack(stacks, true)]), "synctest bubble ")
}

// Clients that dribble their header take every connection there is. Others wait, but not
// for longer than a header may take.
func TestHalfOpenConnectionsAreDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := serveOn(w, hello, io.Discard)
		synctest.Wait()
		before := inBubble()
		require.Positive(t, before)
		var dropped sync.WaitGroup
		for range maxConnections {
			conn := w.dial()
			dropped.Go(func() {
				defer conn.Close()
				_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\nX-Slow: ")
				for err == nil {
					time.Sleep(time.Second)
					_, err = io.WriteString(conn, "a")
				}
			})
		}
		synctest.Wait()
		require.Greater(t, inBubble(), before+maxConnections)
		start := time.Now()
		body, err := greet(w)
		require.NoError(t, err)
		assert.Equal(t, "hello", body)
		assert.Equal(t, headerTimeout, time.Since(start))
		dropped.Wait()
		synctest.Wait()
		assert.Equal(t, before, inBubble(), "nothing is left of them")
		require.NoError(t, s.close())
	})
}

func TestAFewHalfOpenConnectionsHinderNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := serveOn(w, hello, io.Discard)
		for range maxConnections - 1 {
			conn := w.dial()
			defer conn.Close()
			_, err := io.WriteString(conn, "GET / HTTP/1.1\r\n")
			require.NoError(t, err)
		}
		start := time.Now()
		_, err := greet(w)
		require.NoError(t, err)
		assert.Zero(t, time.Since(start))
		require.NoError(t, s.close())
	})
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := serveOn(w, hello, io.Discard)
		conn := w.dial()
		defer conn.Close()
		_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\n\r\n")
		require.NoError(t, err)
		start := time.Now()
		_, err = io.ReadAll(conn)
		require.NoError(t, err)
		assert.Equal(t, idleTimeout, time.Since(start))
		require.NoError(t, s.close())
	})
}

func TestAHugeHeaderIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := serveOn(w, hello, io.Discard)
		conn := w.dial()
		defer conn.Close()
		go func() {
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\nX-Huge: "+strings.Repeat("a", 2*maxHeaderBytes)+"\r\n\r\n")
		}()
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		assert.Equal(t, http.StatusRequestHeaderFieldsTooLarge, response.StatusCode)
		conn.Close()
		require.NoError(t, s.close())
	})
}

// send writes a request whose body comes in pieces, with a pause before each.
func send(conn net.Conn, pieces int, pause time.Duration, announced int) {
	_, err := fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: %d\r\n\r\n", announced)
	for range pieces {
		if err != nil {
			return
		}
		time.Sleep(pause)
		_, err = io.WriteString(conn, "a")
	}
}

func TestBodies(t *testing.T) {
	for name, test := range map[string]struct {
		pieces, announced int
		pause             time.Duration
		read              bool
		want              error
		after             time.Duration
	}{
		"steady, though slow":       {20, 20, bodyStall - time.Second, true, nil, 20 * (bodyStall - time.Second)},
		"stalled":                   {3, 20, time.Second, true, os.ErrDeadlineExceeded, 3*time.Second + bodyStall},
		"never begun":               {0, 20, 0, true, os.ErrDeadlineExceeded, bodyStall},
		"stalled, and nobody reads": {3, 20, time.Second, false, nil, bodyStall},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got error
				w := newWire()
				s := serveOn(w, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
					if test.read {
						_, got = io.Copy(io.Discard, r.Body)
					}
				}), io.Discard)
				conn := w.dial()
				defer conn.Close()
				go send(conn, test.pieces, test.pause, test.announced)
				start := time.Now()
				response, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if test.want != nil || !test.read {
					// Of a request that was not read to its end, the connection is worth nothing.
					_, _ = io.Copy(io.Discard, conn)
				} else {
					require.NoError(t, err)
					assert.Equal(t, http.StatusOK, response.StatusCode)
				}
				assert.Equal(t, test.after, time.Since(start))
				require.ErrorIs(t, got, test.want)
				conn.Close()
				require.NoError(t, s.close())
			})
		})
	}
}

// The deadline is for the body. The answer to it may take longer.
func TestALongAnswerToABody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s := serveOn(w, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, err := r.Body.Read(make([]byte, 1))
			assert.Equal(t, io.EOF, err)
			select {
			case <-time.After(10 * bodyStall):
				fmt.Fprint(w, "hello")
			case <-r.Context().Done():
				fmt.Fprint(w, "cancelled")
			}
		}), io.Discard)
		conn := w.dial()
		go send(conn, 20, time.Second, 20)
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Equal(t, "hello", string(body))
		conn.Close()
		require.NoError(t, s.close())
	})
}

func TestAnswersThatAreNotRead(t *testing.T) {
	for name, test := range map[string]struct {
		pause time.Duration // before each piece of 16 KiB; 0 is for ever
		want  error
	}{
		"never":               {0, os.ErrDeadlineExceeded},
		"steadily, but slow":  {7 * time.Second, nil},
		"too slow by a whole": {8 * time.Second, os.ErrDeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answer := bytes.Repeat([]byte("a"), 20*answerPiece)
				var failed error
				var took time.Duration
				w := newWire()
				s := serveOn(w, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Length", fmt.Sprint(len(answer)))
					start := time.Now()
					_, failed = w.Write(answer)
					took = time.Since(start)
				}), io.Discard)
				conn := w.dial()
				defer conn.Close()
				_, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: test\r\n\r\n")
				require.NoError(t, err)
				if test.pause == 0 {
					time.Sleep(time.Hour)
				} else {
					for buffer := make([]byte, 16<<10); err == nil; {
						time.Sleep(test.pause)
						if _, err = io.ReadFull(conn, buffer); test.want == nil && errors.Is(err, io.ErrUnexpectedEOF) {
							break
						}
					}
				}
				synctest.Wait()
				require.ErrorIs(t, failed, test.want)
				if test.want == nil {
					assert.Greater(t, took, 10*answerStall, "a deadline for all of it would have cut it")
				} else {
					assert.LessOrEqual(t, took, 2*answerStall)
				}
				conn.Close()
				require.NoError(t, s.close())
			})
		})
	}
}

func TestPanicsEndOneCall(t *testing.T) {
	for name, test := range map[string]struct {
		panics func(*http.Request)
		says   string
	}{
		"with a text": {func(r *http.Request) { panic(r.URL.Query().Get("key")) }, "(string) in github.com/kaikina/kaikina/cmd/kaikina.TestPanicsEndOneCall"},
		"of the runtime": {func(r *http.Request) {
			_ = map[string][]int{}[r.URL.Query().Get("key")][1]
		}, "(runtime.boundsError) in github.com/kaikina/kaikina/cmd/kaikina.TestPanicsEndOneCall"},
		"with nil":     {func(*http.Request) { panic(nil) }, "(*runtime.PanicNilError) in"},
		"on purpose":   {func(*http.Request) { panic(http.ErrAbortHandler) }, ""},
		"after a byte": {nil, "(string) in"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var stderr bytes.Buffer
				w := newWire()
				s := serveOn(w, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					switch {
					case r.URL.RawQuery == "":
						hello(w, r)
					case test.panics == nil:
						fmt.Fprint(w, "half of an answer")
						panic("hunter2")
					default:
						test.panics(r)
					}
				}), &stderr)
				conn := w.dial()
				defer conn.Close()
				_, err := io.WriteString(conn, "GET /?key=hunter2 HTTP/1.1\r\nHost: test\r\n\r\n")
				require.NoError(t, err)
				_, err = http.ReadResponse(bufio.NewReader(conn), nil)
				require.ErrorIs(t, err, io.ErrUnexpectedEOF, "nothing is answered rather than half of something")

				body, err := greet(w)
				require.NoError(t, err)
				assert.Equal(t, "hello", body)
				require.NoError(t, s.close())
				if test.says == "" {
					assert.Empty(t, stderr.String())
					return
				}
				assert.Contains(t, stderr.String(), "kaikina: a call of the sandbox ended in a panic "+test.says)
				assert.NotContains(t, stderr.String(), "hunter2")
				assert.Equal(t, 1, strings.Count(stderr.String(), "\n"), "no stack trace")
			})
		})
	}
}

func TestStopping(t *testing.T) {
	for name, test := range map[string]struct {
		takes time.Duration
		want  string
		in    time.Duration
	}{
		"a call that ends":        {time.Second, "hello", 2 * time.Second},
		"a call that does not":    {time.Hour, "", 2 * time.Second},
		"nothing is being called": {0, "", time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWire()
				s := serveOn(w, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					select {
					case <-time.After(test.takes):
						hello(w, r)
					case <-r.Context().Done():
					}
				}), io.Discard)
				var called sync.WaitGroup
				if test.takes > 0 {
					called.Go(func() {
						body, err := greet(w)
						assert.Equal(t, test.want, body)
						assert.Equal(t, test.want == "", err != nil)
					})
				}
				synctest.Wait()
				start := time.Now()
				require.NoError(t, s.close())
				assert.Less(t, time.Since(start), test.in)
				called.Wait()
			})
		})
	}
}
