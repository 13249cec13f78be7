package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func fetch(t *testing.T, url string) (status int, body string) {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

func TestSandboxServesUntilInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	services, exit := serve(t, ctx)
	require.Len(t, services, 2)
	assert.Equal(t, services[0].BaseURL+"/api/v1", services[1].BaseURL, "both are at one address")
	for _, service := range services {
		assert.Equal(t, services[0].BaseURL+"/", service.Reference)
		status, body := fetch(t, service.Reference)
		assert.Equal(t, http.StatusOK, status)
		assert.Contains(t, body, "<title>Sandbox reference</title>")
	}
	interrupt()
	assert.Equal(t, exitConforms, <-exit, "being interrupted is how it is meant to end")
	_, err := http.Get(services[0].BaseURL + "/")
	require.Error(t, err, "nothing listens any more")
}

// The process itself, with the signals that shells and containers send.
func TestSandboxEndsWithASignal(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "kaikina", "sandbox", "--json")
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			stdout, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			var list []any
			require.NoError(t, json.NewDecoder(stdout).Decode(&list), "it serves")
			require.NoError(t, cmd.Process.Signal(signal))
			_, _ = io.Copy(io.Discard, stdout)
			require.NoError(t, cmd.Wait(), "exit code 0")
			assert.Equal(t, "kaikina: stopping\n", stderr.String())
		})
	}
}

func TestPathsBelongToOneProduct(t *testing.T) {
	named := func(name string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, name) })
	}
	all := routes{named("page"), map[string]http.Handler{"kainexus": named("kainexus"), "kinabase": named("kinabase")}}
	one := func(name string) routes {
		return routes{named("page"), map[string]http.Handler{name: named(name)}}
	}
	for _, test := range []struct {
		name   string
		routes routes
		paths  string
		want   string
	}{
		{"page", all, "/ /reference /reference/ /reference/kainexus.json", "page"},
		{"KaiNexus", all, "/api/public/v1/json/itemList /oauth2/token /.well-known/oauth-authorization-server /sandbox/kainexus/reset", "kainexus"},
		{"Kinabase", all, "/api/v1 /api/v1/ /api/v1/token /sandbox/kinabase /sandbox/kinabase/reset", "kinabase"},
		{"nothing that is known", all, "/nothing /api/v10/token /api /references /sandbox/kinabases //api/v1/token /api%2Fv1/token //", "kainexus"},
		{"Kinabase alone", one("kinabase"), "/api/v1/token /nothing /api/public/v1/json/itemList /sandbox/kainexus/reset", "kinabase"},
		{"page of Kinabase alone", one("kinabase"), "/ /reference/kinabase.json", "page"},
		{"KaiNexus alone", one("kainexus"), "/api/v1/token /sandbox/kinabase/reset /api/public/v1/json/itemList", "kainexus"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for path := range strings.FieldsSeq(test.paths) {
				w := httptest.NewRecorder()
				r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1"+path, nil)
				test.routes.ServeHTTP(w, r)
				assert.Equal(t, test.want, w.Body.String(), path)
			}
		})
	}
}

func TestOnlyTheNamedProductIsServed(t *testing.T) {
	for name, other := range map[string]string{"kainexus": "kinabase", "kinabase": "kainexus"} {
		t.Run(name, func(t *testing.T) {
			ctx, interrupt := context.WithCancel(t.Context())
			services, exit := serve(t, ctx, "--api", name, "--api", name)
			defer func() { interrupt(); <-exit }()
			require.Len(t, services, 1)
			assert.Equal(t, name, services[0].API)
			_, page := fetch(t, services[0].Reference)
			assert.Contains(t, page, name+".json")
			assert.NotContains(t, page, other+".json")
			status, _ := fetch(t, services[0].Reference+"reference/"+other+".json")
			assert.Equal(t, http.StatusNotFound, status)
			status, body := fetch(t, services[0].Reference+"nothing")
			assert.Equal(t, http.StatusNotFound, status)
			assert.True(t, json.Valid([]byte(body)), "in the words of the product: %s", body)
		})
	}
}

func TestATakenPort(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	var stderr bytes.Buffer
	addr := listener.Addr().String()
	assert.Equal(t, exitError, run(t.Context(), []string{"sandbox", "--addr", addr}, io.Discard, &stderr))
	assert.Equal(t, "kaikina: --addr "+addr+": another program has that port; choose another, or port 0 for any that is free\n", stderr.String())
}

func TestOtherMachinesAreLetInWithAWarning(t *testing.T) {
	for addr, want := range map[string]string{
		"0.0.0.0:0":   "kaikina: warning: other machines can reach this sandbox, and its credentials are well known",
		"127.0.0.1:0": "",
		"localhost:0": "",
	} {
		t.Run(addr, func(t *testing.T) {
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			var stderr bytes.Buffer
			stdout := &watcher{until: "Press Ctrl-C to stop.\n", then: interrupt}
			require.Equal(t, exitConforms, run(ctx, []string{"sandbox", "--addr", addr}, stdout, &stderr))
			said, _, _ := strings.Cut(stderr.String(), "kaikina: stopping")
			if want == "" {
				assert.Empty(t, said)
			} else {
				assert.Contains(t, said, want)
			}
			assert.Regexp(t, `(?m)^reference page at http://(127\.0\.0\.1|\[::1\]):\d+/$`, string(stdout.text), "this machine can follow it")
		})
	}
}

func TestOrigins(t *testing.T) {
	for addr, want := range map[string]struct {
		origin string
		public bool
	}{
		"127.0.0.1:80": {"http://127.0.0.1:80", false},
		"[::1]:80":     {"http://[::1]:80", false},
		"[::]:80":      {"http://127.0.0.1:80", true},
		"0.0.0.0:80":   {"http://127.0.0.1:80", true},
		"192.0.2.7:80": {"http://192.0.2.7:80", true},
	} {
		at, err := net.ResolveTCPAddr("tcp", addr)
		require.NoError(t, err)
		origin, public := originOf(at)
		assert.Equal(t, want.origin, origin)
		assert.Equal(t, want.public, public, addr)
	}
}

// A listener that breaks ends the command, which would serve nothing for ever otherwise.
func TestABrokenListenerEndsTheCommand(t *testing.T) {
	w := newWire()
	s := &service{server: newServer(hello, io.Discard), broken: make(chan error, 1)}
	s.serve(w)
	require.NoError(t, w.Close())
	require.ErrorIs(t, <-s.broken, net.ErrClosed)
	require.NoError(t, s.close())
}

// watcher calls back once it has been told a text.
type watcher struct {
	text  []byte
	until string
	then  func()
}

func (w *watcher) Write(b []byte) (int, error) {
	w.text = append(w.text, b...)
	if bytes.Contains(w.text, []byte(w.until)) {
		w.then()
	}
	return len(b), nil
}

func TestSandboxSaysHowToTryIt(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	stdout := &watcher{until: "Press Ctrl-C to stop.\n", then: interrupt}
	require.Equal(t, exitConforms, run(ctx, []string{"sandbox"}, stdout, io.Discard))
	for _, want := range []string{
		`(?m)^reference page at (http://127\.0\.0\.1:\d+)/$`,
		`(?m)^kainexus sandbox at (http://127\.0\.0\.1:\d+)$`,
		`(?m)^  export KAINEXUS_API_KEY=\S+$`,
		`(?m)^  export KAINEXUS_CLIENT_SECRET=\S+$`,
		`(?m)^  export KINABASE_BASE_URL=http://127\.0\.0\.1:\d+/api/v1$`,
		`(?m)^    kaikina verify kinabase --target env --id collection=purchase-orders$`,
	} {
		assert.Regexp(t, want, string(stdout.text))
	}
}

// Every printed line of curl works in a shell, in the order in which it is printed. They
// are tried with curl where there is one, and everywhere with a stand-in for it.
func TestPrintedCurlLinesWork(t *testing.T) {
	printed := make(chan string, 1)
	ctx, interrupt := context.WithCancel(t.Context())
	stdout := &watcher{until: "Press Ctrl-C to stop.\n"}
	stdout.then = func() { printed <- string(stdout.text) }
	exit := make(chan int, 1)
	go func() { exit <- run(ctx, []string{"sandbox"}, stdout, io.Discard) }()
	defer func() { interrupt(); <-exit }()

	var lines []string
	for _, found := range regexp.MustCompile(`(?m)^    (.*\bcurl .*)$`).FindAllStringSubmatch(<-printed, -1) {
		lines = append(lines, found[1])
	}
	require.Len(t, lines, 8)

	curls := map[string]string{"stand-in": `curl() { curl-stand-in "$@"; }`}
	if _, err := exec.LookPath("curl"); err == nil {
		curls["curl"] = ":"
	}
	for name, define := range curls {
		t.Run(name, func(t *testing.T) {
			script := define + "\n"
			for i, line := range lines {
				script += fmt.Sprintf("echo; echo '== %d'\n%s\n", i, line)
			}
			cmd := exec.CommandContext(t.Context(), "sh", "-eu")
			cmd.Stdin = strings.NewReader(script)
			// A proxy of this machine's has nothing to do with it.
			cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			require.NoError(t, err, stderr.String())
			require.Empty(t, stderr.String())
			outputs := regexp.MustCompile(`(?m)^== \d$`).Split(string(out), -1)[1:]
			require.Len(t, outputs, len(lines))
			for i, want := range []string{
				`"totalCount":40,.*"items":\s*\[`, `^\s*$`, `"totalCount":40,.*"items":\s*\[`, `"totalCount":25,.*"items":\s*\[`,
				`^\s*$`, `"records":\s*\[.*"totalRecords":25`, `"records":\s*\[.*"totalRecords":25`, `(?s)^\s*HTTP/1.1 400 .*Supplier`,
			} {
				assert.Regexp(t, want, outputs[i], lines[i])
			}
		})
	}
}

// What is printed as JSON is what is printed as text.
func TestSandboxSaysTheSameAsJSON(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	services, exit := serve(t, ctx)
	defer func() { interrupt(); <-exit }()
	for _, service := range services {
		require.GreaterOrEqual(t, len(service.Try), 3, service.API)
		assert.Contains(t, service.Verify, "kaikina verify "+service.API+" --target env --id ")
		for _, try := range service.Try {
			assert.Contains(t, try.Line, "curl -sS ")
			assert.NotEmpty(t, try.Shows)
			assert.Contains(t, try.Line, service.BaseURL)
		}
	}
}

// curlStandIn does what curl does with the options that the sandbox prints.
func curlStandIn() {
	if err := standInForCurl(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "curl-stand-in:", err)
		os.Exit(1)
	}
}

// headers are given with -H, as often as there are any.
type headers []string

func (h *headers) String() string          { return strings.Join(*h, ", ") }
func (h *headers) Set(header string) error { *h = append(*h, header); return nil }

func standInForCurl(args []string, stdout io.Writer) error {
	options := flag.NewFlagSet("curl", flag.ContinueOnError)
	options.Bool("sS", false, "say nothing but errors")
	include := options.Bool("i", false, "print the header of the answer")
	user := options.String("u", "", "user:password")
	data := options.String("d", "", "body")
	var header headers
	options.Var(&header, "H", "name: value")
	if err := options.Parse(args); err != nil {
		return err
	}
	if options.NArg() != 1 {
		return errors.New("want one URL, after the options")
	}
	method := http.MethodGet
	if *data != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequest(method, options.Arg(0), strings.NewReader(*data))
	if err != nil {
		return err
	}
	if *data != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, h := range header {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Set(name, value)
	}
	if name, password, ok := strings.Cut(*user, ":"); ok {
		request.SetBasicAuth(name, password)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if *include {
		fmt.Fprintf(stdout, "%s %s\r\n", response.Proto, response.Status)
		if err := response.Header.Write(stdout); err != nil {
			return err
		}
		fmt.Fprint(stdout, "\r\n")
	}
	_, err = io.Copy(stdout, response.Body)
	return err
}
