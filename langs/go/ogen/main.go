// Command ogen calls both APIs through clients that ogen generates, and prints what it
// saw. langs/go/oapi-codegen does the same calls with the clients of this module.
//
// The comments that begin with works or workaround say which name of the generated
// client each construct of the descriptions has, and what it takes to use it.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "ogen:", err)
		os.Exit(1)
	}
}

// document is an object of JSON.
type document = map[string]any

func run(ctx context.Context) error {
	env := map[string]string{}
	for _, name := range []string{
		"KAINEXUS_BASE_URL", "KAINEXUS_API_KEY", "KAINEXUS_CLIENT_ID", "KAINEXUS_CLIENT_SECRET",
		"KINABASE_BASE_URL", "KINABASE_APP_ID", "KINABASE_APP_SECRET",
	} {
		if env[name] = os.Getenv(name); env[name] == "" {
			return fmt.Errorf("%s is not set: kaikina sandbox prints its value", name)
		}
	}
	kainexus, err := callKaiNexus(ctx, env)
	if err != nil {
		return fmt.Errorf("kainexus: %w", err)
	}
	kinabase, err := callKinabase(ctx, env)
	if err != nil {
		return fmt.Errorf("kinabase: %w", err)
	}
	return json.NewEncoder(os.Stdout).Encode(document{"kainexus": kainexus, "kinabase": kinabase})
}

// expect gives an answer as the type that it is hoped to have: each status has its own.
func expect[T any](answer any, err error) (T, error) {
	hoped, ok := answer.(T)
	if err == nil && !ok {
		err = fmt.Errorf("the answer is a %T, want a %T", answer, hoped)
	}
	return hoped, err
}
