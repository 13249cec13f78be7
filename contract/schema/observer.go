package schema

// Observer is told of every value that a schema was held against, as it ends. It runs on the
// caller's goroutine, and nothing is allocated for it.
type Observer interface {
	Visit(Visit)
}

// Visit is one value held against one node of a validator.
type Visit struct {
	// Node is the index of the node in [Validator.Nodes].
	Node int
	// Kind of the value.
	Kind Kind
	// Length is the code points of a string, the elements of an array or the members of an
	// object, and -1 for other values and for strings whose length no rule asks for.
	Length int
	// Enum is the index of the value in the node's enum, and -1 without one or when none fits.
	Enum int
	// Group and Branch say that an alternative of the node fits: which of its groups, in the
	// order of the description, and which schema of that. Both are -1 for the value itself.
	Group, Branch int
	// Tentative says that the node is part of an alternative that had not yet failed, but may
	// fail later.
	Tentative bool
}

// Node describes a node: the schemas that apply together wherever it does, by their pointers
// in the description.
type Node struct {
	Schemas []string
	Line    int
}

// Nodes lists the nodes of a validator, by the index that [Visit] has.
func (v *Validator) Nodes() []Node {
	list := make([]Node, len(v.nodes))
	for i, n := range v.nodes {
		list[i].Line = n.at.line
		for _, p := range n.parts {
			list[i].Schemas = append(list[i].Schemas, p.pointer)
		}
	}
	return list
}

func (r *run) visit(n *node, owner int32, visit Visit) {
	visit.Node, visit.Tentative = int(n.id), owner != noOwner
	for _, observer := range r.observers {
		observer.Visit(visit)
	}
}
