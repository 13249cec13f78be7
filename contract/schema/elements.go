package schema

import "hash/maphash"

// elements remembers the elements of the arrays with uniqueItems that are open, to find what
// comes twice. It keeps hashes of 64 bits, which begin with a seed or a salt of this process
// in every part of a value, so that nobody can prepare two elements with one hash; among the
// 65,536 that are remembered, unless MaxNames says otherwise, the chance that any two collide
// is about 2^-32.
//
// It is a table with linear probing, in which removal is easy because it happens in the
// reverse order of insertion: no probe has gone past an entry that is newer than its own.
type elements struct {
	table []uint64 // 0 is free
	order []entry
	scope uint64
}

type entry struct {
	hash uint64
	slot uint32
}

var seed = maphash.MakeSeed()

// salt is to null, true, false and the ends of arrays and objects what seed is to texts.
var salt = maphash.String(seed, "")

// begin opens a scope; end closes it with the mark that begin gave.
func (s *elements) begin() (mark int, scope uint64) {
	s.scope++
	return len(s.order), mix(s.scope)
}

func (s *elements) end(mark int) {
	for i := len(s.order) - 1; i >= mark; i-- {
		s.table[s.order[i].slot] = 0
	}
	s.order = s.order[:mark]
}

// add tells whether the hash is new in the scope.
func (s *elements) add(scope, hash uint64) bool {
	if 2*(len(s.order)+1) > len(s.table) {
		s.grow()
	}
	hash = (hash ^ scope) | 1
	slot, found := s.find(hash)
	if found {
		return false
	}
	s.table[slot] = hash
	s.order = append(s.order, entry{hash, slot})
	return true
}

func (s *elements) find(hash uint64) (slot uint32, found bool) {
	mask := uint32(len(s.table) - 1)
	for slot = uint32(hash>>32) & mask; s.table[slot] != 0; slot = (slot + 1) & mask {
		if s.table[slot] == hash {
			return slot, true
		}
	}
	return slot, false
}

func (s *elements) grow() {
	s.table = make([]uint64, max(64, 2*len(s.table)))
	for i := range s.order {
		slot, _ := s.find(s.order[i].hash)
		s.table[slot] = s.order[i].hash
		s.order[i].slot = slot
	}
}

// reset forgets everything, as after a body that was given up midway, and gives back the memory
// when it was much.
func (s *elements) reset() {
	s.end(0)
	if cap(s.order) > 1<<16 {
		*s = elements{scope: s.scope}
	}
}

func hashBytes(text []byte) uint64 { return maphash.Bytes(seed, text) }

// mix spreads the bits of a number, so that sums of mixed numbers do not meet by accident.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
