package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/kaikina/kaikina/api"
	"github.com/kaikina/kaikina/internal/openapi"
	"github.com/kaikina/kaikina/internal/speccheck"
	"github.com/kaikina/kaikina/internal/yamljson"
)

// specs are the descriptions that the command carries.
var specs = map[string][]byte{"kainexus": api.KaiNexus, "kinabase": api.Kinabase}

func newSpec(stdout io.Writer) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "spec",
		Short: "List, print, export and check the OpenAPI descriptions",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSpecList(stdout), newSpecPrint(stdout), newSpecExport(stdout), newSpecCheck(stdout))
	return cmd
}

// operationInfo is a line of "spec list".
type operationInfo struct {
	API        string `json:"api"`
	ID         string `json:"operation"`
	Method     string `json:"method"`
	Path       string `json:"path"`
	Confidence string `json:"confidence,omitempty"`
}

func newSpecList(stdout io.Writer) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list [kainexus] [kinabase]",
		Short: "List the operations, and how far each description can be trusted",
		RunE: func(cmd *cobra.Command, args []string) error {
			docs, err := documents(cmd, args)
			if err != nil {
				return err
			}
			list := []operationInfo{}
			for _, d := range docs {
				for _, op := range d.doc.Operations {
					confidence, _ := op.Spec.Extensions["x-confidence"].(string)
					list = append(list, operationInfo{d.name, op.ID, op.Method, op.Path, confidence})
				}
			}
			if asJSON {
				return writeJSON(stdout, list)
			}
			t := table.NewWriter()
			t.SetStyle(table.StyleLight)
			t.Style().Format.Header = text.FormatDefault
			t.AppendHeader(table.Row{"api", "operation", "method", "path", "confidence"})
			for _, op := range list {
				t.AppendRow(table.Row{op.API, op.ID, op.Method, op.Path, op.Confidence})
			}
			_, err = fmt.Fprintln(stdout, t.Render())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().String("spec", "", "an OpenAPI document of your own instead, as a `file`")
	return cmd
}

func newSpecPrint(stdout io.Writer) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:       "print kainexus|kinabase",
		Short:     "Print a description, as YAML or as JSON",
		Example:   "  kaikina spec print kinabase > kinabase.yaml",
		ValidArgs: openapi.Products,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("name one description to print: %s", strings.Join(openapi.Products, " or "))
			}
			return known(args)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if !asJSON {
				_, err := stdout.Write(specs[args[0]])
				return err
			}
			converted, err := yamljson.Convert(specs[args[0]])
			if err != nil {
				return err
			}
			_, err = stdout.Write(converted)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func newSpecCheck(stdout io.Writer) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check [kainexus] [kinabase]",
		Short: "Check the descriptions: validity, and for ours provenance, examples and names",
		Long: `Checks that a description is valid OpenAPI, that its examples fit their schemas, and that
its schemas can be used, patterns included.
Our own are also held to the house rules: every operation and component says where it
comes from, every body has an example, and everything has a name that generators can use.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			docs, err := documents(cmd, args)
			if err != nil {
				return err
			}
			type result struct {
				Name       string              `json:"name"`
				Operations int                 `json:"operations"`
				Examples   int                 `json:"examples"`
				Problems   []speccheck.Problem `json:"problems"`
			}
			var results []result
			found := false
			for _, d := range docs {
				r := result{d.name, len(d.doc.Operations), speccheck.ExampleCount(d.doc), []speccheck.Problem{}}
				rules := speccheck.Check
				if cmd.Flags().Changed("spec") {
					rules = speccheck.Schemas
				}
				r.Problems = append(r.Problems, rules(d.doc)...)
				found = found || len(r.Problems) > 0
				results = append(results, r)
			}
			if asJSON {
				if err := writeJSON(stdout, results); err != nil {
					return err
				}
			} else {
				for _, r := range results {
					for _, p := range r.Problems {
						if _, err := fmt.Fprintf(stdout, "%s: %s\n", r.Name, p); err != nil {
							return err
						}
					}
					if _, err := fmt.Fprintf(stdout, "%s: %d operations, %d examples, %d problems\n", r.Name, r.Operations, r.Examples, len(r.Problems)); err != nil {
						return err
					}
				}
			}
			if found {
				return errFindings
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().String("spec", "", "an OpenAPI document of your own instead, as a `file`")
	return cmd
}

type namedDocument struct {
	name string
	doc  *openapi.Document
}

// documents parses what the arguments name: our descriptions, all of them when none is
// named, or the file of --spec.
func documents(cmd *cobra.Command, names []string) ([]namedDocument, error) {
	if cmd.Flags().Changed("spec") {
		file, err := cmd.Flags().GetString("spec")
		if err != nil {
			return nil, err
		}
		if file == "" {
			return nil, errors.New("--spec is empty: give the name of a file")
		}
		if len(names) > 0 {
			return nil, fmt.Errorf("--spec %s already says which description: name none besides", file)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		doc, err := openapi.Parse(cmd.Context(), file, data)
		if err != nil {
			return nil, err
		}
		return []namedDocument{{file, doc}}, nil
	}
	if err := known(names); err != nil {
		return nil, err
	}
	if len(names) == 0 {
		names = openapi.Products
	}
	var list []namedDocument
	for _, name := range names {
		doc, err := openapi.Ours(name)
		if err != nil {
			return nil, err
		}
		list = append(list, namedDocument{name, doc})
	}
	return list, nil
}

// known refuses a name that is none of the two products.
func known(names []string) error {
	for _, name := range names {
		if _, ok := specs[name]; !ok {
			return fmt.Errorf("there is no API %q; there are %s", name, strings.Join(openapi.Products, " and "))
		}
	}
	return nil
}
