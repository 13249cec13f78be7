// Command bench measures contract/schema beside its peers: other validators, a scan of the
// tokens, and the decoding that a caller does anyway. All take their turns in one run, so that
// whatever else the machine does hits all alike, and the table has the medians.
//
//	go run . -bodies items-20,records-300 -rows lenient,strict,jsontext
//
// It is a module of its own, so that nobody who uses the clients inherits the peers.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(progress)
	wantedBodies := flags.String("bodies", bodyNames(), "bodies to measure, with commas")
	wantedRows := flags.String("rows", rowNames(), "rows to measure, with commas")
	turns := flags.Int("turns", 31, "turns of each row on small bodies")
	largeTurns := flags.Int("large-turns", 5, "turns of each row on bodies of more than 1 MB")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *turns < 1 || *largeTurns < 1 {
		return fmt.Errorf("%d and %d turns: want at least 1 of each", *turns, *largeTurns)
	}
	if err := checkRows(*wantedRows); err != nil {
		return err
	}
	list, err := bodies(*wantedBodies)
	if err != nil {
		return err
	}
	began := time.Now()
	_, _ = fmt.Fprintln(out, machine())
	for _, b := range list {
		n := *turns
		if len(b.text) > 1<<20 {
			n = *largeTurns
		}
		all, err := measure(b, strings.Split(*wantedRows, ","), n, func(format string, args ...any) {
			_, _ = fmt.Fprintf(progress, "\r"+format, args...)
		})
		if err != nil {
			return err
		}
		if err := table(out, b, all); err != nil {
			return err
		}
		goals(out, all)
	}
	_, _ = fmt.Fprintln(progress, "took", since(began))
	return nil
}

// experiments are the toolchain's, as the program was built with them.
func experiments() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "GOEXPERIMENT" {
				return setting.Value
			}
		}
	}
	return ""
}
