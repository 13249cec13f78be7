package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/kaikina/kaikina/internal/loopback"
)

// What one client may take from the others. Slow is fine; standing still is not.
const (
	maxConnections = 256
	maxHeaderBytes = 64 << 10

	headerTimeout = 10 * time.Second // to send the whole of a request's header
	idleTimeout   = time.Minute      // between two requests
	bodyStall     = 30 * time.Second // between two pieces of a request's body
	answerStall   = 30 * time.Second // for one piece of an answer to be taken
	answerPiece   = 64 << 10

	// stopGrace is what running calls are left to end in. It leaves some of the two
	// seconds within which everything is to be over.
	stopGrace = 1500 * time.Millisecond
)

// newServer serves a handler with the limits above. It takes the connections of a guarded
// listener. Its complaints are lines on stderr.
func newServer(handler http.Handler, stderr io.Writer) *http.Server {
	return &http.Server{
		Handler:           survivePanics(steadyBodies(handler), stderr),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		// What it logs is about clients that misbehave, and quotes them.
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

// serve answers what comes through a listener, until close.
func (s *service) serve(listener net.Listener) {
	go func() {
		if err := s.server.Serve(guarded(listener)); !errors.Is(err, http.ErrServerClosed) {
			s.broken <- err
		}
	}()
}

// close lets running calls end for a while, and then cuts what still runs.
func (s *service) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopGrace)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		_ = s.server.Close()
	}
	return s.closeFile()
}

// onlyForThisMachine refuses requests under any name that others could give this machine.
// Otherwise a web page could, by letting its own name mean 127.0.0.1 for a moment.
func onlyForThisMachine(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if !loopback.Host(strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))) {
			http.Error(w, "This sandbox answers to localhost and 127.0.0.1 only.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// guarded gives no more connections at a time than maxConnections, and such as cannot be
// held open by not reading. More clients wait until others have gone.
//
// It counts them itself: what others wrap a connection in does not lead back to it, which
// faults need to reset one.
func guarded(listener net.Listener) net.Listener {
	return &guardedListener{Listener: listener, slots: make(chan struct{}, maxConnections), closed: make(chan struct{})}
}

type guardedListener struct {
	net.Listener
	slots   chan struct{} // as many as there are connections
	closed  chan struct{}
	closing sync.Once
}

func (l *guardedListener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	conn, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &steadyConn{Conn: conn, release: sync.OnceFunc(func() { <-l.slots })}, nil
}

func (l *guardedListener) Close() error {
	l.closing.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// steadyConn gives each piece of what it writes time of its own. A deadline for a whole
// answer would cut large ones to slow clients.
type steadyConn struct {
	net.Conn
	release func()
}

// NetConn is the connection as the system has it.
func (c *steadyConn) NetConn() net.Conn { return c.Conn }

func (c *steadyConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

func (c *steadyConn) Write(b []byte) (written int, err error) {
	for {
		if err := c.SetWriteDeadline(time.Now().Add(answerStall)); err != nil {
			return written, err
		}
		piece := b[written:min(len(b), written+answerPiece)]
		n, err := c.Conn.Write(piece)
		written += n
		if err != nil || written == len(b) {
			return written, err
		}
	}
}

// steadyBodies does for bodies of requests what steadyConn does for answers.
func steadyBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		body := &steadyBody{ReadCloser: r.Body, conn: http.NewResponseController(w)}
		// The server goes on with the body that it made itself.
		inner := r.WithContext(r.Context())
		inner.Body = body
		// It reads on when the handler did not, and is to have no more time for that.
		defer body.expect()
		next.ServeHTTP(w, inner)
	})
}

type steadyBody struct {
	io.ReadCloser
	conn *http.ResponseController
	// done says that there is nothing more to come: the body ended or broke off.
	done bool
}

func (b *steadyBody) Read(p []byte) (int, error) {
	b.expect()
	n, err := b.ReadCloser.Read(p)
	b.done = b.done || err != nil
	return n, err
}

// expect gives the client time for something to come. After the end of a body the server
// itself waits for the client to go away, for as long as the answer takes.
func (b *steadyBody) expect() {
	if !b.done {
		_ = b.conn.SetReadDeadline(time.Now().Add(bodyStall))
	}
}

// survivePanics cuts the connection of a call that panics. It says where that was, but not
// what was panicked with: that may be data of the request.
func survivePanics(next http.Handler, stderr io.Writer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			if err, ok := value.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				fmt.Fprintf(stderr, "kaikina: a call of the sandbox ended in a panic (%T) in %s: please report it\n", value, panicked())
			}
			panic(http.ErrAbortHandler)
		}()
		next.ServeHTTP(w, r)
	})
}

// panicked is the function that panicked, and the line. It is for use while recovering.
func panicked() string {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	after := false
	for {
		frame, more := frames.Next()
		inRuntime := strings.HasPrefix(frame.Function, "runtime.")
		if after && !inRuntime {
			return fmt.Sprintf("%s, line %d", frame.Function, frame.Line)
		}
		after = after || frame.Function == "runtime.gopanic"
		if !more {
			return "an unknown function"
		}
	}
}
