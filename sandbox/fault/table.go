package fault

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Table writes the catalogue for people: a line for each fault, in groups of a class and
// a kind.
func Table() string {
	list := Catalogue()
	slices.SortStableFunc(list, func(a, b Fault) int {
		return cmp.Or(-strings.Compare(string(a.Class), string(b.Class)), strings.Compare(a.Kind, b.Kind))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "A fault is named as %s; all but the id may be left out.\n", grammar)
	group := ""
	for _, f := range list {
		if of := fmt.Sprintf("%s faults: %s", f.Class, f.Kind); of != group {
			group = of
			fmt.Fprintf(&b, "\n%s\n", group)
		}
		doc := f.Doc
		if f.Value != "" {
			doc += " :VALUE: " + f.Value + "."
		}
		fmt.Fprintf(&b, "  %-25s %-30s %s\n", f.ID, cmp.Or(f.Operation, "name an operation"), doc)
	}
	return b.String()
}
