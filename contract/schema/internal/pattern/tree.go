package pattern

import (
	"fmt"
	"strings"
)

type op byte

const (
	opEmpty     op = iota // matches the empty text
	opSet                 // one code point of a set
	opConcat              // its parts, one after another
	opAlternate           // one of its parts
	opRepeat              // its only part, low to high times
	opBegin               // ^
	opEnd                 // $
	opWord                // \b
	opNotWord             // \B
)

// unlimited is the high of a repeat that has none.
const unlimited = -1

// maxRepeat is how often package regexp lets a part repeat.
const maxRepeat = 1000

// node is a part of a parsed expression. Groups are gone, since only the verdict counts;
// lazy repeats are repeats, for the same reason.
type node struct {
	op          op
	set         set
	low, high   int
	parts       []*node
	offset, end int // of the source; set on repeats
}

// largeRepeat finds a repeat that package regexp would refuse.
func (n *node) largeRepeat() *node {
	if n.op == opRepeat && max(n.low, n.high) > maxRepeat {
		return n
	}
	for _, part := range n.parts {
		if large := part.largeRepeat(); large != nil {
			return large
		}
	}
	return nil
}

// translate writes the tree in the language of package regexp. Classes become ranges of
// code points and groups do not capture, so nothing is left that the two languages read
// differently.
func translate(tree *node) string {
	var text strings.Builder
	tree.write(&text)
	return text.String()
}

func (n *node) write(text *strings.Builder) {
	switch n.op {
	case opEmpty:
		text.WriteString("(?:)")
	case opSet:
		n.set.write(text)
	case opBegin:
		text.WriteString(`\A`)
	case opEnd:
		text.WriteString(`\z`)
	case opWord:
		text.WriteString(`\b`)
	case opNotWord:
		text.WriteString(`\B`)
	case opConcat:
		for _, part := range n.parts {
			part.write(text)
		}
	case opAlternate:
		for i, part := range n.parts {
			text.WriteString([]string{"(?:", "|"}[min(i, 1)])
			part.write(text)
		}
		text.WriteByte(')')
	case opRepeat:
		text.WriteString("(?:")
		n.parts[0].write(text)
		text.WriteByte(')')
		switch {
		case n.low == 0 && n.high == unlimited:
			text.WriteByte('*')
		case n.low == 1 && n.high == unlimited:
			text.WriteByte('+')
		case n.high == unlimited:
			fmt.Fprintf(text, "{%d,}", n.low)
		default:
			fmt.Fprintf(text, "{%d,%d}", n.low, n.high)
		}
	}
}

func (s set) write(text *strings.Builder) {
	if len(s) == 0 {
		text.WriteString(`[^\x00-\x{10FFFF}]`)
		return
	}
	text.WriteByte('[')
	for i := 0; i < len(s); i += 2 {
		fmt.Fprintf(text, `\x{%X}`, s[i])
		if s[i] < s[i+1] {
			fmt.Fprintf(text, `-\x{%X}`, s[i+1])
		}
	}
	text.WriteByte(']')
}
