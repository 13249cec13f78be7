package kainexus

import (
	"iter"
	"maps"
	"slices"
)

// table holds records by id, in the order of their ids. It is a list of chunks of which a
// change copies one, so a change costs about the same however many records there are.
type table struct {
	key     string      // of a text that is unique, or ""
	drawn   *population // records that are made when they are asked for, or nil
	chunks  []chunk
	size    int
	ids     map[string]int64 // by the unique text
	changed map[int64]bool   // since the table was cloned
}

// chunk is a run of records. The chunks of a table follow each other in the order of
// ids, and never meet. What is in one never changes.
type chunk struct {
	first, last int64 // ids, both of which belong to it
	rows        []row // nil: every id from first to last, all of the population
}

// row is a record. One without a document is still as the population draws it.
type row struct {
	id       int64
	document document
}

// chunkSize is how many rows a chunk has at most.
const chunkSize = 256

func newTable(key string) *table {
	return &table{key: key, ids: map[string]int64{}, changed: map[int64]bool{}}
}

func (t *table) clone() *table {
	after := *t
	after.chunks, after.ids, after.changed = slices.Clone(t.chunks), maps.Clone(t.ids), map[int64]bool{}
	return &after
}

// populate puts a population into a table that has none.
func (t *table) populate(p *population) {
	t.drawn = p
	if p.count == 0 {
		return
	}
	at, _ := t.chunkAt(firstGeneratedID)
	t.chunks = slices.Insert(t.chunks, at, chunk{first: firstGeneratedID, last: p.last()})
	t.size += p.count
}

func (t *table) get(id int64) (document, bool) {
	r, ok := t.row(id)
	if !ok {
		return nil, false
	}
	if r.document == nil {
		return t.drawn.draw(id), true
	}
	return r.document, true
}

// has is get without the trouble of drawing.
func (t *table) has(id int64) bool {
	_, ok := t.row(id)
	return ok
}

func (t *table) row(id int64) (row, bool) {
	at, ok := t.chunkAt(id)
	if !ok {
		return row{}, false
	}
	if t.chunks[at].rows == nil {
		return row{id: id}, true
	}
	i, ok := t.chunks[at].find(id)
	if !ok {
		return row{}, false
	}
	return t.chunks[at].rows[i], true
}

// value is what the record of an id, which exists, has under a key.
func (t *table) value(id int64, key string) any {
	r, _ := t.row(id)
	if r.document == nil {
		return t.drawn.value(id, key)
	}
	return r.document[key]
}

// find is the first record whose key holds text.
func (t *table) find(key, text string) (document, bool) {
	if key == t.key {
		return t.get(t.ids[text])
	}
	for d := range t.all() {
		if d.text(key) == text {
			return d, true
		}
	}
	return nil, false
}

func (t *table) all() iter.Seq[document] {
	return func(yield func(document) bool) {
		for r := range t.rows() {
			if r.document == nil {
				r.document = t.drawn.draw(r.id)
			}
			if !yield(r.document) {
				return
			}
		}
	}
}

// outline is what outlines has of the record of an id, which exists.
func (t *table) outline(id int64) document {
	r, _ := t.row(id)
	if r.document == nil {
		return t.drawn.prototype(id)
	}
	return r.document
}

// outlines are all records by id. One that would have to be drawn is only its prototype,
// which says the same but for what draw varies.
func (t *table) outlines() iter.Seq2[int64, document] {
	return func(yield func(int64, document) bool) {
		for r := range t.rows() {
			if r.document == nil {
				r.document = t.drawn.prototype(r.id)
			}
			if !yield(r.id, r.document) {
				return
			}
		}
	}
}

func (t *table) rows() iter.Seq[row] {
	return func(yield func(row) bool) {
		for _, c := range t.chunks {
			for i := range c.len() {
				r := row{id: c.first + int64(i)}
				if c.rows != nil {
					r = c.rows[i]
				}
				if !yield(r) {
					return
				}
			}
		}
	}
}

// set adds or replaces a record.
func (t *table) set(d document) {
	id := d.id()
	t.changed[id] = true
	if before, ok := t.row(id); !ok {
		t.size++
	} else if t.key != "" {
		delete(t.ids, before.document.text(t.key))
	}
	if t.key != "" {
		t.ids[d.text(t.key)] = id
	}
	at, ok := t.chunkAt(id)
	switch {
	case ok:
		at = t.open(at, id)
	case at > 0 && t.chunks[at-1].rows != nil:
		at--
	case at == len(t.chunks) || t.chunks[at].rows == nil:
		t.chunks = slices.Insert(t.chunks, at, chunk{rows: []row{}})
	}
	rows := t.chunks[at].rows
	i, ok := t.chunks[at].find(id)
	if ok {
		rows = slices.Clone(rows)
		rows[i].document = d
	} else {
		rows = slices.Concat(rows[:i], []row{{id, d}}, rows[i:])
	}
	if len(rows) <= chunkSize {
		t.chunks[at] = chunkOf(rows)
		return
	}
	half := len(rows) / 2
	t.chunks = slices.Replace(t.chunks, at, at+1, chunkOf(rows[:half:half]), chunkOf(rows[half:]))
}

func (t *table) remove(id int64) {
	before, ok := t.row(id)
	if !ok {
		return
	}
	t.changed[id] = true
	t.size--
	if t.key != "" {
		delete(t.ids, before.document.text(t.key))
	}
	at, _ := t.chunkAt(id)
	at = t.open(at, id)
	i, _ := t.chunks[at].find(id)
	rows := slices.Concat(t.chunks[at].rows[:i], t.chunks[at].rows[i+1:])
	if len(rows) == 0 {
		t.chunks = slices.Delete(t.chunks, at, at+1)
		return
	}
	t.chunks[at] = chunkOf(rows)
}

// chunkAt is where the chunk around an id is, or else where it would have to be.
func (t *table) chunkAt(id int64) (int, bool) {
	at, _ := slices.BinarySearchFunc(t.chunks, id, func(c chunk, id int64) int {
		if c.last < id {
			return -1
		}
		return 1
	})
	return at, at < len(t.chunks) && t.chunks[at].first <= id
}

// open cuts a chunk with rows, around an id, out of one without.
func (t *table) open(at int, id int64) int {
	whole := t.chunks[at]
	if whole.rows != nil {
		return at
	}
	first := id - (id-whole.first)%chunkSize
	cut := chunk{first: first, last: min(first+chunkSize-1, whole.last)}
	for id := cut.first; id <= cut.last; id++ {
		cut.rows = append(cut.rows, row{id: id})
	}
	parts := []chunk{}
	if whole.first < cut.first {
		parts = append(parts, chunk{first: whole.first, last: cut.first - 1})
	}
	opened := at + len(parts)
	parts = append(parts, cut)
	if cut.last < whole.last {
		parts = append(parts, chunk{first: cut.last + 1, last: whole.last})
	}
	t.chunks = slices.Replace(t.chunks, at, at+1, parts...)
	return opened
}

func chunkOf(rows []row) chunk {
	return chunk{first: rows[0].id, last: rows[len(rows)-1].id, rows: rows}
}

func (c chunk) len() int {
	if c.rows != nil {
		return len(c.rows)
	}
	return int(c.last - c.first + 1)
}

// find is where the row of an id is in a chunk with rows, or would have to be.
func (c chunk) find(id int64) (int, bool) {
	return slices.BinarySearchFunc(c.rows, id, func(r row, id int64) int { return int(r.id - id) })
}
