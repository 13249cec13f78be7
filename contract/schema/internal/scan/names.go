package scan

import (
	"hash/maphash"
)

// names holds the names of all objects that are open, to find those that come twice. It is one
// hash table for all of them with the depth as a part of the key, since no two open objects
// have the same. Names go in the reverse order of their coming when their object ends; with
// linear probing that leaves the table as if they had never been there. Names that near keeps are
// not in the table.
//
// The hash has a seed of its own in each process, so that no body can be made to collide.
type names struct {
	entries []entry
	bytes   []byte   // all names, one behind the other
	slots   []uint32 // the table: an index of entries plus one, 0 where it is free
	near    *near
	spent   int // bytes, by cost
	full    int // depth of the outermost object of which names were left out; 0 for none
}

type entry struct {
	hash  uint64
	end   int // of the name in bytes
	depth int32
	slot  uint32
}

var seed = maphash.MakeSeed()

const (
	leastSlots = 64
	// entryCost is what a name takes beside its bytes: its entry and its part of the table,
	// and the spare room of both.
	entryCost = 96
)

// verdict says what became of a name.
type verdict byte

const (
	fresh verdict = iota
	repeated
	noRoom      // there was no room to keep it
	noRoomAgain // nor was there for an earlier one of the object
)

// add keeps a name of the object at a depth.
func (n *names) add(name []byte, depth, limit int) verdict {
	if n.near == nil {
		n.near = new(near)
	}
	level, at := n.near.of(name, depth)
	if level != nil && level.has(at) {
		if level.is(at, name) {
			return repeated
		}
		level = nil
	}
	var found lookup
	if level == nil {
		if found = n.find(name, depth); found.known {
			return repeated
		}
	}
	cost := len(name) + entryCost
	if n.spent+cost > limit {
		if n.full != 0 && n.full <= depth {
			return noRoomAgain
		}
		n.full = depth
		return noRoom
	}
	n.spent += cost
	if level != nil {
		level.keep(at, name, cost)
		return fresh
	}
	n.bytes = append(n.bytes, name...)
	n.entries = append(n.entries, entry{hash: found.hash, end: len(n.bytes), depth: int32(depth), slot: found.slot})
	n.slots[found.slot] = uint32(len(n.entries))
	return fresh
}

// lookup is where the table has a name, or would have it.
type lookup struct {
	known bool
	slot  uint32
	hash  uint64
}

// find looks for a name in the table, in which there is room for one more afterwards.
func (n *names) find(name []byte, depth int) lookup {
	if 2*len(n.entries) >= len(n.slots) {
		n.grow()
	}
	// The constant spreads the depths over all bits.
	hash := maphash.Bytes(seed, name) + uint64(depth)*0x9E3779B97F4A7C15
	mask := uint32(len(n.slots) - 1)
	slot := uint32(hash) & mask
	for ; n.slots[slot] != 0; slot = (slot + 1) & mask {
		at := int(n.slots[slot] - 1)
		if e := &n.entries[at]; e.hash == hash && e.depth == int32(depth) && string(n.name(at)) == string(name) {
			return lookup{known: true}
		}
	}
	return lookup{slot: slot, hash: hash}
}

func (n *names) name(i int) []byte {
	start := 0
	if i > 0 {
		start = n.entries[i-1].end
	}
	return n.bytes[start:n.entries[i].end]
}

// leave forgets the names of the object at a depth, which ends. Of most objects there are none.
func (n *names) leave(depth int) {
	if n.spent != 0 || n.full != 0 {
		n.forget(depth)
	}
}

func (n *names) forget(depth int) {
	if n.full == depth {
		n.full = 0
	}
	if n.near != nil {
		n.spent -= n.near.leave(depth)
	}
	for last := len(n.entries) - 1; last >= 0 && n.entries[last].depth == int32(depth); last-- {
		n.slots[n.entries[last].slot] = 0
		n.spent -= len(n.name(last)) + entryCost
		n.bytes = n.bytes[:len(n.bytes)-len(n.name(last))]
		n.entries = n.entries[:last]
	}
}

// grow doubles the table. The names go in again in the order of their coming, so that leave
// can take them out in reverse.
func (n *names) grow() {
	n.slots = make([]uint32, max(leastSlots, 2*len(n.slots)))
	mask := uint32(len(n.slots) - 1)
	for i := range n.entries {
		slot := uint32(n.entries[i].hash) & mask
		for n.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		n.slots[slot] = uint32(i + 1)
		n.entries[i].slot = slot
	}
}

// reset forgets all names, and gives back the memory when it was much.
func (n *names) reset() {
	if n.near != nil {
		for i := range n.near {
			n.near.leave(i + 1)
		}
	}
	for i := range n.entries {
		n.slots[n.entries[i].slot] = 0
	}
	if cap(n.bytes)+len(n.slots)*entryCost/2 > largestKept {
		*n = names{near: n.near}
		return
	}
	*n = names{entries: n.entries[:0], bytes: n.bytes[:0], slots: n.slots, near: n.near}
}

// Fresh says whether the name just read is the first of its kind among those of its object
// that Fresh was asked for. It tells Defect if it is not. Without OwnNames, Next has done so.
func (s *Scanner) Fresh() (bool, error) {
	switch s.seen.add(s.Text(), len(s.stack), s.Limits.Names) {
	case repeated:
		return false, s.defect(RepeatedName)
	case noRoom:
		return true, s.defect(UncheckedName)
	}
	return true, nil
}
