// Command oapi-codegen calls both APIs through the clients in gen/, and prints what
// it saw as one JSON document. Every program below langs does the same calls with a
// client of another generator, and has to print the same document.
//
// The comments that begin with works or workaround say which name of the generated
// client each construct of the descriptions has, and what it takes to use it.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "oapi-codegen:", err)
		os.Exit(1)
	}
}

// document is what every program prints.
type document struct {
	KaiNexus kaiNexusDocument `json:"kainexus"`
	Kinabase kinabaseDocument `json:"kinabase"`
}

func run(ctx context.Context, stdout io.Writer) error {
	env, err := environment("KAINEXUS_BASE_URL", "KAINEXUS_API_KEY", "KAINEXUS_CLIENT_ID", "KAINEXUS_CLIENT_SECRET",
		"KINABASE_BASE_URL", "KINABASE_APP_ID", "KINABASE_APP_SECRET")
	if err != nil {
		return err
	}
	var seen document
	if seen.KaiNexus, err = callKaiNexus(ctx, env); err != nil {
		return fmt.Errorf("kainexus: %w", err)
	}
	if seen.Kinabase, err = callKinabase(ctx, env); err != nil {
		return fmt.Errorf("kinabase: %w", err)
	}
	return json.NewEncoder(stdout).Encode(seen)
}

// environment reads variables that all have to be there.
func environment(names ...string) (map[string]string, error) {
	env := map[string]string{}
	var missing error
	for _, name := range names {
		if env[name] = os.Getenv(name); env[name] == "" {
			missing = cmp.Or(missing, errors.New(name+" is not set: kaikina sandbox prints its value"))
		}
	}
	return env, missing
}

// answered fails unless the server gave the status that was expected.
func answered(operation string, response *http.Response, want int) error {
	if response.StatusCode != want {
		return fmt.Errorf("%s: %s, want %d", operation, response.Status, want)
	}
	return nil
}
