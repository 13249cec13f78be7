package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/kaikina/kaikina/auth"
	"github.com/kaikina/kaikina/internal/table"
	"github.com/kaikina/kaikina/transport"
)

// destination is where an export goes.
type destination struct {
	file   string // empty for standard output
	format table.Format
}

// destination reads --output and --format.
func (o exportOptions) destination(stdout io.Writer) (d destination, err error) {
	if o.output != "-" {
		d.file = o.output
	}
	if d.format, err = o.formatOf(d.file); err != nil {
		return d, err
	}
	if o.forSpreadsheets && d.format != table.CSV {
		return d, fmt.Errorf("--for-spreadsheet is about CSV, and this is %s", d.format)
	}
	if d.file == "" {
		switch {
		case o.restart:
			return d, errors.New("--restart is about a file: an export to standard output leaves nothing behind")
		case o.asJSON:
			return d, errors.New("--json would mix with the export on standard output: name a file with --output")
		case d.format.Binary() && isTerminal(stdout):
			return d, fmt.Errorf("%s is nothing for a terminal: name a file with --output", d.format)
		}
		return d, nil
	}
	d.file, err = place(d.file)
	return d, err
}

func (o exportOptions) formatOf(file string) (table.Format, error) {
	switch {
	case o.format != "":
		format, err := table.ParseFormat(o.format)
		if err != nil {
			return "", fmt.Errorf("--format: %w", err)
		}
		return format, nil
	case file == "":
		return table.NDJSON, nil
	}
	format, err := table.FormatOf(file)
	if err != nil {
		return "", fmt.Errorf("--output %s: %w: say which format it is to have with --format", file, err)
	}
	return format, nil
}

// place finds out whether a file can have a name. A link stays one, and what it leads to is
// replaced.
func place(file string) (string, error) {
	real, err := filepath.EvalSymlinks(file)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(file); err == nil {
			return "", fmt.Errorf("--output %s: it is a link that leads nowhere", file)
		}
		return file, nil
	}
	if err != nil {
		return "", withWayOut(fmt.Errorf("--output %s: %w", file, err))
	}
	there, err := os.Stat(real)
	switch {
	case err != nil:
		return "", err
	case there.IsDir():
		return "", fmt.Errorf("--output %s: it is a folder: name a file in it", file)
	case !there.Mode().IsRegular():
		return "", fmt.Errorf("--output %s: it is no file: leave out --output to write to standard output", file)
	}
	return real, nil
}

// waysOut say what to do about an error of the file system.
var waysOut = []struct {
	err  error
	hint string
}{
	{syscall.ENOSPC, "make room and give the same command again"},
	{syscall.EDQUOT, "make room and give the same command again"},
	{syscall.EFBIG, "the system allows no larger file here: choose another place with --output"},
	{syscall.EROFS, "nothing can be written there: choose another place with --output"},
	{fs.ErrPermission, "you may not write there: choose another place with --output"},
	{fs.ErrNotExist, "make the folder first, or choose another place with --output"},
	{syscall.ENOTDIR, "a part of the path is no folder: choose another place with --output"},
}

// withWayOut adds to an error of the file system what can be done about it.
func withWayOut(err error) error {
	// An error of a call is not about files, whatever the system says of the connection.
	_, call := errors.AsType[*transport.Error](err)
	_, token := errors.AsType[*auth.TokenError](err)
	_, file := errors.AsType[*fs.PathError](err)
	_, link := errors.AsType[*os.LinkError](err)
	_, bare := errors.AsType[syscall.Errno](err)
	if call || token || !file && !link && !bare {
		return err
	}
	for _, way := range waysOut {
		if errors.Is(err, way.err) {
			return fmt.Errorf("%w: %s", err, way.hint)
		}
	}
	return err
}
