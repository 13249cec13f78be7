package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/kaikina/kaikina/internal/openapi"
)

// sandboxOptions are the flags of "sandbox" that say what is served, and where.
type sandboxOptions struct {
	// addr is HOST:PORT. Port 0 stands for any that is free.
	addr string
	// apis are the products; none stands for all.
	apis   []string
	faults []string
	// seed decides what is generated, and which calls the faults of a rate hit.
	seed uint64
	// items is how many items and records are generated.
	items int
	// data is the file that keeps the state; in memory without one.
	data string
	// edition2023 has Kinabase answer records as it did then, and strictHeaders has it insist
	// on Content-Type and Accept.
	edition2023, strictHeaders bool
	// rate is how many calls to each product a minute may have; 0 for any number.
	rate int
}

// maxItems is how many items and records each product generates at most.
const maxItems = 1_000_000

func newSandbox(stdout, stderr io.Writer) *cobra.Command {
	var o sandboxOptions
	var listFaults, asJSON bool
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve emulators of both products over HTTP until interrupted",
		Long: `Serves emulators of KaiNexus and Kinabase with some data in them, both at one address,
and a reference page at / that documents them and can call them. What is created can be
read, changed and deleted. It is kept in memory, or with --data in a file, where it
survives the end of the process.

  /                                      the reference page
  /api/v1/...                            Kinabase
  /api/public/v1/..., /oauth2/...        KaiNexus, and so is every other path
  /sandbox/kainexus/, /sandbox/kinabase/ what administrators do: accounts, apps, lists, settings

Credentials are the same in every sandbox and no secret, so other machines are let in only
when --addr names an address that they can reach.`,
		Example: `  kaikina sandbox
  kaikina sandbox --addr 127.0.0.1:8080 --api kinabase
  kaikina sandbox --items 100000 --data sandbox.db
  kaikina sandbox --fault 'latency@listItems:2s' --fault 'server-error@*%5'`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if listFaults {
				return printFaults(stdout, asJSON)
			}
			return runSandbox(cmd.Context(), o, asJSON, stdout, stderr)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.addr, "addr", "127.0.0.1:0", "`host:port` to serve at; port 0 is any that is free")
	f.StringSliceVar(&o.apis, "api", nil, "serve only this `product`: kainexus or kinabase")
	f.StringVar(&o.data, "data", "", "`file` that keeps the state, made when it is not there (default: in memory)")
	f.IntVar(&o.items, "items", 0, "add this `number` of generated items to KaiNexus, in list 700, and records to Kinabase, in the collection generated; up to a million")
	f.Uint64Var(&o.seed, "seed", 1, "`number` that decides what is generated, and which calls a fault hits that hits some of them")
	f.IntVar(&o.rate, "rate", 0, "answer 429 to more than this `number` of calls a minute to each product (default: never)")
	f.BoolVar(&o.edition2023, "edition-2023", false, "have Kinabase answer records in the form that they had in 2023")
	f.BoolVar(&o.strictHeaders, "strict-headers", false, "have Kinabase refuse calls without Content-Type and Accept, as its guide has it")
	f.StringSliceVar(&o.faults, "fault", nil, "break the answers with these `faults`, as in total-missing or teapot@getItem (see --list-faults)")
	f.BoolVar(&listFaults, "list-faults", false, "list the faults there are, and stop")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// runSandbox serves until it is interrupted, which is how it is meant to end.
func runSandbox(ctx context.Context, o sandboxOptions, asJSON bool, stdout, stderr io.Writer) error {
	if err := known(o.apis); err != nil {
		return err
	}
	if len(o.apis) == 0 {
		o.apis = openapi.Products
	}
	o.apis = slices.Compact(slices.Sorted(slices.Values(o.apis)))
	switch {
	case o.items < 0 || o.items > maxItems:
		return fmt.Errorf("--items %d: want 0 to %d", o.items, maxItems)
	case o.rate < 0:
		return fmt.Errorf("--rate %d: want 0 or more", o.rate)
	case (o.edition2023 || o.strictHeaders) && !slices.Contains(o.apis, "kinabase"):
		return errors.New("--edition-2023 and --strict-headers are about Kinabase, which --api leaves out")
	}
	s, err := openSandboxes(ctx, o, stderr)
	if err != nil {
		return err
	}
	if s.public {
		fmt.Fprintln(stderr, "kaikina: warning: other machines can reach this sandbox, and its credentials are well known: put nothing into it that they may not see")
	}
	if err := introduce(stdout, s, asJSON); err != nil {
		return errors.Join(err, s.close())
	}
	select {
	case <-ctx.Done():
		fmt.Fprintln(stderr, "kaikina: stopping")
		return s.close()
	case err := <-s.broken:
		return errors.Join(fmt.Errorf("the sandbox stopped: %w", err), s.close())
	}
}
