package kainexus

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// An Option changes what New makes.
type Option func(*options) error

type options struct {
	clock       func() time.Time
	credentials Credentials
	roles       []Role
	accounts    []accountOption
	private     []int64
	items       []Item
	seeded      bool
	rateLimit   int
	dataOptions
}

type accountOption struct {
	account     ServiceAccount
	credentials Credentials
}

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

// WithCredentials replaces the credentials of the Service Account that every sandbox has
// and that may do everything. With an empty APIKey it has no API key, with an empty
// ClientID and ClientSecret no OAuth client.
func WithCredentials(c Credentials) Option {
	return func(o *options) error {
		if err := c.check(); err != nil {
			return fmt.Errorf("kainexus: WithCredentials: %w", err)
		}
		o.credentials = c
		return nil
	}
}

func (c Credentials) check() error {
	switch {
	case (c.ClientID == "") != (c.ClientSecret == ""):
		return errors.New("a ClientID needs a ClientSecret, and the other way round")
	case c == (Credentials{}):
		return errors.New("an APIKey or a ClientID with its ClientSecret is needed")
	}
	return nil
}

// WithRole adds a Role for [WithServiceAccount] to give. It may choose its ID, which is
// given out otherwise; the ids 5 to 9 are those of the Roles that every sandbox has.
func WithRole(role Role) Option {
	role.Permissions = role.Permissions.clone()
	return func(o *options) error {
		o.roles = append(o.roles, role)
		return nil
	}
}

// WithServiceAccount adds a Service Account with credentials of its own. It may choose its
// ID, which is given out otherwise. Its locations and Roles must be there: 70 is Plant A,
// and [WithRole] adds Roles.
func WithServiceAccount(account ServiceAccount, c Credentials) Option {
	account = account.clone()
	return func(o *options) error {
		if err := c.check(); err != nil {
			return fmt.Errorf("kainexus: WithServiceAccount: %w", err)
		}
		o.accounts = append(o.accounts, accountOption{account, c})
		return nil
	}
}

// WithPrivateItems makes items private, which takes the permission View Private to see.
// The items must be there.
func WithPrivateItems(ids ...int64) Option {
	ids = slices.Clone(ids)
	return func(o *options) error {
		o.private = append(o.private, ids...)
		return nil
	}
}

// WithItems adds items, by the rules of creating one through the API, except that an
// item may bring its own ID and its Chart. It may be given several times. An error of New
// counts the items of all of them from 1, and has the summary of the one it is about.
//
// An item needs a template, a Summary and an author. Every sandbox has the templates Idea
// (45), Project (46), Observation (47), Chart (48) and Task (49), for TemplateName or
// TemplateID; [Admin.Templates] tells what the items of each may have. The users are jdoe,
// bnovak, asmith, mlee, rcruz, tkhan, eberg, nokoro, lsilva, hito, pwest and kyoung, with the
// ids 301 to 312 in that order, and the Network Locations Org (1), Plant A (70), Plant B (71),
// Finance (72), Press shop (73) and Paint line (74). The statuses are those of [ItemStatus]; an
// item without one is NEW.
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

// WithRateLimit sets how many calls there may be within a minute, whoever makes them, before
// one is answered 429: any number unless given. Calls under [AdminPath] do not count.
func WithRateLimit(perMinute int) Option {
	return func(o *options) error {
		if perMinute < 0 {
			return fmt.Errorf("kainexus: WithRateLimit: %d calls a minute; want 0 or more", perMinute)
		}
		o.rateLimit = perMinute
		return nil
	}
}
