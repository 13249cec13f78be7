package jsonbody

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Object is a JSON object somewhere in a body. Where a key occurs twice, the last
// one counts.
type Object struct {
	path    string // "" at the top
	members map[string]json.RawMessage
}

// Members are the raw values by key. They are shared: do not change them.
func (o Object) Members() map[string]json.RawMessage { return o.members }

// Path is where the object stands in the body, such as records[2].data, and empty
// for the body itself.
func (o Object) Path() string { return o.path }

// Has tells whether the key is there with a value other than null.
func (o Object) Has(key string) bool {
	raw, ok := o.members[key]
	return ok && string(raw) != "null"
}

// CheckCase refuses a key that is one of known but for its case. Other keys that are
// not known pass, since the vendors' objects are open.
func (o Object) CheckCase(known ...string) error {
	for _, right := range known {
		for key := range o.members {
			if key != right && strings.EqualFold(key, right) {
				return fmt.Errorf("%s must be written in exactly this case", o.at(right))
			}
		}
	}
	return nil
}

// String is the text under a key that must be there.
func (o Object) String(key string) (string, error) {
	return text(o.members[key], o.at(key))
}

// NonEmptyString is the text under a key that must be there and say something.
func (o Object) NonEmptyString(key string) (string, error) {
	s, err := o.String(key)
	if err == nil && s == "" {
		return "", fmt.Errorf("%s must not be empty", o.at(key))
	}
	return s, err
}

// OptionalString is the text under a key that may be absent or null, and then nil.
func (o Object) OptionalString(key string) (*string, error) {
	if !o.Has(key) {
		return nil, nil
	}
	s, err := o.String(key)
	if err != nil {
		return nil, fmt.Errorf("%s must be a string or null", o.at(key))
	}
	return &s, nil
}

// Object is the object under a key that must be there.
func (o Object) Object(key string) (Object, error) {
	return object(o.members[key], o.at(key))
}

// Objects are the elements of an array of objects that must be there, at most limit
// of them.
func (o Object) Objects(key string, limit int) ([]Object, error) {
	return elements(o, key, limit, "objects", object)
}

// Strings are the elements of an array of texts that must be there, at most limit of
// them.
func (o Object) Strings(key string, limit int) ([]string, error) {
	return elements(o, key, limit, "strings", text)
}

func (o Object) at(key string) string {
	if o.path == "" {
		return key
	}
	return o.path + "." + key
}

func elements[E any](o Object, key string, limit int, noun string, parse func(json.RawMessage, string) (E, error)) ([]E, error) {
	var raws []json.RawMessage
	if !o.Has(key) || json.Unmarshal(o.members[key], &raws) != nil {
		return nil, fmt.Errorf("%s is required and must be an array of %s", o.at(key), noun)
	}
	if len(raws) > limit {
		return nil, fmt.Errorf("%s has %d elements; at most %d are allowed", o.at(key), len(raws), limit)
	}
	parsed := make([]E, len(raws))
	for i, raw := range raws {
		var err error
		if parsed[i], err = parse(raw, fmt.Sprintf("%s[%d]", o.at(key), i)); err != nil {
			return nil, err
		}
	}
	return parsed, nil
}

func object(raw json.RawMessage, path string) (Object, error) {
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil || members == nil {
		return Object{}, fmt.Errorf("%s is required and must be an object", path)
	}
	return Object{path: path, members: members}, nil
}

func text(raw json.RawMessage, path string) (string, error) {
	var s *string
	if json.Unmarshal(raw, &s) != nil || s == nil {
		return "", fmt.Errorf("%s is required and must be a string", path)
	}
	return *s, nil
}
