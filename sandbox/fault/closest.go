package fault

import (
	"slices"
)

// closest are the ids of the three faults that need the fewest edits to be the one asked for.
func closest(id string, list []Fault) []string {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Fault) int { return edits(id, a.ID) - edits(id, b.ID) })
	var ids []string
	for _, f := range list[:min(3, len(list))] {
		ids = append(ids, f.ID)
	}
	return ids
}

// edits counts the bytes to insert, delete or replace to make one text of the other.
func edits(from, to string) int {
	row := make([]int, len(to)+1)
	for i := range row {
		row[i] = i
	}
	for i := range len(from) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(to) {
			replaced := diagonal
			if from[i] != to[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, diagonal+1)
		}
	}
	return row[len(to)]
}
