package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// harness proves programs, one after the other: their builds want the whole machine.
type harness struct {
	root      string
	sandboxes *sandboxes
	// expect has what the program prints become what is expected.
	expect         bool
	stdout, stderr io.Writer
}

// proveAll tells of each program on a line of its own, and gives the exit code.
func (h harness) proveAll(ctx context.Context, programs []program) int {
	var failed, missing []string
	for _, p := range programs {
		started := time.Now()
		lacks, err := h.prove(ctx, p)
		switch {
		case ctx.Err() != nil:
			fmt.Fprintln(h.stderr, "langs: interrupted")
			return exitFailed
		case err != nil:
			failed = append(failed, p.String())
			fmt.Fprintf(h.stderr, "langs: %v\n", err)
		case lacks != "":
			missing = append(missing, p.String())
			fmt.Fprintf(h.stderr, "langs: %s: not tried: %s\n", p, lacks)
		default:
			fmt.Fprintf(h.stdout, "%s: generated, compiled, and says the same (%s)\n", p, time.Since(started).Round(time.Second))
		}
	}
	switch {
	case len(failed) > 0:
		fmt.Fprintf(h.stderr, "langs: %d of %d failed: %s\n", len(failed), len(programs), strings.Join(failed, ", "))
		return exitFailed
	case len(missing) > 0:
		fmt.Fprintf(h.stderr, "langs: %d of %d were not tried: %s\n", len(missing), len(programs), strings.Join(missing, ", "))
		return exitMissing
	}
	return 0
}

// prove builds a program, looks its markers up in what was generated, and compares what it
// prints. It gives the toolchain that is missing, if one is.
func (h harness) prove(ctx context.Context, p program) (missing string, err error) {
	if missing, err = p.check(ctx); missing != "" || err != nil {
		return missing, err
	}
	specs, err := filepath.Abs(filepath.Join(h.root, "api"))
	if err != nil {
		return "", err
	}
	if err := p.build(ctx, specs); err != nil {
		return "", err
	}
	markers, err := readMarkers(p)
	if err != nil {
		return "", err
	}
	if err := checkNames(h.root, p, markers); err != nil {
		return "", err
	}
	var document any
	err = h.sandboxes.with(ctx, func(credentials map[string]string) (err error) {
		document, err = p.run(ctx, credentials)
		return err
	})
	if err != nil {
		return "", err
	}
	return "", h.judge(p, document)
}

// judge compares a document with what is expected, or has it be that.
func (h harness) judge(p program, document any) error {
	name := filepath.Join(h.root, expectedFile)
	if h.expect {
		text, err := canonical(document)
		if err != nil {
			return err
		}
		return os.WriteFile(name, text, 0o644)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	want, err := decode(text)
	if err != nil {
		return fmt.Errorf("%s: %w", expectedFile, err)
	}
	if found := differences(want, document); len(found) > 0 {
		hint := ""
		if p.String() == twin {
			hint = "\nIf that is meant: go run ./internal/langs -expect"
		}
		return errors.New(p.String() + " prints another document than " + expectedFile + ":\n  " + strings.Join(found, "\n  ") + hint)
	}
	return nil
}
