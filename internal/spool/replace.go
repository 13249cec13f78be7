package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Replace makes a file under another name, and gives it its own when all of it is on disk.
// Until then a file that had the name is as it was, and so it is after an error. One that is
// replaced hands down its mode.
func Replace(target string, write func(io.Writer) error) error {
	return replace(target, target+".part.new", write)
}

func replace(target, temporary string, write func(io.Writer) error) error {
	// Not followed, should it be a link that somebody else put there.
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_WRONLY, modeOf(target))
	if err != nil {
		return err
	}
	if err = write(file); err == nil {
		err = file.Sync()
	}
	if there, statErr := os.Stat(target); err == nil && statErr == nil {
		err = file.Chmod(there.Mode().Perm()) // which the umask may have narrowed
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = move(temporary, target)
	}
	if err != nil {
		if at, ok := errors.AsType[*fs.PathError](err); ok && at.Path == temporary {
			err = fmt.Errorf("write %s: %w", target, at.Err)
		}
		return errors.Join(err, remove(temporary))
	}
	return nil
}

func remove(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// move renames a file, and has the folder remember it.
func move(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	// Not every system lets a folder be synced. The file has its name all the same.
	if folder, err := os.Open(filepath.Dir(to)); err == nil {
		_ = folder.Sync()
		_ = folder.Close()
	}
	return nil
}

// modeOf is the mode to create a file with that will take a name: that of the file that has
// it, since whoever may not read that one is not to read the next. The umask sees to others.
func modeOf(target string) fs.FileMode {
	if there, err := os.Stat(target); err == nil {
		return there.Mode().Perm()
	}
	return 0o666
}
