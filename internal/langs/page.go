package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// column is what the page tells of a program.
type column struct {
	program program
	version string
	markers []marker
}

// anchor is where the page's section on a program begins.
func (c column) anchor() string { return strings.ReplaceAll(c.program.String(), "/", "-") }

// render makes the page from the markers, the versions and what is expected. It needs no
// toolchain.
func render(ctx context.Context, root string, programs []program) (string, error) {
	var columns []column
	for _, p := range programs {
		version, err := p.version(ctx)
		if err != nil {
			return "", err
		}
		markers, err := readMarkers(p)
		if err != nil {
			return "", err
		}
		columns = append(columns, column{p, version, markers})
	}
	expected, err := os.ReadFile(filepath.Join(root, expectedFile))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(introduction)
	writeGenerators(&b, columns)
	writeTable(&b, columns)
	writeNames(&b, columns)
	writeWorkarounds(&b, columns)
	b.WriteString(whatTheyPrint)
	b.WriteString("\n```json\n" + strings.TrimSpace(string(expected)) + "\n```\n")
	return b.String(), nil
}

const introduction = `# Other languages

<!-- Made by make langs from langs/: the markers in the programs, the versions, and langs/expected.json. -->

The descriptions of both APIs, [` + "`api/*.yaml`" + `](../api), are for the generators of every language. These
were tried: each generates a client, and a small program calls both APIs with it. All of the programs print
the same document, down to the last value, and a change that keeps one of them from it is not let in.

To take the descriptions to a generator of yours, as YAML and as JSON:

` + "```sh" + `
kaikina spec export --output specs
` + "```" + `

To repeat all of this, or a language of it, against sandboxes that it starts by itself:

` + "```sh" + `
make langs
make langs-python
` + "```" + `

## Generators

`

func writeGenerators(b *strings.Builder, columns []column) {
	b.WriteString("| language | generator | version | program |\n|---|---|---|---|\n")
	for _, c := range columns {
		name, version, _ := strings.Cut(c.version, " ")
		fmt.Fprintf(b, "| %s | [%s](#%s) | %s | [`langs/%s`](../langs/%s) |\n", c.program.language, name, c.anchor(), version, c.program, c.program)
	}
	b.WriteString("\nA program's `run` script shows how its generator is called, with which options.\n")
}

// writeTable has a row for each construct: generators are compared by reading across.
func writeTable(b *strings.Builder, columns []column) {
	b.WriteString("\n## What works\n\n| construct |")
	for _, c := range columns {
		fmt.Fprintf(b, " %s |", c.program)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
	for i, construct := range constructs {
		fmt.Fprintf(b, "| %s |", construct.title)
		for _, c := range columns {
			if c.markers[i].workaround == "" {
				b.WriteString(" works |")
			} else {
				fmt.Fprintf(b, " [workaround](#%s) |", c.anchor())
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("\nA workaround is one of the program's: the description stays what the vendors' pages say.\n")
}

func writeNames(b *strings.Builder, columns []column) {
	b.WriteString("\n## How it is called there\n\n")
	b.WriteString("The type, method or property of each generated client.\n\n| construct |")
	for _, c := range columns {
		fmt.Fprintf(b, " %s |", c.program)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(columns)) + "\n")
	for i, construct := range constructs {
		if !construct.named {
			continue
		}
		fmt.Fprintf(b, "| %s |", construct.id)
		for _, c := range columns {
			fmt.Fprintf(b, " `%s` |", c.markers[i].name)
		}
		b.WriteString("\n")
	}
}

func writeWorkarounds(b *strings.Builder, columns []column) {
	b.WriteString("\n## Workarounds\n")
	for _, c := range columns {
		fmt.Fprintf(b, "\n### %s\n\n", c.anchor())
		none := true
		for _, m := range c.markers {
			if m.workaround != "" {
				none = false
				fmt.Fprintf(b, "- %s, `%s`: %s\n", m.construct, m.name, m.workaround)
			}
		}
		if none {
			b.WriteString("None was needed.\n")
		}
	}
}

const whatTheyPrint = `
## What they print

Each program lists items page by page with an API key, and again with an OAuth 2.0 token; writes and reads an
item with a property that nobody declared; is refused; takes a workbook out and puts it back. It lists records
page by page; reads one of the 2023 edition; adds a record, empties a field, deletes it; does so in bulk; and
sends a key in the wrong case. A fresh sandbox answers:
`
