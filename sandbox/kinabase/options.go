package kinabase

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/kaikina/kaikina/sandbox"
)

// An Option changes what New makes.
type Option func(*options) error

type options struct {
	clock         func() time.Time
	apps          []App
	collections   []Collection
	generated     []generatedRecords
	storage       sandbox.Storage
	ingestLimit   int
	rateLimit     int
	seeded        bool
	strictHeaders bool
	edition2023   bool
}

type generatedRecords struct {
	collection string
	count      int
	seed       uint64
}

// WithClock replaces time.Now. It decides when tokens expire, what counts as updated,
// and when ingest may be called again. The clock is called from many goroutines.
func WithClock(now func() time.Time) Option {
	return func(o *options) error {
		if now == nil {
			return errors.New("kinabase: WithClock: the clock is nil")
		}
		o.clock = now
		return nil
	}
}

// WithApp registers app instead of the app that every sandbox has. It may be given
// several times, for several apps.
func WithApp(app App) Option {
	return func(o *options) error {
		if app.ID == "" || app.Secret == "" {
			return errors.New("kinabase: WithApp: an app needs an ID and a Secret")
		}
		if slices.ContainsFunc(o.apps, func(other App) bool { return other.ID == app.ID }) {
			return errors.New("kinabase: WithApp: two apps have the same ID")
		}
		o.apps = append(o.apps, app)
		return nil
	}
}

// WithCollection adds a collection, which needs a Name; its Slug and its ID follow from it
// unless they are given. It may be given several times. Collections can link to each other
// and to those that every sandbox has. An error of New calls the collection by its slug.
func WithCollection(c Collection) Option {
	return func(o *options) error {
		o.collections = append(o.collections, c.named())
		return nil
	}
}

// WithGeneratedRecords adds n records, at most a million, to the collection with this ID
// or slug, after those that it has. Their values are drawn from seed when they are asked
// for: the same seed gives the same records, and 100,000 of them are made in a moment.
// Linked fields draw from the first records of their target. It may be given several
// times.
func WithGeneratedRecords(collection string, n int, seed uint64) Option {
	return func(o *options) error {
		if n < 0 || n > maxGenerated {
			return fmt.Errorf("kinabase: WithGeneratedRecords: %d records; want 0 to %d", n, maxGenerated)
		}
		o.generated = append(o.generated, generatedRecords{collection, n, seed})
		return nil
	}
}

// WithoutSeed leaves out the collections that every sandbox has.
func WithoutSeed() Option {
	return func(o *options) error {
		o.seeded = false
		return nil
	}
}

// WithIngestLimit sets how many calls to ingest an app may make within a minute before
// it is answered 429: 100 unless given, and 0 for any number.
func WithIngestLimit(perMinute int) Option {
	return func(o *options) error {
		if perMinute < 0 {
			return fmt.Errorf("kinabase: WithIngestLimit: %d calls a minute; want 0 or more", perMinute)
		}
		o.ingestLimit = perMinute
		return nil
	}
}

// WithRateLimit sets how many calls of any kind there may be within a minute, whoever
// makes them, before one is answered 429: any number unless given.
func WithRateLimit(perMinute int) Option {
	return func(o *options) error {
		if perMinute < 0 {
			return fmt.Errorf("kinabase: WithRateLimit: %d calls a minute; want 0 or more", perMinute)
		}
		o.rateLimit = perMinute
		return nil
	}
}

// WithStrictHeaders refuses every call that lacks one of the headers that the guides
// want on all of them: Content-Type and Accept, both application/json.
func WithStrictHeaders() Option {
	return func(o *options) error {
		o.strictHeaders = true
		return nil
	}
}

// WithStorage keeps the state in storage: every change is committed before it can be
// seen and before it is answered, and what cannot be committed is answered 500 and did
// not happen. The answer does not say why: [sandbox.ReportFailures] does. A storage belongs
// to one Server at a time.
//
// An empty storage gets what the Server starts with. One that holds something is what
// the Server starts with: then [WithApp], [WithCollection], [WithGeneratedRecords] and
// [WithoutSeed] change nothing, but for the rules of computed fields, which are functions
// and cannot be stored: give their collections again.
//
// What is stored lets its reader make tokens, as the emulator itself does. Secrets of
// apps are stored as hashes only. How often ingest was called is not stored.
func WithStorage(storage sandbox.Storage) Option {
	return func(o *options) error {
		if storage == nil {
			return errors.New("kinabase: WithStorage: the storage is nil")
		}
		o.storage = storage
		return nil
	}
}

// WithEdition2023 answers records as the edition of August 2023 did: field values
// stand beside id, recordId, createdAt, updatedAt and updatedBy, not under data.
func WithEdition2023() Option {
	return func(o *options) error {
		o.edition2023 = true
		return nil
	}
}
