// Package closest finds the names that somebody who made a typing mistake may have meant.
package closest

import "slices"

// Names are the three names that need the fewest edits to be the one asked for, the best first.
func Names(asked string, names []string) []string {
	names = slices.Clone(names)
	slices.SortStableFunc(names, func(a, b string) int { return edits(asked, a) - edits(asked, b) })
	return names[:min(3, len(names))]
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
