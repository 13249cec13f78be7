package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// program is one generator's: a folder langs/LANGUAGE/GENERATOR whose executable run takes
// check, version, build or run.
type program struct {
	language, generator string
	// folder is an absolute path.
	folder string
}

func (p program) String() string { return p.language + "/" + p.generator }

// discover finds the programs of the module at root, in the order of their names.
func discover(root string) ([]program, error) {
	scripts, err := filepath.Glob(filepath.Join(root, "langs", "*", "*", "run"))
	if err != nil {
		return nil, err
	}
	var programs []program
	for _, script := range scripts {
		folder, err := filepath.Abs(filepath.Dir(script))
		if err != nil {
			return nil, err
		}
		programs = append(programs, program{filepath.Base(filepath.Dir(folder)), filepath.Base(folder), folder})
	}
	if len(programs) == 0 {
		return nil, errors.New("there is no program below langs: run this where go.mod is")
	}
	return programs, nil
}

// choose keeps the programs that are named, by language or in full; all when none is.
func choose(all []program, names []string) ([]program, error) {
	if len(names) == 0 {
		return all, nil
	}
	wanted := map[program]bool{}
	for _, name := range names {
		found := false
		for _, p := range all {
			if name == p.language || name == p.String() {
				wanted[p], found = true, true
			}
		}
		if !found {
			var there []string
			for _, p := range all {
				there = append(there, p.String())
			}
			return nil, fmt.Errorf("there is no language or program %q; there are %s", name, strings.Join(there, ", "))
		}
	}
	var chosen []program
	for _, p := range all {
		if wanted[p] {
			chosen = append(chosen, p)
		}
	}
	return chosen, nil
}

// The longest that the steps of a program may take. A first build downloads its tools.
const (
	quickStep = time.Minute
	runStep   = 5 * time.Minute
	buildStep = 30 * time.Minute
)

// step runs one step of the program and gives what it printed.
func (p program) step(ctx context.Context, name string, limit time.Duration, environment []string) (stdout []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(p.folder, "run"), name)
	cmd.Dir = p.folder
	cmd.Env = environment
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			err = fmt.Errorf("%w (after %s at most)", ctx.Err(), limit)
		}
		return nil, &stepError{p, name, err, strings.TrimSpace(complaints.String() + "\n" + out.String())}
	}
	return out.Bytes(), nil
}

// stepError is a step that failed, with what it printed.
type stepError struct {
	program program
	step    string
	err     error
	printed string
}

func (e *stepError) Error() string {
	text := fmt.Sprintf("%s: run %s: %v", e.program, e.step, e.err)
	if e.printed != "" {
		text += "\n" + e.printed
	}
	return text
}

func (e *stepError) Unwrap() error { return e.err }

// check tells what toolchain is missing; nothing when none is.
func (p program) check(ctx context.Context) (missing string, err error) {
	_, err = p.step(ctx, "check", quickStep, os.Environ())
	if failed, ok := errors.AsType[*stepError](err); ok {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == exitMissing {
			if failed.printed == "" || strings.Contains(failed.printed, "\n") {
				return "", fmt.Errorf("%s: run check: want one line that names what is missing, got %q", p, failed.printed)
			}
			return failed.printed, nil
		}
	}
	return "", err
}

// version is the generator's name and version, as its lock or manifest pins it.
func (p program) version(ctx context.Context) (string, error) {
	out, err := p.step(ctx, "version", quickStep, os.Environ())
	if err != nil {
		return "", err
	}
	line := strings.TrimSpace(string(out))
	if strings.Contains(line, "\n") || len(strings.Fields(line)) != 2 {
		return "", fmt.Errorf("%s: run version: want one line NAME VERSION, got %q", p, line)
	}
	return line, nil
}

// build generates and compiles the client and the program.
func (p program) build(ctx context.Context, specs string) error {
	_, err := p.step(ctx, "build", buildStep, append(os.Environ(), "KAIKINA_SPECS="+specs))
	return err
}

// run gives the document that the program prints.
func (p program) run(ctx context.Context, credentials map[string]string) (any, error) {
	out, err := p.step(ctx, "run", runStep, withCredentials(os.Environ(), credentials))
	if err != nil {
		return nil, err
	}
	document, err := decode(out)
	if err != nil {
		return nil, fmt.Errorf("%s: run run: standard output: %w", p, err)
	}
	return document, nil
}

// withCredentials has the sandbox's in the place of whatever the caller has for a real
// account.
func withCredentials(environment []string, credentials map[string]string) []string {
	var kept []string
	for _, variable := range environment {
		if !strings.HasPrefix(variable, "KAINEXUS_") && !strings.HasPrefix(variable, "KINABASE_") {
			kept = append(kept, variable)
		}
	}
	for name, value := range credentials {
		kept = append(kept, name+"="+value)
	}
	return kept
}
