package pattern

import (
	"slices"
	"unicode/utf8"
)

// shape is an anchored row of classes, each a number of times: dates, identifiers, digits
// with dashes, strings of a bounded length. Where a class may stop early, what follows it
// starts with other characters, so that taking as many as there are is always right and one
// pass without a second thought decides.
type shape struct {
	steps []step
	ends  bool // $ follows the last step
}

type step struct {
	ascii     asciiSet
	set       set
	low, high int
}

// newShape reports false for a row of parts that is no shape.
func newShape(parts []*node) (*shape, bool) {
	if len(parts) == 0 || parts[0].op != opBegin {
		return nil, false
	}
	parts = parts[1:]
	result := &shape{}
	if last := len(parts) - 1; last >= 0 && parts[last].op == opEnd {
		parts, result.ends = parts[:last], true
	}
	for _, part := range parts {
		next := step{low: 1, high: 1}
		if part.op == opRepeat {
			next.low, next.high = part.low, part.high
			part = part.parts[0]
		}
		if part.op != opSet {
			return nil, false
		}
		next.set = part.set
		result.add(next)
	}
	if !result.decides() {
		return nil, false
	}
	for i := range result.steps {
		result.steps[i].ascii = result.steps[i].set.ascii()
	}
	return result, true
}

// add appends a step, or makes the last one longer: \d{2}\d{2} is \d{4}.
func (s *shape) add(next step) {
	last := len(s.steps) - 1
	if last < 0 || !slices.Equal(s.steps[last].set, next.set) {
		s.steps = append(s.steps, next)
		return
	}
	s.steps[last].low += next.low
	if s.steps[last].high == unlimited || next.high == unlimited {
		s.steps[last].high = unlimited
	} else {
		s.steps[last].high += next.high
	}
}

// decides tells whether no character could both lengthen a step and begin what follows.
func (s *shape) decides() bool {
	for i, current := range s.steps {
		if current.low == current.high {
			continue
		}
		for _, following := range s.steps[i+1:] {
			if current.set.meets(following.set) {
				return false
			}
			if following.low > 0 {
				break
			}
		}
	}
	return true
}

func (s *shape) Match(text []byte) bool {
	at := 0
	for i := range s.steps {
		current := &s.steps[i]
		count := 0
		for count != current.high && at < len(text) {
			if c := text[at]; c < utf8.RuneSelf {
				if !current.ascii.has(c) {
					break
				}
				at++
			} else {
				r, size := utf8.DecodeRune(text[at:])
				if !current.set.has(r) {
					break
				}
				at += size
			}
			count++
		}
		if count < current.low {
			return false
		}
	}
	return !s.ends || at == len(text)
}
