package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// marker is a comment in a program: which name of the generated client it uses for a
// construct, and what it takes when that alone does not do.
//
//	works(item): Item
//	workaround(multipart): importCharts: the form has to be written by hand.
//
// A sentence goes on in the comment lines below it until it ends with a full stop.
type marker struct {
	construct, name string
	// workaround is empty where the client does by itself.
	workaround string
	// at is FILE:LINE.
	at string
}

var (
	markerLine  = regexp.MustCompile(`^\s*(?://+|#+|\*|/\*+)\s*(works|workaround)\(([^)]*)\):\s*(.*?)(?:\s*\*/)?\s*$`)
	commentLine = regexp.MustCompile(`^\s*(?://+|#+|\*(?:\s|$))\s?(.*?)\s*$`)
	identifier  = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*$`)
	// nameless are names that a generator makes up where the description should have given one,
	// underscores apart.
	nameless = regexp.MustCompile(`(?i)^(inline(response|object|request)\w*|(object|body|response|request|model|type)\d*|\w*(anyof|oneof|allof)\d*)$`)
)

// source is a file of a program, with its lines.
type source struct {
	name  string
	lines []string
}

// languagesOfSources are the endings of the files that programs are written in.
var languagesOfSources = []string{".go", ".ts", ".mts", ".py", ".java", ".rs"}

// notWritten are the folders whose files nobody wrote by hand.
var notWritten = []string{"generated", "build", "node_modules", "target", "dist", ".venv", "venv", "__pycache__", ".mypy_cache"}

// written reads the sources of a program that are written by hand.
func written(p program) ([]source, error) { return readSources(p.folder, notWritten) }

// readSources reads the source files below a folder, but for those in folders of some names.
func readSources(folder string, without []string) ([]source, error) {
	var sources []source
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != folder && slices.Contains(without, entry.Name()):
			return fs.SkipDir
		case entry.IsDir() || !slices.Contains(languagesOfSources, filepath.Ext(path)):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		sources = append(sources, source{filepath.ToSlash(name), strings.Split(string(text), "\n")})
		return err
	})
	return sources, err
}

// readMarkers gives the markers of a program in the order of the constructs, and fails
// unless each construct has exactly one.
func readMarkers(p program) ([]marker, error) {
	sources, err := written(p)
	if err != nil {
		return nil, err
	}
	var found []marker
	var wrong []error
	for _, s := range sources {
		for i, line := range s.lines {
			if !markerLine.MatchString(line) {
				continue
			}
			m, err := parseMarker(s.lines[i:])
			m.at = fmt.Sprintf("langs/%s/%s:%d", p, s.name, i+1)
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %w", m.at, err))
				continue
			}
			found = append(found, m)
		}
	}
	var ordered []marker
	for _, c := range constructs {
		var of []marker
		for _, m := range found {
			if m.construct == c.id {
				of = append(of, m)
			}
		}
		switch len(of) {
		case 0:
			wrong = append(wrong, fmt.Errorf("%s: there is no marker works(%s) or workaround(%s)", p, c.id, c.id))
		case 1:
			ordered = append(ordered, of[0])
		default:
			wrong = append(wrong, fmt.Errorf("%s: %s has a marker at %s as well", of[1].at, c.id, of[0].at))
		}
	}
	return ordered, errors.Join(wrong...)
}

// parseMarker reads the marker that the first of the lines has.
func parseMarker(lines []string) (marker, error) {
	parts := markerLine.FindStringSubmatch(lines[0])
	m := marker{construct: parts[2]}
	if !slices.ContainsFunc(constructs, func(c construct) bool { return c.id == m.construct }) {
		return m, fmt.Errorf("there is no construct %q", m.construct)
	}
	name, sentence, _ := strings.Cut(parts[3], ":")
	m.name, m.workaround = strings.TrimSpace(name), strings.TrimSpace(sentence)
	switch {
	case !identifier.MatchString(m.name):
		return m, fmt.Errorf("%q is no name of a type, a method or a property", m.name)
	case nameless.MatchString(strings.ReplaceAll(m.name[strings.LastIndex(m.name, ".")+1:], "_", "")):
		return m, fmt.Errorf("%q is a name that the generator made up", m.name)
	case parts[1] == "works" && m.workaround != "":
		return m, fmt.Errorf("works(%s) has a sentence: is it a workaround?", m.construct)
	case parts[1] == "works":
		return m, nil
	}
	for _, line := range lines[1:] {
		more := commentLine.FindStringSubmatch(line)
		if strings.HasSuffix(m.workaround, ".") || more == nil || more[1] == "" || markerLine.MatchString(line) {
			break
		}
		m.workaround = strings.TrimSpace(m.workaround + " " + more[1])
	}
	if !strings.HasSuffix(m.workaround, ".") {
		return m, fmt.Errorf("workaround(%s) wants a sentence behind the name", m.construct)
	}
	return m, nil
}

// generatedBy is where the generated sources of a program are. Those of the Go program are
// the module's own clients.
func generatedBy(root string, p program) string {
	if p.String() == twin {
		return filepath.Join(root, "gen")
	}
	return filepath.Join(p.folder, "generated")
}

// checkNames fails unless every marker's name is in what was generated, and in the code of
// the program.
func checkNames(root string, p program, markers []marker) error {
	generated, err := readSources(generatedBy(root, p), []string{"node_modules", "target"})
	if err != nil {
		return fmt.Errorf("%s: the generated sources: %w", p, err)
	}
	sources, err := written(p)
	if err != nil {
		return err
	}
	there, used := words(generated, true), words(sources, false)
	var wrong []error
	for _, m := range markers {
		for _, name := range strings.Split(m.name, ".") {
			if !there[name] {
				wrong = append(wrong, fmt.Errorf("%s: %s is not in the generated client", m.at, name))
			}
			if !used[name] {
				wrong = append(wrong, fmt.Errorf("%s: the program does not use %s", m.at, name))
			}
		}
	}
	return errors.Join(wrong...)
}

var word = regexp.MustCompile(`[A-Za-z_$][A-Za-z0-9_$]*`)

// words are the identifiers in some sources; without comments, only those outside of lines
// that are comments.
func words(sources []source, comments bool) map[string]bool {
	found := map[string]bool{}
	for _, s := range sources {
		for _, line := range s.lines {
			// An attribute of Rust begins like a comment of Python.
			if !comments && commentLine.MatchString(line) && !strings.HasPrefix(strings.TrimSpace(line), "#[") && !strings.HasPrefix(strings.TrimSpace(line), "#!") {
				continue
			}
			for _, name := range word.FindAllString(line, -1) {
				found[name] = true
			}
		}
	}
	return found
}
