package kinabase

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Field is the definition of a field. It needs a Label or a Key; each follows from the
// other when it is empty.
type Field struct {
	Label string `json:"label"` // what people call it, such as Job Title
	Key   string `json:"key"`   // what it is called in data, such as jobTitle
	Kind  Kind   `json:"kind"`  // KindAny when empty

	// Options are the values of a select or multi-select field, and the stages of a
	// stage field.
	Options []string `json:"options,omitempty"`
	// Target is the ID or the Slug of the collection that a linked field links to.
	Target string `json:"target,omitempty"`
	// Through is the key of the linked field that a lookup or an aggregation follows:
	// for an aggregation, one of KindLinkedMany.
	Through string `json:"through,omitempty"`
	// Of is the key of the field there that a lookup shows or an aggregation sums. An
	// aggregation without one counts the records.
	Of string `json:"of,omitempty"`
	// Required fields have a value in every record.
	Required bool `json:"required,omitempty"`
	// Tracked fields take samples: see the call to ingest.
	Tracked bool `json:"tracked,omitempty"`

	// ComputeText and ComputeNumber are the rules of the kinds of the same names. A rule
	// is called for each answer, from many goroutines; its false, and a number that JSON
	// does not have, read as null. It must not call the Server.
	ComputeText   func(values map[string]any) (string, bool)  `json:"-"`
	ComputeNumber func(values map[string]any) (float64, bool) `json:"-"`
}

// Keys are fields of any kind, for a collection of which only the keys matter.
func Keys(keys ...string) []Field {
	fields := make([]Field, len(keys))
	for i, key := range keys {
		fields[i] = Field{Key: key, Kind: KindAny}
	}
	return fields
}

// named is the definition with nothing left to follow from something else.
func (f Field) named() Field {
	if f.Key == "" {
		f.Key = keyOf(f.Label)
	}
	f.Label = cmp.Or(f.Label, f.Key)
	f.Kind = cmp.Or(f.Kind, KindAny)
	f.Options = slices.Clone(f.Options)
	return f
}

// keyOf is the key that follows from a label.
//
// Choice(field-keys): A key that is not given is the label in camelCase: its words are its runs of letters and digits,
// apostrophes left out; a word in capitals counts as if in small letters; the first word begins with a small letter,
// every other one with a capital. "Job Title" gives jobTitle, "PO Number" gives poNumber.
func keyOf(label string) string {
	var key strings.Builder
	for i, word := range wordsOf(label) {
		if strings.ToUpper(word) == word {
			word = strings.ToLower(word)
		}
		first, size := utf8.DecodeRuneInString(word)
		if i == 0 {
			key.WriteRune(unicode.ToLower(first))
		} else {
			key.WriteRune(unicode.ToTitle(first))
		}
		key.WriteString(word[size:])
	}
	return key.String()
}

func wordsOf(label string) []string {
	label = strings.NewReplacer("'", "", "’", "").Replace(label)
	return strings.FieldsFunc(label, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
	})
}

// check tells what is wrong with a definition that is named, as far as it stands alone.
func (f Field) check() error {
	kind, known := kinds[f.Kind]
	computes := f.Kind == KindComputedText || f.Kind == KindComputedNumber
	switch {
	case f.Key == "" && f.Label == "":
		return errors.New("a field needs a label or a key")
	case f.Key == "":
		return fmt.Errorf("the label %s makes no key: give the field a key", name(f.Label))
	case !utf8.ValidString(f.Key):
		return errors.New("the key is not UTF-8")
	case !known:
		return fmt.Errorf("there is no kind %s; there are %s", name(string(f.Kind)), kindNames())
	case kind.options != (len(f.Options) > 0):
		return onlyFor("options", "", kind.options, f.Kind)
	case kind.target != (f.Target != ""):
		return onlyFor("target", ": the id or slug of a collection", kind.target, f.Kind)
	case kind.through != (f.Through != ""):
		return onlyFor("through", ": the key of a linked field of this collection", kind.through, f.Kind)
	case !kind.of && f.Of != "", f.Kind == KindLookup && f.Of == "":
		return onlyFor("of", ": the key of a field of the linked records", kind.of, f.Kind)
	case f.Required && kind.derived:
		return fmt.Errorf("a field of the kind %s cannot be required: its value follows from other fields", f.Kind)
	case f.Tracked && !kind.tracked:
		return fmt.Errorf("a field of the kind %s cannot be tracked", f.Kind)
	case (f.ComputeText != nil) != (f.Kind == KindComputedText), (f.ComputeNumber != nil) != (f.Kind == KindComputedNumber):
		if computes {
			return fmt.Errorf("a field of the kind %s needs its rule, in Go: ComputeText for a text, ComputeNumber for a number", f.Kind)
		}
		return fmt.Errorf("a field of the kind %s takes no rule", f.Kind)
	}
	for i, option := range f.Options {
		if option == "" || !utf8.ValidString(option) || slices.Contains(f.Options[:i], option) {
			return fmt.Errorf("option %d is empty, not UTF-8 or given twice", i)
		}
	}
	return nil
}

// onlyFor refuses a property that a kind lacks or cannot have. The properties of a field are
// called as in JSON, which whoever writes Go understands too.
func onlyFor(what, meaning string, needed bool, kind Kind) error {
	if needed {
		return fmt.Errorf("a field of the kind %s needs %s%s", kind, what, meaning)
	}
	return fmt.Errorf("a field of the kind %s takes no %s", kind, what)
}

// field is a definition that was found to hold together with the others.
type field struct {
	Field
	target  *collection // of a linked field
	through *field      // of a lookup or an aggregation
	of      *field      // of a lookup or a sum: a field of through.target
}

func (f *field) derived() bool { return kinds[f.Kind].derived }
func (f *field) links() bool   { return kinds[f.Kind].target }

// defineFields gives a collection its fields. What they refer to is found by
// resolveFields, once all collections are there.
func (c *collection) defineFields(definitions []Field) error {
	for i, definition := range definitions {
		definition = definition.named()
		err := definition.check()
		if err == nil && c.byKey[definition.Key] != nil {
			err = errors.New("another field has this key")
		}
		switch {
		case err != nil && definition.Key == "":
			return fmt.Errorf("fields[%d]: %w", i, err)
		case err != nil:
			return fmt.Errorf("fields[%d], %s: %w", i, name(definition.Key), err)
		}
		f := &field{Field: definition}
		c.fields = append(c.fields, f)
		c.byKey[f.Key] = f
	}
	return nil
}

// resolveFields finds what the fields of c refer to, among the collections.
func (c *collection) resolveFields(among []*collection) error {
	for _, f := range c.fields {
		if !f.links() {
			continue
		}
		at := slices.IndexFunc(among, func(other *collection) bool { return other.called(f.Target) })
		if at < 0 {
			return fmt.Errorf("field %s: its target %s is the id or slug of no collection", name(f.Key), name(f.Target))
		}
		f.target = among[at]
		c.follows = true
	}
	for _, f := range c.fields {
		c.follows = c.follows || f.derived()
		if !kinds[f.Kind].through {
			continue
		}
		if err := c.resolveThrough(f); err != nil {
			return fmt.Errorf("field %s: %w", name(f.Key), err)
		}
	}
	return nil
}

func (c *collection) resolveThrough(f *field) error {
	f.through = c.byKey[f.Through]
	switch {
	case f.through == nil || !f.through.links():
		return fmt.Errorf("its through %s is the key of no linked field of this collection", name(f.Through))
	case f.Kind == KindAggregation && f.through.Kind != KindLinkedMany:
		return fmt.Errorf("its through %s is not of the kind %s, and there is nothing to aggregate", name(f.Through), KindLinkedMany)
	case f.Of == "":
		return nil
	}
	f.of = f.through.target.byKey[f.Of]
	switch {
	case f.of == nil || f.of.derived():
		// Choice(lookup-of-stored-values): A lookup or a sum reads a field that is stored; it cannot read a lookup, an
		// aggregation or a computed field of the linked record.
		return fmt.Errorf("its of %s is the key of no stored field of %s", name(f.Of), f.through.target.slug)
	case f.Kind == KindAggregation && !kinds[f.of.Kind].number:
		return fmt.Errorf("its of %s is no number, and has no sum", name(f.Of))
	}
	return nil
}
