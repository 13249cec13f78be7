package kinabase

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Collection is a collection to start with. It needs a Name and no more: the Slug follows
// from it when it is empty, and the ID from the Slug, so that the same collection has the
// same ID in every run.
type Collection struct {
	ID     string  // a UUID in the real service
	Slug   string  // how the address of the collection has it, such as purchase-orders
	Name   string  // what people call it, such as Purchase orders
	Fields []Field // [Keys] makes those of which only the key matters
	// Records are added in this order, and numbered from 1.
	Records []Record
}

// named is the collection with nothing left to follow from something else. Where the name
// makes no slug, there is none.
//
// Choice(collection-slug): The slug of a collection that is created without one is its name in small letters, its words
// joined by hyphens. Its id follows from the slug.
func (c Collection) named() Collection {
	if c.Slug == "" {
		c.Slug = slugOf(c.Name)
	}
	if c.ID == "" && c.Slug != "" {
		c.ID = uuid.NewSHA1(uuid.NameSpaceURL, []byte("collections/"+c.Slug)).String()
	}
	return c
}

func slugOf(title string) string {
	return strings.ToLower(strings.Join(wordsOf(title), "-"))
}

// check tells what is wrong with a collection that is named, its fields and records apart.
func (c Collection) check() error {
	switch {
	case strings.TrimSpace(c.Name) == "":
		return errors.New("a collection needs a name")
	case c.Slug == "":
		return fmt.Errorf("the name %s makes no slug: give the collection a slug", name(c.Name))
	case c.ID == c.Slug:
		return fmt.Errorf("the collection has %s for its id and for its slug; they must differ", name(c.ID))
	}
	return nil
}

// Record is a record to start with.
type Record struct {
	// ID is chosen by the emulator when empty.
	ID string
	// Data are values by field key. They are encoded as JSON; a json.Number keeps
	// its digits.
	Data     map[string]any
	External []ExternalLink
	// CreatedAt and UpdatedAt are the time of New when zero.
	CreatedAt, UpdatedAt time.Time
}

// ExternalLink says that a record is known to another service.
type ExternalLink struct {
	Key        string         `json:"key"` // the name of the service
	ID         string         `json:"id"`  // the record's id there
	Properties map[string]any `json:"properties,omitempty"`
}

// unreachable are ids that no path could address: these segments stand for
// operations, or for nothing.
var unreachable = []string{"all", "bulk", "ingest", "ext", ".", ".."}

// answered2023 are the keys that a record answers itself. A field of the same key
// would hide one in the edition that has no data object, or be taken for it.
var answered2023 = []string{"id", "recordId", "numericId", "data", "external", "lists", "fileStorage", "createdAt", "updatedAt", "updatedBy"}

// openStore is what the storage holds, or else what the options say, stored at once.
func openStore(o options) (*store, error) {
	s := &store{storage: o.storage}
	if s.storage != nil {
		found, err := s.load(rulesOf(append(seed(), o.collections...)))
		if err != nil {
			return nil, fmt.Errorf("storage: %w", err)
		}
		if found {
			return s, s.checkEdition(o.edition2023)
		}
	}
	if err := s.fill(o); err != nil {
		return nil, err
	}
	return s, s.change(func(ch *change) error {
		ch.putAll()
		return nil
	})
}

// rulesOf are the computed fields of collections, by collection and key: the rules are
// what no storage can hold.
func rulesOf(contents []Collection) map[[2]string]Field {
	rules := map[[2]string]Field{}
	for _, content := range contents {
		for _, f := range content.Fields {
			f = f.named()
			rules[[2]string{content.ID, f.Key}] = f
		}
	}
	return rules
}

// fill puts into an empty store what the options say.
func (s *store) fill(o options) error {
	now := o.clock()
	for i, a := range o.apps {
		if a.CreatedAt.IsZero() {
			a.CreatedAt = now
		}
		s.apps = append(s.apps, newApp(a, i))
	}
	contents := o.collections
	if o.seeded {
		contents = append(seed(), contents...)
	}
	// Collections may link to each other in any order, and so may their records.
	for _, content := range contents {
		c, err := s.newCollection(content)
		if err != nil {
			return contentError(content, err)
		}
		s.collections = append(s.collections, c)
	}
	steps := []func(*collection, Collection) error{
		func(c *collection, _ Collection) error { return c.resolveFields(s.collections) },
		func(c *collection, content Collection) error { return c.addContents(content.Records, now) },
		func(c *collection, _ Collection) error { return c.checkAllLinks() },
	}
	for _, step := range steps {
		for i, c := range s.collections {
			if err := step(c, contents[i]); err != nil {
				return contentError(contents[i], err)
			}
		}
	}
	if err := s.checkEdition(o.edition2023); err != nil {
		return err
	}
	return s.generate(o.generated)
}

// contentError names the collection that an error is of as its author does.
func contentError(content Collection, err error) error {
	return fmt.Errorf("collection %s: %w", name(cmp.Or(content.Slug, content.Name, content.ID)), err)
}

// newCollection is a collection with its fields and without records, which is not part
// of the store yet. The content is named.
func (s *store) newCollection(content Collection) (*collection, error) {
	if err := content.check(); err != nil {
		return nil, err
	}
	for _, key := range []string{content.Slug, content.ID} {
		if slices.ContainsFunc(s.collections, func(c *collection) bool { return c.called(key) }) {
			return nil, &statusError{http.StatusConflict, fmt.Sprintf("another collection has the id or slug %s", name(key))}
		}
	}
	c := newCollection(content.ID, content.Slug, content.Name)
	c.position = len(s.collections)
	return c, c.defineFields(content.Fields)
}

func (c *collection) addContents(contents []Record, now time.Time) error {
	for i, content := range contents {
		if err := c.addContent(content, now); err != nil {
			return fmt.Errorf("record %d: %w", i, err)
		}
	}
	return nil
}

func (c *collection) addContent(content Record, now time.Time) error {
	if slices.Contains(unreachable, content.ID) {
		return fmt.Errorf("no path could address the ID %s", name(content.ID))
	}
	if _, taken := c.byID[content.ID]; taken {
		return fmt.Errorf("another record has the ID %s", name(content.ID))
	}
	data, err := c.takeContent(content.Data)
	if err != nil {
		return err
	}
	r := &record{data: data, createdAt: now, updatedAt: now}
	if r.links, err = takeExternal(content.External); err != nil {
		return err
	}
	c.numbered, r.id = c.next(c.numbered)
	r.number = c.numbered
	if content.ID != "" {
		r.id = content.ID
	}
	if !content.CreatedAt.IsZero() {
		r.createdAt = content.CreatedAt
	}
	if !content.UpdatedAt.IsZero() {
		r.updatedAt = content.UpdatedAt
	}
	if y, z := r.createdAt.Year(), r.updatedAt.Year(); min(y, z) < 0 || max(y, z) > 9999 {
		return errors.New("CreatedAt and UpdatedAt must be in the years 0 to 9999")
	}
	c.append(r)
	return nil
}

func (c *collection) takeContent(content map[string]any) (map[string]json.RawMessage, error) {
	data := map[string]json.RawMessage{}
	for key, value := range content {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", name(key), err)
		}
		data[key] = text
	}
	in, err := c.takeData("Data", data)
	if err != nil {
		return nil, err
	}
	for _, f := range c.fields {
		_, given := in.data[f.Key]
		if _, sent := in.derived[f.Key]; sent {
			return nil, fmt.Errorf("%s.%s cannot be given, since a field of the kind %s follows from other fields", in.where, f.Key, f.Kind)
		}
		if f.Required && !given {
			return nil, fmt.Errorf("%s lacks required fields: %s", in.where, name(f.Key))
		}
	}
	return in.data, nil
}

func takeExternal(externals []ExternalLink) ([]link, error) {
	var links []link
	for i, external := range externals {
		if external.Key == "" || external.ID == "" {
			return nil, fmt.Errorf("external link %d: Key and ID are required", i)
		}
		text, err := json.Marshal(external)
		if err != nil {
			return nil, fmt.Errorf("external link %d: %w", i, err)
		}
		links = append(links, link{service: external.Key, id: external.ID, text: text})
	}
	return links, nil
}

// checkAllLinks looks at the links of all records, once every collection has its own.
func (c *collection) checkAllLinks() error {
	for i, r := range c.records {
		if err := c.checkLinks("Data", r.data); err != nil {
			return fmt.Errorf("record %d: %w", i, err)
		}
	}
	return nil
}

func (s *store) checkEdition(edition2023 bool) error {
	if !edition2023 {
		return nil
	}
	for _, c := range s.collections {
		if err := c.checkEdition2023(); err != nil {
			return contentError(Collection{Slug: c.slug}, err)
		}
	}
	return nil
}

func (c *collection) checkEdition2023() error {
	for _, f := range c.fields {
		if slices.Contains(answered2023, f.Key) {
			return fmt.Errorf("the 2023 edition answers %s beside the field values: no field can have this key", name(f.Key))
		}
	}
	return nil
}

// generate adds the batches that the options ask for.
func (s *store) generate(batches []generatedRecords) error {
	for _, g := range batches {
		at := slices.IndexFunc(s.collections, func(c *collection) bool { return c.called(g.collection) })
		if at < 0 {
			return fmt.Errorf("WithGeneratedRecords: there is no collection %s", name(g.collection))
		}
		if err := newBatch(s.collections[at], g.count, g.seed).fill(); err != nil {
			return fmt.Errorf("WithGeneratedRecords: %w", err)
		}
	}
	return nil
}
