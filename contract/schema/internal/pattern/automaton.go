package pattern

import "unicode/utf8"

// automaton is a table of what each state does at each class of characters. It is built
// from the program that package regexp runs, by following all of its threads at once, so
// what it decides is what regexp decides.
//
// A state is the set of instructions that wait for the next character, and what the last
// character was, since \A and \b look back. They look ahead as well: whether they hold is
// known when the next character is.
type automaton struct {
	ascii [utf8.RuneSelf]uint8
	// first holds where runs of non-ASCII code points of one class begin.
	first []rune
	wide  []uint8

	next    []uint16 // state*classes+class; 0 is a dead end, 1 a match
	classes int
	start   uint16
	final   []bool // whether a text that ends in the state matches
}

const (
	dead    = 0
	matched = 1
)

func (a *automaton) Match(text []byte) bool {
	state := a.start
	for at := 0; at < len(text); {
		var class uint8
		if c := text[at]; c < utf8.RuneSelf {
			class = a.ascii[c]
			at++
		} else {
			r, size := utf8.DecodeRune(text[at:])
			class = a.class(r)
			at += size
		}
		state = a.next[int(state)*a.classes+int(class)]
		if state <= matched {
			return state == matched
		}
	}
	return a.final[state]
}

// class finds the run that a code point beyond ASCII is in.
func (a *automaton) class(r rune) uint8 {
	low, high := 0, len(a.first)
	for high-low > 1 {
		if middle := (low + high) / 2; r < a.first[middle] {
			high = middle
		} else {
			low = middle
		}
	}
	return a.wide[low]
}

// past is what \A and \b need to know of the text so far.
type past byte

const (
	atStart past = iota
	afterWord
	afterOther
)

// rune gives a character of that kind.
func (p past) rune() rune { return [...]rune{-1, 'a', ' '}[p] }
