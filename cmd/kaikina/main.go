// Command kaikina verifies KaiNexus and Kinabase servers against their OpenAPI
// descriptions, validates bodies of any size, serves a sandbox of both, exports what they
// hold, and prints the descriptions.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/contract/report"
)

// The exit codes.
const (
	exitConforms    = 0
	exitFindings    = 1
	exitError       = 2
	exitNotTested   = 3
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the process at once, should anything hang.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run executes one command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(stdout, stderr)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return exitCode(ctx, root.ExecuteContext(ctx), stderr)
}

// exitCode says on standard error what went wrong, if anything did.
func exitCode(ctx context.Context, err error, stderr io.Writer) int {
	switch {
	case err == nil:
		return exitConforms
	case errors.Is(err, errFindings):
		return exitFindings
	case ctx.Err() != nil:
		if errors.Is(err, contract.ErrLeftovers) {
			fmt.Fprintln(stderr, "kaikina:", plain(err))
		}
		fmt.Fprintln(stderr, "kaikina: interrupted")
		return exitInterrupted
	}
	fmt.Fprintln(stderr, "kaikina:", plain(err))
	if errors.Is(err, contract.ErrNothingTested) || errors.Is(err, errNothingValidated) {
		return exitNotTested
	}
	return exitError
}

// plain is an error's text, each line of it without control characters: a server may have
// had a part in it.
func plain(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for i := range lines {
		lines[i] = report.Plain(lines[i])
	}
	return strings.Join(lines, "\n")
}

// errFindings says that the command did its work, and that the work found something.
var errFindings = errors.New("there are findings")
