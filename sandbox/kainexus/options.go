package kainexus

import (
	"errors"
	"time"

	"github.com/kaikina/kaikina/sandbox/kainexus/internal/stub"
)

// An Option changes what New makes.
type Option func(*options) error

type options struct {
	clock       func() time.Time
	credentials Credentials
	items       []Item
	seeded      bool
	dataOptions
}

// The records of [WithItems], as the description of the API declares them.
type (
	Item       = stub.Item
	ItemStatus = stub.ItemStatus
	PersonRef  = stub.PersonRef
	Location   = stub.LocationRef
	Field      = stub.Field
	Attribute  = stub.Attribute
	Milestone  = stub.Milestone
	Resolution = stub.Resolution
	Impact     = stub.Impact
	Chart      = stub.Chart
	Series     = stub.ChartSeries
	Timestamp  = stub.Timestamp
)

// WithClock replaces time.Now. It decides when tokens expire and what dates of changes
// say. The clock is called from many goroutines.
func WithClock(now func() time.Time) Option {
	return func(o *options) error {
		if now == nil {
			return errors.New("kainexus: WithClock: the clock is nil")
		}
		o.clock = now
		return nil
	}
}

// WithCredentials replaces the credentials that every sandbox has. An empty APIKey
// switches Basic authentication off, an empty ClientID and ClientSecret OAuth.
func WithCredentials(c Credentials) Option {
	return func(o *options) error {
		if (c.ClientID == "") != (c.ClientSecret == "") {
			return errors.New("kainexus: WithCredentials: a ClientID needs a ClientSecret, and the other way round")
		}
		if c == (Credentials{}) {
			return errors.New("kainexus: WithCredentials: an APIKey or a ClientID with its ClientSecret is needed")
		}
		o.credentials = c
		return nil
	}
}

// WithItems adds items, by the rules of creating one through the API, except that an
// item may bring its own ID and its Chart. It may be given several times.
func WithItems(items ...Item) Option {
	return func(o *options) error {
		o.items = append(o.items, items...)
		return nil
	}
}

// WithoutSeed leaves out the items that every sandbox has, charts included. What the
// API cannot make stays: templates, the network, the first users, values and lists.
func WithoutSeed() Option {
	return func(o *options) error {
		o.seeded = false
		return nil
	}
}
