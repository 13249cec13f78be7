package kinabase

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// KeySet holds field keys that a collection is known to have. There may be more: Kinabase
// has no call that lists them. The zero KeySet knows none.
type KeySet struct {
	keys map[string]bool
	like map[string]string // a known key by what is left of it without case and separators
}

// NewKeySet is a set of keys that are known from elsewhere.
func NewKeySet(keys ...string) KeySet {
	s := KeySet{map[string]bool{}, map[string]string{}}
	for _, key := range slices.Sorted(slices.Values(keys)) {
		s.keys[key] = true
		if plain := plainKey(key); s.like[plain] == "" {
			s.like[plain] = key
		}
	}
	return s
}

// Keys learns the field keys of a collection from the values of its records: those of one
// page, the first 300 records unless the options say otherwise. A field that none of these
// records has a value for may be missing.
func (c *Client) Keys(ctx context.Context, collection string, opts ...ListOption) (KeySet, error) {
	seen, left := map[string]bool{}, selectionOf(opts).size()
	for record, err := range c.Records(ctx, collection, opts...) {
		if err != nil {
			return KeySet{}, err
		}
		for key := range valuesOf(record) {
			seen[key] = true
		}
		if left--; left == 0 {
			break
		}
	}
	return NewKeySet(slices.Collect(maps.Keys(seen))...), nil
}

// Keys returns the keys, sorted.
func (s KeySet) Keys() []string { return slices.Sorted(maps.Keys(s.keys)) }

// With is a set that has further keys.
func (s KeySet) With(keys ...string) KeySet { return NewKeySet(append(s.Keys(), keys...)...) }

// Check compares keys with those of the set, exactly. One that is not in the set passes, since
// a collection may have fields that no record told of, unless it resembles one that is: it
// differs from that in case, spaces, underscores or hyphens only. Then Check returns a
// [*KeyError].
func (s KeySet) Check(keys ...string) error {
	for _, key := range keys {
		if known := s.like[plainKey(key)]; known != "" && !s.keys[key] {
			return &KeyError{Key: key, Known: known}
		}
	}
	return nil
}

// plainKey is what is left of a key without case and separators.
func plainKey(key string) string {
	return strings.Map(func(r rune) rune {
		if r == '_' || r == '-' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, key)
}

// KeyError says that a key is none of a collection's known keys, but resembles one. Nothing
// was sent: Kinabase would refuse the whole call.
type KeyError struct {
	Collection string // as the call named it; empty from [KeySet.Check]
	Key        string // as it was given
	Known      string // the one that it resembles
}

// Error names both keys.
func (e *KeyError) Error() string {
	where := ""
	if e.Collection != "" {
		where = e.Collection + ": "
	}
	return fmt.Sprintf("%sno field key is known as %q, but %q is; keys are case-sensitive", where, e.Key, e.Known)
}

// valuesOf are the values of a record of either edition.
func valuesOf(record Record) map[string]json.RawMessage {
	if record.Data != nil {
		return record.Data
	}
	return record.AdditionalProperties
}
