package kainexus

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
)

// document is a record as JSON. Numbers are json.Number, so they leave with the digits
// they came with, and keys that nobody knows stay. Once stored, a document never
// changes: a change makes another one.
type document map[string]any

// decode reads a document of a declared type T. T decides whether the types are right,
// and nothing else.
func decode[T any](text json.RawMessage) (document, error) {
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	var d document
	if err := decoder.Decode(&d); err != nil || d == nil {
		return nil, bad(invalidBody, "a record must be an object")
	}
	lenientFieldIDs(d)
	normal, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(normal, new(T)); err != nil {
		return nil, bad(invalidBody, "a value has the wrong type: %s", err)
	}
	return d, nil
}

// lenientFieldIDs makes integers of the ids of Fields that came as text, as in one
// example of the vendor's.
func lenientFieldIDs(d document) {
	fields, _ := d["fields"].([]any)
	for _, field := range fields {
		f, _ := asDocument(field)
		if text, ok := f["id"].(string); ok {
			if id, err := strconv.ParseInt(text, 10, 64); err == nil {
				f["id"] = num(id)
			}
		}
	}
}

func (d document) clone() document {
	if d == nil {
		return document{}
	}
	return maps.Clone(d)
}

// has tells whether the key is there with a value other than null.
func (d document) has(key string) bool { return d[key] != nil }

// names tells whether the key is there, be it with null.
func (d document) names(key string) bool {
	_, ok := d[key]
	return ok
}

func (d document) id() int64 { return d.integer("id") }

// integer is 0 where there is none.
func (d document) integer(key string) int64 {
	n, _ := d[key].(json.Number)
	i, _ := n.Int64()
	return i
}

// float is 0 where there is none.
func (d document) float(key string) float64 {
	n, _ := d[key].(json.Number)
	f, _ := n.Float64()
	return f
}

// text is "" where there is none.
func (d document) text(key string) string {
	s, _ := d[key].(string)
	return s
}

func (d document) flag(key string) bool {
	b, _ := d[key].(bool)
	return b
}

// object is nil where there is none.
func (d document) object(key string) document {
	o, _ := asDocument(d[key])
	return o
}

// objects are the elements of an array, which may be absent or null. Anything else than
// an object in it is refused.
func (d document) objects(key string) ([]document, error) {
	elements, _ := d[key].([]any)
	objects := make([]document, len(elements))
	for i, element := range elements {
		o, ok := asDocument(element)
		if !ok {
			return nil, bad(invalidBody, "%s[%d] must be an object", key, i)
		}
		objects[i] = o
	}
	return objects, nil
}

// stored are the elements of an array of a stored document.
func (d document) stored(key string) []document {
	objects, _ := d.objects(key) // checked when it was stored
	return objects
}

func asDocument(value any) (document, bool) {
	switch v := value.(type) {
	case document:
		return v, v != nil
	case map[string]any:
		return v, v != nil
	}
	return nil, false
}

// array is the JSON array of documents, [] rather than null.
func array(documents []document) []any {
	elements := make([]any, len(documents))
	for i, d := range documents {
		elements[i] = d
	}
	return elements
}

func num(i int64) json.Number { return json.Number(strconv.FormatInt(i, 10)) }

// decimal prints as the vendor does, with a point even in a whole number.
func decimal(f float64) json.Number {
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return json.Number(text)
}

// isNumber tells whether a value is a number that a float64 can hold.
func isNumber(value any) bool {
	n, ok := value.(json.Number)
	if !ok {
		return false
	}
	_, err := n.Float64()
	return err == nil
}

// numberText are the digits of a number, or "".
func (d document) numberText(key string) string {
	n, _ := d[key].(json.Number)
	return n.String()
}
