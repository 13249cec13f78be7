package kinabase

import (
	"errors"
	"time"
)

// An Option changes what New makes.
type Option func(*options) error

type options struct {
	clock       func() time.Time
	app         App
	collections []Collection
	seeded      bool
	edition2023 bool
}

// WithClock replaces time.Now. It decides when tokens expire and what counts as
// updated. The clock is called from many goroutines.
func WithClock(now func() time.Time) Option {
	return func(o *options) error {
		if now == nil {
			return errors.New("kinabase: WithClock: the clock is nil")
		}
		o.clock = now
		return nil
	}
}

// WithApp registers app instead of the app that every sandbox has.
func WithApp(app App) Option {
	return func(o *options) error {
		if app.ID == "" || app.Secret == "" {
			return errors.New("kinabase: WithApp: an app needs an ID and a Secret")
		}
		o.app = app
		return nil
	}
}

// WithCollection adds a collection. It may be given several times.
func WithCollection(c Collection) Option {
	return func(o *options) error {
		o.collections = append(o.collections, c)
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

// WithEdition2023 answers records as the edition of August 2023 did: field values
// stand beside id, recordId, createdAt, updatedAt and updatedBy, not under data.
func WithEdition2023() Option {
	return func(o *options) error {
		o.edition2023 = true
		return nil
	}
}
