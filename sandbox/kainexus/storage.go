package kainexus

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kaikina/kaikina/sandbox"
)

// What is stored, by key:
//
//	meta                    the version of this scheme, the last id, what is generated
//	organization            settings, Roles, Service Accounts and their credentials
//	items/1001              a record, and likewise users, locations and lists
//	values/PRODUCT/219      an Impact Value, by its type
//	values/attribute-12/84  a value of an Attribute
//
// A generated item is stored only once it was changed, and null where it was deleted.

// storageVersion changes whenever an older emulator would misread what a newer one stored.
const storageVersion = 1

// meta is what is stored besides records.
type meta struct {
	Version   int    `json:"version"`
	LastID    int64  `json:"lastId"`
	Generated bool   `json:"generated"` // whether items were generated, if only 0
	Count     int    `json:"count"`
	Seed      uint64 `json:"seed"`
}

// parts are what is stored as a whole, each under a key of its own. A part is written
// when save gives something else than it did before the change: for what is held by a
// pointer and never changed, another pointer. Whatever else the state holds that way gets
// a line here, and is stored with everything else from then on.
var parts = []struct {
	key  string
	save func(*state) any // comparable, and fit to become JSON
	load func(*state, []byte) error
}{
	{"meta", (*state).meta, (*state).setMeta},
	{"organization", func(s *state) any { return s.organization }, (*state).setOrganization},
}

func (s *state) meta() any {
	m := meta{Version: storageVersion, LastID: s.lastID}
	if p := s.items.drawn; p != nil {
		m.Generated, m.Count, m.Seed = true, p.count, p.seed
	}
	return m
}

func (s *state) setMeta(text []byte) error {
	var m meta
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	if m.Version != storageVersion {
		return fmt.Errorf("the format has version %d, and this emulator reads version %d", m.Version, storageVersion)
	}
	if m.Count < 0 || m.Count > maxGenerated || m.LastID < 0 {
		return errors.New("a number is out of range")
	}
	s.lastID = m.LastID
	if !m.Generated {
		return nil
	}
	p, err := newPopulation(m.Count, m.Seed)
	if err == nil {
		s.items.populate(p)
	}
	return err
}

func (s *state) setOrganization(text []byte) (err error) {
	s.organization, err = decodeOrganization(text)
	return err
}

// changes are what a draft makes of what is stored.
func (d *draft) changes(before *state) ([]sandbox.Change, error) {
	changes := []sandbox.Change{}
	for _, part := range parts {
		after := part.save(&d.state)
		if after == part.save(before) {
			continue
		}
		text, err := json.Marshal(after)
		if err != nil {
			return nil, err
		}
		changes = append(changes, sandbox.Change{Key: part.key, Value: text})
	}
	for name, t := range d.tables() {
		if !d.owned[t] {
			continue
		}
		for id := range t.changed {
			change, err := t.change(name, id)
			if err != nil {
				return nil, err
			}
			changes = append(changes, change)
		}
	}
	slices.SortFunc(changes, func(a, b sandbox.Change) int { return strings.Compare(a.Key, b.Key) })
	return changes, nil
}

func (t *table) change(name string, id int64) (sandbox.Change, error) {
	change := sandbox.Change{Key: name + "/" + strconv.FormatInt(id, 10)}
	record, ok := t.get(id)
	var err error
	switch {
	case ok:
		change.Value, err = json.Marshal(record)
	case t.drawn.has(id):
		change.Value = []byte("null") // or else it would be drawn again
	}
	return change, err
}

// storedRecord is a record on its way from the storage into a table.
type storedRecord struct {
	table    *table
	id       int64
	document document // nil for a generated item that was deleted
}

// loadState reads what is stored. It is nil when nothing is.
func loadState(storage sandbox.Storage) (*state, error) {
	s := emptyState()
	tables := map[string]*table{}
	for name, t := range s.tables() {
		tables[name] = t
	}
	loaded := map[string]bool{}
	records := []storedRecord{}
	err := storage.Load(func(key string, value []byte) error {
		for _, part := range parts {
			if part.key == key {
				loaded[key] = true
				return wrapKey(key, part.load(s, value))
			}
		}
		r, err := readRecord(tables, key, value)
		records = append(records, r)
		return wrapKey(key, err)
	})
	if err != nil {
		return nil, err
	}
	if len(loaded) == 0 && len(records) == 0 {
		return nil, nil
	}
	for _, part := range parts {
		if !loaded[part.key] {
			return nil, fmt.Errorf("there is no key %s, so this is not what an emulator of KaiNexus stored", part.key)
		}
	}
	// Only now is it known which items are generated.
	for _, r := range records {
		switch {
		case r.document != nil:
			if other, taken := r.table.ids[r.document.text(r.table.key)]; taken {
				return nil, fmt.Errorf("the records %d and %d have the same %s", other, r.id, r.table.key)
			}
			r.table.set(r.document)
		case r.table.drawn.has(r.id):
			r.table.remove(r.id)
		default:
			return nil, fmt.Errorf("the record %d is null, which only a generated item may be", r.id)
		}
	}
	for _, t := range tables {
		t.changed = nil
	}
	return s, cmp.Or(
		checkAncestry(s.locations, func(location document) int64 { return location.object("parent").id() }),
		checkAncestry(s.items, func(item document) int64 { return item.integer("parentId") }),
	)
}

// checkAncestry refuses records that are inside themselves, which would never be done with.
func checkAncestry(records *table, parent func(document) int64) error {
	for id, outline := range records.outlines() {
		steps := 0
		for above := parent(outline); records.has(above); above = parent(records.outline(above)) {
			if steps++; steps > records.size {
				return fmt.Errorf("the record %d is inside itself, or what it is in is", id)
			}
		}
	}
	return nil
}

func readRecord(tables map[string]*table, key string, value []byte) (storedRecord, error) {
	at := strings.LastIndex(key, "/")
	if at < 0 || tables[key[:at]] == nil {
		return storedRecord{}, errors.New("there is no such kind of key")
	}
	id, err := strconv.ParseInt(key[at+1:], 10, 64)
	if err != nil || id < 1 {
		return storedRecord{}, errors.New("the key does not end in an id")
	}
	r := storedRecord{table: tables[key[:at]], id: id}
	if string(value) == "null" {
		return r, nil
	}
	if r.document, err = decode[map[string]any](value); err != nil {
		return storedRecord{}, err
	}
	if r.document.id() != id {
		return storedRecord{}, errors.New("the record has another id than its key")
	}
	if key[:at] == "lists" {
		list, err := listOf(r.document)
		if err != nil || !list.Kind.known() {
			return storedRecord{}, errors.New("the record is not a list")
		}
	}
	return r, nil
}

func wrapKey(key string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the stored key %.100q: %w", key, err)
}
