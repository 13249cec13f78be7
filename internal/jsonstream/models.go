package jsonstream

import (
	"reflect"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Model lets a generated struct be read straight from a stream, instead of by its own method
// UnmarshalJSON, which reads it twice. Where the struct has AdditionalProperties, they take
// the members that it does not know.
func Model[T any]() *json.Unmarshalers { return model[T](`json:",embed"`) }

// model takes the tag by which the decoder puts unknown members into a field. The decoder is
// an experiment, and its tags have changed before: one that it does not know would lose
// members without a word, so then the struct's own method goes on reading it.
func model[T any](tag reflect.StructTag) *json.Unmarshalers {
	plain := plainOf(reflect.TypeFor[T](), tag)
	if !takesUnknown(plain) {
		return json.JoinUnmarshalers()
	}
	pointer := reflect.PointerTo(plain)
	return json.UnmarshalFromFunc(func(decoder *jsontext.Decoder, v *T) error {
		return json.UnmarshalDecode(decoder, reflect.ValueOf(v).Convert(pointer).Interface())
	})
}

const unknownMembers = "AdditionalProperties"

// plainOf is a struct type with the same fields and no methods. A value can be converted to
// it, since tags do not count there, and the tag of AdditionalProperties is what differs.
func plainOf(t reflect.Type, tag reflect.StructTag) reflect.Type {
	fields := make([]reflect.StructField, t.NumField())
	for i := range fields {
		fields[i] = t.Field(i)
		if fields[i].Name == unknownMembers {
			fields[i].Tag = tag
		}
	}
	return reflect.StructOf(fields)
}

func takesUnknown(plain reflect.Type) bool {
	if _, has := plain.FieldByName(unknownMembers); !has {
		return true
	}
	v := reflect.New(plain)
	err := json.Unmarshal([]byte(`{"a name that nobody knows":0}`), v.Interface())
	return err == nil && v.Elem().FieldByName(unknownMembers).Len() == 1
}
