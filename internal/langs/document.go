package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// decode reads the one JSON document that the text is made of. Numbers stay as they are
// written: an id has no rounding.
func decode(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var document any
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("no JSON document: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something behind the JSON document")
	}
	return document, nil
}

// differences are the places where two documents do not say the same, by JSON pointer.
// Numbers are compared by value, so 1000.50 is 1000.5; nothing is rounded.
func differences(want, got any) []string {
	var found []string
	compare("", want, got, &found)
	return found
}

func compare(pointer string, want, got any, found *[]string) {
	differs := func() {
		*found = append(*found, fmt.Sprintf("%s is %s, want %s", strconv.Quote(pointer), shown(got), shown(want)))
	}
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			differs()
			return
		}
		keys := maps.Clone(want)
		maps.Copy(keys, object)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
			value, wanted := want[key]
			other, there := object[key]
			switch {
			case !there:
				*found = append(*found, fmt.Sprintf("%q is missing, want %s", at, shown(value)))
			case !wanted:
				*found = append(*found, fmt.Sprintf("%q is %s, want nothing there", at, shown(other)))
			default:
				compare(at, value, other, found)
			}
		}
	case []any:
		array, ok := got.([]any)
		if !ok || len(array) != len(want) {
			differs()
			return
		}
		for i := range want {
			compare(pointer+"/"+strconv.Itoa(i), want[i], array[i], found)
		}
	case json.Number:
		if number, ok := got.(json.Number); !ok || !sameNumber(want, number) {
			differs()
		}
	default:
		if want != got {
			differs()
		}
	}
}

func sameNumber(a, b json.Number) bool {
	x, ok := new(big.Rat).SetString(a.String())
	y, also := new(big.Rat).SetString(b.String())
	return ok && also && x.Cmp(y) == 0
}

// shown is a value as a line, cut where it gets long.
func shown(value any) string {
	const most = 200
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	if len(text) > most {
		return strings.ToValidUTF8(string(text[:most]), "") + "..."
	}
	return string(text)
}

// canonical is a document with its keys in order, indented.
func canonical(document any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(document)
	return b.Bytes(), err
}
