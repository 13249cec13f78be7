package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/kaikina/kaikina/internal/openapi"
	"github.com/kaikina/kaikina/internal/yamljson"
)

// exportedFile is a line of what "spec export" tells.
type exportedFile struct {
	API    string `json:"api"`
	Format string `json:"format"`
	File   string `json:"file"`
	Bytes  int    `json:"bytes"`
	text   []byte
}

func newSpecExport(stdout io.Writer) *cobra.Command {
	var output string
	var force, asJSON bool
	cmd := &cobra.Command{
		Use:   "export [kainexus] [kinabase]",
		Short: "Write the descriptions into files, for a generator of any language",
		Long: `Writes each description twice: as YAML, the way it was written by hand, and as JSON for
tools that read no YAML. Both mean the same. Without names, both descriptions are written.

Files that are there already are left alone, all of them, unless --force is given.`,
		Example: `  kaikina spec export --output specs
  kaikina spec export --output specs --force kinabase`,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := known(args); err != nil {
				return err
			}
			if output == "" {
				return errors.New("--output is empty: name a folder, or leave the flag out for this one")
			}
			files, err := exported(output, args)
			if err != nil {
				return err
			}
			if err := writeExported(output, files, force); err != nil {
				return err
			}
			if asJSON {
				return writeJSON(stdout, files)
			}
			for _, file := range files {
				if _, err := fmt.Fprintln(stdout, file.File); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&output, "output", ".", "`folder` to write to, made when it is not there")
	f.BoolVar(&force, "force", false, "replace files that are there")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// exported are the files of the descriptions that are named, all when none is. A name that
// is given twice counts once.
func exported(folder string, names []string) ([]exportedFile, error) {
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	var files []exportedFile
	for _, name := range openapi.Products {
		if len(wanted) > 0 && !wanted[name] {
			continue
		}
		converted, err := yamljson.Convert(specs[name])
		if err != nil {
			return nil, fmt.Errorf("the description of %s: %w", name, err)
		}
		file := filepath.Join(folder, name)
		files = append(files,
			exportedFile{name, "yaml", file + ".yaml", len(specs[name]), specs[name]},
			exportedFile{name, "json", file + ".json", len(converted), converted})
	}
	return files, nil
}

// writeExported writes every file under a temporary name before it renames the first, so
// that a full disk leaves what was there.
func writeExported(folder string, files []exportedFile, force bool) (err error) {
	if !force {
		for _, file := range files {
			if _, err := os.Lstat(file.File); err == nil {
				return fmt.Errorf("%s is there already: --force replaces it, --output names another folder", file.File)
			} else if !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var written []string
	defer func() {
		for _, name := range written {
			if removed := os.Remove(name); removed != nil && !errors.Is(removed, fs.ErrNotExist) {
				err = errors.Join(err, removed)
			}
		}
	}()
	for _, file := range files {
		name := fmt.Sprintf("%s.%d.tmp", file.File, os.Getpid())
		written = append(written, name)
		if err := os.WriteFile(name, file.text, 0o644); err != nil {
			return err
		}
	}
	for i, file := range files {
		if err := os.Rename(written[i], file.File); err != nil {
			return err
		}
	}
	return nil
}
