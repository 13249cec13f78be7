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
}

func newSandbox(stdout, stderr io.Writer) *cobra.Command {
	var o sandboxOptions
	var listFaults, asJSON bool
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve emulators of both products over HTTP until interrupted",
		Long: `Serves emulators of KaiNexus and Kinabase with some data in them, both at one address,
and a reference page at / that documents them and can call them. What is created can be
read, changed and deleted; nothing is kept on disk.

  /                                      the reference page
  /api/v1/...                            Kinabase
  /api/public/v1/..., /oauth2/...        KaiNexus, and so is every other path
  /sandbox/kainexus/, /sandbox/kinabase/ what is no part of the products

Credentials are the same in every sandbox and no secret, so other machines are let in only
when --addr names an address that they can reach.`,
		Example: `  kaikina sandbox
  kaikina sandbox --addr 127.0.0.1:8080 --api kinabase
  kaikina sandbox --fault total-missing`,
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
