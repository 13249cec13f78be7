package pattern

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// set holds code points as pairs of first and last, in order, with a gap between any two.
type set []rune

var (
	digits = set{'0', '9'}
	word   = set{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}
	// WhiteSpace and LineTerminator of ECMA-262, sections 12.2 and 12.3.
	space = set{
		'\t', '\r', ' ', ' ', 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a,
		0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000, 0x3000, 0xfeff, 0xfeff,
	}
	lineEnds = set{'\n', '\n', '\r', '\r', 0x2028, 0x2029}
)

// newSet puts pairs of any order and overlap into a set.
func newSet(pairs []rune) set {
	type pair struct{ first, last rune }
	sorted := make([]pair, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		sorted = append(sorted, pair{pairs[i], pairs[i+1]})
	}
	slices.SortFunc(sorted, func(a, b pair) int { return int(a.first - b.first) })
	result := set{}
	for _, p := range sorted {
		if end := len(result) - 1; end > 0 && p.first <= result[end]+1 {
			result[end] = max(result[end], p.last)
		} else {
			result = append(result, p.first, p.last)
		}
	}
	return result
}

func (s set) not() set {
	result := set{}
	next := rune(0)
	for i := 0; i < len(s); i += 2 {
		if next < s[i] {
			result = append(result, next, s[i]-1)
		}
		next = s[i+1] + 1
	}
	if next <= unicode.MaxRune {
		result = append(result, next, unicode.MaxRune)
	}
	return result
}

func (s set) meets(other set) bool {
	for i, j := 0, 0; i < len(s) && j < len(other); {
		switch {
		case s[i+1] < other[j]:
			i += 2
		case other[j+1] < s[i]:
			j += 2
		default:
			return true
		}
	}
	return false
}

func (s set) has(r rune) bool {
	low, high := 0, len(s)/2
	for low < high {
		middle := (low + high) / 2
		switch {
		case r < s[2*middle]:
			high = middle
		case r > s[2*middle+1]:
			low = middle + 1
		default:
			return true
		}
	}
	return false
}

// ofTable adds the pairs of a table of package unicode.
func ofTable(pairs []rune, table *unicode.RangeTable) []rune {
	add := func(low, high, stride rune) {
		if stride == 1 {
			pairs = append(pairs, low, high)
			return
		}
		for r := low; r <= high; r += stride {
			pairs = append(pairs, r, r)
		}
	}
	for _, r := range table.R16 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	for _, r := range table.R32 {
		add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
	}
	return pairs
}

// asciiSet is the part of a set that most texts are made of, as bits.
type asciiSet [2]uint64

func (s set) ascii() (bits asciiSet) {
	for r := rune(0); r < utf8.RuneSelf; r++ {
		if s.has(r) {
			bits[r/64] |= 1 << (r % 64)
		}
	}
	return bits
}

func (a *asciiSet) has(c byte) bool { return a[c/64]&(1<<(c%64)) != 0 }
