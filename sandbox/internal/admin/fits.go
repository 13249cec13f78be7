package admin

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// fits tells whether an object of JSON fits a Go struct. What encoding/json leaves open is
// settled here: a key has exactly its case, and an error names its place, in words that are
// not of Go. The place of the body itself is "".
func fits(members map[string]json.RawMessage, t reflect.Type, place string) error {
	known := keysOf(t)
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if known[key] == nil {
			return unknownKey(place, key, known)
		}
		at := key
		if place != "" {
			at = place + "." + key
		}
		if err := fit(members[key], known[key], at); err != nil {
			return err
		}
	}
	return nil
}

// fit is fits for a value of any kind. Null fits everything.
func fit(raw json.RawMessage, t reflect.Type, place string) error {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if string(raw) == "null" {
		return nil
	}
	var members map[string]json.RawMessage
	var elements []json.RawMessage
	var err error
	switch t.Kind() {
	case reflect.Struct:
		if err = json.Unmarshal(raw, &members); err == nil {
			return fits(members, t, place)
		}
	case reflect.Slice:
		err = json.Unmarshal(raw, &elements)
	default:
		err = json.Unmarshal(raw, reflect.New(t).Interface())
	}
	if err != nil {
		return fmt.Errorf("%s must be %s", place, words[t.Kind()])
	}
	for i, element := range elements {
		if err := fit(element, t.Elem(), fmt.Sprintf("%s[%d]", place, i)); err != nil {
			return err
		}
	}
	return nil
}

// words say what JSON a Go type takes.
var words = map[reflect.Kind]string{
	reflect.String: "a string",
	reflect.Bool:   "true or false",
	reflect.Int64:  "a whole number",
	reflect.Slice:  "an array",
	reflect.Struct: "an object",
}

// keysOf are the types of the fields of a struct, by their keys in JSON.
func keysOf(t reflect.Type) map[string]reflect.Type {
	keys := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(t) {
		if key, _, _ := strings.Cut(field.Tag.Get("json"), ","); key != "" && key != "-" {
			keys[key] = field.Type
		}
	}
	return keys
}

func unknownKey(place, key string, known map[string]reflect.Type) error {
	where, there := "", "none"
	if place != "" {
		where = " in " + place
	}
	if len(known) > 0 {
		there = strings.Join(slices.Sorted(maps.Keys(known)), ", ")
	}
	return fmt.Errorf("there is no key %.100q%s; there are %s", key, where, there)
}
