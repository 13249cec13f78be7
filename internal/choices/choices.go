// Command choices writes docs/sandbox-choices.md: what the emulators do where the vendors'
// documentation is silent. Each choice stands beside the code that makes it, in a comment
//
//	// Choice(its-id): One or two sentences.
//
// and the name of an operation that it settles something for may follow the id in brackets,
// several separated by spaces: Choice(its-id) [getItem putItem]: ...
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/kaikina/kaikina/internal/openapi"
)

const page = "docs/sandbox-choices.md"

func main() {
	text, err := render(".")
	if err == nil {
		err = os.WriteFile(page, []byte(text), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "choices:", err)
		os.Exit(1)
	}
}

// choice is what an emulator does where it was free to do something else.
type choice struct {
	id, text, at string
	operations   []string
}

var marker = regexp.MustCompile(`(?m)^Choice\(([^)]*)\)(?: \[([^]]*)\])?: `)

// collect reads the choices in the Go files below a folder, tests apart, in the order of
// their ids.
func collect(folder string) ([]choice, error) {
	var choices []choice
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, group := range file.Comments {
			choices = append(choices, within(group, files.Position(group.Pos()).String())...)
		}
		return nil
	})
	slices.SortFunc(choices, func(a, b choice) int { return strings.Compare(a.id, b.id) })
	for i, c := range choices {
		switch {
		case !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(c.id):
			return nil, fmt.Errorf("%s: Choice(%s): an id has small letters and hyphens", c.at, c.id)
		case i > 0 && choices[i-1].id == c.id:
			return nil, fmt.Errorf("%s: Choice(%s) is also at %s", c.at, c.id, choices[i-1].at)
		case !strings.HasSuffix(c.text, "."):
			return nil, fmt.Errorf("%s: Choice(%s): the text is not made of sentences", c.at, c.id)
		}
	}
	return choices, err
}

// within are the choices of one comment. Each ends where the next begins, or a paragraph.
func within(group *ast.CommentGroup, at string) []choice {
	var choices []choice
	text := group.Text()
	starts := marker.FindAllStringSubmatchIndex(text, -1)
	for i, start := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		body, _, _ := strings.Cut(text[start[1]:end], "\n\n")
		c := choice{id: text[start[2]:start[3]], text: strings.Join(strings.Fields(body), " "), at: at}
		if start[4] >= 0 {
			c.operations = strings.Fields(text[start[4]:start[5]])
		}
		choices = append(choices, c)
	}
	return choices
}

// sections are what the page has, by the folders in sandbox/ that it reads.
var sections = []struct {
	folder, title string
	described     bool // by api/FOLDER.yaml
}{{"kainexus", "KaiNexus", true}, {"kinabase", "Kinabase", true}, {"fault", "Faults", false}}

// render makes the page for the module at root.
func render(root string) (string, error) {
	var b strings.Builder
	b.WriteString(`# What the sandbox chose

<!-- Made by go generate from comments in sandbox/ and from api/*.yaml. -->

The vendors' public documentation leaves much unsaid. The emulators had to do something all the same.
Here is what, so that you do not take any of it for a fact about the real services. Each choice stands
in the source beside the code that makes it: search for its id.

Where a real service is most likely to differ, and a program that passes here could fail: the status and
code of a refusal ([error-codes](#kainexus-error-codes), [all-limit](#kinabase-all-limit)); whether lists in a
PUT replace or merge ([merged-parts](#kainexus-merged-parts), [omitted-and-null](#kainexus-omitted-and-null));
whether one bad record stops the others ([write-atomicity](#kainexus-write-atomicity),
[bulk-atomic](#kinabase-bulk-atomic)); how the values of fields are written (the choices encoding-...); and how
many calls there may be ([rate-limit](#kainexus-rate-limit), [ingest-limit](#kinabase-ingest-limit)).
`)
	for _, section := range sections {
		choices, err := collect(filepath.Join(root, "sandbox", section.folder))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n## %s\n\n", section.title)
		for _, c := range choices {
			fmt.Fprintf(&b, "- <a id=\"%s-%s\"></a>**%s**: %s\n", section.folder, c.id, c.id, c.text)
		}
		if !section.described {
			continue
		}
		open, err := unsettled(section.folder, choices)
		if err != nil {
			return "", fmt.Errorf("%s: %w", section.title, err)
		}
		fmt.Fprintf(&b, "\n### What api/%s.yaml leaves open\n\n%s", section.folder, open)
	}
	return b.String(), checkLinks(b.String())
}

// checkLinks looks whether what the page points to is there.
func checkLinks(page string) error {
	for _, link := range regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, fmt.Sprintf("<a id=%q>", link[1])) {
			return fmt.Errorf("there is no choice %s to point to", link[1])
		}
	}
	return nil
}

var unknown = regexp.MustCompile(`Unknown: ([^.]*\.)`)

// unsettled lists the operations of which the description says that something is unknown,
// with the choices about it. Each needs one.
func unsettled(product string, choices []choice) (string, error) {
	doc, err := openapi.Ours(product)
	if err != nil {
		return "", err
	}
	settled := map[string][]string{}
	for _, c := range choices {
		for _, id := range c.operations {
			if doc.Operation(id) == nil {
				return "", fmt.Errorf("%s: Choice(%s): there is no operation %s", c.at, c.id, id)
			}
			settled[id] = append(settled[id], fmt.Sprintf("[%s](#%s-%s)", c.id, product, c.id))
		}
	}
	var b strings.Builder
	b.WriteString("| operation | what it does | unknown of it | chosen |\n|---|---|---|---|\n")
	for _, op := range doc.Operations {
		for _, match := range unknown.FindAllStringSubmatch(strings.Join(strings.Fields(op.Spec.Description), " "), -1) {
			if len(settled[op.ID]) == 0 {
				return "", fmt.Errorf("no Choice(...) [%s] settles: %s", op.ID, match[1])
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", op.ID, op.Spec.Summary, match[1], strings.Join(settled[op.ID], ", "))
		}
	}
	return b.String(), nil
}
