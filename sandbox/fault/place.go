package fault

import (
	"encoding/json"
	"strconv"
	"strings"
)

// place is where a value stands in JSON text. The faults cut and paste the text itself,
// so that all that they do not break goes over the wire byte by byte as it was.
type place struct {
	// The value is text[start:end].
	start, end int
	// The name of a member is text[name:nameEnd], with its quotes. Both are 0 elsewhere.
	name, nameEnd int
	// What goes when the value is left out is text[from:to]: its name and one comma too.
	from, to int
}

// find follows a pointer through JSON text. The empty pointer is the whole text. A step
// is a name or an index, "last" for the last element, or * for the first element or
// member in which the rest of the pointer leads somewhere.
func find(text []byte, pointer string) (place, bool) {
	if !json.Valid(text) {
		return place{}, false
	}
	start := skipSpace(text, 0)
	root := place{start: start, end: skipValue(text, start)}
	if pointer == "" {
		return root, true
	}
	return follow(text, root, strings.Split(pointer, "/")[1:])
}

func follow(text []byte, p place, steps []string) (place, bool) {
	if len(steps) == 0 {
		return p, true
	}
	children := inside(text, p)
	for i, child := range children {
		name := strconv.Itoa(i)
		if child.nameEnd > 0 {
			name = string(text[child.name+1 : child.nameEnd-1])
		}
		if steps[0] != "*" && steps[0] != name && (steps[0] != "last" || i < len(children)-1) {
			continue
		}
		if found, ok := follow(text, child, steps[1:]); ok {
			return found, true
		}
	}
	return place{}, false
}

// inside lists the members of an object or the elements of an array.
func inside(text []byte, p place) []place {
	opening := text[p.start]
	if opening != '{' && opening != '[' {
		return nil
	}
	var list []place
	comma := 0 // where the comma before the child stands; 0 for none
	for at := skipSpace(text, p.start+1); at < p.end-1; {
		child := place{from: at}
		if opening == '{' {
			child.name, child.nameEnd = at, skipValue(text, at)
			at = skipSpace(text, skipSpace(text, child.nameEnd)+1) // past the colon
		}
		child.start, child.end = at, skipValue(text, at)
		at = skipSpace(text, child.end)
		child.to = child.end
		if text[at] == ',' {
			child.to = skipSpace(text, at+1)
		} else if comma > 0 {
			child.from = comma
		}
		comma = at
		at = skipSpace(text, at+1)
		list = append(list, child)
	}
	return list
}

func skipSpace(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n') {
		at++
	}
	return at
}

// skipValue finds the end of the value that starts here, in text that is valid.
func skipValue(text []byte, at int) int {
	switch text[at] {
	case '"':
		return skipString(text, at)
	case '{', '[':
		for depth := 0; ; at++ {
			switch text[at] {
			case '"':
				at = skipString(text, at) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return at + 1
				}
			}
		}
	default:
		for at < len(text) && !strings.ContainsRune(" \t\r\n,]}", rune(text[at])) {
			at++
		}
		return at
	}
}

func skipString(text []byte, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

// splice puts something else in the place of text[from:to].
func splice(text []byte, from, to int, middle string) []byte {
	spliced := make([]byte, 0, len(text)-(to-from)+len(middle))
	spliced = append(spliced, text[:from]...)
	spliced = append(spliced, middle...)
	return append(spliced, text[to:]...)
}
