//go:build !race

package schema

const slower = 1
