package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The page is what its sources make of it. No toolchain is needed to tell.
func TestThePageIsUpToDate(t *testing.T) {
	root := filepath.Join("..", "..")
	programs, err := discover(root)
	require.NoError(t, err)
	want, err := render(t.Context(), root, programs)
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join(root, pageFile))
	require.NoError(t, err)
	assert.Equal(t, want, string(got), "%s is stale: run go run ./internal/langs -page", pageFile)
}

// fakeRun is a run script whose steps a test can replace.
type fakeRun struct{ check, version, build, run string }

// script has steps that do well where none is given.
func (f fakeRun) script() string {
	steps := []string{f.check, f.version, f.build, f.run}
	for i, well := range []string{
		":", "echo fake 1.2.3",
		`mkdir -p generated && echo "class Name: pass" >generated/client.py && [ -f "$KAIKINA_SPECS/kinabase.yaml" ]`,
		`echo '{"id": 7, "price": 1.50}'`,
	} {
		if steps[i] == "" {
			steps[i] = well
		}
	}
	return fmt.Sprintf("#!/bin/sh\nset -eu\ncd \"$(dirname \"$0\")\"\ncase $1 in\ncheck) %s ;;\nversion) %s ;;\nbuild) %s ;;\nrun) %s ;;\nesac\n",
		steps[0], steps[1], steps[2], steps[3])
}

// fullyMarked is a program in Python with a marker for each construct.
func fullyMarked() string {
	var b strings.Builder
	for _, c := range constructs {
		fmt.Fprintf(&b, "# works(%s): Name\n", c.id)
	}
	return b.String() + "print(Name)\n"
}

// fakeModule is a module with programs, what they are expected to print, and a sandbox that
// notes when it starts and stops.
type fakeModule struct {
	root string
	log  string
}

func newFakeModule(t *testing.T, runs map[string]fakeRun) fakeModule {
	t.Helper()
	m := fakeModule{root: t.TempDir()}
	m.log = filepath.Join(m.root, "sandbox.log")
	m.write(t, "api/kinabase.yaml", "openapi: 3.0.3\n")
	m.write(t, expectedFile, `{"id": 7, "price": 1.5}`)
	m.write(t, "docs/.keep", "")
	for name, run := range runs {
		m.write(t, "langs/"+name+"/main.py", fullyMarked())
		m.write(t, "langs/"+name+"/run", run.script())
		require.NoError(t, os.Chmod(filepath.Join(m.root, "langs", name, "run"), 0o755))
	}
	return m
}

func (m fakeModule) write(t *testing.T, name, text string) {
	t.Helper()
	name = filepath.Join(m.root, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
}

// start gives sandboxes that serve nothing, but say that they do.
func (m fakeModule) start(context.Context, string) (*sandboxes, error) {
	const serve = `trap 'echo stopped >>"$0"; exit 0' INT
echo started >>"$0"
echo '[{"environment": {"KAINEXUS_API_KEY": "of the sandbox"}, "insteadOfTheKey": {"KAINEXUS_CLIENT_ID": "client"}},
       {"environment": {"KINABASE_APP_ID": "app"}}]'
while :; do sleep 0.05; done`
	return &sandboxes{command: []string{"sh", "-c", serve, m.log}}, nil
}

// langs runs the command in the module.
func (m fakeModule) langs(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, complaints bytes.Buffer
	code = run(t.Context(), m.root, args, m.start, &out, &complaints)
	return code, out.String(), complaints.String()
}

func (m fakeModule) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(m.root, name))
	require.NoError(t, err)
	return string(text)
}

func TestAllDoWell(t *testing.T) {
	m := newFakeModule(t, map[string]fakeRun{"b/two": {}, "a/one": {}})
	code, stdout, stderr := m.langs(t)
	assert.Empty(t, stderr)
	assert.Equal(t, 0, code)
	assert.Regexp(t, `^a/one: generated, compiled, and says the same .*\nb/two: `, stdout)
	assert.Equal(t, "started\nstopped\nstarted\nstopped\n", m.read(t, "sandbox.log"), "each has a sandbox of its own")
	page := m.read(t, pageFile)
	assert.Contains(t, page, "| a | [fake](#a-one) | 1.2.3 |")
	assert.Contains(t, page, "| the API key, as HTTP Basic | works | works |")
	assert.Contains(t, page, `{"id": 7, "price": 1.5}`)
}

func TestWhatGoesWrong(t *testing.T) {
	for name, broken := range map[string]struct {
		fakeRun
		code int
		says []string
	}{
		"a toolchain is missing": {fakeRun{check: "echo 'cobol is missing: 85 or later' >&2; exit 3"}, exitMissing,
			[]string{"broken/it: not tried: cobol is missing: 85 or later", "1 of 2 were not tried: broken/it"}},
		"a check that tells nothing": {fakeRun{check: "exit 3"}, exitFailed, []string{"want one line that names what is missing"}},
		"a check that fails":         {fakeRun{check: "exit 1"}, exitFailed, []string{"broken/it: run check: exit status 1"}},
		"a build that fails":         {fakeRun{build: "echo 'line 3: no' >&2; exit 1"}, exitFailed, []string{"run build: exit status 1\nline 3: no", "1 of 2 failed: broken/it"}},
		"a client without the name": {fakeRun{build: "mkdir -p generated; echo 'class Names: pass' >generated/client.py"}, exitFailed,
			[]string{"langs/broken/it/main.py:1: Name is not in the generated client"}},
		"nothing generated":         {fakeRun{build: "rm -rf generated"}, exitFailed, []string{"broken/it: the generated sources"}},
		"a program that fails":      {fakeRun{run: "echo 'status 500' >&2; exit 1"}, exitFailed, []string{"run run: exit status 1\nstatus 500"}},
		"another document":          {fakeRun{run: `echo '{"id": 8, "more": true}'`}, exitFailed, []string{`"/id" is 8, want 7`, `"/more" is true, want nothing there`, `"/price" is missing, want 1.5`}},
		"chatter besides":           {fakeRun{run: `echo '{"id": 7, "price": 1.5}'; echo done`}, exitFailed, []string{"something behind the JSON document"}},
		"no document":               {fakeRun{run: ":"}, exitFailed, []string{"no JSON document"}},
		"a version that is no pair": {fakeRun{version: "echo 7"}, exitFailed, []string{"want one line NAME VERSION"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newFakeModule(t, map[string]fakeRun{"broken/it": broken.fakeRun, "well/done": {}})
			code, stdout, stderr := m.langs(t)
			assert.Equal(t, broken.code, code)
			for _, says := range broken.says {
				assert.Contains(t, stderr, says)
			}
			assert.Contains(t, stdout, "well/done: generated", "the others are tried all the same")
			assert.NoFileExists(t, filepath.Join(m.root, pageFile), "the page tells of nothing that was not seen")
		})
	}
}

func TestSomeAreNamed(t *testing.T) {
	m := newFakeModule(t, map[string]fakeRun{"a/one": {}, "a/two": {}, "b/three": {check: "exit 1"}})
	code, stdout, _ := m.langs(t, "a")
	assert.Equal(t, 0, code)
	assert.Equal(t, 2, strings.Count(stdout, "\n"))
	assert.NoFileExists(t, filepath.Join(m.root, pageFile), "the page is about all of them")

	code, stdout, _ = m.langs(t, "a/two", "a/two")
	assert.Equal(t, 0, code)
	assert.Regexp(t, `^a/two: .*\n$`, stdout)

	code, _, stderr := m.langs(t, "c")
	assert.Equal(t, exitUsage, code)
	assert.Equal(t, "langs: there is no language or program \"c\"; there are a/one, a/two, b/three\n", stderr)
}

func TestOnlyThePage(t *testing.T) {
	m := newFakeModule(t, map[string]fakeRun{"a/one": {check: "exit 3", build: "exit 1"}})
	code, _, stderr := m.langs(t, "-page")
	assert.Equal(t, 0, code, stderr)
	assert.Contains(t, m.read(t, pageFile), "| a | [fake](#a-one) | 1.2.3 |")
	assert.NoFileExists(t, m.log)
}

func TestExpect(t *testing.T) {
	m := newFakeModule(t, map[string]fakeRun{twin: {run: `echo '{"b": 1.50, "a": "<"}'`}, "a/one": {check: "exit 1"}})
	m.write(t, "gen/client.go", "type Name int\n") // the client of the Go program
	code, _, stderr := m.langs(t, twin)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, stderr, "If that is meant: go run ./internal/langs -expect")

	code, _, stderr = m.langs(t, "-expect")
	assert.Equal(t, 0, code, stderr)
	assert.Equal(t, "{\n  \"a\": \"<\",\n  \"b\": 1.50\n}\n", m.read(t, expectedFile))
	assert.Contains(t, m.read(t, pageFile), `"b": 1.50`)

	code, _, _ = m.langs(t, "-expect", "a")
	assert.Equal(t, exitUsage, code)
}

// No credential of a real account gets to a program.
func TestCredentialsAreTheSandboxes(t *testing.T) {
	t.Setenv("KAINEXUS_API_KEY", "of the vendor")
	t.Setenv("KINABASE_APP_SECRET_FILE", "/of/the/vendor")
	m := newFakeModule(t, map[string]fakeRun{"a/one": {run: `env | grep -E '^(KAINEXUS|KINABASE)' | sort >seen; echo '{"id": 7, "price": 1.5}'`}})
	code, _, stderr := m.langs(t)
	require.Equal(t, 0, code, stderr)
	assert.Equal(t, "KAINEXUS_API_KEY=of the sandbox\nKAINEXUS_CLIENT_ID=client\nKINABASE_APP_ID=app\n", m.read(t, "langs/a/one/seen"))
}

func TestSandboxesThatFail(t *testing.T) {
	for name, test := range map[string]struct {
		serve string
		says  []string
	}{
		"one that does not start":  {"echo 'no port' >&2; exit 1", []string{"the sandbox did not tell its address", "exit status 1\nno port"}},
		"one that ends in between": {"trap '' INT; echo '[]'; echo 'too much' >&2; exit 1", []string{"the sandbox ended: exit status 1\ntoo much"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := newFakeModule(t, map[string]fakeRun{"a/one": {}})
			var out, complaints bytes.Buffer
			code := run(t.Context(), m.root, nil, func(context.Context, string) (*sandboxes, error) {
				return &sandboxes{command: []string{"sh", "-c", test.serve}}, nil
			}, &out, &complaints)
			assert.Equal(t, exitFailed, code)
			for _, says := range test.says {
				assert.Contains(t, complaints.String(), says)
			}
		})
	}
}

func TestNoProgramAtAll(t *testing.T) {
	m := fakeModule{root: t.TempDir()}
	code, _, stderr := m.langs(t)
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, stderr, "run this where go.mod is")
}

// Interrupting ends the program and its sandbox.
func TestInterrupted(t *testing.T) {
	m := newFakeModule(t, map[string]fakeRun{"a/one": {run: "touch running; exec sleep 60"}})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for range time.Tick(10 * time.Millisecond) {
			if _, err := os.Stat(filepath.Join(m.root, "langs/a/one/running")); err == nil {
				cancel()
				return
			}
		}
	}()
	var out, complaints bytes.Buffer
	code := run(ctx, m.root, nil, m.start, &out, &complaints)
	assert.Equal(t, exitFailed, code)
	assert.Equal(t, "langs: interrupted\n", complaints.String())
	assert.Equal(t, "started\nstopped\n", m.read(t, "sandbox.log"))
}
