package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// sandboxes starts a fresh sandbox for each program.
type sandboxes struct {
	// command is kaikina with the arguments that serve.
	command []string
	// folder holds the command, and goes away with it.
	folder string
}

// startSandboxes builds the command kaikina of the module at root.
func startSandboxes(ctx context.Context, root string) (*sandboxes, error) {
	folder, err := os.MkdirTemp("", "kaikina-langs")
	if err != nil {
		return nil, err
	}
	binary := filepath.Join(folder, "kaikina")
	goCommand := os.Getenv("GO")
	if goCommand == "" {
		goCommand = "go"
	}
	cmd := exec.CommandContext(ctx, goCommand, "build", "-o", binary, "./cmd/kaikina")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("build kaikina: %w\n%s", err, out), os.RemoveAll(folder))
	}
	return &sandboxes{[]string{binary, "sandbox", "--json"}, folder}, nil
}

func (s *sandboxes) close() error {
	if s.folder == "" {
		return nil
	}
	return os.RemoveAll(s.folder)
}

// interrupted is the exit code of a sandbox that was.
const interrupted = 130

// stopWithin is how long a sandbox may take to stop.
const stopWithin = 10 * time.Second

// with runs do beside a sandbox, whose addresses and credentials it is given.
func (s *sandboxes) with(ctx context.Context, do func(credentials map[string]string) error) error {
	cmd := exec.CommandContext(ctx, s.command[0], s.command[1:]...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopWithin
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the sandbox: %w", err)
	}
	var served []struct {
		Environment     map[string]string
		InsteadOfTheKey map[string]string
	}
	if err := json.NewDecoder(out).Decode(&served); err != nil {
		return errors.Join(fmt.Errorf("the sandbox did not tell its address: %w", err), stop(cmd, &complaints))
	}
	credentials := map[string]string{}
	for _, product := range served {
		for name, value := range product.Environment {
			credentials[name] = value
		}
		for name, value := range product.InsteadOfTheKey {
			credentials[name] = value
		}
	}
	err = do(credentials)
	return errors.Join(err, stop(cmd, &complaints))
}

// stop interrupts the sandbox, which is how it is meant to end, and kills one that hangs.
// A sandbox that has ended by itself, with a complaint, is an error.
func stop(cmd *exec.Cmd, complaints *bytes.Buffer) error {
	hung := time.AfterFunc(stopWithin, func() { _ = cmd.Process.Kill() })
	defer hung.Stop()
	if err := cmd.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	err := cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == interrupted {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the sandbox ended: %w\n%s", err, bytes.TrimSpace(complaints.Bytes()))
	}
	return nil
}
