// Command operations writes the operations of a description as Go code: the table by which a
// client knows what a request is about.
//
//	go run ./internal/operations kinabase
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "operations:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return errors.New("want the name of a description: kainexus or kinabase")
	}
	text, err := render(args[0])
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(args[0], "operations.gen.go"), text, 0o644)
}
