package table

// value is what stands in one cell.
type value struct {
	kind kind
	// text is a string without its quotes, and anything else as JSON has it.
	text string
}

// kind is what a value is, or a set of that.
type kind uint8

const (
	null kind = 1 << iota // the zero kind is absent
	boolean
	number
	text
	document // JSON that has no columns of its own
)
