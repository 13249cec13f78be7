package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/contract/report"
	"github.com/kaikina/kaikina/internal/openapi"
)

// verifyOptions are the flags of "verify".
type verifyOptions struct {
	target      string
	ids         map[string]string
	allowWrites []string
	faults      []string
	asJSON      bool
	showValues  bool
}

func newVerify(stdout, stderr io.Writer) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [kainexus] [kinabase]",
		Short: "Call every operation and check each answer against the description",
		Long: `Calls the operations of both APIs, or of those named, through the generated clients and
checks every answer against the description.

Without --target it verifies the sandbox that it brings along. With --target it verifies
a server of yours, read-only unless --allow-writes names operations, with credentials
from the environment:

  KAINEXUS_BASE_URL, and KAINEXUS_API_KEY
                      or KAINEXUS_CLIENT_ID and KAINEXUS_CLIENT_SECRET
  KINABASE_BASE_URL, KINABASE_APP_ID and KINABASE_APP_SECRET

A secret may be kept in a file that NAME_FILE names instead, such as KAINEXUS_API_KEY_FILE.

Some operations need to be told an id, as in --id itemList=1234:

` + idHelp(),
		Example: `  kaikina verify
  kaikina verify kinabase --fault total-missing
  kaikina verify kainexus --target https://api.kainexus.com --id itemList=1234
  kaikina verify --target env --json > report.json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := known(args); err != nil {
				return err
			}
			args = slices.Compact(slices.Sorted(slices.Values(args)))
			if cmd.Flags().Changed("target") && o.target == "" {
				return errors.New("--target is empty: give a base URL, or env")
			}
			return verify(cmd.Context(), args, o, stdout, stderr)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.target, "target", "", "base `URL` of the server to verify, in place of the one in the environment; or env, for that one")
	f.StringToStringVar(&o.ids, "id", nil, "`name=value,...` of something known to exist on the target")
	f.StringSliceVar(&o.allowWrites, "allow-writes", nil, "`operations` that may change data on a target that is not on this machine; what belongs together is named together")
	f.StringSliceVar(&o.faults, "fault", nil, "break the sandbox's answers with these `faults`, to see what a finding looks like (see kaikina sandbox --list-faults)")
	f.BoolVar(&o.asJSON, "json", false, "print JSON")
	f.BoolVar(&o.showValues, "show-values", false, "quote the values that findings are about; they may be people's data")
	return cmd
}

// idHelp lists the ids that targets can be told.
func idHelp() string {
	var b strings.Builder
	for _, api := range []contract.API{contract.KaiNexus, contract.Kinabase} {
		for _, name := range sortedKeys(contract.IDNames(api)) {
			fmt.Fprintf(&b, "  %-16s %s: %s\n", name, api, contract.IDNames(api)[name])
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func verify(ctx context.Context, names []string, o verifyOptions, stdout, stderr io.Writer) error {
	var targets []contract.Target
	var err error
	embedded := o.target == ""
	if embedded {
		s, openErr := openEmbedded(ctx, names, o, stderr)
		if openErr != nil {
			return openErr
		}
		defer func() { _ = s.close() }()
		for _, box := range s.boxes {
			targets = append(targets, box.target)
		}
	} else if targets, err = liveTargets(names, o); err != nil {
		return err
	}

	progress := newProgress(stderr)
	options := []contract.Option{contract.WithProgress(progress.call)}
	if o.showValues {
		options = append(options, contract.WithShowValues())
	}
	var reports []*contract.Report
	var failed error
	for _, target := range targets {
		r, err := contract.Verify(ctx, target, options...)
		if r != nil {
			reports = append(reports, r)
		}
		if failed = errors.Join(failed, err); ctx.Err() != nil {
			break
		}
	}
	progress.clear()

	// Nothing was called where the target could not be reached, and an empty table says less
	// than the error.
	reports = slices.DeleteFunc(reports, func(r *contract.Report) bool { return r.Totals.Calls == 0 })
	if len(reports) > 0 {
		if err := printReports(stdout, reports, o.asJSON, embedded && len(o.faults) == 0); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
	}
	// A base URL that leads nowhere is the caller's mistake, whatever was found there.
	if refused, ok := errors.AsType[*auth.TokenError](failed); ok && refused.Status == http.StatusNotFound {
		return failed
	}
	found := slices.ContainsFunc(reports, func(r *contract.Report) bool { return len(r.Findings) > 0 })
	switch {
	case failed != nil && found && ctx.Err() == nil:
		// Findings are what the exit code is about. Why there are no more of them is said.
		fmt.Fprintln(stderr, "kaikina:", plain(failed))
		return errFindings
	case failed != nil:
		return failed
	case found:
		return errFindings
	}
	return nil
}

func printReports(stdout io.Writer, reports []*contract.Report, asJSON, introduce bool) error {
	if asJSON {
		return report.JSON(stdout, reports)
	}
	if err := report.Terminal(stdout, reports, wantsColor(stdout)); err != nil {
		return err
	}
	if !introduce {
		return nil
	}
	_, err := fmt.Fprint(stdout, `
That was the sandbox. Where to go next, once go install ./cmd/kaikina has put kaikina on your PATH:
  kaikina verify kinabase --fault total-missing   shows what a finding looks like
  kaikina verify --help                           tells how to verify a server of yours
  kaikina sandbox                                 serves both products for your own client
`)
	return err
}

// openEmbedded serves the sandboxes that are verified when no target is given.
func openEmbedded(ctx context.Context, names []string, o verifyOptions, stderr io.Writer) (*service, error) {
	if len(o.ids) > 0 || len(o.allowWrites) > 0 {
		return nil, errors.New("--id and --allow-writes are about a server of yours: name it with --target")
	}
	if len(names) == 0 {
		names = openapi.Products
	}
	return openSandboxes(ctx, sandboxOptions{addr: "127.0.0.1:0", apis: names, faults: o.faults}, stderr)
}

// fromEnv makes each product's credential from the environment, and names its base URL.
var fromEnv = map[string]struct {
	baseURL    string
	credential func(...auth.Option) (*auth.Credential, error)
}{
	"kainexus": {"KAINEXUS_BASE_URL", auth.KaiNexusFromEnv},
	"kinabase": {"KINABASE_BASE_URL", auth.KinabaseFromEnv},
}

// liveTargets reads from the environment what is needed to call somebody's server.
func liveTargets(names []string, o verifyOptions) ([]contract.Target, error) {
	if len(o.faults) > 0 {
		return nil, errors.New("--fault breaks the sandbox: it cannot be used with --target")
	}
	switch {
	case o.target != "env" && len(names) != 1:
		return nil, fmt.Errorf("--target %s: say which API that server has: kaikina verify kainexus, or kaikina verify kinabase", redacted(o.target))
	case o.target != "env":
		// The command's own environment: --target stands in for the variable.
		if err := os.Setenv(fromEnv[names[0]].baseURL, o.target); err != nil {
			return nil, err
		}
	case len(names) == 0:
		// A product of which anything is set is meant, and must then be complete.
		for _, name := range openapi.Products {
			if anySet(strings.ToUpper(name) + "_") {
				names = append(names, name)
			}
		}
		if len(names) == 0 {
			return nil, errors.New("--target env: no variable of KaiNexus or Kinabase is set; see kaikina verify --help")
		}
	}
	unclaimed := maps.Clone(o.ids)
	var targets []contract.Target
	var problems []error
	for _, name := range names {
		cred, err := fromEnv[name].credential()
		if missing := (*auth.MissingError)(nil); err != nil && o.target != "env" && !errors.As(err, &missing) {
			err = fmt.Errorf("--target stands in for %s: %w", fromEnv[name].baseURL, err)
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		target := contract.Target{API: contract.API(name), Credential: cred, IDs: map[string]string{}}
		for id, value := range o.ids {
			if _, ok := contract.IDNames(target.API)[id]; ok {
				target.IDs[id] = value
				delete(unclaimed, id)
			}
		}
		targets = append(targets, target)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	for _, id := range sortedKeys(unclaimed) {
		return nil, fmt.Errorf("--id %s: there is no such id of %s; see kaikina verify --help", id, strings.Join(names, " or "))
	}
	return targets, allowWrites(targets, o.allowWrites)
}

// anySet tells whether any variable of the environment starts with the prefix.
func anySet(prefix string) bool {
	return slices.ContainsFunc(os.Environ(), func(variable string) bool {
		name, value, _ := strings.Cut(variable, "=")
		return strings.HasPrefix(name, prefix) && value != ""
	})
}

// allowWrites gives each operation to the target whose API has it.
func allowWrites(targets []contract.Target, operations []string) error {
	for _, operation := range operations {
		taken := false
		for i, target := range targets {
			doc, err := openapi.Ours(string(target.API))
			if err != nil {
				return err
			}
			if doc.Operation(operation) != nil {
				targets[i].AllowWrites = append(targets[i].AllowWrites, operation)
				taken = true
			}
		}
		if !taken {
			return fmt.Errorf("--allow-writes %s: there is no such operation; see kaikina spec list", operation)
		}
	}
	return nil
}

// redacted is a URL as it may be printed: somebody may have put a password into it.
func redacted(text string) string {
	parsed, err := url.Parse(text)
	if err != nil {
		return "URL"
	}
	return parsed.Scheme + "://" + parsed.Host + parsed.Path
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
