package format

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A quarter of a megabyte of anything is checked at once. In quadratic time it would take from half
// a minute up.
func TestChecksOfLongTexts(t *testing.T) {
	for name, f := range formats {
		for _, start := range []string{"", "a@", "http://", "xn--"} {
			for _, unit := range []string{"a", "1", "a.", "/", "%41", "{a}", "(", ":", "é", "é.", "1e", ";a=b"} {
				text := []byte(start + strings.Repeat(unit, 1<<18/len(unit)))
				begin := time.Now()
				f.check(text)
				assert.Less(t, time.Since(begin), 5*time.Second, "%s %s %s", name, start, unit)
			}
		}
	}
}
