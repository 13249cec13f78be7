//go:build race

package schema

// slower is by how much less there is of what takes long there: the race detector makes each step
// some twenty times slower, and finds nothing in it, since it is taken by one goroutine. Tests
// run without it too, with all there is.
const slower = 10
