// Command langs proves that the descriptions in api/ can be used from other languages. For
// each program below langs/ it generates a client, compiles it, runs the program against
// a sandbox of its own, and compares what that prints with langs/expected.json, which the
// Go program printed. Then it writes docs/languages.md.
//
//	go run ./internal/langs                 all programs, and the page
//	go run ./internal/langs python          those of one language
//	go run ./internal/langs java/native     one
//	go run ./internal/langs -page           only the page, which needs no toolchain
//	go run ./internal/langs -expect         langs/expected.json anew, by the Go program
//
// It ends with 0 when all of it holds, 1 when something does not, 2 when it was used in a
// wrong way, and 3 when nothing failed but a toolchain is missing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

const (
	exitFailed  = 1
	exitUsage   = 2
	exitMissing = 3
)

const (
	expectedFile = "langs/expected.json"
	pageFile     = "docs/languages.md"
	// twin is the program that the others are compared with.
	twin = "go/oapi-codegen"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, ".", os.Args[1:], startSandboxes, os.Stdout, os.Stderr))
}

// run does what the arguments ask for in the module at root.
func run(ctx context.Context, root string, args []string, start func(context.Context, string) (*sandboxes, error), stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("langs", flag.ContinueOnError)
	flags.SetOutput(stderr)
	onlyPage := flags.Bool("page", false, "write "+pageFile+" and stop")
	expect := flags.Bool("expect", false, "have the Go program write "+expectedFile)
	if err := flags.Parse(args); err != nil {
		return exitUsage
	}
	all, err := discover(root)
	if err == nil && *expect && flags.NArg() > 0 {
		err = errors.New("-expect is about " + twin + ": name nothing besides")
	}
	var chosen []program
	if err == nil {
		names := flags.Args()
		if *expect {
			names = []string{twin}
		}
		chosen, err = choose(all, names)
	}
	if err != nil {
		fmt.Fprintln(stderr, "langs:", err)
		return exitUsage
	}
	if !*onlyPage {
		h := harness{root: root, expect: *expect, stdout: stdout, stderr: stderr}
		if h.sandboxes, err = start(ctx, root); err != nil {
			fmt.Fprintln(stderr, "langs:", err)
			return exitFailed
		}
		code := h.proveAll(ctx, chosen)
		if err := h.sandboxes.close(); err != nil {
			fmt.Fprintln(stderr, "langs:", err)
			return exitFailed
		}
		if code != 0 || len(chosen) < len(all) && !*expect {
			return code
		}
	}
	page, err := render(ctx, root, all)
	if err == nil {
		err = os.WriteFile(filepath.Join(root, pageFile), []byte(page), 0o644)
	}
	if err != nil {
		fmt.Fprintln(stderr, "langs:", err)
		return exitFailed
	}
	return 0
}
