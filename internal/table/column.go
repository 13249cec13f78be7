package table

import (
	"fmt"
	"strings"
)

// maxColumns bounds what columns take of memory. Objects that have more are no table: their
// names are data.
const maxColumns = 16_384

// column is a place in the objects: a member of a member of ... an object.
type column struct {
	name  string
	index int  // of the column in the table; -1 for what is no column
	holds kind // every kind that was seen
	// numbers is what the numbers that were seen allow; see [column.see].
	numbers numberSet
	members map[string]*column
}

// see takes note of a value.
func (c *column) see(v value) {
	if c.holds |= v.kind; v.kind == number {
		c.numbers.add(v.text)
	}
}

// member finds the place of a member, or adds it to the list of places.
func (c *column) member(name string, all *[]*column) (*column, error) {
	if m, ok := c.members[name]; ok {
		return m, nil
	}
	if all == nil {
		return nil, fmt.Errorf("it has a member %s that was not there when the columns were looked for", c.path(name))
	}
	if len(*all) == maxColumns {
		return nil, fmt.Errorf("the objects have more than %d different members, too many for columns: use the format ndjson", maxColumns)
	}
	m := &column{name: c.path(name), index: -1}
	if c.members == nil {
		c.members = map[string]*column{}
	}
	c.members[name] = m
	*all = append(*all, m)
	return m, nil
}

var escaper = strings.NewReplacer(`\`, `\\`, `.`, `\.`)

// path is the name of the column of a member.
func (c *column) path(name string) string {
	name = escaper.Replace(name)
	if c.name == "" && c.isRoot() {
		return name
	}
	return c.name + "." + name
}

func (c *column) isRoot() bool { return c.index == rootIndex }

// rootIndex marks the place of the whole object.
const rootIndex = -2

// shown tells whether a place gets a column. One that is an object does not, unless it is
// something else too.
func (c *column) shown() bool {
	return c.holds&^null != 0 || c.holds == null && len(c.members) == 0
}
