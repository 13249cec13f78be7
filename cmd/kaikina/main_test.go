package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/kaikina/kaikina/contract"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kaikina": main, "curl-stand-in": curlStandIn})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// code N command...: the command ends with exactly this exit code.
			"code": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) < 2 {
					ts.Fatalf("usage: code N command...")
				}
				err := ts.Exec(args[1], args[2:]...)
				got := "0"
				if exit, ok := errors.AsType[interface {
					error
					ExitCode() int
				}](err); ok {
					got = string(rune('0' + exit.ExitCode()%10))
					if exit.ExitCode() > 9 {
						ts.Fatalf("exit code %d", exit.ExitCode())
					}
				} else if err != nil {
					ts.Fatalf("%v", err)
				}
				if got != args[0] {
					ts.Fatalf("exit code %s, want %s", got, args[0])
				}
			},
		},
	})
}

// serve starts the sandbox command, and gives what it printed once it serves.
func serve(t *testing.T, ctx context.Context, args ...string) (services []struct {
	API         string
	BaseURL     string
	Reference   string
	Environment map[string]string
	Instead     map[string]string `json:"insteadOfTheKey"`
	IDs         map[string]string
	Try         []try
	Verify      string
}, exit chan int) {
	t.Helper()
	read, write := io.Pipe()
	exit = make(chan int, 1)
	go func() { exit <- run(ctx, append([]string{"sandbox", "--json"}, args...), write, io.Discard) }()
	require.NoError(t, json.NewDecoder(read).Decode(&services))
	go func() { _, _ = io.Copy(io.Discard, read) }()
	return services, exit
}

// A sandbox in one process and verify in another: what a user does with a live server.
func TestVerifyATargetFromTheEnvironment(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	services, exit := serve(t, ctx)
	defer func() { interrupt(); <-exit }()
	for _, service := range services {
		for name, value := range service.Environment {
			t.Setenv(name, value)
		}
	}
	var stdout, stderr bytes.Buffer
	ids := "itemList=" + services[0].IDs["itemList"] + ",collection=purchase-orders"
	args := []string{"verify", "--target", "env", "--id", ids}
	code := run(t.Context(), args, &stdout, &stderr)
	assert.Empty(t, stderr.String())
	assert.Equal(t, exitConforms, code, stdout.String())
	assert.Contains(t, stdout.String(), "createRecord ")
	assert.Contains(t, stdout.String(), "getWidget:\n    needs the id of a Widget: give --id widget=NUMBER")
	assert.NotContains(t, stdout.String(), "That was the sandbox")

	// What cannot be right is no pass, even though the metadata is public.
	for _, wrong := range []struct {
		name, value, id string
		code            int
		want            string
	}{
		{"KAINEXUS_API_KEY", "not-the-key", "", exitNotTested, "nothing was tested"},
		{"KAINEXUS_API_KEY", services[0].Environment["KAINEXUS_API_KEY"], "itemList=1", exitError, "the id itemList=1: listItems answered 403"},
		{"KINABASE_APP_SECRET", "not-the-secret", "", exitError, "check the id and the secret"},
		{"KINABASE_APP_SECRET", services[1].Environment["KINABASE_APP_SECRET"], "collection=nope", exitError, "the id collection=nope: listRecords answered 404"},
		{"KINABASE_BASE_URL", strings.TrimSuffix(services[1].BaseURL, "/api/v1"), "", exitError, "status 404 Not Found: check the base URL"},
	} {
		t.Setenv(wrong.name, wrong.value)
		args := []string{"verify", strings.ToLower(wrong.name[:8]), "--target", "env"}
		if wrong.id != "" {
			args = append(args, "--id", wrong.id)
		}
		stderr.Reset()
		assert.Equal(t, wrong.code, run(t.Context(), args, io.Discard, &stderr), "%v", wrong)
		assert.Contains(t, stderr.String(), wrong.want)
	}
}

func TestAnInterruptEndsVerify(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	assert.Equal(t, exitInterrupted, run(ctx, []string{"verify"}, &stdout, &stderr))
	assert.Contains(t, stderr.String(), "interrupted")
}

// full is a disk with no room.
type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errors.New("no space left on device")
	}
	return len(b), nil
}

func TestAFullDiskIsAnError(t *testing.T) {
	for _, args := range [][]string{
		{"verify", "kinabase"}, {"verify", "kinabase", "--json"}, {"verify", "kinabase", "--fault", "total-missing"},
		{"spec", "list"}, {"spec", "list", "--json"}, {"spec", "print", "kinabase"}, {"spec", "check"}, {"spec", "check", "--json"},
		{"version"}, {"version", "--json"}, {"sandbox"}, {"sandbox", "--json"}, {"sandbox", "--list-faults"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			var stderr bytes.Buffer
			assert.Equal(t, exitError, run(t.Context(), args, &full{room: 10}, &stderr))
			assert.Contains(t, stderr.String(), "no space left on device")
		})
	}
}

func TestProgressIsForTerminals(t *testing.T) {
	var quiet bytes.Buffer
	p := newProgress(&quiet)
	p.call(contract.Call{API: contract.Kinabase, Operation: "getStatus", Status: 200})
	p.clear()
	assert.Empty(t, quiet.String())

	var watched bytes.Buffer
	p = &progress{w: &watched}
	p.call(contract.Call{API: contract.Kinabase, Operation: "getStatus", Status: 200})
	p.clear()
	assert.Equal(t, "\r\x1b[Kkinabase getStatus: 200 (call 1)\r\x1b[K", watched.String())
	assert.False(t, wantsColor(&watched))
}

// What the README shows is what is printed.
func TestREADMEShowsWhatIsPrinted(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	ports := regexp.MustCompile(`127\.0\.0\.1:\d+`)
	print := func(args ...string) string {
		var stdout bytes.Buffer
		run(t.Context(), args, &stdout, io.Discard)
		return ports.ReplaceAllString(stdout.String(), "127.0.0.1:PORT")
	}
	assert.Contains(t, string(readme), "$ make run\n"+print("verify")+"```", "take what make run prints, with PORT for the ports")

	_, finding, found := strings.Cut(print("verify", "kinabase", "--fault", "total-missing"), "\nfinding ")
	require.True(t, found)
	finding, _, _ = strings.Cut(finding, "\n\n")
	assert.Contains(t, string(readme), "\nfinding "+finding+"\n...")
}
