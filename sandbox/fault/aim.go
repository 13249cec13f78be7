package fault

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// every is the operation of an aim at all operations.
const every = "*"

// aim is what a name says: which fault hits which calls.
type aim struct {
	id string
	// operation is an operationId, * for all, or empty for the fault's own.
	operation string
	// The calls from first to last are hit, counted from 1. A last of 0 is no end.
	first, last int
	// rate is how many of these calls are hit, in percent.
	rate int
	// value is the fault's parameter; empty for its default.
	value string
}

// parts are what may follow the id, in this order.
var parts = []struct {
	mark byte
	want string
	read func(*aim, string) bool
}{
	{'@', "an operationId, or * for all operations", (*aim).readOperation},
	{'#', "a call such as #3, a range such as #2-5, or #4- for the fourth call and all after it", (*aim).readCalls},
	{'%', "a whole number of percent from 1 to 100, such as %25", (*aim).readRate},
	{':', "a value, such as :250ms", (*aim).readValue},
}

const (
	marks   = "@#%:"
	grammar = "ID@OPERATION#CALLS%RATE:VALUE"
)

// parseAim reads ID[@OPERATION][#CALLS][%RATE][:VALUE]. Everything after the colon is
// the value.
func parseAim(name string) (aim, error) {
	a := aim{first: 1, rate: 100}
	id, rest := cutAtMark(name)
	if a.id = id; id == "" {
		return aim{}, fmt.Errorf("fault: %q names no fault; want %s, of which all but the id may be left out", name, grammar)
	}
	for _, part := range parts {
		if rest == "" || rest[0] != part.mark {
			continue
		}
		text := rest[1:]
		if part.mark == ':' {
			rest = ""
		} else {
			text, rest = cutAtMark(text)
		}
		if !part.read(&a, text) {
			return aim{}, fmt.Errorf("fault: %q: after %c stands %q; want %s", name, part.mark, text, part.want)
		}
	}
	if rest != "" {
		return aim{}, fmt.Errorf("fault: %q: %q stands in the wrong place, or twice; the order is %s", name, rest, grammar)
	}
	return a, nil
}

// cutAtMark splits a text before the first mark.
func cutAtMark(text string) (before, rest string) {
	if at := strings.IndexAny(text, marks); at >= 0 {
		return text[:at], text[at:]
	}
	return text, ""
}

func (a *aim) readOperation(text string) bool {
	a.operation = text
	return text != ""
}

func (a *aim) readCalls(text string) bool {
	first, last, isRange := strings.Cut(text, "-")
	var err error
	if a.first, err = positive(first); err != nil {
		return false
	}
	switch {
	case !isRange:
		a.last = a.first
	case last == "":
		a.last = 0
	default:
		a.last, err = positive(last)
	}
	return err == nil && (a.last == 0 || a.first <= a.last)
}

func (a *aim) readRate(text string) (ok bool) {
	n, err := positive(text)
	a.rate = n
	return err == nil && n <= 100
}

func (a *aim) readValue(text string) bool {
	a.value = text
	return text != ""
}

// positive reads a whole number from 1, without a sign.
func positive(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err == nil && n == 0 {
		err = errors.New("counting starts at 1")
	}
	return int(n), err
}

// String writes the aim as parseAim reads it.
func (a aim) String() string {
	var b strings.Builder
	b.WriteString(a.id)
	if a.operation != "" {
		b.WriteString("@" + a.operation)
	}
	switch {
	case a.last == a.first:
		fmt.Fprintf(&b, "#%d", a.first)
	case a.last != 0:
		fmt.Fprintf(&b, "#%d-%d", a.first, a.last)
	case a.first > 1:
		fmt.Fprintf(&b, "#%d-", a.first)
	}
	if a.rate != 100 {
		fmt.Fprintf(&b, "%%%d", a.rate)
	}
	if a.value != "" {
		b.WriteString(":" + a.value)
	}
	return b.String()
}
