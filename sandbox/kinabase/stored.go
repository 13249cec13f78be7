package kinabase

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kaikina/kaikina/sandbox/internal/jsonbody"
)

// What a Storage holds, by key. A part of a key that somebody chose is escaped as in a
// URL.
//
//	format                                          which emulator wrote this, and how
//	apps/<app>
//	collections/<collection>
//	counters/<collection>                           the last numbers given
//	generated/<collection>/<number of the first>    the parameters of a batch
//	removed/<collection>/<record>                   an id that must not come back
//	records/<collection>/<record>                   but for generated ones never changed
//	activities/<collection>/<record>/<number>
const formatKey = "format"

type storedFormat struct {
	Emulator string `json:"emulator"`
	Version  int    `json:"version"`
}

var format = storedFormat{Emulator: "kinabase", Version: 1}

type storedApp struct {
	Position    int       `json:"position"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	SecretHash  []byte    `json:"secretHash"`
	TokenKey    []byte    `json:"tokenKey"`
	CreatedAt   time.Time `json:"createdAt"`
}

type storedCollection struct {
	Position int     `json:"position"`
	Slug     string  `json:"slug"`
	Name     string  `json:"name"`
	Fields   []Field `json:"fields"`
}

type storedCounters struct {
	Numbered int64 `json:"numbered"`
	Logged   int64 `json:"logged"`
}

type storedBatch struct {
	Count   int64               `json:"count"`
	Seed    uint64              `json:"seed"`
	Targets map[string][]string `json:"targets"`
}

type storedRecord struct {
	Number    int64                      `json:"number"`
	Data      map[string]json.RawMessage `json:"data"`
	External  []json.RawMessage          `json:"external,omitempty"`
	CreatedAt time.Time                  `json:"createdAt"`
	UpdatedAt time.Time                  `json:"updatedAt"`
	SampledAt map[string]time.Time       `json:"sampledAt,omitempty"`
}

func keyFor(kind string, parts ...string) string {
	for _, part := range parts {
		kind += "/" + url.PathEscape(part)
	}
	return kind
}

func recordKey(c *collection, id string) string  { return keyFor("records", c.id, id) }
func removedKey(c *collection, id string) string { return keyFor("removed", c.id, id) }
func activityKey(c *collection, id string, number int64) string {
	return keyFor("activities", c.id, id, strconv.FormatInt(number, 10))
}

func (ch *change) putApp(a *app) {
	ch.put(keyFor("apps", a.id), storedApp{a.position, a.name, a.description, a.secretHash[:], a.tokenKey[:], a.createdAt})
}

func (ch *change) putCollection(c *collection) {
	stored := storedCollection{Position: c.position, Slug: c.slug, Name: c.title, Fields: []Field{}}
	for _, f := range c.fields {
		stored.Fields = append(stored.Fields, f.Field)
	}
	ch.put(keyFor("collections", c.id), stored)
}

func (ch *change) putCounters(c *collection, numbered, logged int64) {
	ch.put(keyFor("counters", c.id), storedCounters{numbered, logged})
}

func (ch *change) putBatch(b *batch) {
	ch.put(keyFor("generated", b.collection.id, strconv.FormatInt(b.first, 10)), storedBatch{b.count, b.seed, b.targets})
}

func (ch *change) putRecord(c *collection, r *record) {
	if ch.store.storage == nil {
		return
	}
	stored := storedRecord{Number: r.number, Data: r.data, CreatedAt: r.createdAt, UpdatedAt: r.updatedAt, SampledAt: r.sampledAt}
	for _, l := range r.links {
		stored.External = append(stored.External, l.text)
	}
	ch.put(recordKey(c, r.id), stored)
}

func (ch *change) putActivity(c *collection, recordID string, a activity) {
	ch.put(activityKey(c, recordID, a.number), a)
}

// putAll plans to store everything that is in memory.
func (ch *change) putAll() {
	ch.put(formatKey, format)
	for _, a := range ch.store.apps {
		ch.putApp(a)
	}
	for _, c := range ch.store.collections {
		ch.putContents(c)
	}
}

// putContents plans to store a collection and everything in it.
func (ch *change) putContents(c *collection) {
	ch.putCollection(c)
	ch.putCounters(c, c.numbered, c.logged)
	for _, b := range c.batches {
		ch.putBatch(b)
	}
	for id := range c.removed {
		ch.put(removedKey(c, id), struct{}{})
	}
	for _, r := range c.records {
		if r.batch == nil {
			ch.putRecord(c, r)
		}
		for _, a := range c.activities[r.id] {
			ch.putActivity(c, r.id, a)
		}
	}
}

// loader puts what was stored back into a store that is empty.
type loader struct {
	store *store
	// rules has the definitions of the computed fields, by collection and key.
	rules map[[2]string]Field
	byID  map[string]*collection
}

// load fills the store from its Storage, and tells whether there was anything.
func (s *store) load(rules map[[2]string]Field) (bool, error) {
	entries := map[string][]byte{}
	err := s.storage.Load(func(key string, value []byte) error {
		entries[key] = value
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("load: %w", err)
	}
	if len(entries) == 0 {
		return false, nil
	}
	if err := checkFormat(entries); err != nil {
		return false, err
	}
	l := &loader{store: s, rules: rules, byID: map[string]*collection{}}
	if err := l.loadAll(entries); err != nil {
		return false, err
	}
	return true, nil
}

func checkFormat(entries map[string][]byte) error {
	var found storedFormat
	if err := decodeStored(entries[formatKey], &found); err != nil || found.Emulator != format.Emulator {
		return fmt.Errorf("it holds something, but not the state of this emulator: its key %q should be %s", formatKey, encode(format))
	}
	if found.Version != format.Version {
		return fmt.Errorf("its format has the version %d, and this package reads version %d: use the version of this package that wrote it, or start with an empty storage", found.Version, format.Version)
	}
	delete(entries, formatKey)
	return nil
}

// loadAll loads one kind of key after another, since they build on each other.
func (l *loader) loadAll(entries map[string][]byte) error {
	phases := []struct {
		kind  string
		parts int
		load  func(parts []string, value []byte) error
		then  func() error
	}{
		{"apps", 1, l.app, l.sortApps},
		{"collections", 1, l.collection, l.resolve},
		{"counters", 1, l.counters, nil},
		{"removed", 2, l.removed, nil},
		{"generated", 2, l.batch, nil},
		{"records", 2, l.record, l.sortRecords},
		{"activities", 3, l.activity, l.sortActivities},
	}
	left := slices.Sorted(maps.Keys(entries))
	for _, phase := range phases {
		var others []string
		for _, key := range left {
			kind, parts := partsOf(key)
			if kind != phase.kind || len(parts) != phase.parts {
				others = append(others, key)
				continue
			}
			if err := phase.load(parts, entries[key]); err != nil {
				return fmt.Errorf("key %s: %w", name(key), err)
			}
		}
		left = others
		if phase.then != nil {
			if err := phase.then(); err != nil {
				return err
			}
		}
	}
	if len(left) > 0 {
		return fmt.Errorf("it has the unknown key %s", name(left[0]))
	}
	return nil
}

// partsOf takes a key apart. What no key of ours could be has no kind.
func partsOf(key string) (kind string, parts []string) {
	kind, rest, _ := strings.Cut(key, "/")
	for part := range strings.SplitSeq(rest, "/") {
		text, err := url.PathUnescape(part)
		if err != nil {
			return "", nil
		}
		parts = append(parts, text)
	}
	return kind, parts
}

func decodeStored(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if decoder.Decode(into) != nil || decoder.More() {
		return errors.New("its value is not what this package writes")
	}
	return nil
}

func (l *loader) app(parts []string, text []byte) error {
	var stored storedApp
	if err := decodeStored(text, &stored); err != nil {
		return err
	}
	a := &app{id: parts[0], position: stored.Position, name: stored.Name, description: stored.Description, createdAt: stored.CreatedAt}
	if len(stored.SecretHash) != len(a.secretHash) || len(stored.TokenKey) != len(a.tokenKey) {
		return errors.New("its value is not what this package writes")
	}
	copy(a.secretHash[:], stored.SecretHash)
	copy(a.tokenKey[:], stored.TokenKey)
	l.store.apps = append(l.store.apps, a)
	return nil
}

func (l *loader) sortApps() error {
	slices.SortFunc(l.store.apps, func(a, b *app) int { return cmp.Compare(a.position, b.position) })
	return nil
}

func (l *loader) collection(parts []string, text []byte) error {
	var stored storedCollection
	if err := decodeStored(text, &stored); err != nil {
		return err
	}
	for i, f := range stored.Fields {
		if f.Kind != KindComputedText && f.Kind != KindComputedNumber {
			continue
		}
		rule, ok := l.rules[[2]string{parts[0], f.Key}]
		if !ok {
			return fmt.Errorf("the rule of the field %s is a function and is not stored: give the collection by WithCollection again", name(f.Key))
		}
		stored.Fields[i].ComputeText, stored.Fields[i].ComputeNumber = rule.ComputeText, rule.ComputeNumber
	}
	c := newCollection(parts[0], stored.Slug, stored.Name)
	c.position = stored.Position
	if err := c.defineFields(stored.Fields); err != nil {
		return err
	}
	l.byID[c.id] = c
	l.store.collections = append(l.store.collections, c)
	return nil
}

func (l *loader) resolve() error {
	collections := l.store.collections
	slices.SortFunc(collections, func(a, b *collection) int { return cmp.Compare(a.position, b.position) })
	for _, c := range collections {
		if err := c.resolveFields(collections); err != nil {
			return fmt.Errorf("collection %s: %w", name(c.slug), err)
		}
	}
	return nil
}

// in is the collection that a key belongs to.
func (l *loader) in(id string, text []byte, into any) (*collection, error) {
	c := l.byID[id]
	if c == nil {
		return nil, fmt.Errorf("there is no collection %s", name(id))
	}
	return c, decodeStored(text, into)
}

func (l *loader) counters(parts []string, text []byte) error {
	var stored storedCounters
	c, err := l.in(parts[0], text, &stored)
	if err == nil {
		c.numbered, c.logged = stored.Numbered, stored.Logged
	}
	return err
}

func (l *loader) removed(parts []string, text []byte) error {
	c, err := l.in(parts[0], text, &struct{}{})
	if err == nil {
		c.removed[parts[1]] = true
	}
	return err
}

func (l *loader) batch(parts []string, text []byte) error {
	var stored storedBatch
	c, err := l.in(parts[0], text, &stored)
	if err != nil {
		return err
	}
	first, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil || first < 1 || stored.Count < 0 || stored.Count > maxGenerated {
		return errors.New("its value is not what this package writes")
	}
	b := &batch{collection: c, first: first, count: stored.Count, seed: stored.Seed, targets: stored.Targets}
	return b.fill()
}

func (l *loader) record(parts []string, text []byte) error {
	var stored storedRecord
	c, err := l.in(parts[0], text, &stored)
	if err != nil {
		return err
	}
	r := &record{
		id: parts[1], number: stored.Number, data: stored.Data,
		createdAt: stored.CreatedAt, updatedAt: stored.UpdatedAt, sampledAt: stored.SampledAt,
	}
	for _, text := range stored.External {
		external, err := jsonbody.Parse(text)
		if err != nil {
			return err
		}
		link, err := asLink(external)
		if err != nil {
			return err
		}
		link.text = text // in the order of its properties
		r.links = append(r.links, link)
	}
	c.byID[r.id] = r // in the place of a generated one, if it was that
	return nil
}

func (l *loader) sortRecords() error {
	for _, c := range l.store.collections {
		c.records = slices.SortedFunc(maps.Values(c.byID), func(a, b *record) int { return cmp.Compare(a.number, b.number) })
		for i, r := range c.records {
			c.numbered = max(c.numbered, r.number)
			if i > 0 && c.records[i-1].number == r.number {
				return fmt.Errorf("two records of %s have the number %d", c.slug, r.number)
			}
		}
	}
	return nil
}

func (l *loader) activity(parts []string, text []byte) error {
	var a activity
	c, err := l.in(parts[0], text, &a)
	if err != nil {
		return err
	}
	if a.number, err = strconv.ParseInt(parts[2], 10, 64); err != nil || c.byID[parts[1]] == nil {
		return errors.New("it is no number of an activity of a record that is there")
	}
	c.activities[parts[1]] = append(c.activities[parts[1]], a)
	c.logged = max(c.logged, a.number)
	return nil
}

func (l *loader) sortActivities() error {
	for _, c := range l.store.collections {
		for _, activities := range c.activities {
			slices.SortFunc(activities, func(a, b activity) int { return cmp.Compare(a.number, b.number) })
		}
	}
	return nil
}
