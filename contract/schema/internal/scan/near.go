package scan

// near keeps most names without the table: those of the outer levels, as long as they are short
// and fall on different places of their object. Where a name falls is found from three of its
// bytes and its length, which takes less than a hash. Names that an adversary, or chance, lets
// fall on one place are no trouble: the first is kept there and the others in the table.
type near [nearLevels]level

const (
	nearLevels = 12
	nearPlaces = 64 // the bits of level.taken
	nearBytes  = 23 // with the length a place is 24 bytes, so all of near takes 18 KiB
)

// level has the names of the one object that is open at a depth.
type level struct {
	taken  uint64 // a bit for each place
	spent  int    // bytes, by cost, as names.spent has them too
	places [nearPlaces]place
}

type place struct {
	length uint8
	text   [nearBytes]byte
}

// of gives the level for a name, and its place there. The level is nil for names that near does
// not keep.
func (n *near) of(name []byte, depth int) (*level, int) {
	if depth > nearLevels || len(name) > nearBytes {
		return nil, 0
	}
	at := 0
	if last := len(name) - 1; last >= 0 {
		// Names of one object often differ in their last byte alone, as numbered ones do.
		at = int(name[0]+5*name[last/2]+11*name[last]+23*uint8(last)) % nearPlaces
	}
	return &n[depth-1], at
}

func (l *level) has(at int) bool { return l.taken&(1<<at) != 0 }

func (l *level) is(at int, name []byte) bool {
	p := &l.places[at]
	return string(p.text[:p.length]) == string(name)
}

func (l *level) keep(at int, name []byte, cost int) {
	p := &l.places[at]
	p.length = uint8(copy(p.text[:], name))
	l.taken |= 1 << at
	l.spent += cost
}

// leave forgets the names of the object at a depth, and returns their cost.
func (n *near) leave(depth int) (spent int) {
	if depth > nearLevels {
		return 0
	}
	l := &n[depth-1]
	spent = l.spent
	l.taken, l.spent = 0, 0
	return spent
}
