package kainexus

import (
	"iter"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kaikina/kaikina/sandbox"
	"github.com/kaikina/kaikina/sandbox/internal/stored"
)

// state is the whole organization at one moment. It never changes once it can be seen,
// so whoever reads it needs no lock, however long an answer takes.
type state struct {
	users, locations, items, lists *table
	values                         map[string]*table // by owner: an impactType's values, or attributeOwner
	organization                   *organization     // replaced, never changed
	lastID                         int64             // the last id given to anything
}

// tables are all tables by name, under which they are stored.
func (s *state) tables() iter.Seq2[string, *table] {
	return func(yield func(string, *table) bool) {
		named := map[string]*table{"users": s.users, "locations": s.locations, "items": s.items, "lists": s.lists}
		for owner, t := range s.values {
			named["values/"+owner] = t
		}
		maps.All(named)(yield)
	}
}

// store holds the current state.
type store struct {
	writing       sync.Mutex
	current       atomic.Pointer[state]
	storage       sandbox.Storage // or nil
	notifications ring
}

func newStore(storage sandbox.Storage) *store {
	s := &store{storage: storage}
	s.current.Store(emptyState())
	return s
}

func emptyState() *state {
	s := &state{
		users:        newTable("username"),
		locations:    newTable("name"),
		items:        newTable(""),
		lists:        newTable(""),
		values:       map[string]*table{},
		lastID:       lastSeededID,
		organization: newOrganization(),
	}
	for id := range attributesByID {
		s.values[attributeOwner(id)] = newTable("")
	}
	for _, t := range impactValueTypes {
		s.values[t] = newTable("")
	}
	return s
}

const (
	// lastSeededID is above every id that the seed chooses.
	lastSeededID = 5000
	// firstNewID is the first id given through the API.
	firstNewID = 18090
)

func (s *store) view() *state { return s.current.Load() }

// update lets change work on a draft, which becomes the state unless there is an error.
// So every change is made as a whole or not at all, and it can only be seen when it is
// stored.
//
// Choice(write-atomicity) [putItems putUsers]: A PUT is carried out as a whole or not at all, and so is the
// storing of it: when the storage refuses, the call answers 500 and nothing has changed.
func (s *store) update(now time.Time, change func(*draft) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	before := s.view()
	d := newDraft(before, now)
	if err := change(d); err != nil {
		return err
	}
	if err := s.commit(before, d); err != nil {
		return err
	}
	for t := range d.owned {
		t.changed = nil // it was only for the storage
	}
	s.current.Store(&d.state)
	s.notifications.add(d.notifications)
	return nil
}

func (s *store) commit(before *state, d *draft) error {
	if s.storage == nil {
		return nil
	}
	changes, err := d.changes(before)
	if err != nil {
		return err
	}
	return stored.Commit(s.storage, changes)
}

// draft is a state in the making.
type draft struct {
	state
	now           time.Time
	by            *permit         // of whoever makes it
	seeding       bool            // records may choose their ids
	owned         map[*table]bool // tables that nobody else can see
	notifications []Notification
}

func newDraft(before *state, now time.Time) *draft {
	d := &draft{state: *before, now: now, owned: map[*table]bool{}}
	d.values = maps.Clone(d.values)
	return d
}

// own makes a table of the draft fit to be changed.
func (d *draft) own(t **table) *table {
	if !d.owned[*t] {
		*t = (*t).clone()
		d.owned[*t] = true
	}
	return *t
}

// nextID is an id that nothing else has, be it made or still to be drawn.
func (d *draft) nextID() int64 {
	d.lastID++
	if p := d.items.drawn; p.has(d.lastID) {
		d.lastID = p.last() + 1
	}
	return d.lastID
}

// take is the id that a new record gets: the one it came with when seeding, or the next.
func (d *draft) take(sent document) int64 {
	if id := sent.id(); d.seeding && id > 0 {
		d.lastID = max(d.lastID, id)
		return id
	}
	return d.nextID()
}
