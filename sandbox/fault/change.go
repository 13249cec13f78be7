package fault

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// change breaks the text around one of its places.
type change func(text []byte, p place) []byte

// remove leaves a member or an element out.
func remove(text []byte, p place) []byte { return splice(text, p.from, p.to, "") }

// put gives a value's place to raw text, which need not be JSON.
func put(raw string) change { return replace(func(string) string { return raw }) }

// replace makes a new value of the old one.
func replace(with func(old string) string) change {
	return func(text []byte, p place) []byte {
		return splice(text, p.start, p.end, with(string(text[p.start:p.end])))
	}
}

// rename sends a member under another name.
func rename(to string) change {
	return func(text []byte, p place) []byte {
		if p.nameEnd == 0 {
			return text
		}
		return splice(text, p.name, p.nameEnd, strconv.Quote(to))
	}
}

// twice sends a member again, with another value, right after itself.
func twice(raw string) change {
	return func(text []byte, p place) []byte {
		if p.nameEnd == 0 {
			return text
		}
		return splice(text, p.end, p.end, ","+string(text[p.name:p.nameEnd])+":"+raw)
	}
}

// enclose puts text around a value.
func enclose(before, after string) change {
	return replace(func(old string) string { return before + old + after })
}

// plus adds to a whole number. What is none stays as it is.
func plus(n int64) change {
	return replace(func(old string) string {
		number, err := strconv.ParseInt(old, 10, 64)
		if err != nil {
			return old
		}
		return strconv.FormatInt(number+n, 10)
	})
}

// prefix puts raw text at the start of a string.
func prefix(raw string) change {
	return func(text []byte, p place) []byte {
		if text[p.start] != '"' {
			return text
		}
		return splice(text, p.start+1, p.start+1, raw)
	}
}

// other gives a value that fits wherever the old one did, and is not the old one.
func other(text []byte, p place) []byte {
	return replace(func(old string) string {
		switch {
		case old == "true":
			return "false"
		case old == "false":
			return "true"
		case json.Valid([]byte(old)) && strings.ContainsAny(old[:1], "-0123456789"):
			return "7" + strings.TrimPrefix(old, "-")
		default:
			return `"Something else"`
		}
	})(text, p)
}

// insert adds a member, given as "name":value, in front of all others of an object.
func insert(member string) change {
	return func(text []byte, p place) []byte {
		if text[p.start] != '{' {
			return text
		}
		comma := ","
		if len(inside(text, p)) == 0 {
			comma = ""
		}
		return splice(text, p.start+1, p.start+1, member+comma)
	}
}

// elements changes the list of an array's elements.
func elements(to func(list []string) []string) change {
	return func(text []byte, p place) []byte {
		if text[p.start] != '[' {
			return text
		}
		return splice(text, p.start, p.end, "["+strings.Join(to(texts(text, p)), ",")+"]")
	}
}

// texts are the elements of an array, each as it was sent.
func texts(text []byte, p place) []string {
	var list []string
	for _, child := range inside(text, p) {
		list = append(list, string(text[child.start:child.end]))
	}
	return list
}

// reverse turns the order of an array round.
var reverse = elements(func(list []string) []string {
	slices.Reverse(list)
	return list
})

// repeatLast sends the last element of an array twice.
var repeatLast = elements(func(list []string) []string {
	if len(list) == 0 {
		return list
	}
	return append(list, list[len(list)-1])
})

// another adds an element: the last one, changed at a pointer inside it.
func another(pointer string, how change) change {
	return elements(func(list []string) []string {
		if len(list) == 0 {
			return list
		}
		last := []byte(list[len(list)-1])
		if p, ok := find(last, pointer); ok {
			return append(list, string(how(last, p)))
		}
		return list
	})
}
