package kainexus

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestTable compares a table, over a population, with a map; and looks whether a clone
// that was changed leaves the table alone.
func TestTable(t *testing.T) {
	const generated = 2*chunkSize + 5
	p, err := newPopulation(generated, 1)
	require.NoError(t, err)
	drawn := map[int64]document{}
	for id := int64(firstGeneratedID); id <= p.last(); id++ {
		drawn[id] = p.draw(id)
	}
	same := func(rt *rapid.T, want, got []int64) {
		require.True(rt, slices.Equal(want, got), "want %d, got %d", want, got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		current, model := newTable("summary"), map[int64]document{}
		// The texts of drawn records are not in the index, so this table has no key.
		if rapid.Bool().Draw(rt, "populated") {
			current.key = ""
			current.populate(p)
			maps.Copy(model, drawn)
		}
		id := rapid.OneOf(
			rapid.Int64Range(1, 2000),
			rapid.Int64Range(firstGeneratedID-3, firstGeneratedID+generated+3),
		)
		rt.Repeat(map[string]func(*rapid.T){
			"set": func(rt *rapid.T) {
				before, snapshot := current, contents(current)
				current = current.clone()
				first, count := id.Draw(rt, "id"), rapid.SampledFrom([]int64{1, 2, chunkSize + 1}).Draw(rt, "count")
				for n := first; n < first+count; n++ {
					d := document{"id": num(n), "summary": "text " + num(n).String() + ": " + rapid.StringN(0, 1, -1).Draw(rt, "text")}
					current.set(d)
					model[n] = d
				}
				same(rt, snapshot, contents(before))
			},
			"remove": func(rt *rapid.T) {
				before, snapshot := current, contents(current)
				current = current.clone()
				first, count := id.Draw(rt, "id"), rapid.SampledFrom([]int64{1, chunkSize + 1}).Draw(rt, "count")
				for n := first; n < first+count; n++ {
					current.remove(n)
					delete(model, n)
				}
				same(rt, snapshot, contents(before))
			},
			"": func(rt *rapid.T) {
				require.Equal(rt, len(model), current.size)
				same(rt, slices.Sorted(maps.Keys(model)), contents(current))
				n := id.Draw(rt, "id")
				got, ok := current.get(n)
				want, known := model[n]
				require.Equal(rt, known, ok)
				require.Equal(rt, known, current.has(n))
				require.Equal(rt, want, got)
				if known && current.key != "" { // the index is looked at, not every record
					found, ok := current.find("summary", want.text("summary"))
					require.True(rt, ok)
					require.Equal(rt, want, found)
				}
				for i, c := range current.chunks {
					require.Positive(rt, c.len())
					require.LessOrEqual(rt, len(c.rows), chunkSize)
					require.True(rt, i == 0 || current.chunks[i-1].last < c.first)
				}
			},
		})
	})
}

// contents are the ids of a table, found by walking through it.
func contents(t *table) []int64 {
	var ids []int64
	for id := range t.outlines() {
		ids = append(ids, id)
	}
	return ids
}

// TestDraw makes the same items from the same seed, which differ from each other.
func TestDraw(t *testing.T) {
	one, err := newPopulation(1000, 7)
	require.NoError(t, err)
	same, err := newPopulation(2000, 7)
	require.NoError(t, err)
	other, err := newPopulation(1000, 8)
	require.NoError(t, err)
	differ, statuses, templates, titles := 0, map[string]bool{}, map[string]bool{}, map[string]bool{}
	for id := int64(firstGeneratedID); id <= one.last(); id++ {
		item := one.draw(id)
		require.Equal(t, item, same.draw(id))
		if !assert.ObjectsAreEqual(item, other.draw(id)) {
			differ++
		}
		for key := range item {
			if key != "fields" {
				require.Equal(t, item[key], one.value(id, key))
			}
		}
		statuses[item.text("status")], templates[item.text("templateName")], titles[item.text("summary")] = true, true, true
		// What saved lists look at is that of the prototype.
		outline := one.prototype(id)
		for _, key := range append([]string{"templateId", "status", "customStatus"}, locationLists...) {
			require.Equal(t, outline[key], item[key])
		}
	}
	assert.Greater(t, differ, 990)
	assert.Len(t, statuses, len(seedStatuses))
	assert.Equal(t, map[string]bool{"Idea": true, "Task": true, "Observation": true}, templates)
	assert.Len(t, titles, 1000)
	assert.False(t, one.has(firstGeneratedID-1) || one.has(firstGeneratedID+1000) || (*population)(nil).has(firstGeneratedID))
}
