package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/kaikina/kaikina/sandbox/fault"
)

func printFaults(stdout io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(stdout, fault.Catalogue())
	}
	_, err := io.WriteString(stdout, fault.Table())
	return err
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
		_, operation, _ := strings.Cut(f, "@")
		operation = operation[:strings.IndexAny(operation+"#", "#%:")]
		switch {
		case taken:
		case operation == "":
			return nil, fmt.Errorf("fault %s is for no operation of %s; name one with @, as in %s@getStatus", id, strings.Join(names, " or "), id)
		default:
			return nil, fmt.Errorf("fault %s: %s has no operation %q; see kaikina spec list", id, strings.Join(names, " or "), operation)
		}
	}
	return perProduct, nil
}
