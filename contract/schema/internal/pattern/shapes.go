package pattern

import "slices"

// shapes are the alternatives of an expression, where each is a shape. They share nothing, so
// the time is that of the one that matches and of those before it. Fixed ones come first, since
// the length of the text refuses most of them.
type shapes []matcher

const (
	// maxShapes bounds them: an automaton is faster than many.
	maxShapes = 8
	// maxParts bounds the parts of a row, which are copied at each step.
	maxParts = 100
)

// newShapes gives the shape of a tree, or its shapes, and reports false if it has none.
func newShapes(tree *node) (matcher, bool) {
	if one, ok := newShape(tree.parts); ok && tree.op == opConcat {
		return one.fastest(), true
	}
	var first, others shapes
	for _, row := range rows(tree) {
		shape, ok := newShape(row)
		if !ok {
			return nil, false
		}
		if fixed, ok := newFixed(shape); ok {
			first = append(first, fixed)
		} else {
			others = append(others, shape)
		}
	}
	result := append(first, others...)
	return result, len(result) > 0
}

// fastest is the shape, or what matches the same with less work.
func (s *shape) fastest() matcher {
	if fixed, ok := newFixed(s); ok {
		return fixed
	}
	return s
}

func (s shapes) Match(text []byte) bool {
	for _, shape := range s {
		if shape.Match(text) {
			return true
		}
	}
	return false
}

// rows multiplies an expression out, into the rows of parts without groups that it stands for:
// ^(a|b)c?$ is ^ac$, ^bc$, ^a$ and ^b$. It gives none if they are more than maxShapes.
func rows(n *node) [][]*node {
	switch n.op {
	case opEmpty:
		return [][]*node{nil}
	case opAlternate:
		var all [][]*node
		for _, part := range n.parts {
			some := rows(part)
			if len(some) == 0 || len(all)+len(some) > maxShapes {
				return nil
			}
			all = append(all, some...)
		}
		return all
	case opConcat:
		all := [][]*node{nil}
		for _, part := range n.parts {
			if all = joined(all, rows(part)); len(all) == 0 {
				return nil
			}
		}
		return all
	case opRepeat:
		if n.low == 0 && n.high == 1 {
			some := rows(n.parts[0])
			if len(some) == 0 || len(some) == maxShapes {
				return nil
			}
			return append(some, nil)
		}
	}
	return [][]*node{{n}}
}

// joined puts each of the rows behind each of the heads.
func joined(heads, tails [][]*node) [][]*node {
	if len(heads)*len(tails) > maxShapes {
		return nil
	}
	var all [][]*node
	for _, head := range heads {
		for _, tail := range tails {
			if len(head)+len(tail) > maxParts {
				return nil
			}
			all = append(all, slices.Concat(head, tail))
		}
	}
	return all
}
