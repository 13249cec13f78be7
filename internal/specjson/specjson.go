// Command specjson writes api/kainexus.json and api/kinabase.json: the descriptions for
// tools that read no YAML, with their keys in the same order.
package main

import (
	"fmt"
	"os"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/internal/yamljson"
)

func main() {
	for name, description := range map[string][]byte{"kainexus": api.KaiNexus, "kinabase": api.Kinabase} {
		converted, err := yamljson.Convert(description)
		if err == nil {
			err = os.WriteFile("api/"+name+".json", converted, 0o644)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "specjson: %s: %v\n", name, err)
			os.Exit(1)
		}
	}
}
