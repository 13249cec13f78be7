package main

import (
	"io"

	"github.com/kaikina/kaikina/sandbox/fault"
)

func printFaults(stdout io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(stdout, fault.Catalogue())
	}
	_, err := io.WriteString(stdout, fault.Table())
	return err
}
