// Package sqlite keeps the state of emulators in a file of SQLite, so that it survives the
// end of the process, be it by kill -9. It is a package of its own, because a program that
// only tests against an emulator need not link a database.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/kaikina/kaikina/sandbox"
)

const (
	// applicationID marks the files of this package ("kaik"), as SQLite provides for.
	applicationID = 0x6b61696b
	// formatVersion says how the tables look. What the values mean is the emulators' affair.
	formatVersion = 1
)

// File is an open file. It is made by [Open], and safe for concurrent use.
type File struct {
	path string
	mu   sync.Mutex // SQLite has one writer; and nobody reads but at the start
	db   *sql.DB
}

// Open opens the file at path, or makes it, readable by its owner only. It fails when the
// file is of another kind, or in use by another process.
func Open(ctx context.Context, path string) (*File, error) {
	f, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("sandbox file %s: %w", path, err)
	}
	return f, nil
}

func open(ctx context.Context, path string) (*File, error) {
	made, err := create(path)
	if err != nil {
		return nil, withoutPath(err)
	}
	f, err := connect(ctx, path)
	if err != nil && made {
		err = errors.Join(err, os.Remove(path))
	}
	return f, err
}

// create makes the file if there is none, and tells whether it did. SQLite would make one
// that others can read.
func create(path string) (made bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if made = err == nil; !made && !errors.Is(err, fs.ErrExist) {
		return false, err
	}
	if !made {
		if f, err = os.OpenFile(path, os.O_RDWR, 0); err != nil {
			return false, err
		}
	}
	return made, f.Close()
}

// connect opens a file that is there.
func connect(ctx context.Context, path string) (*File, error) {
	name, err := dataSource(path)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // the lock belongs to a connection
	f := &File{path: path, db: db}
	err = f.prepare(ctx)
	if err == nil {
		// Now that the file is known to be ours: a log makes commits cheap.
		_, err = db.ExecContext(ctx, "PRAGMA journal_mode = WAL")
	}
	if err != nil {
		return nil, errors.Join(explain(err), db.Close())
	}
	return f, nil
}

// dataSource names a file and how to use it: for one process alone, and such that what was
// committed is on the disk.
func dataSource(path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	options := url.Values{
		"_pragma": {"locking_mode(EXCLUSIVE)", "synchronous(FULL)"},
		"_txlock": {"immediate"},
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: options.Encode()}).String(), nil
}

// withoutPath is an error without the path, which the caller names.
func withoutPath(err error) error {
	if known := (*os.PathError)(nil); errors.As(err, &known) {
		return known.Err
	}
	return err
}

// explain says what an error of SQLite means for the file.
func explain(err error) error {
	known := (*driver.Error)(nil)
	if !errors.As(err, &known) {
		return err
	}
	switch known.Code() & 0xff { // what follows are details
	case codes.SQLITE_NOTADB:
		return errors.New("it is not a file of a sandbox; choose another one")
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		return errors.New("it is in use by another process; stop that one or choose another file")
	}
	return err
}

// prepare makes the table of a new file, and refuses a file of another kind.
func (f *File) prepare(ctx context.Context) error {
	return f.transact(ctx, func(tx *sql.Tx) error {
		var application, version, tables int
		for query, to := range map[string]*int{
			"PRAGMA application_id":              &application,
			"PRAGMA user_version":                &version,
			"SELECT count(*) FROM sqlite_schema": &tables,
		} {
			if err := tx.QueryRowContext(ctx, query).Scan(to); err != nil {
				return err
			}
		}
		switch {
		case application == 0 && version == 0 && tables == 0:
		case application != applicationID:
			return errors.New("it is a database, but not one of a sandbox; choose another file")
		case version != formatVersion:
			return fmt.Errorf("its format is %d, and this program knows %d only; choose another file", version, formatVersion)
		default:
			return nil
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf(`
			CREATE TABLE state (emulator TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (emulator, key)) WITHOUT ROWID;
			PRAGMA application_id = %d;
			PRAGMA user_version = %d;`, applicationID, formatVersion))
		return err
	})
}

// transact carries out what do does as a whole or not at all.
func (f *File) transact(ctx context.Context, do func(*sql.Tx) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	tx, err := f.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		_ = tx.Rollback() // the first error says more
		return err
	}
	return tx.Commit()
}

// Empty tells whether nothing was stored yet.
func (f *File) Empty(ctx context.Context) (bool, error) {
	stored := 0
	err := f.db.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM state LIMIT 1)").Scan(&stored)
	if err != nil {
		return false, fmt.Errorf("sandbox file %s: %w", f.path, err)
	}
	return stored == 0, nil
}

// Storage is the part of the file that belongs to the emulator of that name. Each emulator
// needs one of its own.
func (f *File) Storage(emulator string) sandbox.Storage { return &storage{f, emulator} }

// Close ends the use of the file. Nothing that was committed is lost without it.
func (f *File) Close() error { return f.db.Close() }

type storage struct {
	file     *File
	emulator string
}

// Load implements [sandbox.Storage].
func (s *storage) Load(each func(key string, value []byte) error) error {
	rows, err := s.file.db.Query("SELECT key, value FROM state WHERE emulator = ?", s.emulator)
	if err != nil {
		return fmt.Errorf("sandbox file %s: %w", s.file.path, err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		var value []byte
		if err := rows.Scan(&key, &value); err != nil {
			return fmt.Errorf("sandbox file %s: %w", s.file.path, err)
		}
		if err := each(key, value); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Commit implements [sandbox.Storage].
func (s *storage) Commit(changes []sandbox.Change) error {
	if len(changes) == 0 {
		return nil
	}
	ctx := context.Background() // half of a change is no use to anybody
	err := s.file.transact(ctx, func(tx *sql.Tx) error {
		put, err := tx.PrepareContext(ctx, "INSERT INTO state (emulator, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value")
		if err != nil {
			return err
		}
		defer put.Close()
		take, err := tx.PrepareContext(ctx, "DELETE FROM state WHERE emulator = ? AND key = ?")
		if err != nil {
			return err
		}
		defer take.Close()
		for _, c := range changes {
			if c.Value == nil {
				_, err = take.ExecContext(ctx, s.emulator, c.Key)
			} else {
				_, err = put.ExecContext(ctx, s.emulator, c.Key, c.Value)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("sandbox file %s: %w", s.file.path, err)
	}
	return nil
}
