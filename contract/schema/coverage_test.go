package schema

import (
	"flag"
	"math/rand/v2"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A check of rapid draws some schemas, and each gets some bodies: its usual 100 checks compare
// 100,000 pairs.
const (
	schemasPerCheck = 4
	bodiesPerSchema = 250 / slower
	fullRun         = 100 * schemasPerCheck * 250
)

// coverage counts what was drawn and what came of it.
type coverage struct {
	pairs, fit int
	// verdicts has for each keyword how many pairs with it did not fit, and how many did.
	verdicts map[string]*[2]int
	// schemas has how many schemas had the keyword.
	schemas map[string]int
	seed    string
}

// cover prints the seed, also of a run that passes: -rapid.seed repeats it.
func cover(t *testing.T) *coverage {
	seed := flag.Lookup("rapid.seed")
	require.NotNil(t, seed)
	usual := seed.Value.String()
	if usual == "0" {
		require.NoError(t, seed.Value.Set(strconv.FormatUint(rand.Uint64()|1, 10)))
		t.Cleanup(func() { _ = seed.Value.Set(usual) })
	}
	t.Logf("-rapid.seed=%s", seed.Value)
	return &coverage{verdicts: map[string]*[2]int{}, schemas: map[string]int{}, seed: seed.Value.String()}
}

var keywordsIn = regexp.MustCompile(`"(\$?[a-zA-Z]{2,})":`)

// schema counts the keywords of one, and gives the counters of its verdicts.
func (c *coverage) schema(text string) func(valid bool) {
	been := map[string]bool{}
	var counters []*[2]int
	for _, match := range keywordsIn.FindAllStringSubmatch(text, -1) {
		keyword := match[1]
		if been[keyword] {
			continue
		}
		been[keyword] = true
		c.schemas[keyword]++
		if c.verdicts[keyword] == nil {
			c.verdicts[keyword] = &[2]int{}
		}
		counters = append(counters, c.verdicts[keyword])
	}
	return func(valid bool) {
		c.pairs++
		i := 0
		if valid {
			i = 1
			c.fit++
		}
		for _, counter := range counters {
			counter[i]++
		}
	}
}

// check holds a full run to have drawn each keyword, and to have decided it both ways.
func (c *coverage) check(t *testing.T, keywords ...string) {
	t.Logf("%d pairs, of which %d fit", c.pairs, c.fit)
	for _, keyword := range sorted(c.verdicts) {
		t.Logf("%-22s in %4d schemas: %6d pairs fit, %6d do not", keyword, c.schemas[keyword], c.verdicts[keyword][1], c.verdicts[keyword][0])
	}
	if c.pairs < fullRun {
		return
	}
	for _, keyword := range keywords {
		counts := c.verdicts[keyword]
		if assert.NotNil(t, counts, "%s is never drawn", keyword) {
			assert.Positive(t, counts[0], "no body fails a schema with %s", keyword)
			assert.Positive(t, counts[1], "no body fits a schema with %s", keyword)
		}
	}
}
