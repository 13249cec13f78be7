package fault

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/kaikina/kaikina/internal/closest"
	"github.com/kaikina/kaikina/internal/openapi"
)

// Class tells which promise a fault breaks.
type Class string

const (
	// Transport faults break how an answer comes: late, in part, or another one instead.
	Transport Class = "transport"
	// Contract faults break what an answer says.
	Contract Class = "contract"
)

// Fault is one way of not keeping one's word.
type Fault struct {
	ID  string `json:"id"`
	Doc string `json:"doc"`
	// Class is Transport or Contract, and Kind what faults of a class have in common,
	// such as missing-property.
	Class Class  `json:"class"`
	Kind  string `json:"kind"`
	// Operation is the operationId whose answers are broken unless another is named. It is
	// * for all operations, and empty when one has to be named.
	Operation string `json:"operation,omitempty"`
	// SchemaValid says, of a Contract fault, that the broken answer still fits the
	// description, for a reader who takes the text for what a lenient JSON parser does: only
	// its bytes, the request, or other answers tell that it is wrong.
	SchemaValid bool `json:"schemaValid,omitempty"`
	// Value tells what may stand after a colon, and what holds when nothing does. It is
	// empty for faults that take no value.
	Value string `json:"value,omitempty"`

	// start makes the effect of a value, which is empty where none was given.
	start func(value string) (effect, error)
	// needs tells what an operation lacks that the fault would break; nil when it fits all.
	needs need
}

// effect is what a fault does to an exchange. Either part may be missing.
type effect struct {
	// before runs when the sandbox has not seen the request. It may wait, change the
	// request, or answer in the sandbox's place.
	before func(*exchange)
	// after runs when there is an answer, and changes it.
	after func(*exchange)
}

// need tells what an operation lacks for a fault, as in "its answer has no /count". It
// is empty where nothing is lacking.
type need func(*openapi.Operation) string

// Catalogue lists the faults there are, by id.
func Catalogue() []Fault {
	list := slices.Concat(transportFaults, redirects, anyMutants, kinabaseMutants, kaiNexusMutants)
	slices.SortFunc(list, func(a, b Fault) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// Applies tells whether a fault, named as Wrap wants it, is for an operation of the
// product. It is an error if the product has the operation, and the fault could not
// break it.
func Applies(product, name string) (bool, error) {
	doc, err := openapi.Ours(product)
	if err != nil {
		return false, fmt.Errorf("fault: %w", err)
	}
	f, a, err := read(name)
	if err != nil {
		return false, err
	}
	if a.operation != every && doc.Operation(a.operation) == nil {
		return false, nil
	}
	targets, err := f.targets(doc, a)
	if a.operation == every && len(targets) == 0 {
		return false, nil // it may be for the other product
	}
	return err == nil, err
}

// Assign gives each fault, named as Wrap wants it, to those of the products that have what it
// is aimed at. It is an error if none has.
func Assign(products []string, faults []string) (map[string][]string, error) {
	assigned := map[string][]string{}
	for _, name := range faults {
		taken := false
		for _, product := range products {
			applies, err := Applies(product, name)
			if err != nil {
				return nil, err
			}
			if applies {
				assigned[product] = append(assigned[product], name)
				taken = true
			}
		}
		if !taken {
			return nil, homeless(products, name)
		}
	}
	return assigned, nil
}

// homeless says why a fault, whose name is known to be right, is for none of the products.
func homeless(products []string, name string) error {
	a, err := parseAim(name)
	if err != nil {
		return err
	}
	all := strings.Join(products, " or ")
	switch a.operation {
	case "":
		return fmt.Errorf("fault: %s is for no operation of %s; name one with @, as in %s@getStatus", a.id, all, a.id)
	case every:
		return fmt.Errorf("fault: %s is for no operation of %s", a.id, all)
	}
	return fmt.Errorf("fault: %s: %s has no operation %q; kaikina spec list shows what there is", name, all, a.operation)
}

// read finds the fault of a name, and aims it at its own operation where none is named.
func read(name string) (Fault, aim, error) {
	a, err := parseAim(name)
	if err != nil {
		return Fault{}, aim{}, err
	}
	list := Catalogue()
	at := slices.IndexFunc(list, func(f Fault) bool { return f.ID == a.id })
	if at < 0 {
		ids := make([]string, len(list))
		for i, f := range list {
			ids[i] = f.ID
		}
		return Fault{}, aim{}, fmt.Errorf("fault: there is no fault %q; the closest of %d are %s (kaikina sandbox --list-faults prints all)",
			a.id, len(list), strings.Join(closest.Names(a.id, ids), ", "))
	}
	f := list[at]
	a.operation = cmp.Or(a.operation, f.Operation)
	if _, err := f.start(a.value); err != nil {
		return Fault{}, aim{}, fmt.Errorf("fault: %q: value %q: %w", name, a.value, err)
	}
	return f, a, nil
}

// targets are the ids of the operations that an aim hits.
func (f Fault) targets(doc *openapi.Document, a aim) (map[string]bool, error) {
	ids := map[string]bool{}
	for _, op := range doc.Operations {
		if a.operation != every && a.operation != op.ID {
			continue
		}
		lack := ""
		if f.needs != nil {
			lack = f.needs(op)
		}
		if lack == "" {
			ids[op.ID] = true
		} else if a.operation == op.ID {
			return nil, fmt.Errorf("fault: %s is not for %s: %s", f.ID, op.ID, lack)
		}
	}
	if len(ids) == 0 && a.operation == every {
		return nil, fmt.Errorf("fault: %s is for no operation of %s", f.ID, doc.Info.Title)
	}
	return ids, nil
}

// Config says which faults a sandbox gets.
type Config struct {
	// Product is "kainexus" or "kinabase".
	Product string
	// Faults are names as the package comment explains them.
	Faults []string
	// Seed starts the chance of faults with a rate. The zero seed is a seed like any other.
	Seed uint64
}

// Wrap breaks the answers of a sandbox. Each fault is the id of one in the catalogue,
// with an aim where it should hit something else than it does by itself.
// The product is "kainexus" or "kinabase". It is an error if a fault cannot break anything.
func Wrap(sandbox http.Handler, product string, faults ...string) (http.Handler, error) {
	return Config{Product: product, Faults: faults}.Wrap(sandbox)
}

// Wrap breaks the answers of a sandbox as the configuration says.
func (c Config) Wrap(sandbox http.Handler) (http.Handler, error) {
	doc, err := openapi.Ours(c.Product)
	if err != nil {
		return nil, fmt.Errorf("fault: %w", err)
	}
	base, err := doc.BasePath()
	if err != nil {
		return nil, fmt.Errorf("fault: %w", err)
	}
	w := &wrapper{sandbox: sandbox, doc: doc, basePath: base}
	for place, name := range c.Faults {
		f, a, err := read(name)
		if err != nil {
			return nil, err
		}
		if a.operation == "" {
			example := a
			example.operation = doc.Operations[0].ID
			return nil, fmt.Errorf("fault: %s does not say what to break: name an operation, as in %s", name, example)
		}
		if a.operation != every && doc.Operation(a.operation) == nil {
			return nil, fmt.Errorf("fault: %s: %s has no operation %q", f.ID, c.Product, a.operation)
		}
		targets, err := f.targets(doc, a)
		if err != nil {
			return nil, err
		}
		started, err := f.start(a.value)
		if err != nil {
			return nil, err
		}
		w.faults = append(w.faults, aimed{targets: targets, schedule: newSchedule(a, c.Seed, place), effect: started})
	}
	return w, nil
}
