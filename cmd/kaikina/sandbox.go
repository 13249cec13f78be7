package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/contract"
	"github.com/kaikina/kaikina/internal/loopback"
	"github.com/kaikina/kaikina/internal/openapi"
	"github.com/kaikina/kaikina/sandbox/fault"
	"github.com/kaikina/kaikina/sandbox/kainexus"
	"github.com/kaikina/kaikina/sandbox/kinabase"
)

func newSandbox(stdout, stderr io.Writer) *cobra.Command {
	var addr string
	var only, faults []string
	var listFaults, asJSON bool
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve emulators of both products over HTTP until interrupted",
		Long: `Serves emulators of KaiNexus and Kinabase with some data in them, each on a port of its
own. What is created can be read, changed and deleted; nothing is kept on disk.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if listFaults {
				return printFaults(stdout, asJSON)
			}
			if err := known(only); err != nil {
				return err
			}
			if len(only) == 0 {
				only = openapi.Products
			}
			only = slices.Compact(slices.Sorted(slices.Values(only)))
			if err := onlyHere(addr, len(only)); err != nil {
				return err
			}
			boxes, err := openSandboxes(cmd.Context(), addr, only, faults)
			if err != nil {
				return err
			}
			if err := introduce(stdout, boxes, asJSON); err != nil {
				return errors.Join(err, closeSandboxes(boxes))
			}
			<-cmd.Context().Done()
			fmt.Fprintln(stderr, "kaikina: stopping")
			return closeSandboxes(boxes)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:0", "address to serve at; with port 0 free ports are chosen, else KaiNexus gets this one and Kinabase the next")
	cmd.Flags().StringSliceVar(&only, "api", nil, "serve only this product: kainexus or kinabase")
	cmd.Flags().StringSliceVar(&faults, "fault", nil, "break the answers, as in total-missing or teapot@getItem (see --list-faults)")
	cmd.Flags().BoolVar(&listFaults, "list-faults", false, "list the faults there are, and stop")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printFaults(stdout io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(stdout, fault.Catalogue())
	}
	_, err := io.WriteString(stdout, fault.Table())
	return err
}

// sandbox is one emulator that is being served.
type sandbox struct {
	name    string
	baseURL string
	server  *http.Server
	target  contract.Target
	// environment is what programs read the credential from; instead, where it is not
	// empty, takes the place of what is not the base URL.
	environment, instead map[string]string
	// try are lines of curl that work as they are.
	try []string
}

// openSandboxes serves the named products. Those that were opened are closed again
// when one cannot be.
func openSandboxes(ctx context.Context, addr string, names, faults []string) ([]*sandbox, error) {
	perProduct, err := sortFaults(names, faults)
	if err != nil {
		return nil, err
	}
	var boxes []*sandbox
	for i, name := range names {
		box, err := openSandbox(ctx, name, shift(addr, i), perProduct[name])
		if err != nil {
			return nil, errors.Join(err, closeSandboxes(boxes))
		}
		boxes = append(boxes, box)
	}
	return boxes, nil
}

// sortFaults gives each fault to the products whose operation it is aimed at.
func sortFaults(names, faults []string) (map[string][]string, error) {
	perProduct := map[string][]string{}
	for _, f := range faults {
		taken := false
		for _, name := range names {
			applies, err := fault.Applies(name, f)
			if err != nil {
				return nil, err
			}
			if applies {
				perProduct[name] = append(perProduct[name], f)
				taken = true
			}
		}
		id := f[:strings.IndexAny(f+"@", "@#%:")]
		switch _, operation, _ := strings.Cut(f, "@"); {
		case taken:
		case operation == "":
			return nil, fmt.Errorf("fault %s is for no operation of %s; name one with @, as in %s@getStatus", id, strings.Join(names, " or "), id)
		default:
			return nil, fmt.Errorf("fault %s: %s has no operation %q; see kaikina spec list", id, strings.Join(names, " or "), operation)
		}
	}
	return perProduct, nil
}

// shift moves to the i-th port after the one given, and leaves port 0 alone.
func shift(addr string, i int) string {
	host, port, err := net.SplitHostPort(addr)
	n, parseErr := strconv.Atoi(port)
	if err != nil || parseErr != nil || n == 0 {
		return addr
	}
	return net.JoinHostPort(host, strconv.Itoa(n+i))
}

// onlyHere refuses to serve to other machines: the credentials are printed for everybody.
func onlyHere(addr string, products int) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("--addr %s: want host:port, as in 127.0.0.1:8080", addr)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n+uint64(products)-1 > 65535 {
		return fmt.Errorf("--addr %s: want a port from 0 to %d, since each product takes one", addr, 65536-products)
	}
	if !loopback.Host(host) {
		return fmt.Errorf("--addr %s: the sandbox has well-known credentials and serves this machine only; use 127.0.0.1", addr)
	}
	return nil
}

func openSandbox(ctx context.Context, name, addr string, faults []string) (*sandbox, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("serve the %s sandbox: %w", name, err)
	}
	origin := "http://" + listener.Addr().String()
	box, handler, err := map[string]func(string) (*sandbox, http.Handler, error){
		"kainexus": kaiNexusSandbox,
		"kinabase": kinabaseSandbox,
	}[name](origin)
	if err == nil && len(faults) > 0 {
		handler, err = fault.Wrap(handler, name, strings.TrimPrefix(box.baseURL, origin), faults...)
	}
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	box.server = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	go func() { _ = box.server.Serve(listener) }()
	return box, nil
}

func kaiNexusSandbox(origin string) (*sandbox, http.Handler, error) {
	server, err := kainexus.New()
	if err != nil {
		return nil, nil, err
	}
	known := server.Credentials()
	cred, err := auth.KaiNexusOAuth(origin, known.ClientID, auth.NewSecret(known.ClientSecret))
	if err != nil {
		return nil, nil, err
	}
	ids := server.IDs()
	return &sandbox{
		name:    "kainexus",
		baseURL: origin,
		target:  contract.Target{API: contract.KaiNexus, Credential: cred, IDs: ids},
		environment: map[string]string{
			"KAINEXUS_BASE_URL": origin,
			"KAINEXUS_API_KEY":  known.APIKey,
		},
		instead: map[string]string{
			"KAINEXUS_CLIENT_ID":     known.ClientID,
			"KAINEXUS_CLIENT_SECRET": known.ClientSecret,
		},
		try: []string{
			fmt.Sprintf("curl -u 'api:%s' '%s/api/public/v1/json/itemList?id=%s&limit=2'", known.APIKey, origin, ids["itemList"]),
			fmt.Sprintf("curl -u '%s:%s' -d grant_type=client_credentials %s/oauth2/token", known.ClientID, known.ClientSecret, origin),
		},
	}, server, nil
}

func kinabaseSandbox(origin string) (*sandbox, http.Handler, error) {
	server, err := kinabase.New()
	if err != nil {
		return nil, nil, err
	}
	app := server.App()
	base := origin + kinabase.BasePath
	cred, err := auth.KinabaseApp(base, app.ID, auth.NewSecret(app.Secret))
	if err != nil {
		return nil, nil, err
	}
	return &sandbox{
		name:    "kinabase",
		baseURL: base,
		target:  contract.Target{API: contract.Kinabase, Credential: cred, IDs: map[string]string{"collection": "purchase-orders"}},
		environment: map[string]string{
			"KINABASE_BASE_URL":   base,
			"KINABASE_APP_ID":     app.ID,
			"KINABASE_APP_SECRET": app.Secret,
		},
		try: []string{
			fmt.Sprintf(`TOKEN=$(curl -s -H 'Content-Type: application/json' -d '{"appId":"%s","secret":"%s"}' %s/token | sed 's/.*"token": *"\([^"]*\)".*/\1/')`, app.ID, app.Secret, base),
			fmt.Sprintf(`curl -H "Authorization: Bearer $TOKEN" '%s/collections/purchase-orders?pageSize=2'`, base),
		},
	}, server, nil
}

// introduce prints what is served and how to talk to it. The credentials are the
// sandbox's own, the same for everybody, and no secret.
func introduce(stdout io.Writer, boxes []*sandbox, asJSON bool) error {
	if asJSON {
		type entry struct {
			API         string            `json:"api"`
			BaseURL     string            `json:"baseURL"`
			Environment map[string]string `json:"environment"`
			Instead     map[string]string `json:"insteadOfTheKey,omitempty"`
			IDs         map[string]string `json:"ids"`
		}
		var list []entry
		for _, box := range boxes {
			list = append(list, entry{box.name, box.baseURL, box.environment, box.instead, box.target.IDs})
		}
		return writeJSON(stdout, list)
	}
	var b strings.Builder
	for _, box := range boxes {
		fmt.Fprintf(&b, "%s sandbox at %s\n", box.name, box.baseURL)
		export(&b, box.environment)
		if len(box.instead) > 0 {
			b.WriteString("or, with OAuth 2.0 in place of the key:\n")
			export(&b, box.instead)
		}
		b.WriteString("try:\n")
		for _, line := range box.try {
			fmt.Fprintf(&b, "  %s\n", line)
		}
		var ids []string
		for _, name := range sortedKeys(box.target.IDs) {
			ids = append(ids, name+"="+box.target.IDs[name])
		}
		fmt.Fprintf(&b, "  kaikina verify %s --target env --id %s\n", box.name, strings.Join(ids, ","))
		fmt.Fprintf(&b, "\n")
	}
	b.WriteString("Press Ctrl-C to stop.\n")
	_, err := io.WriteString(stdout, b.String())
	return err
}

// export writes lines for a shell. The values have no character that it minds.
func export(b *strings.Builder, environment map[string]string) {
	for _, name := range sortedKeys(environment) {
		fmt.Fprintf(b, "  export %s=%s\n", name, environment[name])
	}
}

// closeSandboxes lets running calls end, for at most two seconds.
func closeSandboxes(boxes []*sandbox) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for _, box := range boxes {
		if box.server.Shutdown(ctx) != nil {
			_ = box.server.Close()
		}
	}
	return nil
}
