package kainexus

import (
	"iter"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// state is the whole organization at one moment. It never changes once it can be seen,
// so whoever reads it needs no lock, however long an answer takes.
type state struct {
	users, locations, items *table
	values                  map[string]*table // by owner: an impactType's values, or attributeOwner
	lastID                  int64             // the last id given to anything
}

// store holds the current state.
type store struct {
	writing sync.Mutex
	current atomic.Pointer[state]
}

func newStore() *store {
	s := &store{}
	s.current.Store(&state{
		users:     newTable("username"),
		locations: newTable("name"),
		items:     newTable(""),
		values:    map[string]*table{},
		lastID:    lastSeededID,
	})
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
// So every change is made as a whole or not at all.
func (s *store) update(now time.Time, change func(*draft) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	d := &draft{state: *s.view(), now: now, owned: map[*table]bool{}}
	d.values = maps.Clone(d.values)
	if err := change(d); err != nil {
		return err
	}
	s.current.Store(&d.state)
	return nil
}

// draft is a state in the making.
type draft struct {
	state
	now     time.Time
	seeding bool            // records may choose their ids
	owned   map[*table]bool // tables that nobody else can see
}

// own makes a table of the draft fit to be changed.
func (d *draft) own(t **table) *table {
	if !d.owned[*t] {
		*t = (*t).clone()
		d.owned[*t] = true
	}
	return *t
}

func (d *draft) nextID() int64 {
	d.lastID++
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

// table holds records by id, in the order of their ids.
type table struct {
	key   string // of a text that is unique, or ""
	rows  map[int64]document
	order []int64
	ids   map[string]int64 // by that text
}

func newTable(key string) *table {
	return &table{key: key, rows: map[int64]document{}, ids: map[string]int64{}}
}

func (t *table) clone() *table {
	return &table{key: t.key, rows: maps.Clone(t.rows), order: slices.Clone(t.order), ids: maps.Clone(t.ids)}
}

func (t *table) get(id int64) (document, bool) {
	d, ok := t.rows[id]
	return d, ok
}

// find is the first record whose key holds text.
func (t *table) find(key, text string) (document, bool) {
	if key == t.key {
		return t.get(t.ids[text])
	}
	for d := range t.all() {
		if d.text(key) == text {
			return d, true
		}
	}
	return nil, false
}

func (t *table) all() iter.Seq[document] {
	return func(yield func(document) bool) {
		for _, id := range t.order {
			if !yield(t.rows[id]) {
				return
			}
		}
	}
}

// set adds or replaces a record.
func (t *table) set(d document) {
	id := d.id()
	if before, ok := t.rows[id]; ok {
		delete(t.ids, before.text(t.key))
	} else {
		i, _ := slices.BinarySearch(t.order, id)
		t.order = slices.Insert(t.order, i, id)
	}
	t.rows[id] = d
	if t.key != "" {
		t.ids[d.text(t.key)] = id
	}
}

func (t *table) remove(id int64) {
	delete(t.ids, t.rows[id].text(t.key))
	delete(t.rows, id)
	if i, ok := slices.BinarySearch(t.order, id); ok {
		t.order = slices.Delete(t.order, i, i+1)
	}
}
