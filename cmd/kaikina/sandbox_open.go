package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"

	emulator "github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/fault"
	"github.com/kaikina/kaikina/sandbox/reference"
	"github.com/kaikina/kaikina/sandbox/sqlite"
)

// service is the sandboxes that are served at one address, and their reference page.
type service struct {
	origin string
	// public says that other machines can reach the address.
	public bool
	boxes  []*sandbox
	server *http.Server
	file   *sqlite.File // nil when the state is in memory
	// loaded says that the file held something already.
	loaded bool
	stderr io.Writer
	// broken tells why it is served no longer, when nobody asked for that.
	broken chan error
}

// openSandboxes serves what the options name at their address.
func openSandboxes(ctx context.Context, o sandboxOptions, stderr io.Writer) (*service, error) {
	perProduct, err := fault.Assign(o.apis, o.faults)
	if err != nil {
		return nil, err
	}
	listener, err := listen(ctx, o.addr)
	if err != nil {
		return nil, err
	}
	s := &service{broken: make(chan error, 1), stderr: stderr}
	s.origin, s.public = originOf(listener.Addr())
	routes, err := s.open(ctx, o, perProduct)
	if err != nil {
		return nil, errors.Join(err, listener.Close(), s.closeFile())
	}
	if !s.public {
		routes = onlyForThisMachine(routes)
	}
	s.server = newServer(routes, stderr)
	s.serve(listener)
	return s, nil
}

// open makes the sandboxes, which know their address, and joins their handlers.
func (s *service) open(ctx context.Context, o sandboxOptions, faults map[string][]string) (http.Handler, error) {
	if err := s.openFile(ctx, o); err != nil {
		return nil, err
	}
	joined := routes{apis: map[string]http.Handler{}}
	var page reference.Config
	for _, name := range o.apis {
		box, handler, err := makers[name](s, o)
		if err == nil && s.loaded {
			err = s.warnUnlessOpen(box, handler)
		}
		if err == nil && len(faults[name]) > 0 {
			handler, err = fault.Config{Product: name, Faults: faults[name], Seed: o.seed}.Wrap(handler)
		}
		if err != nil {
			return nil, err
		}
		s.boxes = append(s.boxes, box)
		joined.apis[name] = handler
		page.APIs = append(page.APIs, reference.API{Name: name, Path: box.path})
	}
	var err error
	joined.page, err = reference.New(page)
	return joined, err
}

// openFile opens the file that keeps the state, if there is to be one.
func (s *service) openFile(ctx context.Context, o sandboxOptions) (err error) {
	if o.data == "" {
		return nil
	}
	if s.file, err = sqlite.Open(ctx, o.data); err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	empty, err := s.file.Empty(ctx)
	if s.loaded = err == nil && !empty; s.loaded {
		fmt.Fprintf(s.stderr, "kaikina: going on with the sandbox in %s, for which --items and --seed change nothing\n", o.data)
	}
	return err
}

// warnUnlessOpen says where what is printed does not open what the file held.
func (s *service) warnUnlessOpen(box *sandbox, handler http.Handler) error {
	response, err := emulator.NewDoer(handler).Do(box.proof)
	if err != nil {
		return err
	}
	if response.StatusCode == http.StatusUnauthorized {
		fmt.Fprintf(s.stderr, "kaikina: warning: the credentials printed for %s were changed or deleted in the file, and open nothing; docs/sandbox-admin.md tells how to make others\n", box.name)
	}
	return response.Body.Close()
}

// storage is the part of the file that belongs to a product. What goes wrong with it is
// said here, since an answer does not tell callers about files.
func (s *service) storage(product string) emulator.Storage {
	return emulator.ReportFailures(s.file.Storage(product), func(err error) {
		fmt.Fprintln(s.stderr, "kaikina: a change could not be stored:", err)
	})
}

func (s *service) closeFile() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}

// listen opens the port. What is wrong with an address is said in the words of --addr.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %s: want host:port, as in 127.0.0.1:8080", addr)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return nil, fmt.Errorf("--addr %s: want a port from 0 to 65535", addr)
	}
	// Other programs mean every address by this. Here that has to be said.
	if host == "" {
		return nil, fmt.Errorf("--addr %s: name the host: 127.0.0.1%s for this machine only, or 0.0.0.0%s to let other machines in", addr, addr, addr)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("--addr %s: another program has that port; choose another, or port 0 for any that is free", addr)
	case err != nil:
		return nil, fmt.Errorf("--addr %s: %w", addr, err)
	}
	return listener, nil
}

// originOf is the URL under which this machine reaches an address, and whether others can.
func originOf(addr net.Addr) (origin string, public bool) {
	at, ok := addr.(*net.TCPAddr)
	if !ok {
		return "http://" + addr.String(), true
	}
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		// All of the addresses: ours is one of them.
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(at.Port)), !at.IP.IsLoopback()
}

// routes send each request to what its path belongs to.
type routes struct {
	page http.Handler
	apis map[string]http.Handler
}

func (r routes) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	// Not a ServeMux, which would redirect paths that are not clean. What an API answers
	// to them is the API's to say.
	path := request.URL.EscapedPath()
	to := r.apis["kainexus"]
	if box := r.apis["kinabase"]; to == nil || (box != nil && (below(path, "/api/v1") || below(path, "/sandbox/kinabase"))) {
		to = box
	}
	if path == "/" || below(path, "/reference") {
		to = r.page
	}
	to.ServeHTTP(w, request)
}

// below tells whether a path is that of a folder, or of something in it.
func below(path, folder string) bool {
	rest, ok := strings.CutPrefix(path, folder)
	return ok && (rest == "" || rest[0] == '/')
}
