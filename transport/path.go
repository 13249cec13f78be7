package transport

import (
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// PathError says that a value cannot be a part of a path. Nothing was sent. It does not
// hold the value, which is somebody's data.
type PathError struct {
	Name    string // of the parameter, such as "recordId"; "path" where none is known
	Problem string // such as "is empty"
}

func (e *PathError) Error() string {
	if e.Name == "path" {
		return "transport: the path of the request " + e.Problem
	}
	return "transport: path parameter " + e.Name + " " + e.Problem
}

const (
	problemEmpty = "is empty, and the request would be for another path"
	problemDots  = "is or holds a dot segment, and the request would be for another path"
)

// PathSegment tells whether value can stand for the parameter name in a path, and be taken
// for that by every server and proxy on the way. It returns nil or a [*PathError].
//
// Ids of other services are free text, so spaces, letters of any script, and slashes are
// fine: clients escape them, a slash as %2F. Refused are the empty value; "." and "..",
// which clients resolve before anybody sees them, between slashes and backslashes too, and
// however often they are escaped already, because a proxy may unescape the path before it
// passes it on; what is escaped more than twenty times over; control characters; and what is
// not UTF-8.
func PathSegment(name, value string) error {
	if plainID(value) {
		return nil
	}
	switch {
	case value == "":
		return &PathError{name, problemEmpty}
	case !utf8.ValidString(value):
		return &PathError{name, "is not valid UTF-8"}
	case strings.ContainsFunc(value, unicode.IsControl):
		return &PathError{name, "holds a control character"}
	}
	const rounds = 20 // nobody escapes anything that often
	for range rounds {
		if hasDots(value) {
			return &PathError{name, problemDots}
		}
		plain := loosely(value)
		if plain == value {
			return nil
		}
		if strings.ContainsFunc(plain, unicode.IsControl) {
			return &PathError{name, "holds an escaped control character"}
		}
		value = plain // each round makes it shorter
	}
	return &PathError{name, "is escaped too often"}
}

// plainID tells whether a value is what most ids are, letters, digits and hyphens, with nothing
// in it that could mean something else.
func plainID(value string) bool {
	for i := range len(value) {
		c := value[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return value != ""
}

// loosely unescapes what is an escape and keeps what is none, as the servers do that are the
// least strict.
func loosely(value string) string {
	var plain strings.Builder
	for len(value) > 0 {
		if value[0] == '%' && len(value) >= 3 {
			if octet, err := hex.DecodeString(value[1:3]); err == nil {
				plain.Write(octet)
				value = value[3:]
				continue
			}
		}
		plain.WriteByte(value[0])
		value = value[1:]
	}
	return plain.String()
}

// hasDots tells whether a part between slashes or backslashes is "." or "..".
func hasDots(value string) bool {
	if !strings.Contains(value, ".") {
		return false
	}
	for part := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == '/' || r == '\\' }) {
		if part == "." || part == ".." {
			return true
		}
	}
	return false
}

// checkPath refuses an escaped path with a segment that cannot be one. The route, which
// may be nil, tells what its parameters are called.
func checkPath(rest string, found *route) error {
	for i := 0; rest != ""; i++ {
		var segment string
		segment, rest = firstSegment(rest)
		name := "path"
		if found != nil && variable(found.segments[i]) {
			name = strings.Trim(found.segments[i], "{}")
		}
		err := PathSegment(name, unescaped(segment))
		if err != nil && name == "path" && segment == "" {
			return &PathError{name, "has an empty segment"}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
