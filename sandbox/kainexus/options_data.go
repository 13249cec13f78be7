package kainexus

import (
	"errors"
	"fmt"

	"github.com/kaikina/kaikina/sandbox"
)

// dataOptions are the options about what a server holds.
type dataOptions struct {
	storage   sandbox.Storage
	lists     []List
	generated *generated
}

type generated struct {
	count int
	seed  uint64
}

// WithStorage keeps the organization in a storage, from which the next Server made with
// it goes on. Every change is stored before anybody can see it, and a call whose change
// the storage refuses answers 500, without saying why: [sandbox.ReportFailures] does.
//
// An empty storage gets what New makes of the other options. A storage that holds an
// organization already is taken as it is: the seed and all options that say what is in an
// organization then do nothing, [WithCredentials], [WithServiceAccount] and
// [WithPrivateItems] among them. So [Server.Credentials] may name some that were rotated or
// deleted. New refuses a storage that holds anything else. Notifications and access tokens
// are not stored.
func WithStorage(storage sandbox.Storage) Option {
	return func(o *options) error {
		if storage == nil {
			return errors.New("kainexus: WithStorage: the storage is nil")
		}
		o.storage = storage
		return nil
	}
}

// WithGeneratedItems adds n items, from 0 to 1,000,000, with ids from 10000000 on. The
// same seed gives the same items. They can be read and written as any other, but take no
// memory until they are changed. The saved list 700 has them all, and nothing else; list
// 640 has them besides all others. If the option is given twice, the last one counts.
func WithGeneratedItems(n int, seed uint64) Option {
	return func(o *options) error {
		if n < 0 || n > maxGenerated {
			return fmt.Errorf("kainexus: WithGeneratedItems: want 0 to %d items, not %d", maxGenerated, n)
		}
		o.generated = &generated{n, seed}
		return nil
	}
}

// WithList adds a saved list, or replaces that of the same id. It may be given several
// times.
func WithList(list List) Option {
	return func(o *options) error {
		o.lists = append(o.lists, list)
		return nil
	}
}
